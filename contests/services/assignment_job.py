"""A large proposal is applied by the worker, a part at a time, with a bar that shows how far it is."""
from collections import Counter

from projectoffice.common.db import locked
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.history import record
from projectoffice.common.jobs import handles, start
from projectoffice.common.models import Job

from ..assigning.desk import Desk
from ..contest.workflow import RUNS
from ..models import Contest, Review
from .assignment_writing import ROUNDS, tell, write_pairs

KIND = "contest_assignment"
UNDER_WAY = "Работы этого конкурса распределяются прямо сейчас. Дождитесь конца."


def under_way(contest):
    return Job.objects.about(contest).filter(kind=KIND, state__in=Job.GOING).first()


def refuse_while_under_way(contest):
    if under_way(contest):
        raise TransitionNotAllowed(UNDER_WAY)


def order(contest, code, pairs, *, by, back):
    """The job; part of a verb that holds the lock of the contest."""
    return start(KIND, [list(pair) for pair in pairs], title=f"Распределение работ: {contest.title}"[:300], by=by, about=contest, back=back,
                 arguments={"round": code})


def finish(job):
    """One line of history and a letter to each expert once all is written."""
    contest, code = job.about, job.arguments["round"]
    made = Review.objects.filter(entry__contest=contest, round=code, state=Review.State.GIVEN, given_at__gte=job.started_at, given_by=job.by)
    loads = Counter(made.values_list("expert", flat=True))
    left_out = job.total - sum(loads.values())
    words = f"Распределены работы ({ROUNDS[code]}): назначений {sum(loads.values())}, экспертов {len(loads)}"
    event = record("assign", contest, words + (f", отпало по конфликтам: {left_out}" if left_out > 0 else ""), by=job.by)
    tell(contest, code, loads, event)


@handles(KIND, permission=RUNS, batch=750, finish=finish)
def assign(job, items):
    """Some pairs of the proposal; what came into conflict since it was made is left out, a contest that ended takes none."""
    contest, code = locked(Contest(pk=job.object_id)), job.arguments["round"]
    if contest.state != Contest.State.ANNOUNCED:
        return
    desk = Desk(contest, code)
    write_pairs(contest, code, [(entry, expert) for entry, expert in items if desk.may_have(entry, expert)], by=job.by)
