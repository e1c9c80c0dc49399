"""What becomes of a plan read from a Word file: a new plan, or the rows of a draft brought in line with it."""
from django.core.exceptions import ValidationError
from django.db import transaction

from projectoffice.accounts.access import require
from projectoffice.common.history import record
from projectoffice.documents.imports.storing import NO_YEAR, apply_import, check_importable, fill

from ..models import MeetingPlan, PlanImport
from .plan import create_plan

__all__ = ["apply_import", "check_importable", "import_plan", "keep_import", "plan_for"]


def plan_for(parsed, body):
    """The plan of the body this file is about, or None."""
    if parsed.period is None:
        return None
    return MeetingPlan.objects.select_related("document", "body").filter(body=body, period_start=parsed.period[0]).first()


def keep_import(parsed, *, by, body, file_name, plan=None):
    """Let what was read wait for «Импортировать»; it is gone after a day."""
    require(by, "meetings.change_plan")
    return PlanImport.objects.create(by=by, body=body, plan=plan, file_name=file_name[:255], data=parsed.to_wire())


@transaction.atomic
def import_plan(parsed, *, by, body, file_name=""):
    """A new plan from what was read: title, period, stamps, rows. Returns the plan.

    Raises ValidationError when no year is known or a cell cannot be stored.
    """
    if parsed.period is None:
        raise ValidationError({"year": NO_YEAR})
    start, end = parsed.period
    plan = create_plan(body, by=by, year=start.year, is_school_year=start.year != end.year)
    fill(plan, parsed, by=by)
    record("import_plan", plan.document, f"Загружено из Word строк: {len(parsed.items)}", by=by, changes={"file": file_name})
    return plan
