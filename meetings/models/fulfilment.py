from django.db import models
from django.utils import timezone

from projectoffice.accounts.models import User

from .plan import PlanItem


class PlanLineMark(models.Model):
    """What the office says became of a topic line of the plan, where no meeting of the portal tells it.

    A word taken back leaves its row without a verdict, so that its version goes on and an old page is told.
    """

    class Verdict(models.TextChoices):
        HELD = "held", "Проведено"
        PARTLY = "partly", "Рассмотрено частично"
        MOVED = "moved", "Перенесено"
        CANCELLED = "cancelled", "Снято"
        NOT_HELD = "not_held", "Не проведено"

    item = models.ForeignKey(PlanItem, models.CASCADE, related_name="marks")
    line = models.PositiveSmallIntegerField(help_text="Место строки темы, с нуля")
    text = models.TextField(blank=True, help_text="Слова плана, какими они были")
    verdict = models.CharField("что стало", max_length=10, choices=Verdict, blank=True)
    date = models.DateField("когда", null=True, blank=True)
    moved_to = models.CharField("перенесено на", max_length=300, blank=True)
    reason = models.CharField("причина", max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "line"], name="one_mark_per_line",
                                               deferrable=models.Deferrable.DEFERRED)]

    def __str__(self):
        return f"{self.text[:60]}: {self.get_verdict_display()}"
