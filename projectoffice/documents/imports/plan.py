"""What was read from a Word table, before anything is stored."""
from dataclasses import asdict, dataclass, field
from datetime import date

from .stamps import ImportedStamp


@dataclass
class ImportedItem:
    """A row of the table. `section` is the heading row it stood under; `term_*` are the days the term means.

    `extra` holds the cells only some tables have, by their keys.
    """
    label: str = ""
    topics: list = field(default_factory=list)
    term: str = ""
    term_start: date | None = None
    term_end: date | None = None
    responsible: list = field(default_factory=list)
    section: str = ""
    extra: dict = field(default_factory=dict)


@dataclass
class ImportedTable:
    """A table as it stands in a file. `title` is a list of lines; `period` a pair of days, or None when no year is known.

    Remarks are `{"code", "row", "message"}`; `row` is the position from 1, or None for the whole document.
    """
    title: list = field(default_factory=list)
    period: tuple | None = None
    stamps: list = field(default_factory=list)
    items: list = field(default_factory=list)
    remarks: list = field(default_factory=list)

    @property
    def year(self):
        """The first year of the period."""
        return self.period[0].year if self.period else None

    def remark(self, code, row, message):
        self.remarks.append({"code": code, "row": row, "message": message})

    def to_wire(self):
        """Everything, as JSON values: the way out of the child process."""
        wire = asdict(self)
        wire["period"] = [iso(day) for day in self.period] if self.period else None
        for item in wire["items"]:
            item["term_start"], item["term_end"] = iso(item["term_start"]), iso(item["term_end"])
        for stamp in wire["stamps"]:
            stamp["basis_date"] = iso(stamp["basis_date"])
        return wire

    @classmethod
    def from_wire(cls, wire):
        plan = cls(**wire | {"stamps": [ImportedStamp(**stamp) for stamp in wire["stamps"]],
                             "items": [ImportedItem(**item) for item in wire["items"]]})
        plan.period = tuple(map(date.fromisoformat, plan.period)) if plan.period else None
        for item in plan.items:
            item.term_start, item.term_end = day_of(item.term_start), day_of(item.term_end)
        for stamp in plan.stamps:
            stamp.basis_date = day_of(stamp.basis_date)
        return plan


def iso(day):
    return day.isoformat() if day else None


def day_of(text):
    return date.fromisoformat(text) if text else None
