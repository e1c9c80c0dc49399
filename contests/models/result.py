import secrets

from django.db import models
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.access import may
from projectoffice.accounts.models import User
from projectoffice.common.models import StoredFile

from .contest import AwardLevel, Contest
from .entry import RUNS, Entry


def new_code():
    return secrets.token_hex(16)


class ResultQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whole snapshots, with the names of experts, are the organisers' own; others get the page made for them."""
        return self if user.is_authenticated and may(user, "contests.see_scores") else self.none()

    def latest_of(self, contest):
        """What is in force: the last published number; None before the first."""
        return self.filter(contest=contest).order_by("-number").first()


class Result(models.Model):
    """The published result: a frozen snapshot. Insert-only; a correction is the next number with its reason."""

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="results")
    number = models.PositiveSmallIntegerField()
    snapshot = models.JSONField()
    reason = models.CharField("почему исправлен", max_length=1000, blank=True)
    protocol = models.CharField("протокол", max_length=300, blank=True)
    protocol_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="файл протокола")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)

    objects = ResultQuerySet.as_manager()

    class Meta:
        ordering = ["contest", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "number"], name="result_once"),
            models.CheckConstraint(condition=models.Q(number=1) | ~models.Q(reason="") & ~models.Q(protocol=""), name="correction_says_why"),
        ]

    def __str__(self):
        return f"{self.contest}: итоги {self.number}"


class AwardQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The office all; a team those of its own entries."""
        if not user.is_authenticated:
            return self.none()
        return self if may(user, RUNS) else self.filter(entry__in=Entry.objects.of_team(user))


class Award(models.Model):
    """What an entry got in a published result, with the number and code of its paper. Insert-only.

    A correction that leaves the words of a paper as they were gives the same number and code again: the paper stays good.
    """

    result = models.ForeignKey(Result, models.PROTECT, related_name="awards")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="awards")
    level = models.ForeignKey(AwardLevel, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=32, db_index=True, default=new_code)

    objects = AwardQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["result", "entry"], name="award_once"),
            models.UniqueConstraint(fields=["result", "number"], name="award_number_once"),
            models.UniqueConstraint(fields=["result", "code"], name="award_code_once"),
        ]

    def __str__(self):
        return f"{self.level}: {self.entry}"

    def get_absolute_url(self):
        return reverse("contests:public_award", args=[self.code])

    @property
    def diploma(self):
        """Its paper as it was last made; None before the first."""
        return next(iter(self.diplomas.all()), None)


class AwardChange(models.Model):
    """An award given by hand instead of the one the place brings; without a level: none. Seen by the office alone."""

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="award_change")
    level = models.ForeignKey(AwardLevel, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="награда")
    reason = models.CharField("почему", max_length=500)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="changed_award_says_why",
                                              violation_error_message="Напишите, почему награда другая.")]

    def __str__(self):
        return f"{self.entry}: {self.level or 'без награды'}"


class Diploma(models.Model):
    """The printed paper of an award, made by a background job. Insert-only: made anew with a reason it is another row, under the same number."""

    award = models.ForeignKey(Award, models.PROTECT, related_name="diplomas")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.award.number}"
