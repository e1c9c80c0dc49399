"""What the secretary's page shows of a meeting: questions with their fields, readings, remarks, presence. Reads only.

The page of the protocol shows the same questions through the same partials (templates/meetings/_outcome_form.html).
"""
from dataclasses import dataclass, field
from types import SimpleNamespace

from django.urls import reverse
from django.utils import timezone

from projectoffice.common.history import history_of
from projectoffice.common.terms import NOT_UNDERSTOOD

from ..meeting.words import from_plan
from ..meeting.workflow import RULES, can
from ..models import AgendaItem, Meeting, Participant, Resolution
from . import addressees, typed
from .problems import charge_remarks, missing_of
from .questions import decision_number, flat, questions_of
from .quorum import quorum_of
from .votes import vote_words

SUGGESTIONS = ("Принять к сведению", "Одобрить", "Утвердить", "Рекомендовать", "Поручить", "Перенести")
ROLES = {"chair": "председатель", "secretary": "секретарь", "invited": "по приглашению", "guest": "гость"}
PLACEHOLDER = "00000000-0000-0000-0000-000000000000"
MARKS = {
    AgendaItem.Outcome.CONSIDERED: ("check-lg", "рассмотрен"),
    AgendaItem.Outcome.POSTPONED: ("arrow-right", "перенесён"),
    AgendaItem.Outcome.WITHDRAWN: ("x-lg", "снят с повестки"),
}


@dataclass
class Shown:
    """A field as a form shows it: the text, what it began from, what is wrong, what somebody else wrote meanwhile."""

    name: str
    uid: str
    base: str
    value: str = ""
    errors: list = field(default_factory=list)
    theirs: dict | None = None

    @property
    def key(self):
        return f"{self.name}-{self.uid}"

    @property
    def parts(self):
        return self.value.split("|", 3)


@dataclass
class Refused:
    """What a form could not store of a row: by field, the typed text with its errors or the other text.

    ``item`` is the question of a decision that is not stored yet.
    """

    typed: dict = field(default_factory=dict)
    errors: dict = field(default_factory=dict)
    theirs: dict = field(default_factory=dict)
    item: str = ""


def fields_of(row, fields, refused=None):
    refused = refused or Refused()
    shown = {}
    for name, each in fields.items():
        source = each.source(row)
        shown[name] = Shown(name, str(row.uid), source, refused.typed.get(name, source), refused.errors.get(name, []),
                            refused.theirs.get(name))
    return shown


def shown_questions(meeting, questions=None, refused=None):
    """Every question in reading order, ready for the partials. ``refused``: {uid: Refused} of a form that comes back."""
    questions = questions_of(meeting) if questions is None else questions
    return [shown_question(meeting, each, refused or {}) for each in flat(questions)]


def shown_question(meeting, item, refused):
    """Ready for the partials. A version goes there as text: a template looks at every number for its thousands."""
    base = day_base(meeting)
    decisions = [shown_decision(meeting, each, decision_number(item, place), refused)
                 for place, each in enumerate(item.decisions, start=1)]
    return SimpleNamespace(
        **mark_of(item), item=item, uid=str(item.uid), number=item.number, title=item.title, version=str(item.version),
        url=f"{base}items/{item.uid}/", anchor=f"question-{item.uid}", is_part=item.parent_id is not None,
        is_misc=item.is_misc and item.parent_id is None, parts=item.parts, added=item.added, origin=origin_words(item),
        speakers=[each.text for each in item.speakers.all()], fields=fields_of(item, typed.ITEM, refused.get(str(item.uid))),
        decisions=decisions or [blank_decision(meeting, item, refused)], outcome=item.outcome,
        outcome_words=(item.get_outcome_display() or "Впереди").lower(), vote_words=short_vote(item.vote), inclusion_words=short_vote(item.inclusion_vote),
    )


def mark_of(item):
    """What the agenda says of a question: its icon with a hidden word; a question is done with all its parts."""
    icon, mark = MARKS.get(item.outcome, ("", ""))
    parts_done = bool(item.parts) and all(part.outcome for part in item.parts)
    return {"icon": icon, "mark": mark, "is_done": bool(item.outcome) or parts_done}


