from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class DatedQuerySet(models.QuerySet):
    def on(self, day):
        return self.filter(Q(since__isnull=True) | Q(since__lte=day), Q(until__isnull=True) | Q(until__gte=day))

    def current(self):
        return self.on(timezone.localdate())


class Dated(models.Model):
    """Holds from a day to a day, both included; an empty end is open."""

    since = models.DateField("с", null=True, blank=True)
    until = models.DateField("по", null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="%(class)s_dates_in_order",
                violation_error_message="Дата «по» раньше даты «с».",
            )
        ]

    def is_current(self):
        today = timezone.localdate()
        return (self.since is None or self.since <= today) and (self.until is None or self.until >= today)
