"""The on-site round: who may advance, who does, in which order they speak. Reads only."""
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from projectoffice.accounts.access import may
from projectoffice.common.hashing import content_hash
from projectoffice.common.russian import number

from ..models import Criterion, Entry, Nomination
from ..tally.board import standings

ONSITE = Criterion.Round.ONSITE


@dataclass(frozen=True)
class Candidate:
    """A work with what the remote round gave it; ``mean`` is None where nothing is in or the reader may not know."""

    entry: Entry
    mean: Fraction | None
    advances: bool

    @property
    def points(self):
        """«8,67», the way means of marks are told."""
        return "" if self.mean is None else number(Decimal(self.mean.numerator) / self.mean.denominator, 2)


@dataclass(frozen=True)
class Hall:
    """A nomination of the on-site round."""

    nomination: Nomination
    candidates: list
    speakers: list
    mark: str


def sees_totals(user, contest):
    """Organisers, but not in a contest they score in themselves."""
    return may(user, "contests.see_tally", contest)


def totals_of(contest):
    """``{entry id: what the experts gave it in the remote round}``."""
    return {row.key: row.remote.combined for board in standings(contest) for row in board.ranked if row.remote.combined is not None}


def halls(contest, user):
    """``[Hall]`` of the nominations that are marked on site; constant queries."""
    totals = totals_of(contest) if sees_totals(user, contest) else {}
    works: dict = {}
    for entry in Entry.objects.visible_to(user).taken_part().filter(contest=contest).select_related("institution").order_by("number"):
        works.setdefault(entry.nomination_id, []).append(entry)
    nominations = contest.nominations.filter(criteria__round=ONSITE).distinct()
    return [hall_of(nomination, works.get(nomination.pk, []), totals) for nomination in nominations]


def hall_of(nomination, entries, totals):
    candidates = [Candidate(each, totals.get(each.pk), each.onsite_order is not None) for each in entries]
    candidates.sort(key=lambda each: (each.mean is None, -(each.mean or 0), each.entry.number))
    speakers = in_order(entries)
    return Hall(nomination, candidates, speakers, mark_of(speakers))


def in_order(entries):
    return sorted((each for each in entries if each.onsite_order is not None), key=lambda each: each.onsite_order)


def mark_of(speakers):
    """The order as a page showed it, as one string."""
    return content_hash([each.pk for each in speakers])


def first_of(nomination, most):
    """The first so many of a nomination by the remote round; whoever equals the last of them advances too."""
    totals = totals_of(nomination.contest)
    entries = [each for each in Entry.objects.taken_part().filter(nomination=nomination) if each.pk in totals]
    entries.sort(key=lambda each: (-totals[each.pk], each.number))
    bound = totals[entries[most - 1].pk] if len(entries) >= most else None
    return [each for each in entries if bound is None or totals[each.pk] >= bound]
