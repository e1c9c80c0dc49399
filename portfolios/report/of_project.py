"""Reports on the page of a project: which there are, which may be begun."""
from projectoffice.accounts.access import may

from ..models import ReportingPeriod
from . import words
from .workflow import WRITE

MOST = 12


def reports_shown(project):
    """``[(report, badges, its day in words)]`` of a project, the newest period first; one query."""
    rows = project.reports.select_related("period").order_by("-period__end", "-pk")[:MOST]
    for report in rows:
        report.project = project
    return [(report, words.badges(report), words.term(report)) for report in rows]


def periods_to_begin(project, user, reports):
    """Periods of the portfolio that go through the project's days and have no report of it, for who may write one."""
    if project.archived_at is not None or not may(user, WRITE, project):
        return []
    known = [report.period_id for report, *_ in reports]
    periods = ReportingPeriod.objects.visible_to(user).filter(portfolio=project.portfolio_id).overlapping(project.start, project.end)
    return list(periods.exclude(pk__in=known).exclude(reports__project=project)[:MOST])
