"""The list of assignments: what is asked for, in which order, 50 rows at a time. Reads only.

Overdue first, then by the due date, then what has no date, then what has ended. Each of these parts is one walk along
an index, and a place in the list is the part, the date and the id of the last row shown: a hundred thousand rows
cost what fifty do.
"""
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from projectoffice.accounts.access import may
from projectoffice.accounts.models import Post
from projectoffice.common.russian import date_short
from projectoffice.documents.models import Document
from projectoffice.documents.route import deciding_for

from ..models import AgendaItem, Assignment, AssignmentTick
from ..models.meeting import READS_ALL
from . import words

STEP = 50
NONE = "none"
STATE = Assignment.State
OVERDUE, DATED, UNDATED, ENDED = range(4)


# What is asked for

def seen_by(user, filters, day):
    """Assignments this person may see that fit the cleaned filters, in no order yet."""
    found = Assignment.objects.visible_to(user)
    for condition in conditions(user, filters, day):
        found = found.filter(condition)
    return found


def conditions(user, filters, day):
    if filters.get("scope"):
        yield {"mine": done_by, "control": controlled_by}[filters["scope"]](user)
    yield in_result(filters.get("state") or "open", day, filters.get("institution"))
    for name, ask in ASKED.items():
        if filters.get(name):
            yield ask(filters[name])
    if (filters.get("body") or filters.get("meeting")) and not may(user, READS_ALL):
        yield origin_is_known(user)


def origin_is_known(user):
    """Who may not know of a closed question does not find out by asking for its meeting."""
    items = AgendaItem.objects.visible_to(user).filter(resolutions=OuterRef("resolution"))
    return Q(closed=False) | Q(Exists(items))


def done_by(user):
    """What this person, oneself or acting, executes or helps with, or the own institutions do."""
    executed, *others = Assignment.done_by(user)
    return Q(pk__in=executed.union(*others))


def controlled_by(user):
    return Q(controller__in=deciding_for(user))


def of_person(person):
    return Q(executor=None if person == NONE else person)


def of_institution(place):
    """What stands on the institution's own tick list; what has no list counts where its executor works today."""
    marks = AssignmentTick.objects.order_by().filter(institution=place).values("assignment")
    people = Post.objects.current().filter(institution=place).values("person")
    of_people = without_list(Assignment.objects.order_by().filter(executor__in=people)).values("pk")
    return Q(pk__in=marks.union(of_people))


def without_list(assignments):
    """Those that no tick list divides among institutions."""
    return assignments.filter(~Exists(AssignmentTick.objects.filter(assignment=OuterRef("pk"))))


def of_meeting(meeting):
    return Q(meeting=None if meeting == NONE else meeting)


def given_since(day):
    return Q(created_at__gte=start_of(day))


def given_until(day):
    return Q(created_at__lt=start_of(day + timedelta(days=1)))


def start_of(day):
    return timezone.make_aware(datetime.combine(day, time()))


def of_year(year):
    return given_since(date(year, 1, 1)) & given_until(date(year, 12, 31))


def with_words(text):
    """Every word stands in the text, in the words for whom, or begins the executor's surname."""
    condition = Q()
    for word in text.split()[:8]:
        condition &= Q(text__icontains=word) | Q(executor_text__icontains=word) | Q(executor__surname__istartswith=word)
    return condition


def of_who_left(chosen):
    """Still to do, but the executor or the controller works here no more."""
    gone = Q(executor__is_active=False) | Q(executor__left_on__isnull=False)
    gone |= Q(controller__is_active=False) | Q(controller__left_on__isnull=False)
    return Q(state__in=Assignment.OPEN) & gone


ASKED = {
    "person": of_person, "institution": of_institution, "body": lambda body: Q(meeting__body=body), "meeting": of_meeting,
    "year": of_year, "since": given_since, "until": given_until, "q": with_words, "left": of_who_left,
}

RESULTS = [
    ("", "Открытые"), ("overdue", "Просроченные"), ("active", "В работе"), ("reported", "На проверке"),
    ("returned", "Возвращённые"), ("done", "Исполненные"), ("in_time", "Исполненные в срок"),
    ("late", "Исполненные с опозданием"), ("extended", "Срок переносили"), ("permanent", "Постоянные"),
    ("cancelled", "Снятые с контроля"), ("given", "Все, кроме снятых"), ("all", "Все"),
]


