"""The door every change of a report goes through: the project first, then the report."""
from projectoffice.common.db import locked

from ..models import Project
from ..report.workflow import demand


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
