import uuid
from datetime import timedelta

from django.db import models
from django.utils import timezone

from projectoffice.accounts.models import Body, User

from ..imports import ImportedPlan
from .plan import MeetingPlan

KEPT = timedelta(hours=24)


class PlanImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, for a day."""
        return self.filter(by=user, created_at__gte=timezone.now() - KEPT) if user.is_authenticated else self.none()

    def outdated(self):
        return self.filter(created_at__lt=timezone.now() - KEPT)


class PlanImport(models.Model):
    """What was read from a Word plan and waits for «Импортировать»; nothing of it is in any plan yet."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    body = models.ForeignKey(Body, models.CASCADE, related_name="+")
    plan = models.ForeignKey(MeetingPlan, models.CASCADE, null=True, related_name="+")
    file_name = models.CharField(max_length=255)
    data = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)

    objects = PlanImportQuerySet.as_manager()

    def __str__(self):
        return self.file_name

    @property
    def parsed(self):
        return ImportedPlan.from_wire(self.data)
