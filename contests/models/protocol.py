from django.db import models
from django.urls import reverse

from projectoffice.documents.models import Document, PaperQuerySet

from .contest import Contest


class JuryProtocol(models.Model):
    """The protocol of the expert panel on the results: a document of its own; totals and places come from the results."""

    KIND = "jury_protocol"

    document = models.OneToOneField(Document, models.PROTECT, related_name="jury_protocol")
    contest = models.OneToOneField(Contest, models.PROTECT, related_name="jury_protocol")
    held_on = models.DateField("дата заседания", null=True, blank=True)
    place = models.CharField("место", max_length=300, blank=True)
    present = models.JSONField("присутствовали", default=list, blank=True)
    notes = models.JSONField("что ещё решили", default=list, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PaperQuerySet.as_manager()

    def __str__(self):
        return self.document.title

    def get_absolute_url(self):
        return reverse("contests:jury_protocol", args=[self.contest_id])