def in_result(result, day, place=None):
    """One meaning of every word of the list and of the discipline report, so that a number is the number of its rows."""
    if place is not None and result in ("done", "in_time", "late", "overdue"):
        return for_institution(result, day, place)
    in_time = Q(is_permanent=False) & (Q(due_end__isnull=True) | Q(done_on__lte=F("due_end")))
    return {
        "open": Q(state__in=Assignment.OPEN),
        "overdue": Q(state__in=Assignment.TO_DO, due_end__lt=day),
        "in_time": Q(state=STATE.DONE) & in_time,
        "late": Q(state=STATE.DONE, done_on__gt=F("due_end")),
        "extended": ~Q(state=STATE.CANCELLED) & Q(extension_count__gt=0),
        "permanent": ~Q(state=STATE.CANCELLED) & Q(is_permanent=True),
        "given": ~Q(state=STATE.CANCELLED),
        "all": Q(),
    }.get(result, Q(state=result))


def for_institution(result, day, place):
    """The same about one institution: where there is a tick list, its own mark tells, not the whole."""
    marks = AssignmentTick.objects.order_by().filter(institution=place).filter(marked(result, day))
    whole = without_list(Assignment.objects.order_by()).filter(in_result(result, day)).values("pk")
    living = marks.exclude(assignment__state=STATE.CANCELLED).values("assignment")
    return Q(pk__in=living.union(whole))


def marked(result, day):
    """The same said about a mark of the tick list."""
    dated = Q(assignment__due_end__isnull=True) | Q(done_on__lte=F("assignment__due_end"))
    in_time = Q(assignment__is_permanent=False) & dated
    return {
        "done": Q(done_on__isnull=False),
        "in_time": Q(done_on__isnull=False) & in_time,
        "late": Q(done_on__gt=F("assignment__due_end")),
        "overdue": Q(done_on__isnull=True, assignment__due_end__lt=day, assignment__state__in=Assignment.TO_DO),
    }[result]


# In which order

@dataclass(frozen=True)
class Place:
    """Where the shown part of the list ends: its part, the due date there, the id of its last row."""

    part: int
    due: date | None
    pk: int

    def __str__(self):
        return f"{self.part}.{self.due.isoformat() if self.due else ''}.{self.pk}"

    @classmethod
    def read(cls, text):
        """The place an address names; None when it names none."""
        part, _, rest = (text or "")[:60].partition(".")
        due, _, pk = rest.partition(".")
        try:
            found = cls(int(part), date.fromisoformat(due) if due else None, int(pk))
        except ValueError:
            return None
        fits = 0 <= found.part <= ENDED and 0 < found.pk < 2**63 and (found.due is None) == (found.part >= UNDATED)
        return found if fits else None


def part_of(part, day):
    return {
        OVERDUE: Q(state__in=Assignment.TO_DO, due_end__lt=day),
        DATED: Q(state__in=Assignment.OPEN, due_end__isnull=False) & (Q(state=STATE.REPORTED) | Q(due_end__gte=day)),
        UNDATED: Q(state__in=Assignment.OPEN, due_end__isnull=True),
        ENDED: Q(state__in=[STATE.DONE, STATE.CANCELLED]),
    }[part]


ORDER = {OVERDUE: ("due_end", "pk"), DATED: ("due_end", "pk"), UNDATED: ("pk",), ENDED: ("-pk",)}


def after(place):
    """Rows of the same part behind this place."""
    if place.part == ENDED:
        return Q(pk__lt=place.pk)
    if place.part == UNDATED:
        return Q(pk__gt=place.pk)
    return Q(due_end__gte=place.due) & (Q(due_end__gt=place.due) | Q(pk__gt=place.pk))


def keys_from(found, day, place, most, counts):
    """``(part, pk, due)`` of the next rows: a part is asked when it has rows and the ones before it did not fill the page."""
    keys = []
    for part in range(place.part if place else OVERDUE, ENDED + 1):
        if not counts[f"part_{part}"]:
            continue
        rows = found.filter(part_of(part, day))
        if place and part == place.part:
            rows = rows.filter(after(place))
        keys += [(part, *row) for row in rows.order_by(*ORDER[part]).values_list("pk", "due_end")[:most - len(keys)]]
        if len(keys) == most:
            break
    return keys


# As it is shown

@dataclass(frozen=True)
class Row:
    """One line, the same on the page and in the file."""

    assignment: Assignment
    badges: list
    ground: str
    whom: str
    presence: str
    controller: str
    controller_presence: str
    due: str
    moved: str
    progress: str
    late: bool

    @property
    def state_words(self):
        return ", ".join(filter(None, [*(word for _, word in self.badges), self.moved]))


