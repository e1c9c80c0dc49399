"""What became of a topic line: decided from the office's mark, the questions of meetings and the term. Pure."""
import datetime
from dataclasses import dataclass, replace

from projectoffice.common.russian import NBSP, date_short

from .lines import key

HELD, PARTLY, MOVED, CANCELLED, NOT_HELD = "held", "partly", "moved", "cancelled", "not_held"
SCHEDULED, UPCOMING = "scheduled", "upcoming"
FAMILIES = {HELD: "done", PARTLY: "wait", MOVED: "wait", CANCELLED: "closed", NOT_HELD: "alert",
            SCHEDULED: "progress", UPCOMING: "neutral"}
# What a row without anything held says of itself, the most pressing first.
PRESSING = (NOT_HELD, MOVED, SCHEDULED, UPCOMING)
CONSIDERED, POSTPONED, WITHDRAWN = "considered", "postponed", "withdrawn"
NO_OUTCOME = "Заседание прошло, итог вопроса ещё не записан."
NOT_CLOSED = "День прошёл, а заседание не отмечено проведённым."
WORDS_CHANGED = "Слова плана с тех пор изменены."


@dataclass(frozen=True)
class MeetingFacts:
    """A meeting as far as the plan is concerned; ``number`` is that of the protocol in force."""

    pk: int
    date: datetime.date | None
    state: str
    reason: str = ""
    moved_from: datetime.date | None = None
    protocol: int | None = None
    number: str = ""


@dataclass(frozen=True)
class Part:
    """A sub-question of an agenda with its outcome."""

    text: str
    place: int | None = None
    outcome: str = ""
    note: str = ""


@dataclass(frozen=True)
class Question:
    """A question of an agenda that was made of a plan's line; without place and words of the whole row."""

    text: str
    place: int | None
    meeting: MeetingFacts
    outcome: str = ""
    note: str = ""
    parts: tuple = ()

    @property
    def is_of_the_whole_row(self):
        return self.place is None and not key(self.text)

    @property
    def is_held(self):
        return self.meeting.state == HELD

    @property
    def says_something(self):
        """A meeting that is only being prepared promises nothing, unless it was put off from a day people knew."""
        return self.meeting.state != "draft" or self.meeting.moved_from is not None

    @property
    def day(self):
        return self.meeting.date or self.meeting.moved_from or datetime.date.min


@dataclass(frozen=True)
class Mark:
    """The office's own word about a line; without a verdict it was taken back."""

    text: str
    place: int
    verdict: str
    date: datetime.date | None = None
    moved_to: str = ""
    reason: str = ""
    version: int = 1
    by: str = ""
    at: object = None


@dataclass(frozen=True)
class State:
    """What became of a line or of a row, with what is worth knowing about it."""

    code: str
    date: datetime.date | None = None
    done: int = 0
    total: int = 0
    moved_to: str = ""
    reason: str = ""
    meetings: tuple = ()
    remarks: tuple = ()

    @property
    def family(self):
        return FAMILIES[self.code]

    @property
    def words(self):
        return _WORDS[self.code](self)


_WORDS = {
    HELD: lambda state: f"Проведено {date_short(state.date)}" if state.date else "Проведено",
    PARTLY: lambda state: "Рассмотрено частично" + (f", {state.done}{NBSP}из{NBSP}{state.total}" if state.done else ""),
    MOVED: lambda state: f"Перенесено на {state.moved_to}" if state.moved_to else "Перенесено",
    CANCELLED: lambda state: "Снято",
    NOT_HELD: lambda state: "Не проведено",
    SCHEDULED: lambda state: f"Назначено на {date_short(state.date)}" if state.date else "Назначено",
    UPCOMING: lambda state: "Предстоит",
}


def judge(line, questions, mark, *, last_day, day):
    """The State of a line on ``day``.

    ``questions`` are pairs (Question, sub-question of the line it is about or None); ``last_day`` is the end of the
    term, or of the plan's period where the term names no day.
    """
    if mark and mark.verdict:
        return by_mark(mark)
    return by_meetings(line, questions, day) or State(NOT_HELD if day > last_day else UPCOMING)


def by_mark(mark):
    return State(mark.verdict, mark.date, moved_to=mark.moved_to, reason=mark.reason)


def by_meetings(line, questions, day):
    """What the meetings say, or None when none of them touched the line."""
    told = [(question, sub) for question, sub in questions if question.says_something]
    if not told:
        return None
    done, units, telling = considered(line, told)
    if not done:
        return not_considered(max((question for question, _ in told), key=newest), day)
    last = max(question.day for question in telling)
    meetings = tuple(dict.fromkeys(question.meeting for question in sorted(telling, key=lambda each: each.day)))
    remarks = tuple(filter(None, map(put_off, meetings)))
    if done == units:
        return State(HELD, last, meetings=meetings, remarks=remarks)
    return State(PARTLY, last, len(done), len(units), reason=first_note(told), meetings=meetings,
                 remarks=remarks + continued(told, last))


