from django.db import models

from projectoffice.documents.kept_import import KeptImport

from ..imports import ImportedImplementationPlan
from .implementation_plan import ImplementationPlan
from .project import Project


class ImplementationImport(KeptImport):
    """What was read from a Word file of an implementation plan and waits for «Импортировать»."""

    project = models.ForeignKey(Project, models.CASCADE, null=True, related_name="+")
    plan = models.ForeignKey(ImplementationPlan, models.CASCADE, null=True, related_name="+")

    @property
    def parsed(self):
        return ImportedImplementationPlan.from_wire(self.data)
