"""The door every change of a contest and its parts goes through."""
from projectoffice.common.db import locked

from ..contest.workflow import demand


def open_contest(contest, by, verb="edit"):
    """Lock the contest and answer that this person may do this in it now; returns the locked contest.

    Raises PermissionDenied or TransitionNotAllowed. What belongs to a contest is locked after it.
    """
    contest = locked(contest)
    demand(contest, verb, by)
    return contest
