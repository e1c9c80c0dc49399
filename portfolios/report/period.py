"""Periods as pages show them: the bar of where their reports stand, what one may do. Reads only."""
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count
from django.db.models.functions import Now

from projectoffice.accounts.access import may

from .. import overview
from ..models import ProgressReport, Project
from ..models.report import to_remind_of
from . import standing
from .checking import decided_by, is_on_check
from .workflow import MANAGE


def bar_of(counts, base):
    """The bar of a period from ``{standing: count}``; its parts lead to the rows."""
    return overview.bar(counts, standing.LOOKS, lambda code: overview.address(base, "#rows-of-period", state=code))


def bars_of(periods):
    """``[(period, how many reports, the bar)]``; one query for any number of periods."""
    counts: dict = {}
    reports = ProgressReport.objects.filter(period__in=[period.pk for period in periods])
    for period, word, count in standing.counted(reports, "period"):
        counts.setdefault(period, {})[word] = count
    return [(period, sum(counts.get(period.pk, {}).values()), bar_of(counts.get(period.pk, {}), period.get_absolute_url()))
            for period in periods]


@dataclass
class PeriodPage:
    """One period for one person: where its reports stand, how many wait for a decision or a reminder."""

    period: object
    user: object

    @cached_property
    def told(self):
        """Of each standing how many there are, how many may be checked and how many are not sent; one query."""
        reports = ProgressReport.objects.visible_to(self.user).filter(period=self.period)
        return list(standing.counted(reports).annotate(
            to_check=Count("pk", filter=is_on_check() & decided_by(self.user)), not_sent=Count("pk", filter=to_remind_of(Now()))))

    @cached_property
    def counts(self):
        return {word: count for word, count, _, _ in self.told}

    @property
    def total(self):
        return sum(self.counts.values())

    @property
    def parts(self):
        return bar_of(self.counts, self.period.get_absolute_url())

    @property
    def to_check(self):
        return sum(to_check for _, _, to_check, _ in self.told)

    @property
    def not_sent(self):
        """How many reports a reminder would be about."""
        return sum(not_sent for _, _, _, not_sent in self.told)

    @cached_property
    def may_manage(self):
        return may(self.user, MANAGE, self.period)

    @cached_property
    def may_remove(self):
        return not self.period.reports.begun().exists()


def projects_to_add(period):
    """Projects of the portfolio that have no report in this period: those that go on, whatever their days."""
    going = Project.objects.filter(portfolio=period.portfolio_id, archived_at__isnull=True, status__in=[
        Project.Status.ACTIVE, Project.Status.SUSPENDED, Project.Status.FINISHED])
    return going.exclude(pk__in=period.reports.order_by().values("project")).order_by("title", "pk")
