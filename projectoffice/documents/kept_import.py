"""What was read from a Word file and waits for its reader's word."""
import uuid
from datetime import timedelta

from django.db import models
from django.utils import timezone

from projectoffice.accounts.models import User

KEPT = timedelta(hours=24)


class KeptImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, for a day."""
        return self.filter(by=user, created_at__gte=timezone.now() - KEPT) if user.is_authenticated else self.none()

    def outdated(self):
        return self.filter(created_at__lt=timezone.now() - KEPT)


class KeptImport(models.Model):
    """Abstract: an app adds what the file is for."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=255)
    data = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)

    objects = KeptImportQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return self.file_name