def shown_decision(meeting, row, number, refused):
    due, whom, institutions = typed.read_due_of(meeting, row.due).words, executor_reading(row), len(row.institutions.all())
    return SimpleNamespace(
        **decision_frame(meeting, row, number), is_new=False,
        fields=fields_of(row, typed.RESOLUTION, refused.get(str(row.uid))),
        due_reading=due, due_unclear=due == NOT_UNDERSTOOD, executor_reading=whom,
        institutions=institutions, may_choose_institutions=bool(institutions) or not whom,
        remarks=list(charge_remarks(row, meeting)),
        has_charge=row.is_charge or bool(row.due or row.controller_id),
    )


def decision_frame(meeting, row, number):
    url = f"{day_base(meeting)}resolutions/{row.uid}/"
    return {"uid": str(row.uid), "item_uid": str(row.item.uid), "number": number, "version": str(row.version), "url": url,
            "institutions_url": f"{url}institutions/", "suggestions": SUGGESTIONS}


def blank_decision(meeting, item, refused):
    """An empty decision with a name of its own; it is stored with its first word."""
    row = Resolution(item=item, version=0)
    kept = next(((uid, what) for uid, what in refused.items() if what.item == str(item.uid)), None)
    row.uid, what = kept or (row.uid, Refused())
    fields = {name: Shown(name, str(row.uid), "", what.typed.get(name, ""), what.errors.get(name, []))
              for name in typed.RESOLUTION}
    return SimpleNamespace(
        **decision_frame(meeting, row, decision_number(item, 1)), is_new=True, fields=fields, due_reading="", due_unclear=False,
        executor_reading="", institutions=0, may_choose_institutions=False, remarks=[],
        has_charge=any(what.typed.get(name) for name in fields if name != "text"),
    )


def template_decision(meeting):
    """The empty decision the script copies; its name is put in by the script."""
    item = AgendaItem(meeting=meeting, uid=PLACEHOLDER)
    item.number, item.parts = "", []
    decision = blank_decision(meeting, item, {})
    for key in ("url", "institutions_url"):
        setattr(decision, key, getattr(decision, key).replace(decision.uid, PLACEHOLDER))
    for shown in decision.fields.values():
        shown.uid = PLACEHOLDER
    decision.uid, decision.number = PLACEHOLDER, ""
    return decision


def executor_reading(row):
    """Whom the typed words mean; words that are nobody are printed as they stand."""
    if row.executor:
        return row.executor.full_name
    return "печатается как написано" if row.executor_text and not row.institutions.all() else ""


def short_vote(vote):
    return vote_words(vote).removeprefix("Голосовали: ") or "не голосовали"


def origin_words(item):
    if item.plan_item:
        return from_plan(item.plan_item, item.meeting.plan_id)
    if item.origin and item.origin.meeting.date:
        return f"с заседания {item.origin.meeting.date:%d.%m.%Y}"
    return ""


def presence(body, participants):
    """«Присутствуют 14 из 19, кворум есть»: those who vote; everybody where nobody does."""
    quorum = quorum_of(body, participants)
    if not quorum.members:
        here = sum(each.attendance == "present" for each in participants)
        return f"Присутствуют {here} из {len(participants)}" if participants else "Участники не указаны"
    words = f"Присутствуют {quorum.present} из {quorum.members}"
    return words if quorum.is_there is None else f"{words}, {'кворум есть' if quorum.is_there else 'кворума нет'}"


def state_badge(meeting, today=None):
    """Family and word: a meeting opened after its day is being written from notes, whatever was clicked."""
    today = today or timezone.localdate()
    if meeting.state in (Meeting.State.CANCELLED, Meeting.State.MOVED) or meeting.date is None:
        return ("closed" if meeting.state == Meeting.State.CANCELLED else "wait" if meeting.state == Meeting.State.MOVED
                else "neutral", meeting.get_state_display())
    if meeting.state == Meeting.State.HELD or meeting.date < today:
        return "done", "Проведено"
    return ("progress", "Идёт") if meeting.is_running else ("neutral", "Готово к началу")


def last_writer(row, name, *, reader):
    """The line of history that tells who wrote this field last; the row itself knows only its last change.

    Ten minutes of one person are one line, so the order of lines alone does not make the reader the last one.
    """
    if isinstance(row, Participant):
        mine = {"verb": "mark_attendance", "changes__participant": row.pk}
    else:
        mine = {"verb": "write_minutes", "changes__row": str(row.uid), "changes__field": name}
    meeting = row.item.meeting if isinstance(row, Resolution) else row.meeting
    told = history_of(meeting).filter(**mine)
    theirs, own = told.exclude(actor=reader).first(), told.filter(actor=reader).first()
    last_here = own and getattr(row, "changed_by_id", reader.pk) == reader.pk and (theirs is None or theirs.pk < own.pk)
    return own if last_here else theirs


