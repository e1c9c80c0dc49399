from django.db import models

from projectoffice.common.models import StoredFile

from .document import Document, PartQuerySet


class Attachment(models.Model):
    """A file beside a document: something attached, or the scan of what was signed."""

    class Kind(models.TextChoices):
        ATTACHMENT = "attachment", "Приложение"
        SCAN = "scan", "Скан подписанного"

    document = models.ForeignKey(Document, models.PROTECT, related_name="attachments")
    edition_number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ATTACHMENT)
    title = models.CharField("название", max_length=200)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    removed = models.BooleanField(default=False)

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "pk"]

    def __str__(self):
        return self.title
