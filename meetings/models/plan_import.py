from django.db import models

from projectoffice.accounts.models import Body
from projectoffice.documents.kept_import import KeptImport

from ..imports import ImportedPlan
from .plan import MeetingPlan


class PlanImport(KeptImport):
    """What was read from a Word plan and waits for «Импортировать»; nothing of it is in any plan yet."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="+")
    plan = models.ForeignKey(MeetingPlan, models.CASCADE, null=True, related_name="+")

    @property
    def parsed(self):
        return ImportedPlan.from_wire(self.data)
