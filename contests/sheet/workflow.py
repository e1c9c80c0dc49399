"""The table of what may be done with an entry given to an expert and its sheet: when, by whom. Buttons and verbs obey it alike.

A round opens and closes by the database's clock. An arbiter is asked once the others are done, so an arbiter's term ends
with the summing up; so does that of a work given, or of a sheet to be filled in anew, after the end of its round. Paper
may be keyed until the results are published, and afterwards for a correction of them.
"""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied

from projectoffice.accounts.access import may, require
from projectoffice.common.db import now
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.russian import moment_short

from ..models import Contest, ContestStage, Criterion, Review, ScoreSheet

Kind = ContestStage.Kind
OWN, RUNS = "contests.fill_sheet", "contests.run_contests"
ONSITE = Criterion.Round.ONSITE
STAGE = {Criterion.Round.REMOTE: Kind.REMOTE, ONSITE: Kind.ONSITE}
IN = ScoreSheet.State.SUBMITTED
CONTEST_OVER = {
    Contest.State.SETUP: "Конкурс ещё готовится: работы не оценивают.",
    Contest.State.FINISHED: "Итоги опубликованы: листы больше не меняют.",
    Contest.State.CANCELLED: "Конкурс отменён: оценивать больше не нужно.",
}
NOT_GIVEN = "Эта работа больше не у вас."
ALREADY_IN = "Лист уже сдан. Исправить его можно только через комиссию."


@dataclass(frozen=True)
class Term:
    """When a round is scored; None where there is no stage or no end."""

    starts: datetime | None
    ends: datetime | None
    title: str

    def refusal(self, moment):
        """Why nothing can be scored at this moment; empty when it can."""
        if self.starts is None:
            return f"Срок этапа «{self.title}» ещё не назначен."
        if moment < self.starts:
            return f"{self.title} начнётся {moment_short(self.starts)}."
        if self.ends is not None and moment > self.ends:
            return f"{self.title}: срок вышел {moment_short(self.ends)}. Отмеченное сохранено. Если лист не сдан, позвоните в офис."
        return ""


def term_of(review, stages, given_at=None):
    """The ``Term`` of what was given; ``stages`` are those of its contest.

    What was given (or is given, at ``given_at``) only after the end of its round waits until the end of the summing up.
    """
    by_kind = {stage.kind: stage for stage in stages}
    kind = STAGE[review.round]
    own, last = by_kind.get(kind), by_kind.get(Kind.RESULTS)
    ends = own and own.ends_at
    if review.is_arbiter:
        ends = last.ends_at if last and own else None
    elif last and own and (given_at or review.given_at) > own.ends_at:
        ends = last.ends_at
    return Term(own and own.starts_at, ends, Kind(kind).label)


def in_time(review, sheet, stages, moment):
    return ALREADY_IN if sheet and sheet.state == IN else term_of(review, stages).refusal(moment)


def begun(review, sheet, stages, moment):
    """Paper that comes in later is keyed all the same."""
    if sheet and sheet.state == IN:
        return "Лист этого эксперта уже есть. Чтобы внести другой, сначала аннулируйте его."
    term = term_of(review, stages)
    return term.refusal(moment) if term.starts is None or moment < term.starts else ""


def any_time(review, sheet, stages, moment):
    return ""


def handed_in(review, sheet, stages, moment):
    return "" if sheet and sheet.state == IN else "Аннулируют сданные листы."


def waits_for_comparison(review, sheet, stages, moment):
    if not (sheet and sheet.state == IN and sheet.recorded_by_id):
        return "Сверяют листы, внесённые с бумаги."
    return "Лист уже сверен." if sheet.checked_by_id else ""


@dataclass(frozen=True)
class Rule:
    """Whose right it is, what must be true then, whether the entry must still be given to this expert.

    What ``corrects`` stays possible once the results are out: nothing published changes by it, a corrected result may follow.
    """

    permission: str
    when: Callable
    while_given: bool = True
    corrects: bool = False


RULES = {
    "score": Rule(OWN, in_time),
    "submit": Rule(OWN, in_time),
    "abstain": Rule(OWN, in_time),
    "recuse": Rule(OWN, any_time),
    "key": Rule(RUNS, begun, corrects=True),
    "compare": Rule(RUNS, waits_for_comparison, while_given=False, corrects=True),
    "replace": Rule(RUNS, handed_in, while_given=False, corrects=True),
}


def refuse_scorers(contest, by):
    """Staff who score in a contest themselves touch no sheet in it but their own, and that one like any expert."""
    if contest.experts.scorers().filter(person=by.pk).exists():
        raise PermissionDenied(RUNS)


def mends_results(rule, review, sheet):
    """Once results are out a sheet is voided and what should have stood there is keyed, or what a third expert says then."""
    if not rule.corrects or review.entry.contest.state != Contest.State.FINISHED:
        return False
    return sheet is not None or review.is_arbiter or review.sheets.filter(state=ScoreSheet.State.VOIDED).exists()


def refusal(review, verb, sheet, stages, moment):
    """The sentence why it cannot be done at this moment; empty when it can. ``sheet`` is the one in force or None."""
    rule, contest = RULES[verb], review.entry.contest
    if contest.state in CONTEST_OVER and not mends_results(rule, review, sheet):
        return CONTEST_OVER[contest.state]
    if rule.while_given and review.state != Review.State.GIVEN:
        return NOT_GIVEN
    return rule.when(review, sheet, stages, moment)


def can(review, verb, user, sheet, stages, moment):
    """Whether this person may do it now: what a button asks."""
    return not refusal(review, verb, sheet, stages, moment) and may(user, RULES[verb].permission, review)


def demand(review, verb, by, sheet):
    """PermissionDenied for the wrong person, TransitionNotAllowed for the wrong moment; returns the moment asked at.

    The clock is read here: the caller holds the lock already.
    """
    require(by, RULES[verb].permission, review)
    moment = now()
    if words := refusal(review, verb, sheet, review.entry.contest.stages.all(), moment):
        raise TransitionNotAllowed(words)
    return moment
