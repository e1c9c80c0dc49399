"""The table of a project's states: what may be done, in which state, by whom. Buttons and verbs obey it alike."""
from dataclasses import dataclass

from projectoffice.accounts.access import may, require
from projectoffice.common.errors import TransitionNotAllowed

from .models import Project

PREPARING, ACTIVE, SUSPENDED, FINISHED, STOPPED = Project.Status.values
GOING_ON = (PREPARING, ACTIVE, SUSPENDED)
OVER = (FINISHED, STOPPED)
EVERY = (*GOING_ON, *OVER)

CHANGE, STATUS, HEAD = "portfolios.change_project", "portfolios.change_status", "portfolios.change_head"
CREATE, PUBLISH = "portfolios.create_project", "portfolios.publish_project"
ENDED = "Проект завершён или прекращён: его карточку не меняют. Чтобы изменить, верните проект в работу."


@dataclass(frozen=True)
class Rule:
    """States in which a verb is possible, the words of its button, those of a refusal, whose right it is.

    ``target`` is the state it leads to; ``reason`` asks why, ``result`` with what the project ends.
    """

    states: tuple
    label: str
    otherwise: str
    permission: str = STATUS
    target: str = ""
    reason: bool = False
    result: bool = False
    archived: bool | None = False  # None: archived or not


RULES = {
    "edit": Rule(GOING_ON, "Изменить", ENDED, CHANGE),
    "change_head": Rule(GOING_ON, "Сменить руководителя", ENDED, HEAD),
    "start": Rule((PREPARING,), "Начать реализацию", "Начать можно проект, который готовится.", target=ACTIVE),
    "resume": Rule((SUSPENDED,), "Возобновить", "Возобновить можно приостановленный проект.", target=ACTIVE),
    "finish": Rule((ACTIVE, SUSPENDED), "Завершить", "Завершить можно проект, который реализуется.",
                   target=FINISHED, result=True),
    "suspend": Rule((ACTIVE,), "Приостановить", "Приостановить можно проект, который реализуется.",
                    target=SUSPENDED, reason=True),
    "stop": Rule(GOING_ON, "Прекратить", "Проект уже завершён или прекращён.", target=STOPPED, reason=True),
    "reopen": Rule(OVER, "Вернуть в работу", "Вернуть в работу можно проект, который завершён или прекращён.",
                   target=ACTIVE, reason=True),
    "prepare": Rule((ACTIVE,), "Вернуть в подготовку", "Вернуть в подготовку можно проект, который реализуется.",
                    target=PREPARING, reason=True),
    "save_result": Rule(OVER, "Изменить итог", "Итог пишут, когда проект завершён или прекращён."),
    "archive": Rule(OVER, "Убрать в архив", "В архив убирают проект, который завершён или прекращён."),
    "unarchive": Rule(EVERY, "Достать из архива", "Проект и так не в архиве.", archived=True),
    "copy": Rule(EVERY, "Продолжить в следующем году", "", CREATE, archived=None),
    "publish": Rule(EVERY, "Показать на открытой странице", "", PUBLISH, archived=None),
}
MOVES = {verb: rule for verb, rule in RULES.items() if rule.target}


def is_moment(project, verb):
    rule = RULES[verb]
    in_archive = project.archived_at is not None
    return project.status in rule.states and rule.archived in (None, in_archive)


def can(project, verb, user):
    """Whether this person may do it to this project now: what a button asks."""
    return is_moment(project, verb) and may(user, RULES[verb].permission, project)


def demand(project, verb, by):
    """PermissionDenied for the wrong person, TransitionNotAllowed for the wrong moment."""
    rule = RULES[verb]
    require(by, rule.permission, project)
    if not is_moment(project, verb):
        raise TransitionNotAllowed(refusal(project, verb))


def refusal(project, verb):
    """Why it is not the moment."""
    rule = RULES[verb]
    return "Проект в архиве. Сначала достаньте его." if project.archived_at is not None and rule.archived is False else rule.otherwise


def available(project, user):
    """{verb: label} of what this person may do now; each right is asked once."""
    held: dict[str, bool] = {}
    for rule in RULES.values():
        if rule.permission not in held:
            held[rule.permission] = may(user, rule.permission, project)
    return {verb: rule.label for verb, rule in RULES.items() if held[rule.permission] and is_moment(project, verb)}
