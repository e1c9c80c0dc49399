"""Verbs of the plan of meetings."""
from django.core.exceptions import ValidationError
from django.db import transaction

from projectoffice.accounts.access import person_of, require
from projectoffice.common.history import record
from projectoffice.documents.models import Document
from projectoffice.documents.services.stamps import put_default_stamps
from projectoffice.documents.table.content import FIRST_YEAR, LAST_YEAR, copy_stamps, period_of, read_title, save_title
from projectoffice.documents.table.content import take_rows as take_table_rows

from ..models import MeetingPlan

__all__ = ["FIRST_YEAR", "LAST_YEAR", "copy_plan", "create_plan", "period_of", "read_title", "save_title", "take_rows"]


@transaction.atomic
def create_plan(body, *, by, year, is_school_year=False):
    """An empty plan of a body for a calendar year, or for the school year that begins in ``year``."""
    require(by, "meetings.change_plan")
    start, end = period_of(year, is_school_year)
    if MeetingPlan.objects.filter(body=body, period_start=start).exists():
        raise ValidationError({"year": "План на этот период уже есть. Откройте его в списке планов."})
    words = f"{start.year}/{end.year} учебный год" if is_school_year else f"{year} год"
    document = Document.objects.create(
        kind=MeetingPlan.KIND, title=f"План заседаний на {words}", body=body, year=year, created_by=person_of(by)
    )
    plan = MeetingPlan.objects.create(
        document=document,
        body=body,
        title=f"План\nзаседаний {body.genitive}\nна {words}",
        period_start=start,
        period_end=end,
    )
    put_default_stamps(document)
    record("create_plan", document, f"Создан план на {words}", by=by)
    return plan


@transaction.atomic
def copy_plan(source, *, by, year, is_school_year=None):
    """A new draft of the same body with the rows and stamps of ``source``.

    The texts stay word for word: the years in them are told by the remarks, never changed silently. Terms are
    read anew inside the new period.
    """
    school = source.is_school_year if is_school_year is None else is_school_year
    plan = create_plan(source.body, by=by, year=year, is_school_year=school)
    copy_stamps(source, plan)
    return take_rows(plan, source, by=by)


@transaction.atomic
def take_rows(plan, source, *, by):
    """Put the rows of another plan below the rows of this one: of its edition in force, or of its draft."""
    take_table_rows(plan, source, by=by)
    plan.source_years = sorted({*plan.source_years, source.period_start.year, source.period_end.year})
    plan.save(update_fields=["source_years"])
    return plan
