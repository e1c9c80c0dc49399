"""«Передать дела»: each app says what open work of a person it holds and how it goes to a successor."""
from collections.abc import Callable
from dataclasses import dataclass

_shares: list["Share"] = []


@dataclass(frozen=True)
class Share:
    """One sort of open work.

    ``count(person)`` says how much there is; ``hand_over(person, successor, by)`` gives it all away inside
    the caller's transaction and returns how much went.
    """

    label: str
    count: Callable
    hand_over: Callable


def contributes(label, *, count, hand_over):
    """Register a sort of work; used in ``AppConfig.ready``."""
    if label not in [share.label for share in _shares]:
        _shares.append(Share(label, count, hand_over))


def all_shares():
    return list(_shares)


def open_work(person):
    """``[(label, count)]`` of everything, for the page that asks."""
    return [(share.label, share.count(person)) for share in _shares]
