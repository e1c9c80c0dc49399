"""Demonstration results: last year's contest as its experts scored it, published with ties the chair parted; diplomas are left to make."""
from datetime import timedelta

from projectoffice.accounts.models import User
from projectoffice.common.history import record, told_at

from ..models import Contest, ContestStage, Criterion, Entry, Expert, Review
from ..outcome.awarding import awards_of
from ..outcome.snapshot import take
from ..services.outcome import store
from ..tally.board import standings
from .sheets import fill, hand_in

PANEL = 3
FINALISTS = 2  # of each nomination, who went on to the hall


def create():
    """Sheets, places and the published result of the contest that is over; nothing where there is none."""
    office = User.objects.get(username="sekretar")
    contest = Contest.objects.filter(state=Contest.State.FINISHED).first()
    experts = list(Expert.objects.accepted().filter(contest=contest).order_by("pk")) if contest else []
    if len(experts) < PANEL:
        return
    # It is scored while it goes on, and over by its results.
    Contest.objects.filter(pk=contest.pk).update(state=Contest.State.ANNOUNCED)
    score(contest, experts, Criterion.Round.REMOTE, list(contest.entries.taken_part().order_by("number")))
    finalists = [entry for board in standings(contest) for entry in on_stage(board)]
    score(contest, experts, Criterion.Round.ONSITE, finalists)
    boards = standings(contest)
    moment = contest.stages.get(kind=ContestStage.Kind.RESULTS).ends_at
    result = store(contest, take(contest, boards, awards_of(contest, boards)), moment, office)
    Contest.objects.filter(pk=contest.pk).update(state=Contest.State.FINISHED)
    with told_at(moment):
        record("publish", contest, "Итоги опубликованы", by=office, changes={"result": result.pk})


def on_stage(board):
    """The best of a nomination with their turn to speak; where works stand equal the chair put them in this order."""
    for turn, row in enumerate(board.ranked, start=1):
        entry = board.entries[row.key]
        entry.chair_order = turn
        entry.onsite_order = turn if turn <= FINALISTS else None
        entry.save(update_fields=["onsite_order", "chair_order"])
        if entry.onsite_order:
            yield entry


def score(contest, experts, code, entries):
    """A sheet of each of three experts for each entry."""
    ends = contest.stages.get(kind=ContestStage.Kind.REMOTE if code == Criterion.Round.REMOTE else ContestStage.Kind.ONSITE).ends_at
    reviews = Review.objects.bulk_create(
        Review(entry=entry, expert=experts[(place + turn) % len(experts)], round=code, given_at=ends - timedelta(days=10))
        for place, entry in enumerate(entries) for turn in range(PANEL))
    sheets = fill(reviews, lambda place, turn: mark_of(reviews[turn].entry, place, turn), started_at=ends - timedelta(days=3))
    hand_in(sheets, ends - timedelta(days=1))


def mark_of(entry: Entry, place, turn):
    """From 1 to 3, better for some entries, a little different for each expert."""
    return max(1, 3 - (entry.number + place) % 3 % 2 - (1 if (turn + entry.number) % 4 == 0 and place == 0 else 0))
