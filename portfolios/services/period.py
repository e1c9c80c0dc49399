"""Verbs of a reporting period: opened for a portfolio, changed, taken away; projects that join it later."""
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q

from projectoffice.accounts.access import person_of, require
from projectoffice.accounts.services.changing import check_version, lay_over, save_checked
from projectoffice.accounts.services.people import words_of
from projectoffice.common.db import locked, now
from projectoffice.common.history import record, record_many

from ..models import ProgressReport, Project, ReportingPeriod
from ..report import letters
from ..report.workflow import MANAGE
from .report_parts import begin_parts

UNASKED = ("opened_by", "opened_at")
DUE_IS_OVER = "Этот срок уже прошёл. Укажите более поздний."


@transaction.atomic
def open_period(*, by, portfolio, title, start, end, due_at, accepts_late=True):
    """Ask the projects of a portfolio for their reports: a draft for each that is carried out in these days.

    Effects: parts of the partners, history, letters to who keeps the projects and to the partners.
    """
    require(by, MANAGE, portfolio)
    portfolio = locked(portfolio)
    if due_at <= now():
        raise ValidationError({"due_at": DUE_IS_OVER})
    period = save_checked(ReportingPeriod(
        portfolio=portfolio, title=title.strip(), start=start, end=end, due_at=due_at, accepts_late=accepts_late, opened_by=person_of(by),
    ), exclude=UNASKED)
    record("open_period", period, f"Открыт сбор отчётов {period.title}", by=by)
    ask(period, projects_of(period), by=by)
    return period


def projects_of(period):
    """Projects of the portfolio that are being carried out and have a day in common with the period."""
    return Project.objects.filter(
        Q(start__isnull=True) | Q(start__lte=period.end), Q(end__isnull=True) | Q(end__gte=period.start),
        portfolio=period.portfolio_id, status=Project.Status.ACTIVE, archived_at__isnull=True)


def ask(period, projects, *, by):
    """A draft for each of these projects that has none, and letters; a few queries for any number of projects."""
    known = set(period.reports.values_list("project", flat=True))
    new = [ProgressReport(period=period, project=project, due_at=period.due_at) for project in projects if project.pk not in known]
    reports = ProgressReport.objects.bulk_create(new, batch_size=500)
    begin_parts(reports)
    record_many("start_report", [(report, f"Начат отчёт {period.title}") for report in reports], by=person_of(by))
    letters.asked(reports, period, by=by)
    return reports


@transaction.atomic
def save_period(period, *, by, version, **fields):
    """Change title, days, due moment; StaleVersion when somebody else just did.

    Another due moment moves that of the drafts, but for those that were given more time already; projects that fall
    into the new days are asked. Those who have not sent are told.
    """
    require(by, MANAGE, period)
    locked(period.portfolio)
    period = locked(period)
    check_version(period, version)
    before = period.due_at
    changes = lay_over(period, fields)
    if not changes:
        return period
    if "due_at" in changes and period.due_at <= now():
        raise ValidationError({"due_at": DUE_IS_OVER})
    refuse_other_days(period, changes)
    period.version += 1
    save_checked(period, exclude=UNASKED)
    record("save_period", period, "Изменено: " + words_of(period, changes), by=by, changes=changes)
    if "due_at" in changes:
        move_due(period, before, by=by)
    if {"start", "end"} & changes.keys():
        ask(period, projects_of(period), by=by)
    return period


def refuse_other_days(period, changes):
    """What was sent tells of the days it was asked for, and the project's card of the latest of them."""
    moved = [name for name in ("start", "end") if name in changes]
    if moved and period.reports.filter(submitted_at__isnull=False).exists():
        raise ValidationError({moved[0]: "За эти дни уже отправляли отчёты, поэтому дни не меняют. Срок изменить можно."})


def move_due(period, before, *, by):
    drafts = period.reports.filter(state=ProgressReport.State.DRAFT)
    drafts.filter(Q(due_at=before) | Q(due_at__lt=period.due_at)).update(due_at=period.due_at, version=F("version") + 1)
    letters.due_moved(period.reports.expected().filter(due_at=period.due_at).select_related("project"), period, by=by)


@transaction.atomic
def remove_period(period, *, by):
    """Take away a period for which nobody has written anything; its empty drafts go with it. Done twice is done once."""
    require(by, MANAGE, period)
    portfolio = locked(period.portfolio)
    period = ReportingPeriod.objects.select_for_update().filter(pk=period.pk).first()
    if period is None:
        return portfolio
    reports = list(period.reports.select_for_update())
    if any(report.submitted_at for report in reports):
        raise ValidationError("За этот период уже отправляли отчёты, поэтому его не убирают.")
    if period.reports.begun().exists():
        raise ValidationError("За этот период уже пишут отчёты, поэтому его не убирают: написанное пропало бы.")
    record("remove_period", portfolio, f"Убран сбор отчётов {period.title}", by=by, changes={"reports": len(reports)})
    period.reports.all().delete()
    period.delete()
    return portfolio


def join_open_periods(projects, *, by):
    """Those of these projects that are carried out join the periods still being collected that they now fall into.

    Part of the verbs that start, bring back, bring in or give other days; they lock the portfolios first.
    """
    for period in ReportingPeriod.objects.filter(portfolio__in={project.portfolio_id for project in projects}, due_at__gt=now()):
        joining = list(projects_of(period).filter(pk__in=[project.pk for project in projects]))
        if joining:
            ask(period, joining, by=by)
