"""What was submitted beside what was accepted last: the two snapshots as the checking page lays them out. Pure."""
from dataclasses import dataclass

from ..amounts import shown_amount
from ..words import course_badge
from .measured import decimal
from .submission import TEXTS


@dataclass(frozen=True)
class Section:
    """A text of the report: what it says now, what it said last time."""

    title: str
    now: str
    before: str


@dataclass(frozen=True)
class Line:
    """An indicator: its target, its last accepted value, what is told now and by what it is shown."""

    name: str
    target: str
    before: str
    now: str
    came_to: str
    evidence: str


def sections(now, before):
    """Texts that one of the two says anything in."""
    rows = [Section(title, now["texts"][name], before["texts"][name] if before else "") for name, title in TEXTS.items()]
    return [row for row in rows if row.now or row.before]


def courses(now, before):
    """The badges of the course now and last time; None where nothing was told."""
    return course_of(now), course_of(before)


def course_of(snapshot):
    return course_badge(snapshot["course"]) if snapshot and snapshot["course"] else None


def lines(now):
    """The indicators of the submission; it froze the value before beside its own."""
    return [line_of(row) for row in now["indicators"]]


def line_of(row):
    def told(value):
        return shown_amount(decimal(value), row["unit"])

    return Line(row["name"], told(row["target"]), told(row["before"]), told(row["value"]) or row["text"],
                told(row["came_to"]) if row["is_cumulative"] else "", row["evidence"])
