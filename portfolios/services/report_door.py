"""The door every change of a report goes through. Locks are taken in one order: portfolio, period, project, report."""
from django.core.exceptions import ValidationError

from projectoffice.common.db import locked

from ..models import Project, ReportingPeriod
from ..report.workflow import demand

PERIOD_IS_GONE = "Этот сбор отчётов тем временем убрали."


def lock_period(period):
    """The period and its portfolio, locked and freshly read: nobody takes it away while a report joins it."""
    portfolio = locked(period.portfolio)
    found = ReportingPeriod.objects.select_for_update(of=("self",)).filter(pk=period.pk).first()
    if found is None:
        raise ValidationError({"project": PERIOD_IS_GONE})
    found.portfolio = portfolio
    return found


def lock_report(report):
    """The report and its project, locked and freshly read."""
    project = locked(Project(pk=report.project_id))
    report = locked(report)
    report.project = project
    return report


def open_report(report, by, verb="write"):
    """Lock the report with its project and answer that this person may do this to it now; returns the locked report.

    Raises PermissionDenied or TransitionNotAllowed.
    """
    report = lock_report(report)
    demand(report, verb, by)
    return report


def save(report, **values):
    """Store these fields with one step of the version."""
    for name, value in values.items():
        setattr(report, name, value)
    report.version += 1
    report.save(update_fields=[*values, "version"])
    return report
