"""The table of an expert's states: what may be done with whom. Buttons and verbs obey it alike."""
from dataclasses import dataclass

from projectoffice.accounts.access import may, require
from projectoffice.common.db import now
from projectoffice.common.errors import TransitionNotAllowed

from ..contest import workflow as of_contest
from ..models import Expert

LISTED, INVITED, ACCEPTED, DECLINED, REMOVED = Expert.State.values
RUNS = of_contest.RUNS
HERE = (LISTED, INVITED, ACCEPTED, DECLINED)
TO_INVITE = (LISTED, DECLINED)


@dataclass(frozen=True)
class Rule:
    """States in which a verb is possible, the verb of the contest it needs, the words of a refusal, whose right it is."""

    states: tuple
    needs: str
    otherwise: str
    permission: str = RUNS


OWN_ROW = "Это вы сами: свою строку в списке экспертов меняет другой сотрудник офиса."

RULES = {
    "edit": Rule(HERE, "experts", "Эксперт выведен: чтобы изменить, верните его в список."),
    "invite": Rule((LISTED, INVITED, DECLINED), "invite", "Эксперт уже согласился."),
    "answer": Rule((INVITED, ACCEPTED, DECLINED), "invite", "Приглашение ещё не отправлено или отозвано."),
    "reply_for": Rule(HERE, "invite", "Эксперт выведен: верните его в список."),
    "remove": Rule(HERE, "experts", "Эксперт уже выведен."),
    "bring_back": Rule((REMOVED,), "experts", "Эксперт уже в списке."),
    "declare": Rule(HERE, "experts", "Эксперт выведен: работ у него нет.", "contests.declare_conflict"),
    "lift": Rule(HERE, "experts", "Эксперт выведен: работ у него нет."),
    "rule": Rule((*HERE, REMOVED), "experts", ""),
}


def refusal(expert, verb, moment):
    """The sentence why it cannot be done with the expert at this moment; empty when it can."""
    rule = RULES[verb]
    return of_contest.refusal(expert.contest, rule.needs, moment) or ("" if expert.state in rule.states else rule.otherwise)


def is_own(expert, verb, user):
    """Whether the office would change the own row: who leaves, reads everything and comes back would score knowing it."""
    return RULES[verb].permission == RUNS and user is not None and expert.person_id == user.pk


def can(expert, verb, user, moment=None):
    """Whether this person may do it with this expert now: what a button asks."""
    return may(user, RULES[verb].permission, expert) and not is_own(expert, verb, user) and not refusal(expert, verb, moment or now())


def demand_moment(expert, verb):
    """TransitionNotAllowed at the wrong moment; who may is asked elsewhere (whoever holds the letter)."""
    moment = now()
    if words := refusal(expert, verb, moment):
        raise TransitionNotAllowed(words)
    return moment


def demand(expert, verb, by):
    """PermissionDenied for the wrong person, TransitionNotAllowed for the wrong moment; returns the moment asked at."""
    require(by, RULES[verb].permission, expert)
    if is_own(expert, verb, by):
        raise TransitionNotAllowed(OWN_ROW)
    return demand_moment(expert, verb)
