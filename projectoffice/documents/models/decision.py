from django.db import models
from django.utils import timezone

from projectoffice.accounts.models import OnBehalf, Substitution, User

from .document import Document, Stamp


class Decision(OnBehalf):
    """One decision about a stamp, tied to the very content it was made on. Insert-only, in the database too.

    What was signed on paper, or told by phone, is entered by staff: see OnBehalf.
    """

    class Verdict(models.TextChoices):
        SIGNED = "signed", "Подписано"
        RETURNED = "returned", "Возвращено"

    document = models.ForeignKey(Document, models.PROTECT, related_name="decisions")
    stamp = models.ForeignKey(Stamp, models.PROTECT, related_name="decisions")
    edition_number = models.PositiveSmallIntegerField()
    content_hash = models.CharField(max_length=64)
    code = models.CharField(max_length=32, default="", help_text="Код листа, о котором решали")
    verdict = models.CharField(max_length=10, choices=Verdict)
    method = models.CharField(max_length=10, choices=Stamp.Method)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="decisions")
    substitution = models.ForeignKey(Substitution, models.PROTECT, null=True, related_name="+")
    post = models.TextField()
    name = models.CharField(max_length=120)
    basis = models.CharField(max_length=500, blank=True)
    signed_on = models.DateField()
    comment = models.TextField(blank=True)
    moment = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["moment", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(verdict="returned") | ~models.Q(comment=""), name="return_has_a_reason"
            ),
            models.CheckConstraint(
                condition=~models.Q(method="ink") | models.Q(recorded_by__isnull=False), name="ink_has_a_recorder"
            ),
        ]

    def __str__(self):
        return f"{self.get_verdict_display()}: {self.name}, {self.signed_on:%d.%m.%Y}"
