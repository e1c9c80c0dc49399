"""The table of an entry's states: what may be done, in which state, until when, by whom. Buttons and verbs obey it alike.

Acceptance ends for everybody at one moment; a returned entry has its own, which may be later.
"""
from collections.abc import Callable
from dataclasses import dataclass

from portfolios.models.project import institutions_of
from projectoffice.accounts.access import is_office, may, require, system
from projectoffice.common.db import now
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.russian import moment_short

from ..contest.workflow import stages_of
from ..models import Contest, ContestStage, Entry

DRAFT, SUBMITTED, RETURNED, ADMITTED, REJECTED, WITHDRAWN = Entry.State.values
TO_WRITE = (DRAFT, RETURNED)
CHECKED = (RETURNED, ADMITTED, REJECTED)
WRITE, RUNS = "contests.write_entry", "contests.run_contests"
Kind = ContestStage.Kind
CONTEST_OVER = {
    Contest.State.SETUP: "Конкурс ещё готовится: заявки не принимают.",
    Contest.State.FINISHED: "Конкурс завершён: заявки больше не меняют.",
    Contest.State.CANCELLED: "Конкурс отменён: заявки больше не меняют.",
}


def always(entry, moment, user):
    return ""


def acceptance_of(contest):
    return stages_of(contest).get(Kind.ACCEPTANCE)


def deadline_of(entry):
    """Until when it may be sent: the end of acceptance, or its own day of mending where that is later; None without a stage."""
    stage = acceptance_of(entry.contest)
    ends = [moment for moment in (stage and stage.ends_at, entry.correct_until) if moment]
    return max(ends, default=None)


def in_time(entry, moment, user):
    """Why it cannot be sent at this moment; empty when it can."""
    stage, deadline = acceptance_of(entry.contest), deadline_of(entry)
    if deadline is None:
        return "Срок приёма заявок ещё не назначен."
    if not entry.correct_until and moment < stage.starts_at:
        return f"Приём заявок начнётся {moment_short(stage.starts_at)}. Черновик сохраняется."
    if moment > deadline:
        words = "Срок исправления вышел" if entry.state == RETURNED else "Приём заявок закончился"
        return f"{words} {moment_short(deadline)}. Написанное сохранено."
    return ""


def may_come_back(entry, moment, user):
    """What the office took out is not the team's to bring back."""
    if entry.state == WITHDRAWN and entry.withdrawn_by_office and not (user is system() or is_office(user)):
        return "Заявку отозвал офис: вернуть её может только он."
    return in_time(entry, moment, user)


def scoring_begun(contest, moment):
    stage = stages_of(contest).get(Kind.REMOTE)
    return stage is not None and moment >= stage.starts_at


def before_scoring(entry, moment, user):
    """Once experts read it, only the office takes an entry out."""
    if entry.state == ADMITTED and scoring_begun(entry.contest, moment) and not (user is system() or is_office(user)):
        return "Работу уже оценивают. Чтобы отозвать заявку, позвоните в офис."
    return ""


def outcome_open(entry, moment, user):
    """The first outcome at any time; another one instead of it while nobody scores."""
    if entry.state in (ADMITTED, REJECTED) and scoring_begun(entry.contest, moment):
        return "Заочный тур начался: исход технической экспертизы больше не меняют."
    return ""


@dataclass(frozen=True)
class Rule:
    """States in which a verb is possible, the words of its button, those of a refusal, whose right it is, until when."""

    states: tuple
    label: str
    otherwise: str
    permission: str = WRITE
    when: Callable = always


RULES = {
    "write": Rule(TO_WRITE, "Изменить", "Заявка отправлена: её текст больше не меняют."),
    "change_nomination": Rule((DRAFT,), "Сменить номинацию", "Номинацию меняют, пока заявка – черновик."),
    "submit": Rule(TO_WRITE, "Отправить", "Заявка уже отправлена.", when=in_time),
    "take_back": Rule((SUBMITTED, WITHDRAWN), "Вернуть в черновик",
                      "Вернуть в черновик можно, пока заявку не проверили и идёт приём.", when=may_come_back),
    "withdraw": Rule((DRAFT, SUBMITTED, RETURNED, ADMITTED), "Отозвать заявку", "Заявка уже отозвана или отклонена.", when=before_scoring),
    "check": Rule((SUBMITTED, *CHECKED), "Проверить", "Проверяют отправленные заявки.", RUNS, outcome_open),
}


def refusal(entry, verb, user, moment):
    """The sentence why it cannot be done with the entry at this moment; empty when it can."""
    if entry.contest.state in CONTEST_OVER:
        return CONTEST_OVER[entry.contest.state]
    rule = RULES[verb]
    return rule.when(entry, moment, user) if entry.state in rule.states else rule.otherwise


def can(entry, verb, user, moment=None):
    """Whether this person may do it with this entry now: what a button asks."""
    return may(user, RULES[verb].permission, entry) and not refusal(entry, verb, user, moment or now())


def demand(entry, verb, by):
    """PermissionDenied for the wrong person, TransitionNotAllowed for the wrong moment; returns the moment asked at."""
    require(by, RULES[verb].permission, entry)
    moment = now()
    if words := refusal(entry, verb, by, moment):
        raise TransitionNotAllowed(words)
    return moment


def enters_for_another(entry, by):
    """Office staff who are not of the team write down what the team sent by letter or told."""
    if by is system() or not is_office(by):
        return False
    return not (entry.authors.filter(person=by).exists() or institutions_of(by).filter(institution=entry.institution_id).exists())
