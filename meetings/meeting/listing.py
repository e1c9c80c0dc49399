"""The list of meetings: upcoming first, then the past by years. Reads only."""
from dataclasses import dataclass

from django.db.models import Case, Count, DateField, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from projectoffice.accounts.access import may

from ..models import AgendaItem, Meeting, Protocol
from ..models.meeting import READS_ALL
from . import words

STATE = Meeting.State
AHEAD = "Предстоят"


@dataclass(frozen=True)
class Row:
    """One line of the list; ``heading`` is set on the first of its group."""

    meeting: Meeting
    heading: str
    name: str
    under: str
    hours: str
    badges: list
    questions: int
    protocol: str
    protocol_url: str


def is_ahead(today):
    """What is still to come, or waits for a day."""
    unfinished = ~Q(state__in=[STATE.HELD, STATE.CANCELLED])
    return unfinished & (Q(date__isnull=True) | Q(date__gte=today))


def found(user, filters):
    """Meetings visible to this person that fit the cleaned filters, in the order of the list."""
    meetings = Meeting.objects.visible_to(user)
    for name, field in (("body", "body"), ("state", "state"), ("year", "date__year")):
        if filters.get(name):
            meetings = meetings.filter(**{field: filters[name]})
    if filters.get("no_protocol"):
        meetings = meetings.filter(state=STATE.HELD).exclude(pk__in=Protocol.objects.living().filter(document__in_force__isnull=False).values("meeting"))
    today = timezone.localdate()
    return meetings.annotate(
        rank=Case(When(is_ahead(today), then=Value(0)), default=Value(1)),
        ahead=Case(When(is_ahead(today), then=F("date")), output_field=DateField()),
    ).order_by("rank", F("ahead").asc(nulls_last=True), F("date").desc(nulls_last=True), F("start").asc(nulls_last=True), "-pk")


def rows(meetings, first, last, user):
    """Rows from ``first`` to ``last``; the number of queries does not grow with theirs."""
    seen = AgendaItem.objects.visible_to(user).filter(meeting=OuterRef("pk")).present().top().order_by().values("meeting")
    first_title = AgendaItem.objects.visible_to(user).filter(meeting=OuterRef("pk")).present().top().order_by("position", "pk")
    # One row more, so that a heading is not said twice when the list goes on.
    page = list(meetings.select_related("body").annotate(
        questions=Coalesce(Subquery(seen.annotate(count=Count("pk")).values("count")), 0),
        first_question=Subquery(first_title.annotate(words=printed()).values("words")[:1]),
    )[max(first - 1, 0):last])
    protocols = protocols_of(page, user)
    office = may(user, READS_ALL)
    headings = [AHEAD if meeting.rank == 0 else str(meeting.date.year) if meeting.date else "Без даты" for meeting in page]
    found_rows = [
        row_of(meeting, heading if place == 0 or headings[place - 1] != heading else "", protocols.get(meeting.pk), office)
        for place, (meeting, heading) in enumerate(zip(page, headings, strict=True))
    ]
    return found_rows[1:] if first else found_rows


def row_of(meeting, heading, protocol, office):
    late = words.overdue_protocol(meeting, protocol is not None) if office else ""
    return Row(
        meeting=meeting,
        heading=heading,
        name=words.name_of(meeting),
        under=meeting.body.name if meeting.title else first_words(meeting),
        hours=words.hours_of(meeting),
        badges=[words.badge(meeting), *([("alert", late)] if late else [])],
        questions=meeting.questions,
        protocol=protocol_words(protocol),
        protocol_url=reverse("meetings:protocol", args=[protocol.pk]) if protocol else "",
    )


def protocol_words(protocol):
    """«№ 3», «готовится», «подписан»; of one that was annulled, while there is no other, «№ 3, отменён»."""
    if protocol is None:
        return ""
    edition = protocol.document.in_force
    if edition is None:
        return "готовится"
    number = f"№\xa0{edition.number_text}" if edition.number_text else ""
    if protocol.annulled:
        return f"{number}, отменён" if number else "отменён"
    return number or "подписан"


def printed():
    return Case(When(formula="", then=F("title")), default=F("formula"))


def first_words(meeting):
    """What tells untitled meetings of one body apart: the first question, and how many more there are."""
    first = Truncator(meeting.first_question or "").chars(90)
    return f"{first} и ещё {meeting.questions - 1}" if meeting.questions > 1 else first


def protocols_of(page, user):
    """{meeting pk: Protocol} this person may read, annulled only where there is no other; one query."""
    protocols = Protocol.objects.visible_to(user).filter(meeting__in=[meeting.pk for meeting in page])
    return {each.meeting_id: each for each in protocols.select_related("document__in_force").defer(
        "document__in_force__snapshot", "document__in_force__text").order_by("-annulled", "pk")}
