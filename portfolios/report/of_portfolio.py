"""What the page of a portfolio offers one person to do about its reports. Reads only."""
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.db.models import Count
from django.db.models.functions import Now
from django.utils import timezone

from projectoffice.accounts.access import is_office, may
from projectoffice.common.russian import term_words

from ..models import ProgressReport
from ..models.report import to_remind_of
from .checking import decided_by, is_on_check
from .workflow import CHECK, MANAGE

SOON = timedelta(days=14)
STATE = ProgressReport.State


@dataclass
class PortfolioReports:
    """How many reports of a portfolio wait to be checked or reminded of, and when the next are due."""

    portfolio: object
    user: object

    @cached_property
    def by_period(self):
        """``[(period, due, how many this person may check, how many are waited for)]``, the newest period first; one query."""
        if not may(self.user, CHECK, self.portfolio) and not may(self.user, MANAGE, self.portfolio):
            return []
        open_ones = ProgressReport.objects.filter(period__portfolio=self.portfolio, state__in=(*ProgressReport.TO_WRITE, STATE.SUBMITTED))
        counts = open_ones.values_list("period", "period__due_at").annotate(
            to_check=Count("pk", filter=is_on_check() & decided_by(self.user)),
            waited=Count("pk", filter=to_remind_of(Now())))
        return list(counts.order_by("-period__due_at", "-period"))

    @property
    def to_check(self):
        return sum(to_check for _, _, to_check, _ in self.by_period)

    @property
    def to_remind(self):
        """``{"period", "count"}`` of the newest period whose day is over or near and that somebody has not sent; None."""
        if may(self.user, MANAGE, self.portfolio):
            near = timezone.now() + SOON
            return next(({"period": pk, "count": waited} for pk, due, _, waited in self.by_period if waited and due < near), None)
        return None

    @property
    def reminding_first(self):
        """For the office reminding comes first, for a head checking."""
        return is_office(self.user) and self.to_remind is not None

    @cached_property
    def next_due(self):
        """The day until which the nearest reports are waited for, in words; empty when none are asked."""
        moment = self.portfolio.periods.filter(due_at__gt=Now()).order_by("due_at").values_list("due_at", flat=True).first()
        return term_words(timezone.localtime(moment).date()) if moment else ""