@dataclass(frozen=True)
class Page:
    rows: list
    total: int
    overdue: int
    shown: int
    next_place: Place | None = None
    day: date = field(default=None)


def page(user, filters, *, after_place=None, shown=0, most=STEP):
    """The next rows of what is asked for, with the count of all and of the overdue."""
    day = words.today()
    found = seen_by(user, filters, day)
    counts = found.aggregate(**{f"part_{part}": Count("pk", filter=part_of(part, day)) for part in ORDER})
    total = sum(counts.values())
    keys = keys_from(found, day, after_place, most + 1, counts)
    more, keys = len(keys) > most, keys[:most]
    last = Place(keys[-1][0], keys[-1][2] if keys[-1][0] < UNDATED else None, keys[-1][1]) if more else None
    return Page(rows=rows_of(user, [pk for _, pk, _ in keys], day), total=total, overdue=counts[f"part_{OVERDUE}"],
                shown=min(shown + len(keys), total), next_place=last, day=day)


def rows_of(user, pks, day):
    """Rows of these ids in their order; the number of queries does not grow with them."""
    found = Assignment.objects.filter(pk__in=pks).select_related("executor", "controller", "document__in_force")
    found = found.defer("document__in_force__snapshot", "document__in_force__text", "document__in_force__stamps")
    by_pk = {each.pk: each for each in found}
    ordered = [by_pk[pk] for pk in pks if pk in by_pk]
    progress, grounds = progress_of(pks), grounds_of(ordered, user)
    return [row_of(each, day, progress.get(each.pk), grounds[each.pk]) for each in ordered]


def row_of(assignment, day, progress, ground):
    executor, controller = assignment.executor, assignment.controller
    return Row(
        assignment=assignment, badges=words.badges(assignment, day), ground=ground.words,
        whom=words.whom(assignment), presence=words.presence(executor) if assignment.is_open else "",
        controller=controller.short_name if controller else "Проектный офис",
        controller_presence=words.presence(controller) if assignment.is_open else "",
        due=words.due_words(assignment), moved=words.moved_words(assignment),
        progress=words.progress_words(*progress) if progress else "",
        late=bool(words.days_late(assignment, day)) and assignment.is_open,
    )


def progress_of(pks):
    """``{assignment: (done, of all)}`` of those with a tick list; one query."""
    ticks = AssignmentTick.objects.filter(assignment__in=pks).order_by().values_list("assignment")
    return {pk: (done, total) for pk, done, total in ticks.annotate(done=Count("done_on"), total=Count("pk"))}


@dataclass(frozen=True)
class Ground:
    """Where an assignment comes from, as this reader may know it: words, and the way there when the paper is readable."""

    words: str = ""
    url: str = ""
    meeting_is_told: bool = False


def grounds_of(assignments, user):
    """``{pk: Ground}``. Of a closed question only who sees the question learns; two queries for any number of rows."""
    papers = {each.document_id for each in assignments if each.document_id}
    readable = set(Document.objects.visible_to(user).filter(pk__in=papers).values_list("pk", flat=True)) if papers else set()
    closed = [each.resolution_id for each in assignments if each.closed]
    open_to = AgendaItem.objects.visible_to(user).filter(resolutions__in=closed).values_list("resolutions", flat=True)
    known = set(open_to) if closed and not may(user, READS_ALL) else set(closed)
    return {each.pk: ground_of(each, each.document_id in readable, not each.closed or each.resolution_id in known)
            for each in assignments}


def ground_of(assignment, readable, known):
    if not assignment.document_id:
        return Ground(assignment.ground)
    edition = assignment.document.in_force
    if not known or edition is None:
        return Ground()
    item = f", п.\xa0{assignment.number}" if assignment.number else ""
    older = f" (редакция {assignment.edition_number})" if assignment.edition_number != edition.number else ""
    url = assignment.document.get_absolute_url() if readable else ""
    ended = " (отменён)" if assignment.document.state == Document.State.ANNULLED else ""
    return Ground(f"{words.protocol_words(edition)}{ended}{item}{older}", url, meeting_is_told=True)


HEADINGS = ["Поручение", "Основание", "Исполнитель", "Контролёр", "Срок", "Состояние", "Исполнено", "Отметили"]


def exported(rows):
    """What is shown, as lines of a table."""
    for row in rows:
        assignment = row.assignment
        yield [
            assignment.text, row.ground, with_note(row.whom, row.presence), with_note(row.controller, row.controller_presence),
            row.due, row.state_words, date_short(assignment.done_on) if assignment.done_on else "", row.progress,
        ]


def with_note(name, note):
    return f"{name} ({note})" if note else name
