from django.db import models
from django.db.models import Q
from django.utils import timezone

from projectoffice.accounts.access import may
from projectoffice.accounts.models import User

from .contest import Contest
from .entry import Entry


class JuryMemberQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        return self if may(user, "contests.run_contests") else self.filter(person=user.pk)


class JuryMember(models.Model):
    """A member of the public jury: the list is closed."""

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="jury")
    person = models.ForeignKey(User, models.PROTECT, related_name="jury_in", verbose_name="член жюри")
    left_at = models.DateTimeField(null=True)

    objects = JuryMemberQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["contest", "person"], name="jury_member_once",
                                               violation_error_message="Этот человек в жюри уже есть.")]

    def __str__(self):
        return str(self.person)


class JuryVoteQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own votes; the sums belong to the published result."""
        return self.filter(member__person=user.pk) if user.is_authenticated else self.none()

    def valid(self):
        return self.filter(annulled_at__isnull=True)


class JuryVote(models.Model):
    """A vote: given once, annulled with a reason, never changed."""

    member = models.ForeignKey(JuryMember, models.PROTECT, related_name="votes")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="votes")
    at = models.DateTimeField(default=timezone.now)
    annulled_at = models.DateTimeField(null=True)
    annulled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    annul_reason = models.CharField("почему аннулирован", max_length=500, blank=True)

    objects = JuryVoteQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["member", "entry"], name="vote_once"),
            models.CheckConstraint(condition=Q(annulled_at__isnull=True) | ~Q(annul_reason=""), name="annulled_vote_says_why",
                                   violation_error_message="Напишите, почему голос аннулирован."),
        ]

    def __str__(self):
        return f"{self.member}: {self.entry}"
