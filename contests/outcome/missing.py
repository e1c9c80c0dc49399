"""What bars the publication, and what is only worth a look; each with the way to mend it."""
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from projectoffice.common.russian import moment_short

from ..contest.workflow import stages_of
from ..expert.conflicts import in_conflict
from ..models import Contest, ContestStage
from ..scoring import Combining, Rounds

Kind = ContestStage.Kind


@dataclass(frozen=True)
class Problem:
    sentence: str
    url: str = ""
    stops: bool = True


def where(name, *args):
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def problems_of(contest, boards, moment, *, anew=True):
    """``[Problem]``, what bars first. The boards are those the results are made from.

    Conflicts are looked for ``anew``, or those are told of which the duty wrote down in the last half an hour.
    """
    return [*stops(contest, boards, moment, anew), *remarks(contest, boards, moment)]


def stops(contest, boards, moment, anew):
    rows = [row for board in boards for row in board.ranked]
    if not rows:
        yield Problem("Нет ни одной допущенной работы.", where("contests:entries", contest.pk))
    stages = stages_of(contest)
    for kind in (Kind.ACCEPTANCE, Kind.JURY):
        if kind in stages and stages[kind].is_open(moment):
            yield Problem(f"{stages[kind]} идёт до {moment_short(stages[kind].ends_at)}.", contest.get_absolute_url() + "#stages")
    unchecked = sum(board.unchecked for board in boards)
    if unchecked:
        yield Problem(f"Ждут технической экспертизы: {unchecked}.", where("contests:entries_check", contest.pk))
    mending = sum(board.mending for board in boards)
    if mending:
        until = max(board.mending_until for board in boards if board.mending)
        yield Problem(f"Команды исправляют заявки: {mending}. Последний срок – {moment_short(until)}.",
                      where("contests:entries", contest.pk) + "?state=returned")
    tally = where("contests:tally", contest.pk)
    if contest.state == Contest.State.ANNOUNCED:
        conflicts = len(in_conflict(contest)) if anew else sum(board.conflicts for board in boards)
    else:
        conflicts = 0
    if conflicts:
        yield Problem(f"Конфликты интересов, о которых офис ещё не решил: {conflicts}.", where("contests:conflicts", contest.pk))
    unscored = sum(len(board.unscored) for board in boards)
    if unscored:
        yield Problem(f"Не все листы сданы. Работ, по которым их ждут: {unscored}.", tally)
    empty = sum(row.total is None and row.key not in board.unscored for board in boards for row in board.ranked)
    if empty:
        yield Problem(f"Работ без единой оценки: {empty}.", tally)
    unheard = sum(row.entry.advanced and row.onsite.combined is None and row.key not in board.unscored for board in boards for row in board.ranked)
    if unheard:
        yield Problem(f"Прошли в очный тур, но оценок оттуда нет. Таких работ: {unheard}.", where("contests:onsite", contest.pk))
    for board in boards:
        if is_uneven(board):
            yield Problem(f"В номинации «{board.nomination}» баллы экспертов складываются, а листов у работ не поровну. Отдайте работы "
                          "ещё экспертам или заберите лишние.", where("contests:assignment_works", contest.pk))
    awaiting = sum(len(board.awaiting) for board in boards)
    if awaiting:
        yield Problem(f"Оценки разошлись, решает третий эксперт. Таких работ: {awaiting}.", tally)
    ties = sum(len(board.undecided) for board in boards)
    if ties:
        yield Problem(f"Равные работы, которые по правилам разводит председатель. Таких мест: {ties}.", tally)


def is_uneven(board):
    """Whether sums of unlike numbers of sheets are compared: among those who advanced, or among those who did not."""
    if board.rules.combining != Combining.SUM:
        return False
    return any(len({sheets_in(total) for total in totals if total.combined is not None}) > 1 for totals in compared(board))


def compared(board):
    """Totals of a round that stand against each other; of who advanced the remote one only where it counts."""
    advanced = [row for row in board.ranked if row.entry.advanced]
    yield [row.onsite for row in advanced]
    yield [row.remote for row in board.ranked if not row.entry.advanced]
    if board.rules.rounds != Rounds.LAST:
        yield [row.remote for row in advanced]


def sheets_in(total):
    """How many sheets a sum is worth; the arbiter's stands for each of those that diverge."""
    return total.count or 1


def remarks(contest, boards, moment):
    stages = stages_of(contest)
    for kind in (Kind.REMOTE, Kind.ONSITE):
        if kind in stages and stages[kind].ends_at > moment:
            yield Problem(f"{stages[kind]} по плану до {moment_short(stages[kind].ends_at)}.", contest.get_absolute_url() + "#stages", stops=False)
    few = sum(any(0 < each.count < contest.experts_per_entry and each.arbiter is None for each in (row.remote, row.onsite))
              for board in boards for row in board.ranked)
    if few:
        yield Problem(f"Оценок меньше, чем по правилам ({contest.experts_per_entry}), у работ: {few}.", where("contests:tally", contest.pk), stops=False)
    for board in boards:
        if not board.ranked:
            yield Problem(f"В номинации «{board.nomination}» нет работ.", stops=False)
        elif any(each.is_onsite for each in board.weighed) and not any(row.entry.advanced for row in board.ranked):
            yield Problem(f"В номинации «{board.nomination}» в очный тур никто не прошёл.", where("contests:onsite", contest.pk), stops=False)
    if not contest.award_levels.all():
        yield Problem("В конкурсе не названо ни одной награды.", contest.get_absolute_url() + "#awards", stops=False)
