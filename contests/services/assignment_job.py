"""A large proposal is applied by the worker, a part at a time, with a bar that shows how far it is."""
from collections import Counter

from projectoffice.common.db import locked
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.history import record
from projectoffice.common.jobs import handles, start
from projectoffice.common.models import Job

from ..assigning.desk import Desk
from ..contest.workflow import RUNS
from ..models import Contest
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
    """One line of history and a letter to each expert once all is written: about what this job gave, and nothing given by hand."""
    contest, code, given = job.about, job.arguments["round"], job.arguments.pop("given", {})
    loads = {int(expert): number for expert, number in given.items()}
    left_out = job.arguments.pop("left_out", 0)
    words = f"Распределены работы ({ROUNDS[code]}): назначений {sum(loads.values())}, экспертов {len(loads)}"
    event = record("assign", contest, words + (f", отпало из-за конфликтов или пределов: {left_out}" if left_out else ""), by=job.by)
    tell(contest, code, loads, event)


@handles(KIND, permission=RUNS, batch=750, finish=finish)
def assign(job, items):
    """Some pairs of the proposal, what was given noted with the job.

    What came into conflict since it was made, or is more than an expert takes by now, is left out; a contest that ended
    takes none.
    """
    contest, code = locked(Contest(pk=job.object_id)), job.arguments["round"]
    if contest.state != Contest.State.ANNOUNCED:
        return
    pairs = list(still_possible(Desk(contest, code), items))
    write_pairs(contest, code, pairs, by=job.by)
    given = Counter(job.arguments.get("given", {})) + Counter(str(expert) for _, expert in pairs)
    job.arguments |= {"given": dict(given), "left_out": job.arguments.get("left_out", 0) + len(items) - len(pairs)}


def still_possible(desk, items):
    """Pairs that nothing bars by now, as many to each expert as that expert still takes."""
    room = {expert: desk.room(expert) for expert in desk.by_expert}
    for entry, expert in items:
        if desk.may_have(entry, expert) and room[expert] != 0:
            room[expert] = None if room[expert] is None else room[expert] - 1
            yield entry, expert
