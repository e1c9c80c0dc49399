"""Several reports chosen in a list: which of them would be accepted, and why the others would not. Reads only."""
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Max

from ..models import ProgressReport
from . import standing
from .checking import checked_by

MOST = 50
NOT_ON_CHECK = {
    standing.ACCEPTED: "уже принят", standing.RETURNED: "возвращён на доработку, команда ещё не отправила его снова",
    standing.OVERDUE: "ещё не отправлен", standing.WAITED: "ещё не отправлен", standing.UNASKED: "не отправлен, проект сейчас не идёт",
}
NOT_YOURS = "отчёты своего проекта проверяет кто-то другой"


@dataclass
class Chosen:
    """Reports of a period somebody has ticked, at most fifty."""

    period: object
    pks: tuple
    user: object

    @classmethod
    def of(cls, period, typed, user):
        pks = [int(text) for text in typed if text.isascii() and text.isdigit() and len(text) < 10]
        return cls(period, tuple(dict.fromkeys(pks))[:MOST], user)

    @cached_property
    def reports(self):
        seen = ProgressReport.objects.visible_to(self.user).filter(period=self.period, pk__in=self.pks)
        found = standing.with_standing(seen).annotate(number=Max("submissions__number")).select_related("project__portfolio", "period")
        return list(found.order_by("project__title", "pk"))

    @cached_property
    def mine(self):
        return set(checked_by(self.user).filter(pk__in=self.pks).values_list("pk", flat=True))

    @property
    def good(self):
        """Those that would be accepted, each with the ``number`` of the submission."""
        return [report for report in self.reports if report.pk in self.mine]

    @property
    def others(self):
        """``[(report, why not)]``."""
        return [(report, NOT_ON_CHECK.get(report.standing, NOT_YOURS)) for report in self.reports if report.pk not in self.mine]

    def confirmed(self, posted):
        """``[(report, number that was shown)]``; a number that is missing or no number is of no submission."""
        return [(report, number_of(posted.get(f"number-{report.pk}", ""))) for report in self.reports]


def number_of(text):
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
