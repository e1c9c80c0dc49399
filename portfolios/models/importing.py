from django.db import models
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.models import User


class ProjectImport(models.Model):
    """A checked list of projects that waits for «Импортировать»; until then nothing else is stored."""

    file_name = models.CharField("файл", max_length=255)
    rows = models.JSONField("строки")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True)
    report = models.JSONField("что сделано", default=dict)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"Проекты: {self.file_name}"

    def get_absolute_url(self):
        return reverse("portfolios:projects_import_check", args=[self.pk])