def put_off(meeting):
    """«Перенесено с 12.02.2027: отпуск докладчика.» of a meeting that has another day now."""
    if meeting.moved_from is None or meeting.moved_from == meeting.date:
        return ""
    return f"Перенесено с {date_short(meeting.moved_from)}{f': {meeting.reason}' if meeting.reason else ''}."


def continued(told, last):
    """The day on which what is left will be considered, once it is announced."""
    days = [question.meeting.date for question, _ in told if question.meeting.state == "announced" and question.meeting.date >= last]
    return (f"Продолжение назначено на {date_short(min(days))}.",) if days else ()


def considered(line, told):
    """(units that were considered, all units, questions that say so) of a line.

    Units are the sub-questions of the plan; where it has none, those of the agenda; otherwise the line itself.
    """
    if line.subs:
        units = {sub.place for sub in line.subs}
    else:
        units = {key(part.text) for question, _ in told if question.is_held for part in question.parts} or {""}
    done, telling = set(), []
    for question, sub in told:
        covered = (covered_units(line, question, sub, units) & units) if question.is_held else set()
        if covered:
            done |= covered
            telling.append(question)
    return done, units, telling


def covered_units(line, question, sub, units):
    """Units this question of a held meeting dealt with: a considered question covers what has no other outcome."""
    if sub:
        return {sub.place} if whole(question) else set()
    outcomes = {unit_of(line, part): part.outcome for part in question.parts}
    by_itself = {unit for unit, outcome in outcomes.items() if outcome == CONSIDERED}
    if question.outcome != CONSIDERED:
        return by_itself
    others = units if line.subs or not outcomes else set(outcomes)
    return by_itself | {unit for unit in others if not outcomes.get(unit)}


def whole(question):
    return question.outcome == CONSIDERED and all(part.outcome in ("", CONSIDERED) for part in question.parts)


def unit_of(line, part):
    """The sub-question of the plan that a sub-question of an agenda means, by words, then by place."""
    if not line.subs:
        return key(part.text)
    by_words = [sub.place for sub in line.subs if key(sub.text) == key(part.text)]
    return by_words[0] if by_words else part.place


def first_note(told):
    """Why not everything was considered, where somebody said it."""
    notes = [note for question, _ in told for note in (question.note, *(part.note for part in question.parts))]
    return next(filter(None, notes), "")


def newest(question):
    """The latest meeting speaks; of one day the meeting that is still to come."""
    return question.day, question.meeting.state == "announced"


def not_considered(question, day):
    meeting = question.meeting
    facts = {"meetings": (meeting,)}
    if meeting.state == "cancelled":
        return State(CANCELLED, reason=meeting.reason, **facts)
    if meeting.state in ("moved", "draft"):
        known = meeting.date and meeting.date != meeting.moved_from
        return State(MOVED, moved_to=date_short(meeting.date) if known else "", reason=meeting.reason, **facts)
    if meeting.state == "announced":
        remarks = (put_off(meeting), NOT_CLOSED if meeting.date < day else "")
        return State(SCHEDULED, meeting.date, remarks=tuple(filter(None, remarks)), **facts)
    if question.outcome == POSTPONED:
        return State(MOVED, reason=question.note, **facts)
    if question.outcome == WITHDRAWN:
        return State(CANCELLED, reason=question.note, **facts)
    return State(SCHEDULED, meeting.date, remarks=(NO_OUTCOME,), **facts)


def with_remark(state, remark):
    return replace(state, remarks=(*state.remarks, remark))


def row_state(states):
    """The sum of a row's lines; lines that were taken off the plan do not count while others are left."""
    living = [state for state in states if state.code != CANCELLED]
    if len(states) == 1 or not living:
        return states[0] if states else State(UPCOMING)
    if len(living) == 1:
        return living[0]
    held = [state for state in living if state.code == HELD]
    if len(held) == len(living):
        return State(HELD, max((state.date for state in held if state.date), default=None))
    if held or any(state.code == PARTLY for state in living):
        return State(PARTLY, done=len(held), total=len(living))
    code = next(code for code in PRESSING if any(state.code == code for state in living))
    return sum_of_one_kind([state for state in living if state.code == code])


def sum_of_one_kind(states):
    """The same word once: the nearest day, and where to it was moved when that is one and the same."""
    moved_to = {state.moved_to for state in states}
    return State(states[0].code, min((state.date for state in states if state.date), default=None),
                 moved_to=moved_to.pop() if len(moved_to) == 1 else "")
