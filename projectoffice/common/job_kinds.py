"""The kinds of background jobs the apps have registered; jobs.py runs them."""
from collections.abc import Callable
from dataclasses import dataclass

from .policy import has_right

HANDLERS: dict[str, "Handler"] = {}


@dataclass(frozen=True)
class Handler:
    """``run(job, items)`` does some items inside a transaction; ``finish(job)`` what is left when all are done.

    Long work would leave that transaction idle until the server cuts it: it stands in ``before_finish(job)``, and
    ``finish(job, ready)`` gets what came of it.
    """

    run: Callable
    permission: str
    batch: int
    finish: Callable | None
    before_finish: Callable | None = None


def handles(kind, *, permission, batch=1, finish=None, before_finish=None):
    """Register a function for jobs of this kind; who has ``permission`` sees them all and may start them again."""

    def register(run):
        HANDLERS[kind] = Handler(run, permission, batch, finish, before_finish)
        return run

    return register


def kinds_seen_by(user):
    return [kind for kind, handler in HANDLERS.items() if has_right(user, handler.permission)]
