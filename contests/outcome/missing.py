"""What bars the publication, and what is only worth a look; each with the way to mend it."""
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from projectoffice.common.russian import moment_short

from ..contest.workflow import stages_of
from ..models import ContestStage, Entry

Kind = ContestStage.Kind
State = Entry.State


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


def problems_of(contest, boards, moment):
    """``[Problem]``, what bars first. The boards are those the results are made from."""
    return [*stops(contest, boards, moment), *remarks(contest, boards, moment)]


def stops(contest, boards, moment):
    rows = [row for board in boards for row in board.ranked]
    if not rows:
        yield Problem("Нет ни одной допущенной работы.", where("contests:entries", contest.pk))
    stages = stages_of(contest)
    for kind in (Kind.ACCEPTANCE, Kind.JURY):
        if kind in stages and stages[kind].is_open(moment):
            yield Problem(f"{stages[kind]} идёт до {moment_short(stages[kind].ends_at)}.", contest.get_absolute_url() + "#stages")
    unchecked = Entry.objects.filter(contest=contest, state=State.SUBMITTED).count()
    if unchecked:
        yield Problem(f"Ждут технической экспертизы: {unchecked}.", where("contests:entries_check", contest.pk))
    tally = where("contests:tally", contest.pk)
    unscored = sum(len(board.unscored) for board in boards)
    if unscored:
        yield Problem(f"Не все листы сданы. Работ, по которым их ждут: {unscored}.", tally)
    empty = sum(row.total is None and row.key not in board.unscored for board in boards for row in board.ranked)
    if empty:
        yield Problem(f"Работ без единой оценки: {empty}.", tally)
    awaiting = sum(len(board.awaiting) for board in boards)
    if awaiting:
        yield Problem(f"Оценки разошлись, решает третий эксперт. Таких работ: {awaiting}.", tally)
    ties = sum(len(board.undecided) for board in boards)
    if ties:
        yield Problem(f"Равные работы, которые по правилам разводит председатель. Таких мест: {ties}.", tally)


def remarks(contest, boards, moment):
    stages = stages_of(contest)
    for kind in (Kind.REMOTE, Kind.ONSITE):
        if kind in stages and stages[kind].ends_at > moment:
            yield Problem(f"{stages[kind]} по плану до {moment_short(stages[kind].ends_at)}.", contest.get_absolute_url() + "#stages", stops=False)
    few = sum(0 < row.remote.count < contest.experts_per_entry and row.remote.arbiter is None for board in boards for row in board.ranked)
    if few:
        yield Problem(f"Оценок меньше, чем по правилам ({contest.experts_per_entry}), у работ: {few}.", where("contests:tally", contest.pk), stops=False)
    for board in boards:
        if not board.ranked:
            yield Problem(f"В номинации «{board.nomination}» нет работ.", stops=False)
    if not contest.award_levels.all():
        yield Problem("В конкурсе не названо ни одной награды.", contest.get_absolute_url() + "#awards", stops=False)