# ── the page around the questions ─────────────────────────────────────────────────────────────────────────

def frame(meeting, questions, participants, *, at="", refused=None):
    """What changes with every word: questions, the one in work, presence, what is missing before the protocol."""
    shown = shown_questions(meeting, questions, refused)
    mark_ends(shown)
    current = current_of(shown, at)
    place = shown.index(current) if current else 0
    problems = missing_of(meeting, questions, participants)
    return {
        "meeting": meeting,
        "questions": shown,
        "current": current,
        "place": place + 1,
        "before": shown[place - 1] if place else None,
        "after": shown[place + 1] if place + 1 < len(shown) else None,
        "presence": presence(meeting.body, participants),
        "attendees": [attendee(each) for each in participants],
        "remaining": remaining(problems),
        "no_quorum": quorum_of(meeting.body, participants).warning,
        "finish_url": reverse("meetings:protocol_new", args=[meeting.pk]),
    }


def mark_ends(shown):
    """Which questions are the first and the last of their level: those go no further."""
    levels = {}
    for question in shown:
        levels.setdefault(question.item.parent_id, []).append(question)
    for level in levels.values():
        for question in level:
            question.is_first, question.is_last = question is level[0], question is level[-1]


def current_of(shown, at):
    """The question an anchor points into; otherwise the first one still ahead, or the first."""
    uid = at.partition("-")[2]
    for question in shown:
        if uid and uid in (question.uid, *(each.uid for each in question.decisions)):
            return question
    ahead = [question for question in shown if not question.is_done]
    return next(iter(ahead or shown), None)


def attendee(participant):
    source = here_source(participant)
    return SimpleNamespace(participant=participant, pk=participant.pk, role=ROLES.get(participant.role, ""),
                           shown=Shown("here", str(participant.pk), source, source))


def here_source(participant):
    """Attendance as the boxes beside a name say it: absent or not, why, the note."""
    absent = participant.attendance != Participant.Attendance.PRESENT
    why = participant.attendance if absent else Participant.Attendance.ABSENT
    return f"{'1' if absent else ''}|{why}|{participant.note}"


def here_words(participant):
    return ", ".join(filter(None, [participant.get_attendance_display(), participant.note]))


def read_here(typed_text):
    """(attendance, note) of what ``here_source`` writes."""
    absent, why, note = [*typed_text.split("|", 2), "", ""][:3]
    return (why if absent == "1" else Participant.Attendance.PRESENT), note


def tools(meeting, user):
    """What stands around the questions: the state, what may be done, the ways of an empty agenda."""
    protocol = meeting.protocol
    return {
        "badge": state_badge(meeting),
        "closed_words": closed_words(meeting, protocol, user),
        "may_start": can(meeting, "start", user) and meeting.started_at is None and is_ahead(meeting),
        "protocol": protocol,
        "protocol_url": reverse("meetings:protocol", args=[protocol.pk]) if protocol else "",
        "meeting_url": reverse("meetings:meeting", args=[meeting.pk]),
        "history_url": reverse("meetings:meeting_history", args=[meeting.pk]),
        "take_plan_url": reverse("meetings:agenda_take_plan", args=[meeting.pk]),
        "carry_over_url": reverse("meetings:agenda_carry_over", args=[meeting.pk]),
        "blank": template_decision(meeting),
        "groups": addressees.groups(),
    }


def is_ahead(meeting):
    return meeting.date is not None and meeting.date >= timezone.localdate()


def closed_words(meeting, protocol, user):
    """Why nothing can be written just now; empty when it can."""
    if protocol and not protocol.document.is_draft:
        return "Протокол уже собран и ушёл на подпись: ход заседания закрыт, чтобы бумага и портал совпадали."
    return "" if can(meeting, "minutes", user) else RULES["minutes"].otherwise


def day_base(meeting):
    return reverse("meetings:meeting_day", args=[meeting.pk])


def remaining(problems):
    return [{"words": sentence_part(problem), "where": problem.where} for problem in problems]


def sentence_part(problem):
    """«вопрос 3 – нет решения»: a problem inside the sentence «… осталось: …»."""
    words = problem.message.rstrip(".")
    return words[:1].lower() + words[1:]
