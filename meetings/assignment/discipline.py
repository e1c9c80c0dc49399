"""The discipline report: what was given and what became of it, by person, by institution, by meeting. Reads only.

Every number is a question the list can be asked (``assignment_list.in_result``), so its link shows just these rows.
"""
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.urls import reverse

from projectoffice.accounts.models import Institution, Post, User
from projectoffice.common.russian import date_short

from ..models import AssignmentTick, Meeting
from . import listing as table

GROUPS = [("person", "По людям"), ("institution", "По учреждениям"), ("meeting", "По заседаниям")]
FIRST_HEAD = {"person": "Исполнитель", "institution": "Учреждение", "meeting": "Заседание"}
COLUMNS = [
    ("given", "Дано"), ("in_time", "В срок"), ("late", "С опозданием"), ("overdue", "Просрочено сейчас"),
    ("extended", "Срок переносили"), ("permanent", "Постоянные"),
]
OVERDUE = [name for name, _ in COLUMNS].index("overdue")
NOBODY = {"person": "Учреждениям и группам", "meeting": "Без заседания"}


@dataclass(frozen=True)
class Cell:
    """A number of a column and the list of what it counts."""

    title: str
    count: int
    url: str


@dataclass(frozen=True)
class Line:
    """One person, institution or meeting, or the sum of them all."""

    name: str
    cells: list
    times: int
    share: int | None

    @property
    def share_words(self):
        return "ничего не сдано" if self.share is None else f"в срок {self.share}\xa0% из сданных и просроченных"


def lines(user, group, period, day):
    """The lines of the report, most overdue first, then as such lists go everywhere; the sum is made by ``total``."""
    found = within(user, period, day)
    counted = by_institution(found, day) if group == "institution" else by_field(found, group, day)
    made = [line(name, group, key, counted[key], period) for key, name in names_of(group, counted).items() if key in counted]
    return sorted(made, key=lambda each: -each.cells[OVERDUE].count)


def total(user, period, day):
    counts = within(user, period, day).aggregate(**counters(day))
    return line("Всего", None, None, counts, period)


def within(user, period, day):
    """Everything given in the period and not taken off control."""
    return table.seen_by(user, {"state": "given", **period}, day)


def counters(day):
    """One aggregate a column; ``times`` is how often due dates were moved."""
    found = {name: Count("pk", filter=table.in_result(name, day)) for name, _ in COLUMNS}
    return found | {"times": Sum("extension_count", default=0)}


def by_field(found, group, day):
    column = {"person": "executor", "meeting": "meeting"}[group]
    rows = found.order_by().values(column).annotate(**counters(day))
    return {row[column]: row for row in rows}


def by_institution(found, day):
    """Marks of tick lists, and assignments without a list where the executor works today; two questions."""
    counted = {}
    for rows in (by_marks(found, day), by_workplace(found, day)):
        for row in rows:
            sums = counted.setdefault(row["place"], dict.fromkeys([*(name for name, _ in COLUMNS), "times"], 0))
            for name in sums:
                sums[name] += row[name]
    return counted


def by_marks(found, day):
    """What institutions made of their own parts."""
    marks = AssignmentTick.objects.filter(assignment__in=found.values("pk")).order_by()
    own = {name: Count("pk", filter=table.marked(name, day)) for name in ("in_time", "late", "overdue")}
    return marks.values(place=F("institution")).annotate(
        given=Count("pk"), **own, extended=Count("pk", filter=Q(assignment__extension_count__gt=0)),
        permanent=Count("pk", filter=Q(assignment__is_permanent=True)), times=Sum("assignment__extension_count", default=0),
    )


def by_workplace(found, day):
    """Of assignments without a tick list: those of who works there today, each once however many posts one has there."""
    listed = AssignmentTick.objects.filter(assignment=OuterRef("pk"))
    places = Post.objects.current().filter(institution__isnull=False).order_by().values("person", "institution").distinct()
    by_person = {}
    for place in places:
        by_person.setdefault(place["person"], []).append(place["institution"])
    for row in found.filter(~Exists(listed), executor__in=list(by_person)).order_by().values("executor").annotate(**counters(day)):
        for place in by_person[row["executor"]]:
            yield row | {"place": place}


def names_of(group, keys):
    """``{key: name}`` in the order of such lists, what has no name of its own last."""
    if group == "person":
        known = {person.pk: person.short_name for person in User.objects.filter(pk__in=[key for key in keys if key]).in_order()}
    elif group == "institution":
        known = {place.pk: str(place) for place in Institution.objects.filter(pk__in=keys)}
    else:
        meetings = Meeting.objects.filter(pk__in=[key for key in keys if key]).select_related("body")
        known = {each.pk: f"{each.body}, {date_short(each.date)}" for each in meetings}
    return known | {None: NOBODY.get(group, "")}


def line(name, group, key, counts, period):
    cells = [Cell(title, counts[result], address(group, key, result, period)) for result, title in COLUMNS]
    was_due = counts["in_time"] + counts["late"] + counts["overdue"]
    share = int(100 * counts["in_time"] / was_due) if was_due else None  # downwards: one late among many is no 100 %
    return Line(name=name, cells=cells, times=counts["times"], share=share)


def address(group, key, result, period):
    """The list of the rows a number counts."""
    words = [("state", result), *([(group, key or table.NONE)] if group else []),
             *((name, getattr(value, "isoformat", lambda value=value: value)()) for name, value in period.items() if value)]
    return f"{reverse('meetings:assignments')}?{urlencode(words)}"


def headings(group):
    return [FIRST_HEAD[group], *(title for _, title in COLUMNS), "Переносов всего", "В срок, % из сданных и просроченных"]


def exported(shown):
    for each in shown:
        yield [each.name, *(cell.count for cell in each.cells), each.times, each.share if each.share is not None else ""]

