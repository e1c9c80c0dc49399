"""Verbs of those who bring the sheets together: a third expert asked, a tie parted by the chair, late experts reminded."""
from django.core.exceptions import ValidationError
from django.db import transaction

from projectoffice.accounts.access import person_of, require
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.history import record
from projectoffice.common.russian import full_stop, person_short

from ..models import Contest, Entry, Review
from ..sheet.workflow import refuse_scorers
from ..tally import letters
from ..tally.arbiters import free_arbiters, given_arbiters, round_of
from ..tally.board import A_DECISION, is_ordered, standings
from ..tally.progress import office_day, to_remind
from ..tally.ties import group_with, in_chairs_order, mark_of
from .assignment_job import refuse_while_under_way
from .door import open_contest

SEES = "contests.see_tally"
AGREED = "Эксперты здесь больше не расходятся: третий эксперт не нужен."
NOT_FREE = "Этому эксперту работу отдать нельзя: он её уже видел, отказался, связан с авторами или больше работ не берёт. Выберите другого."
CHANGED = "Баллы изменились, пока вы решали. Посмотрите на равные работы ещё раз."


def open_tally(contest, by, verb):
    """The locked contest; nobody who scores in it brings its sheets together."""
    require(by, SEES, contest)
    contest = open_contest(contest, by, verb)
    refuse_scorers(contest, by)
    return contest


def standing_of(contest, entry):
    """The board and the row of this entry, as the sheets are now."""
    for board in standings(contest):
        if entry.pk in board.entries:
            return board, next(row for row in board.ranked if row.key == entry.pk)
    raise TransitionNotAllowed("Эта работа больше не участвует в конкурсе.")


@transaction.atomic
def give_arbiter(entry, *, by, code, expert):
    """Ask this expert to decide where the others diverge in this round; the Review. Asked twice is asked once.

    Once results are out nobody marks on the portal: what this expert says is keyed from paper, so no letter goes.
    """
    contest = open_tally(entry.contest, by, "arbiter")
    refuse_while_under_way(contest)
    given = given_arbiters(contest).get((entry.pk, code))
    if given:
        if given.expert_id == expert.pk:
            return given
        raise TransitionNotAllowed(full_stop(f"Третий эксперт уже назначен: {person_short(given.expert.person)}"))
    board, row = standing_of(contest, entry)
    if not round_of(row, code).awaits_arbiter:
        raise TransitionNotAllowed(AGREED)
    if expert.pk not in {each.pk for each in free_arbiters(entry, code)}:
        raise ValidationError({"expert": NOT_FREE})
    review = Review.objects.create(entry=entry, expert=expert, round=code, is_arbiter=True, given_by=person_of(by))
    if contest.state != Contest.State.FINISHED:
        letters.ask_arbiter(review)
    record("give_arbiter", board.nomination, f"Работа № {entry.number}: третий эксперт – {person_short(expert.person)}", by=by)
    return review


@transaction.atomic
def chair_decide(entry, *, by, order, basis, shown):
    """Put the equals this entry stands among in the order the chair gave: ``order`` is ``[pk]``, the better first.

    ``shown`` is the mark of the group that was shown; the decision is of one group at one total, so it numbers its
    entries anew and keeps the total it is about: at another one it decides nothing.
    """
    contest = open_tally(entry.contest, by, "chair")
    board, _ = standing_of(contest, entry)
    group = group_with(board, entry.pk)
    if mark_of(group) != shown or sorted(order) != sorted(row.key for row in group):
        if [row.key for row in in_chairs_order(group)] == list(order) and is_ordered(group):
            return group
        raise TransitionNotAllowed(CHANGED)
    last = max((each.chair_order or 0 for each in board.entries.values()), default=0)
    first = (last // A_DECISION + 1) * A_DECISION
    for place, pk in enumerate(order, start=1):
        Entry.objects.filter(pk=pk).update(chair_order=first + place, chair_total=str(group[0].total))
    words = ", ".join(f"{place}) № {board.entries[pk].number}" for place, pk in enumerate(order, start=1))
    record("chair_decide", board.nomination, f"Председатель развёл равные работы: {words}. Основание: {basis}", by=by,
           changes={"order": list(order), "basis": basis})
    return group


@transaction.atomic
def remind_experts(contest, *, by, shown):
    """Write to those of ``shown`` (ids of experts) whose sheets are still awaited and who had no reminder today; how many."""
    contest = open_contest(contest, by, "remind_experts")
    written = send(contest, [late for late in to_remind(contest) if late.expert.pk in set(shown)])
    if written:
        record("remind_experts", contest, f"Напоминание экспертам: {written}", by=by, changes={"letters": written})
    return written


def send(contest, late):
    """One letter a day to each; who has none of today is written to. How many were."""
    day = office_day()
    count = 0
    for each in late:
        if each.gets_letter:
            letters.remind(contest, each.expert.person, each.key(day), each.left, each.ends_at)
            count += 1
    return count
