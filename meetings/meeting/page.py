"""Everything the page of a meeting shows to one person: state, buttons, agenda, people, papers. Reads only."""
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.access import may
from projectoffice.common.calendar import ProductionCalendar
from projectoffice.common.history import history_of
from projectoffice.common.models import CalendarDay
from projectoffice.documents import panel as documents_panel
from projectoffice.documents.actions import MORE, OUTLINED, PRIMARY, Action
from projectoffice.documents.models import Document
from projectoffice.documents.route import on_the_way, standings

from ..models import AgendaItem, AgendaMaterial, Meeting, MeetingBrief, Participant, Protocol, ProtocolExtract
from ..models.meeting import READS_ALL
from ..plan.in_force import is_in_force, responsibles_in_force
from ..services.door import closed_by
from ..services.meeting import gaps
from . import words, workflow
from .agenda_lines import in_lines
from .agendas import minutes_of, numbered
from .telling import Telling

STATE = Meeting.State
PAPERS = (Protocol.KIND, ProtocolExtract.KIND, MeetingBrief.KIND)


@dataclass(frozen=True)
class Paper:
    """A paper made of the meeting: its title, where it is, its states."""

    document: Document
    title: str
    url: str
    badges: list

    @property
    def kind(self):
        return self.document.kind


class Person(NamedTuple):
    """Somebody expected, in words; ``told`` says whether a letter went out, so that leaving asks first."""

    name: str
    words: str
    url: str
    told: bool


