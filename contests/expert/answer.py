"""The invitation as whoever holds its link meets it. Reads only."""
from projectoffice.accounts.services.login import hash_of
from projectoffice.common.db import now

from ..models import ContestStage, Expert
from .workflow import refusal

ROUNDS = (ContestStage.Kind.REMOTE, ContestStage.Kind.ONSITE)


def find(token):
    """The invited expert of this link, or None."""
    return Expert.objects.filter(token_hash=hash_of(token)).select_related("person", "contest").prefetch_related("contest__stages").first()


def page_of(expert):
    """What the page tells: facts of the contest that everybody may know, and whether an answer is still awaited."""
    stages = [stage for stage in expert.contest.stages.all() if stage.kind in ROUNDS]
    return {"expert": expert, "contest": expert.contest, "stages": stages, "closed": refusal(expert, "answer", now())}
