"""What the page says beside the plan: what must be mended before sending, and what a person may leave as it is."""
from dataclasses import dataclass, field

from projectoffice.documents.services.route import stamp_problems

from .kinds import plan_problems


@dataclass
class Remarks:
    """Errors bar sending; warnings may be left as they are."""

    errors: list = field(default_factory=list)
    warnings: list = field(default_factory=list)

    @property
    def count(self):
        return len(self.errors) + len(self.warnings)


def of(plan, items):
    """Everything there is to say about a plan whose rows are given."""
    found = Remarks()
    found.errors = [*plan_problems(plan.document), *stamp_problems(plan.document)]
    return found


def edges(found):
    """{row uid: edge} – the colour at a row's left; an error outweighs a warning."""
    return {}