class MeetingPanel:
    def __init__(self, meeting, user, *, is_editing=False, edits_people=False):
        """``is_editing``: a question stands open as a form; ``edits_people``: the list of people shows its tools."""
        self.meeting, self.user, self.is_editing, self.wants_people = meeting, user, is_editing, edits_people

    # The state and what can be done

    @cached_property
    def allowed(self):
        """{verb: label} of what this person may do now."""
        if not self.may_change:
            return {}
        verbs = workflow.in_state(self.meeting)
        if self.protocols:
            verbs.pop("redraft", None)
        return {"minutes": verbs["minutes"]} if self.closed and "minutes" in verbs else {} if self.closed else verbs

    @cached_property
    def may_change(self):
        return may(self.user, workflow.PERMISSION, self.meeting)

    @cached_property
    def protocols(self):
        """Documents of its protocols, annulled ones too, that this person may read: all, for who may change the meeting."""
        return [paper.document for paper in self.papers if paper.kind == "protocol"]

    @cached_property
    def protocol(self):
        """The document of the protocol being prepared or in force, or None."""
        return next((document for document in self.protocols if document.state != Document.State.ANNULLED), None)

    @cached_property
    def closed(self):
        """Why nothing can be changed though the meeting's state would let it; empty where it can."""
        document = self.protocol
        return "" if document is None or document.is_draft or not self.may_change else closed_by(document)

    @cached_property
    def can_edit(self):
        return "edit" in self.allowed

    @cached_property
    def sees_history(self):
        return self.may_change or may(self.user, READS_ALL)

    @cached_property
    def last_event(self):
        """Only for those who see every question: the sentences count them all."""
        return history_of(self.meeting).first() if self.sees_history else None

    @cached_property
    def badges(self):
        found = [words.badge(self.meeting)]
        late = words.overdue_protocol(self.meeting, bool(self.protocols)) if self.sees_history else ""
        return [*found, ("alert", late)] if late else found

    @property
    def name(self):
        return words.name_of(self.meeting)

    @property
    def when(self):
        return words.when(self.meeting)

    @cached_property
    def to_tell(self):
        """Participants «Разослать изменения» would write to: they know something else than is so now."""
        if "invite" not in self.allowed or self.meeting.is_running:
            return []
        # Who may change a meeting sees all of its questions.
        return Telling(self.meeting, participants=self.participants, items=[q.item for q in self.questions]).uninformed

    @cached_property
    def still_missing(self):
        """Sentences of what bars the announcement, for who could make it."""
        if "announce" not in self.allowed:
            return []
        missing = list(gaps(self.meeting).values())
        return missing if self.lines else [*missing, "Впишите в повестку хотя бы один вопрос."]

    @property
    def left_to_do(self):
        """The same inside the sentence «… осталось указать день заседания; вписать в повестку …»."""
        return [sentence.rstrip(".").replace("Укажите", "указать").replace("Впишите", "вписать") for sentence in self.still_missing]

    @cached_property
    def actions(self):
        return sorted((action for action in self.candidates() if action), key=lambda a: (PRIMARY, OUTLINED, MORE).index(a.place))

    def candidates(self):
        meeting, state = self.meeting, self.meeting.state
        ready = not self.still_missing
        is_over = bool(meeting.date) and meeting.date < timezone.localdate()
        yield self.verb("announce", OUTLINED if is_over else PRIMARY) if ready else None
        lacks_day = "announce" in self.allowed and bool(gaps(meeting))
        if lacks_day:
            yield Action("edit", "Указать день и место", reverse("meetings:meeting_edit", args=[meeting.pk]), PRIMARY)
        yield self.verb("invite", PRIMARY) if self.to_tell else None
        yield from self.about_the_day()
        yield None if lacks_day else self.verb("edit", OUTLINED)  # one button to one form
        yield self.verb("move", OUTLINED if state == STATE.ANNOUNCED else MORE)
        # A meeting that took place without letters: told afterwards, nobody is invited to yesterday.
        yield self.verb("hold", PRIMARY if is_over and state == STATE.DRAFT and ready else MORE) if meeting.date else None
        if may(self.user, "meetings.create_meeting"):
            yield Action("copy", "Скопировать", reverse("meetings:meeting_copy", args=[meeting.pk]))
        yield self.verb("redraft", OUTLINED if state == STATE.CANCELLED else MORE)
        yield self.verb("cancel")

    def about_the_day(self):
        """The page of the meeting's course: the first thing to do once the day has come."""
        if "minutes" not in self.allowed or self.meeting.state not in (STATE.ANNOUNCED, STATE.HELD):
            return
        came = self.meeting.state == STATE.HELD or self.meeting.is_running or self.meeting.date <= timezone.localdate()
        url = reverse("meetings:meeting_day", args=[self.meeting.pk])
        yield Action("minutes", self.allowed["minutes"], url, PRIMARY if came and not self.to_tell else OUTLINED)

    def verb(self, verb, place=MORE):
        label = self.allowed.get(verb)
        return Action(verb, label, reverse(f"meetings:meeting_{verb}", args=[self.meeting.pk]), place) if label else None

    @property
    def primary(self):
        """The filled button; none while a question stands open with a filled button of its own."""
        return None if self.is_editing else next((action for action in self.actions if action.place == PRIMARY), None)

    @property
    def outlined(self):
        return [action for action in self.actions if action != self.primary and action.place != MORE][:2]

    @property
    def more(self):
        shown = [self.primary, *self.outlined]
        return [action for action in self.actions if action not in shown]

    # Day and people

    @cached_property
    def remarks(self):
        """Sentences worth a look before people are invited; nothing of them bars anything."""
        meeting = self.meeting
        if not self.can_edit or not meeting.date or meeting.state == STATE.HELD:
            return []
        # An announced meeting whose day is over merely took place.
        return [*day_remarks(meeting.date, may_be_over=meeting.state == STATE.ANNOUNCED), *self.clashes()]

    def clashes(self):
        """Other meetings of the same people on that day, as far as this person may see them."""
        meeting = self.meeting
        people = [each.person_id for each in self.participants if each.person_id]
        if not people:
            return []
        others = Participant.objects.filter(
            meeting__in=Meeting.objects.visible_to(self.user), meeting__date=meeting.date, person__in=people,
            meeting__state__in=[STATE.DRAFT, STATE.ANNOUNCED],
        ).exclude(meeting=meeting).select_related("meeting__body").order_by("meeting__start", "meeting_id", "name")
        busy = defaultdict(list)
        for each in others:
            busy[each.meeting].append(each.name)
        return [words.ended(f"В этот день ещё одно заседание – {clash_name(other)}. В обоих: {listed(names)}") for other, names in busy.items()]

    @cached_property
    def participants(self):
        return list(self.meeting.participants.select_related("person").in_order())

    @cached_property
    def leaders(self):
        return [each for each in self.participants if each.role in (Participant.Role.CHAIR, Participant.Role.SECRETARY)]

    @cached_property
    def edits_people(self):
        return self.wants_people and self.can_edit

    @cached_property
    def groups(self):
        """(heading, people) in the order of the list."""
        named = [("Председатель и секретарь", self.leaders)]
        for role, heading in ((Participant.Role.MEMBER, "Члены"), (Participant.Role.INVITED, "Приглашены"), (Participant.Role.GUEST, "Гости")):
            named.append((heading, [each for each in self.participants if each.role == role]))
        base = f"{self.meeting.get_absolute_url()}participants/"
        return [(heading, [Person(each.name, words.about_participant(each), f"{base}{each.pk}/", bool(each.told)) for each in people])
                for heading, people in named if people]

    # Agenda

    @cached_property
    def questions(self):
        readable = AgendaItem.objects.visible_to(self.user).filter(meeting=self.meeting).agenda()
        return numbered(list(readable.select_related("plan_item__plan", "origin__meeting").order_by("position", "pk")))

    @cached_property
    def files(self):
        """{item pk: its materials}."""
        found = defaultdict(list)
        for each in AgendaMaterial.objects.present().filter(item__meeting=self.meeting).select_related("file"):
            found[each.item_id].append(each)
        return found

    @cached_property
    def lines(self):
        """The agenda as a list of Lines with their children."""
        return in_lines(self.questions, f"{self.meeting.get_absolute_url()}agenda/", plan_id=self.meeting.plan_id,
                        suggested=self.suggestions, origins=self.origins, files=self.files)

    @cached_property
    def suggestions(self):
        """{row pk: «Калинин О.А., Ясенева Д.В.»} for questions without a speaker; only for who could set them."""
        rows = {q.item.plan_item_id for q in self.questions if q.item.plan_item_id and not q.item.speakers.all()}
        if not rows or not self.can_edit or self.meeting.plan_id is None:
            return {}
        named = responsibles_in_force(self.meeting.plan)
        known = {q.item.plan_item_id: named.get(f"{q.item.plan_item.uid}", []) for q in self.questions if q.item.plan_item_id in rows}
        return {pk: ", ".join(names) for pk, names in known.items()}

    @cached_property
    def origins(self):
        """{item pk: «с заседания 12.02.2027, вопрос 3»} of questions carried over."""
        return origins([q.item for q in self.questions if q.item.origin_id], self.user)

    @cached_property
    def minutes(self):
        return minutes_of(self.questions)

    @cached_property
    def length(self):
        untimed = sum(not line.item.minutes and not any(child.item.minutes for child in line.children) for line in self.lines)
        return words.length_sentence(self.meeting, self.minutes, untimed)

    @property
    def is_too_long(self):
        return words.is_too_long(self.meeting, self.minutes)

    @cached_property
    def plan_link(self):
        """(address, title) of the plan; one in force is read by everybody signed in."""
        plan = self.meeting.plan
        return (plan.get_absolute_url(), plan.document.in_force.title) if plan and is_in_force(plan) else None

    # Papers

    @property
    def offers_brief(self):
        return self.can_edit and not any(paper.kind == "meeting_brief" for paper in self.papers)

    @property
    def offers_protocol(self):
        is_told = self.meeting.state == STATE.HELD or self.meeting.is_running
        return self.can_edit and is_told and self.protocol is None

    @property
    def has_calendar(self):
        return self.meeting.state == STATE.ANNOUNCED

    @cached_property
    def papers(self):
        """Brief, protocol and extracts this person may read: four queries for any number of them."""
        found = Document.objects.visible_to(self.user, *PAPERS).filter(pk__in=papers_of(self.meeting)).select_related("in_force", "current_sheet", *PAPERS).defer(
            "in_force__snapshot", "in_force__text", "current_sheet__pdf", "current_sheet__snapshot",
        ).prefetch_related(*on_the_way()).order_by("pk")
        reads = may(self.user, READS_ALL)
        return [
            Paper(document, document.title if reads or not document.in_force else document.in_force.title, document_url(document),
                  badges_of(document, reads))
            for document in sorted(found, key=lambda document: document.state == Document.State.ANNULLED)
        ]


