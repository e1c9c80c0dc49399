"""Verbs of the plan of meetings."""
from django.core.exceptions import ValidationError
from django.db import transaction

from projectoffice.accounts.access import require
from projectoffice.common.history import record
from projectoffice.common.terms import calendar_year, school_year
from projectoffice.documents.models import Document
from projectoffice.documents.services.stamps import put_default_stamps

from ..models import MeetingPlan


@transaction.atomic
def create_plan(body, *, by, year, is_school_year=False):
    """An empty plan of a body for a calendar year, or for the school year that begins in ``year``."""
    require(by, "meetings.change_plan")
    start, end = period_of(year, is_school_year)
    if MeetingPlan.objects.filter(body=body, period_start=start).exists():
        raise ValidationError({"year": "План на этот период уже есть. Откройте его в списке планов."})
    words = f"{start.year}/{end.year} учебный год" if is_school_year else f"{year} год"
    document = Document.objects.create(
        kind="meeting_plan", title=f"План заседаний на {words}", body=body, year=year, created_by=by
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


def period_of(year, is_school_year=False):
    """First and last day of a calendar year, or of the school year that begins in it."""
    return school_year(year) if is_school_year else calendar_year(year)
