"""The checking page: the queue of one person, and what of one report is read beside the last accepted one. Reads only."""
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Q
from django.db.models.functions import Now

from ..models import ProgressReport, ReportingPeriod, ReportSubmission
from . import side_by_side, workflow
from .checking import checked_by

STATE = ProgressReport.State


@dataclass
class Queue:
    """Reports on check of one person, perhaps of one portfolio or one period, who waits longest first."""

    user: object
    portfolio: int | None = None
    period: int | None = None

    @cached_property
    def reports(self):
        wanted = Q(period=self.period) if self.period else Q(period__portfolio=self.portfolio) if self.portfolio else Q()
        return checked_by(self.user).filter(wanted).order_by("submitted_at", "pk")

    @cached_property
    def ids(self):
        return list(self.reports.values_list("pk", flat=True))

    def after(self, pk):
        """The report to check after this one: the next in line, from the end to the beginning; None when it was the last."""
        others = [other for other in self.ids if other != pk]
        later = self.ids[self.ids.index(pk) + 1:] if pk in self.ids else others
        return (later or others or [None])[0]

    @property
    def query(self):
        """What an address keeps of it."""
        return urlencode([(name, value) for name, value in (("portfolio", self.portfolio), ("period", self.period)) if value])

    @property
    def next_due(self):
        """The nearest period still to come of what is asked for, or None."""
        periods = ReportingPeriod.objects.visible_to(self.user)
        if self.period:
            periods = periods.filter(pk=self.period)
        elif self.portfolio:
            periods = periods.filter(portfolio=self.portfolio)
        return periods.filter(due_at__gt=Now()).order_by("due_at").first()


@dataclass
class Checked:
    """One report as it is checked: its last submission beside the last accepted one of the same project."""

    report: ProgressReport
    user: object

    @cached_property
    def submissions(self):
        return list(self.report.submissions.select_related("by", "recorded_by")[:2])

    @property
    def submission(self):
        return self.submissions[0] if self.submissions else None

    @property
    def resubmitted(self):
        """The submission before, when this one came after a remark."""
        return self.submissions[1] if len(self.submissions) > 1 else None

    @cached_property
    def before(self):
        """The submission that was accepted last for an earlier period, or None."""
        accepted = ProgressReport.objects.filter(
            project=self.report.project_id, state=STATE.ACCEPTED, period__end__lt=self.report.period.end).exclude(pk=self.report.pk)
        last = accepted.order_by("-period__end", "-period__start", "-pk").values("pk")[:1]
        return ReportSubmission.objects.filter(report__in=last).select_related("report__period").order_by("-number").first()

    @cached_property
    def now(self):
        return self.submission.snapshot

    @property
    def past(self):
        return self.before.snapshot if self.before else None

    @property
    def sections(self):
        return side_by_side.sections(self.now, self.past)

    @property
    def courses(self):
        return side_by_side.courses(self.now, self.past)

    @property
    def lines(self):
        return side_by_side.lines(self.now)

    @cached_property
    def actions(self):
        return workflow.available(self.report, self.user)
