from django.db import models
from django.urls import reverse
from django.utils import timezone

from .person import User


class ImportCheck(models.Model):
    """A checked table of people or institutions that waits for «Импортировать»; until then nothing else is stored."""

    class Kind(models.TextChoices):
        PEOPLE = "people", "Люди"
        INSTITUTIONS = "institutions", "Учреждения"

    kind = models.CharField(max_length=12, choices=Kind)
    file_name = models.CharField("файл", max_length=255)
    rows = models.JSONField("строки")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True)
    report = models.JSONField("что сделано", default=dict)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.file_name}"

    def get_absolute_url(self):
        return reverse(f"accounts:{self.kind}_import_check", args=[self.pk])
