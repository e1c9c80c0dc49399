"""Words of a meeting that pages share: its name, its hours, how long its agenda takes, its states. Reads only."""
from django.utils import timezone

from projectoffice.common.calendar import WEEKDAYS
from projectoffice.common.russian import NBSP, date_long, full_stop, plural

from ..models import AgendaItem, Meeting, Participant

STATE, ROLE = Meeting.State, Participant.Role
FAMILIES = {STATE.DRAFT: "neutral", STATE.ANNOUNCED: "progress", STATE.HELD: "done", STATE.MOVED: "wait", STATE.CANCELLED: "closed"}
OUTCOMES = {AgendaItem.Outcome.NONE: "neutral", AgendaItem.Outcome.CONSIDERED: "done", AgendaItem.Outcome.POSTPONED: "wait",
            AgendaItem.Outcome.WITHDRAWN: "closed"}
# A protocol is drawn up in three days; from the fourth on the delay is said.
PROTOCOL_DAYS = 3


def name_of(meeting):
    """«Итоги года», or «Заседание Проектного офиса» where no title is given."""
    return meeting.title or f"Заседание {meeting.body.genitive}"


def ended(text):
    """The sentence with its full stop, and with one alone after initials."""
    return full_stop(text)


def hours_of(meeting):
    """«14:00–16:00», «14:00» or nothing."""
    if not meeting.start:
        return ""
    return f"{meeting.start:%H:%M}–{meeting.end:%H:%M}" if meeting.end else f"{meeting.start:%H:%M}"


def when(meeting):
    """«4 июня 2027 г., пятница, 14:00–16:00»; «день не назначен»."""
    if not meeting.date:
        return "день не назначен"
    return ", ".join(filter(None, [date_long(meeting.date), WEEKDAYS[meeting.date.weekday()], hours_of(meeting)]))


def on_day(meeting):
    """The same inside a sentence, after «на»: «4 июня 2027 г. (пятница), 14:00–16:00»."""
    return when(meeting).replace(f", {WEEKDAYS[meeting.date.weekday()]}", f" ({WEEKDAYS[meeting.date.weekday()]})")


def from_plan(row, plan_id):
    """«из плана, строка 3»; of a plan that is not the meeting's own («на 2026 год») it says which."""
    which = "" if row.plan_id == plan_id else f" на {row.plan.period_words}"
    return f"из плана{which}" + (f", строка {row.label.rstrip('.')}" if row.label else "")


def badge(meeting):
    """(family, word) of the state; a meeting that was begun is going on."""
    if meeting.is_running:
        return "progress", "Идёт"
    return FAMILIES[meeting.state], meeting.get_state_display()


def overdue_protocol(meeting, has_protocol, today=None):
    """«Протокол не готов 5 дней»; nothing while there is time, or no protocol to expect."""
    if meeting.state != STATE.HELD or has_protocol or not meeting.date:
        return ""
    days = ((today or timezone.localdate()) - meeting.date).days
    return f"Протокол не готов {days}{NBSP}{plural(days, 'день,дня,дней')}" if days > PROTOCOL_DAYS else ""


def about_participant(participant):
    """«Председатель · директор школы»: the role where its group does not say it, the post, a vote that is unlike the role's."""
    role = participant.role
    parts = [participant.get_role_display() if role in (ROLE.CHAIR, ROLE.SECRETARY) else "", participant.post]
    if participant.votes and role == ROLE.INVITED:
        parts.append("голосует")
    if not participant.votes and role not in (ROLE.INVITED, ROLE.GUEST):
        parts.append("без права голоса")
    return " · ".join(filter(None, parts))


def duration(minutes):
    """«2 ч 10 мин»."""
    hours, rest = divmod(minutes, 60)
    return " ".join(filter(None, [f"{hours}{NBSP}ч" if hours else "", f"{rest}{NBSP}мин" if rest or not hours else ""]))


def planned_minutes(meeting):
    """How long the meeting is meant to last; None when one end is open."""
    if not (meeting.start and meeting.end):
        return None
    return (meeting.end.hour - meeting.start.hour) * 60 + meeting.end.minute - meeting.start.minute


def length_sentence(meeting, minutes, untimed):
    """«Вопросы займут 2 ч 10 мин, заседание – 2 ч: на 10 минут больше»; nothing while no question has minutes."""
    if not minutes:
        return ""
    words = f"Вопросы займут {duration(minutes)}"
    planned = planned_minutes(meeting)
    if planned:
        words += f", заседание – {duration(planned)}"
        over = minutes - planned
        if over > 0:
            words += f": на {over}{NBSP}{plural(over, 'минуту,минуты,минут')} больше" if over < 60 else f": на {duration(over)} больше"
    if untimed:
        words += f". Без времени {plural(untimed, 'остался,осталось,осталось')} {untimed}{NBSP}{plural(untimed, 'вопрос,вопроса,вопросов')}"
    return f"{words}."


def is_too_long(meeting, minutes):
    planned = planned_minutes(meeting)
    return planned is not None and minutes > planned
