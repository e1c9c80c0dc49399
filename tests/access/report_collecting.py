"""Periods of reports, checking, the list of reports: of a portfolio that an acting head keeps, with one report of each kind."""
from datetime import timedelta

from django.utils import timezone

from tests.portfolios.things import PeriodFactory, PortfolioFactory, ProjectFactory, led_by, report_of, sent

from . import Row, only
from .portfolios import OUTSIDERS, key


def furnish(world):
    cast = world.cast
    head = cast.member_of_school_a
    # The head of school B heads the portfolio and keeps none of its projects; school A writes the reports.
    world.checked_portfolio = PortfolioFactory(head=cast.member_of_school_b)
    world.period = PeriodFactory(portfolio=world.checked_portfolio)
    world.empty_period = PeriodFactory(portfolio=world.checked_portfolio)
    project = led_by(head.current_post.institution, portfolio=world.checked_portfolio, head=head)
    world.report_on_check = sent(report_of(project, period=world.period), by=head)
    world.report_to_extend = report_of(ProjectFactory(portfolio=world.checked_portfolio, head=head), period=world.period)
    world.project_to_ask = ProjectFactory(portfolio=world.checked_portfolio)


def period(world):
    return [world.period.pk]


def on_check(world):
    return [world.report_on_check.pk]


def due(**more):
    ahead = timezone.localdate() + timedelta(days=9)
    return {"due_at": ahead.isoformat(), "due_hour": "17:00"} | more


def opening(world):
    return due(portfolio=world.checked_portfolio.pk, title="за год", start="2026-09-01", end="2027-08-31", version=1, key=key())


def editing(world):
    found = world.period
    return due(title="за полгода", start=found.start.isoformat(), end=found.end.isoformat(), version=found.version, key=key())


# A period is known to everybody signed in; who does not oversee its portfolio is refused.
OVERSEES = only("office", "heads", "member_of_school_b")
MANAGERS = ("office", "member_of_school_b")
STRANGERS = [name for name in OUTSIDERS if name != "member_of_school_b"]


def managed(data=None, ok=302):
    return only(*MANAGERS, ok=ok, data=data)


def checked(data, ok=302):
    return only(*MANAGERS, ok=ok, hidden_from=STRANGERS, data=data)


ROWS = [
    Row("portfolios:reports", get=only("known")),
    Row("portfolios:reports_export", get=only("known")),
    Row("portfolios:review", get=only(*MANAGERS)),
    Row("portfolios:report_accept", on_check, post=checked(lambda world: {"number": 1})),
    Row("portfolios:report_return", on_check, get=only(*MANAGERS, hidden_from=STRANGERS),
        post=checked(lambda world: due(number=1, remark="Допишите итоги"))),
    Row("portfolios:report_extend", lambda world: [world.report_to_extend.pk], get=only(*MANAGERS, hidden_from=STRANGERS),
        post=checked(lambda world: due(reason="Карантин"))),
    Row("portfolios:periods", get=OVERSEES),
    Row("portfolios:period_new", get=only(*MANAGERS), post=managed(opening)),
    Row("portfolios:period", period, get=OVERSEES),
    Row("portfolios:period_edit", period, get=only(*MANAGERS), post=managed(editing)),
    Row("portfolios:period_remove", lambda world: [world.empty_period.pk], post=managed()),
    Row("portfolios:period_add", period, get=only(*MANAGERS), post=managed(lambda world: {"project": world.project_to_ask.pk})),
    Row("portfolios:period_remind", period, get=only(*MANAGERS), post=managed()),
    Row("portfolios:period_accept", period, get=only(*MANAGERS), post=managed()),
]
