"""What becomes of an implementation plan read from a Word file: a new plan, or the rows of a draft brought in line with it."""
from django.core.exceptions import ValidationError
from django.db import transaction

from projectoffice.accounts.access import require
from projectoffice.common.history import record
from projectoffice.documents.imports.storing import NO_YEAR, apply_import, check_importable, fill

from ..models import ImplementationImport, ImplementationPlan
from .implementation_plan import CHANGE, document_title, kind_words, make_plan, printed_title, require_for

__all__ = ["apply_import", "check_importable", "import_plan", "keep_import", "plan_for"]


def keep_import(parsed, *, by, file_name, project=None, plan=None):
    """Let what was read wait for «Импортировать»; it is gone after a day."""
    if plan:
        require(by, CHANGE, plan.document)
    else:
        require_for(project, by)
    return ImplementationImport.objects.create(by=by, project=project, plan=plan, file_name=file_name[:255], data=parsed.to_wire())


@transaction.atomic
def import_plan(parsed, *, by, project=None, file_name=""):
    """A new plan from what was read: title, period, rows, and stamps when the file has any. Returns the plan.

    Raises ValidationError when no year is known or a cell cannot be stored.
    """
    require_for(project, by)
    if parsed.period is None:
        raise ValidationError({"year": NO_YEAR})
    title = "\n".join(parsed.title) or printed_title(kind_words(project), project.title if project else "…", parsed.period)
    plan = make_plan(by=by, period=parsed.period, project=project, title=title)
    fill(plan, parsed, by=by)
    record("import_plan", plan.document, f"Загружено из Word строк: {len(parsed.items)}", by=by, changes={"file": file_name})
    return plan


def plan_for(parsed, project=None):
    """The plan this file is about: of the same project and period, and of the same name where no project is told. Or None."""
    if parsed.period is None:
        return None
    plans = ImplementationPlan.objects.select_related("document", "project").filter(project=project, period_start=parsed.period[0])
    if project is None:
        plans = plans.filter(document__title=document_title("\n".join(parsed.title), parsed.period))
    return plans.order_by("pk").last()
