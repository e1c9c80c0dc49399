"""«Что ждёт меня»: each app contributes its rows to the one list of the start page."""
from dataclasses import dataclass
from datetime import UTC, datetime

_sources = []
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Waiting:
    """One thing a person must do: what, about whose object, until when, and the way there."""

    what: str
    whose: str
    url: str
    action: str
    due: datetime | None = None
    since: datetime | None = None


def contributes(source):
    """Register ``source(user) -> iterable of Waiting``; used in ``AppConfig.ready``."""
    if source not in _sources:
        _sources.append(source)
    return source


def waiting_for(user):
    """Everything that waits for this person: overdue first, then by due date, the undated last."""
    rows = [row for source in _sources for row in source(user)]
    return sorted(rows, key=lambda row: (row.due is None, row.due or row.since or _NEVER, row.what))
