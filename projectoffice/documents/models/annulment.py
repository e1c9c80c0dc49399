from django.db import models
from django.utils import timezone

from projectoffice.accounts.models import User
from projectoffice.common.models import StoredFile

from .document import Document


class Annulment(models.Model):
    """A proposal to annul: confirmed by another holder of the approver's right, or recorded with an act and its scan."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="annulments")
    reason = models.TextField("причина")
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    act = models.CharField("приказ или протокол", max_length=300, blank=True)
    scan = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    decline_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-proposed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["document"],
                condition=models.Q(confirmed_at__isnull=True, declined_at__isnull=True),
                name="one_open_annulment",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True)
                | ~models.Q(confirmed_by=models.F("proposed_by"))
                | ~models.Q(act=""),
                name="annulled_by_two_or_by_act",
            ),
        ]

    def __str__(self):
        return f"Отмена: {self.document}"

    @property
    def is_open(self):
        return self.confirmed_at is None and self.declined_at is None
