"""The table of a meeting's states: what may be done, in which state. Buttons and verbs obey it alike."""
from dataclasses import dataclass

from projectoffice.accounts.access import may, require
from projectoffice.common.errors import TransitionNotAllowed

from ..models import Meeting

DRAFT, ANNOUNCED, HELD, MOVED, CANCELLED = Meeting.State.values
LIVING = (DRAFT, ANNOUNCED, HELD, MOVED)


@dataclass(frozen=True)
class Rule:
    """States in which a verb is possible, the words of its button, and those of a refusal."""

    states: tuple
    label: str
    otherwise: str


RULES = {
    "edit": Rule(LIVING, "Изменить", "Отменённое заседание не меняют. Верните его в подготовку."),
    "announce": Rule((DRAFT, MOVED), "Объявить и пригласить", "Заседание уже объявлено."),
    "invite": Rule((ANNOUNCED,), "Разослать изменения", "Приглашают на объявленное заседание."),
    "start": Rule((ANNOUNCED,), "Начать", "Начать можно объявленное заседание."),
    "hold": Rule((DRAFT, ANNOUNCED, MOVED), "Отметить проведённым", "Заседание уже проведено или отменено."),
    "move": Rule((DRAFT, ANNOUNCED, MOVED), "Перенести", "Перенести можно заседание, которое ещё не проведено."),
    "cancel": Rule((DRAFT, ANNOUNCED, MOVED), "Отменить", "Отменить можно заседание, которое ещё не проведено."),
    "redraft": Rule((ANNOUNCED, HELD, MOVED, CANCELLED), "Вернуть в подготовку", "Заседание и так готовится."),
    "minutes": Rule((DRAFT, ANNOUNCED, HELD, MOVED), "Ход заседания", "Заседание отменено: записывать нечего."),
}
PERMISSION = "meetings.change_meeting"


def can(meeting, verb, user):
    """Whether this person may do it to this meeting now: what a button asks."""
    return meeting.state in RULES[verb].states and may(user, PERMISSION, meeting)


def demand(meeting, verb, by):
    """PermissionDenied for the wrong person, TransitionNotAllowed for the wrong moment."""
    require(by, PERMISSION, meeting)
    if meeting.state not in RULES[verb].states:
        raise TransitionNotAllowed(RULES[verb].otherwise)


def available(meeting, user):
    """{verb: label} of what this person may do now, asked with one question about the right."""
    return in_state(meeting) if may(user, PERMISSION, meeting) else {}


def in_state(meeting):
    """{verb: label} of what is possible now for whoever may change the meeting."""
    return {verb: rule.label for verb, rule in RULES.items() if meeting.state in rule.states}
