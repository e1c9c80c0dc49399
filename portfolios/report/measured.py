"""What a report measures: the indicators of the project's passport, their last values, what they came to.

A periodic indicator is what its latest value says. A cumulative one adds up: its baseline and the values of all
accepted periods.
"""
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.exceptions import ValidationError

from ..amounts import has_percent, read_amount, shown_amount, unit_with_percent
from ..models import Indicator, IndicatorValue, Passport, ProgressReport


@dataclass(frozen=True)
class Measured:
    """An indicator as the passport in force words it, with the row values are kept under."""

    pk: int
    uid: str
    name: str
    unit: str
    baseline: Decimal | None
    target: Decimal | None
    is_cumulative: bool

    def shown(self, value):
        return shown_amount(value, self.unit)


def indicators_of(project):
    """What the passport in force measures; before there is one, what is written in its draft. Two queries."""
    rows = {str(row.uid): row for row in Indicator.objects.filter(project=project)}
    source = Passport.objects.filter(project=project).values_list("document__in_force__snapshot__source__indicators", flat=True).first()
    if source is not None:
        return [of_source(rows[each["uid"]], each) for each in source if each["uid"] in rows]
    live = sorted((row for row in rows.values() if row.position is not None and row.name), key=lambda row: row.position)
    return [Measured(row.pk, str(row.uid), row.name, row.unit, row.baseline, row.target, row.is_cumulative) for row in live]


def of_source(row, words):
    return Measured(row.pk, words["uid"], words["name"], words["unit"], decimal(words["baseline"]), decimal(words["target"]),
                    words["is_cumulative"])


def decimal(text):
    return Decimal(text) if text else None


@dataclass
class Known:
    """What accepted reports said of one indicator, the oldest first: ``[(period, value)]``."""

    values: list = field(default_factory=list)

    @property
    def last(self):
        return self.values[-1] if self.values else None

    def actual(self, baseline, is_cumulative):
        """What it came to; None while nobody has told a value."""
        if not self.values:
            return None
        if is_cumulative:
            return (baseline or 0) + sum(value for _, value in self.values)
        return self.values[-1][1]


def known_values(project, before=None):
    """{uid of an indicator: Known} of the accepted reports of a project, of those before a period when one is given. One query."""
    values = IndicatorValue.objects.filter(
        report__project=project, report__state=ProgressReport.State.ACCEPTED, value__isnull=False,
    ).select_related("report__period", "indicator").order_by("report__period__end", "report__period__start", "pk")
    if before is not None:
        values = values.filter(report__period__end__lt=before.end)
    found: dict[str, Known] = {}
    for each in values:
        found.setdefault(str(each.indicator.uid), Known()).values.append((each.report.period, each.value))
    return found


def remark_on(measured, text):
    """The sentence about a typed value that is no single number, or whose percent sign fits no unit; empty when good."""
    try:
        read_amount(text)
        unit_with_percent(measured.unit, [text])
    except ValidationError as refusal:
        return f"{refusal.messages[0]} Пояснение впишите в «Чем подтверждается»." if value_of(text) is None else refusal.messages[0]
    return ""


def value_of(text):
    """The number of a typed value; None of nothing and of what is no single number («около 10»)."""
    try:
        return read_amount(text)[0]
    except ValidationError:
        return None


def unit_of(measured, text):
    """The unit a value is told in: a percent sign says it where the passport does not."""
    return measured.unit or ("%" if has_percent(text) else "")
