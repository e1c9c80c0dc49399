import secrets

from django.db import models
from django.utils import timezone

from projectoffice.accounts.models import User
from projectoffice.common.models import StoredFile

from .contest import AwardLevel, Contest
from .entry import Entry


def new_code():
    return secrets.token_hex(16)


class Result(models.Model):
    """The published result: a frozen snapshot. Insert-only; a correction is the next number with its reason."""

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="results")
    number = models.PositiveSmallIntegerField()
    snapshot = models.JSONField()
    reason = models.CharField("почему исправлен", max_length=1000, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["contest", "-number"]
        constraints = [models.UniqueConstraint(fields=["contest", "number"], name="result_once")]

    def __str__(self):
        return f"{self.contest}: итоги {self.number}"


class Award(models.Model):
    """What an entry got in a published result, with the number and code of its paper. Insert-only."""

    result = models.ForeignKey(Result, models.PROTECT, related_name="awards")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="awards")
    level = models.ForeignKey(AwardLevel, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=32, unique=True, default=new_code)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["result", "entry"], name="award_once"),
            models.UniqueConstraint(fields=["result", "number"], name="award_number_once"),
        ]

    def __str__(self):
        return f"{self.level}: {self.entry}"


class Diploma(models.Model):
    """The printed paper of an award, made by a background job; made again it is the same file."""

    award = models.OneToOneField(Award, models.PROTECT, related_name="diploma")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"{self.award.number}"