def badges_of(document, reads):
    """The states of a paper; protocols of one meeting bear one title, so an annulled one is told by its number."""
    badges = documents_panel.badges(document, reads_working=reads, standings=standings(document))
    if document.kind == "protocol" and document.state == Document.State.ANNULLED and document.in_force.number_text:
        return [(family, f"{word}: №\xa0{document.in_force.number_text}") for family, word in badges]
    return badges


def papers_of(meeting):
    """The ids of its documents. A union, not an OR over joined tables: that reads the whole register to find three."""
    protocols = Protocol.objects.filter(meeting=meeting).values("document")
    extracts = ProtocolExtract.objects.filter(protocol__meeting=meeting).values("document")
    return protocols.union(extracts, MeetingBrief.objects.filter(meeting=meeting).values("document"))


def origins(items, user):
    """Where carried questions come from, with the number this reader sees there; two queries for any number of them."""
    numbers = origins_by_number({item.origin.meeting_id for item in items}, user)
    return {item.pk: origin_words(item.origin, numbers.get(item.origin_id)) for item in items}


def origins_by_number(meetings, user):
    """{item pk: «3» or «5.1»} of all questions this reader sees in these meetings."""
    by_meeting = defaultdict(list)
    if meetings:
        readable = AgendaItem.objects.visible_to(user).filter(meeting__in=meetings).agenda().prefetch_related(None)
        for item in readable.order_by("position", "pk"):
            by_meeting[item.meeting_id].append(item)
    return {q.item.pk: q.number.rstrip(".") for found in by_meeting.values() for q in numbered(found)}


def origin_words(origin, number):
    day = f"с заседания {origin.meeting.date:%d.%m.%Y}" if origin.meeting.date else "с прошлого заседания"
    return f"{day}, вопрос {number}" if number else day


def day_remarks(day, *, may_be_over=False):
    """What is odd about meeting on this day, as sentences: nobody works, or it has passed."""
    found = []
    moved = dict(CalendarDay.objects.filter(date=day).values_list("date", "is_off"))
    why = ProductionCalendar(moved).why_off(day)
    if why:
        found.append(f"{day:%d.%m.%Y} – нерабочий день: {why}.")
    if day < timezone.localdate() and not may_be_over:
        found.append(f"{day:%d.%m.%Y} уже прошло.")
    return found


def clash_name(meeting):
    hours = words.hours_of(meeting)
    return f"{words.name_of(meeting)}, {hours}" if hours else words.name_of(meeting)


def listed(names, most=5):
    shown = ", ".join(names[:most])
    return f"{shown} и ещё {len(names) - most}" if len(names) > most else shown


def document_url(document):
    name = {"protocol": "protocol", "protocol_extract": "extract", "meeting_brief": "brief"}[document.kind]
    return reverse(f"meetings:{name}", args=[getattr(document, document.kind).pk])
