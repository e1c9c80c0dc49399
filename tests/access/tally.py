"""What comes of the sheets, the progress of experts, the public jury: a contest that is scored and voted in."""
from decimal import Decimal

from django.utils import timezone

from contests.models import Contest, JuryVote, TieRule
from tests.contests.things import admitted, expert_of, juror_of, set_up, sheet_of, stage

from . import Row, only


def furnish(world):
    nomination = set_up(divergence=Decimal(4))
    TieRule.objects.create(contest=nomination.contest, rule="chair", position=1)
    world.tallied = contest = nomination.contest
    for kind in ("remote", "jury"):
        stage(contest, kind)
    Contest.objects.filter(pk=contest.pk).update(state=Contest.State.ANNOUNCED, announced_at=timezone.now())
    experts = [expert_of(contest), expert_of(contest)]
    world.diverging, *world.equal = [admitted(nomination) for _ in range(3)]
    for entry, marks in ((world.diverging, [(3, 3), (0, 0)]), *((each, [(1, 1), (1, 1)]) for each in world.equal)):
        for expert, given in zip(experts, marks, strict=True):
            sheet_of(entry, expert, given, submitted=True)
    world.juror, world.juror_to_go = juror_of(contest, world.cast.stranger), juror_of(contest)
    world.vote = JuryVote.objects.create(member=world.juror_to_go, entry=world.diverging)


def contest(world):
    return [world.tallied.pk]


OFFICE = only("office")
SEES = only("office", "heads")

ROWS = [
    Row("contests:tally", contest, get=SEES),
    Row("contests:what_if", lambda world: [world.diverging.nomination_id], get=SEES),
    Row("contests:sheets_export", contest, get=SEES),
    Row("contests:scoring_progress", contest, get=SEES),
    Row("contests:scoring_remind", contest, get=OFFICE, post=only("office", ok=302)),
    Row("contests:arbiter_give", lambda world: [world.diverging.pk], get=OFFICE, post=only("office", ok=200)),
    Row("contests:chair_decide", lambda world: [world.equal[0].pk], get=OFFICE, post=only("office", ok=200)),
    Row("contests:jury", contest, get=OFFICE, post=only("office", ok=422)),
    Row("contests:jury_vote", contest, get=only("stranger"), post=only("stranger", ok=422)),
    Row("contests:vote_annul", lambda world: [world.vote.pk], get=OFFICE, post=only("office", ok=200)),
    Row("contests:juror_remove", lambda world: [world.juror_to_go.pk], post=only("office", ok=302)),
]
