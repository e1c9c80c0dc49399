"""How an implementation plan goes: rows of the edition in force laid beside their marks, counted by section."""
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from projectoffice.common.lines import plain
from projectoffice.common.terms import parse_term

from .models import ActivityMark

STATE = ActivityMark.State
FAMILIES = {STATE.RUNNING: "progress", STATE.DONE: "done", STATE.MOVED: "wait", STATE.NOT_DONE: "alert", STATE.CANCELLED: "closed"}
ENDED = {STATE.DONE, STATE.NOT_DONE, STATE.CANCELLED}


@dataclass
class Progress:
    """An activity in force and what is known of it."""
    uid: str
    label: str
    text: str
    term: str
    responsible: list
    end: date | None = None
    mark: ActivityMark | None = None
    is_overdue: bool = False

    @property
    def family(self):
        return FAMILIES[self.mark.state] if self.mark else "alert" if self.is_overdue else "neutral"

    @property
    def word(self):
        return self.mark.get_state_display() if self.mark else "Срок прошёл" if self.is_overdue else "Предстоит"


@dataclass
class Section:
    title: str
    rows: list = field(default_factory=list)

    @property
    def total(self):
        """What was taken off counts for nothing."""
        return sum(not (row.mark and row.mark.state == STATE.CANCELLED) for row in self.rows)

    @property
    def done(self):
        return sum(bool(row.mark and row.mark.state == STATE.DONE) for row in self.rows)

    @property
    def percent(self):
        return round(100 * self.done / self.total) if self.total else None


def sections_of(plan, marks):
    """Sections of the edition in force; ``marks`` by the uid of their row, as text."""
    if plan.document.in_force is None:
        return []
    today, period = timezone.localdate(), (plan.period_start, plan.period_end)
    return [Section(part["title"], [progress(row, marks.get(row["uid"]), period, today) for row in part["rows"]])
            for part in plan.document.in_force.snapshot["sections"]]


def progress(row, mark, period, today):
    cells = row["cells"]
    end = parse_term(cells["term"], period).end
    overdue = bool(end and end < today and not (mark and mark.state in ENDED | {STATE.MOVED}))
    return Progress(row["uid"], cells["label"], plain(cells["activity"]), cells["term"], cells["responsible"], end, mark, overdue)


def whole(sections):
    """All sections as one, for the total."""
    return Section("Всего", [row for section in sections for row in section.rows])


def marks_by_row(marks):
    return {f"{mark.row_uid}": mark for mark in marks}
