"""Texts saved as they are typed, by several people at once.

What a form carries beside its texts is ``shown``: a mark of every text as the page showed it. So a save writes only
what this person changed, leaves what somebody else changed meanwhile, and is refused with both texts where two people
changed the same one.
"""
import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from projectoffice.common.errors import StaleVersion
from projectoffice.common.hashing import content_hash

MARK = 10


def mark(value):
    """A short mark of a value, the same for the same meaning."""
    return content_hash(plain(value))[:MARK]


def plain(value):
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    return value or ""


NOTHING = mark("")


def shown_marks(values):
    """What goes into the hidden field of a page that shows these values."""
    return dumped({name: mark(value) for name, value in values.items()})


def dumped(marks):
    return json.dumps(marks, separators=(",", ":"))


def read_marks(text):
    """The hidden field back; whatever is no such thing reads as nothing shown."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError, TypeError):
        return {}
    return {name: value for name, value in found.items() if isinstance(value, str)} if isinstance(found, dict) else {}


@dataclass
class Saved:
    """What a save came to: the marks of what the page shows now, and the names that were written."""

    shown: dict
    written: list = field(default_factory=list)


class Collision(StaleVersion):
    """The same text was changed by two; ``values`` is all that is stored, ``shown`` the marks for the next save."""

    def __init__(self, current, values, shown, names):
        super().__init__(current)
        self.values, self.shown, self.names = values, shown, names


def judge(current, stored, typed, shown):
    """What of ``typed`` ({name: value}) must be written over ``stored``, and the marks of what the page shows then.

    Names that are not stored are nobody's texts and left out. Raises Collision when somebody else changed one of the
    same texts meanwhile.
    """
    typed = {name: value for name, value in typed.items() if name in stored}
    began = {name: shown.get(name, NOTHING) for name in typed}
    changed = {name: value for name, value in typed.items() if mark(value) not in (mark(stored[name]), began[name])}
    lost = [name for name in changed if began[name] != mark(stored[name])]
    if lost:
        raise Collision(current, stored, {**shown, **{name: mark(stored[name]) for name in lost}}, lost)
    return changed, {**shown, **{name: mark(value) for name, value in typed.items()}}
