"""Marks in, totals and places out. Pure: no database, no clock, no rounding: sums are decimals, means are fractions.

The total of a sheet is the sum of its marks times the weights of their criteria; independent criteria
(``counts=False``) are outside it. Sheets of an entry are combined as their mean or their sum. When the greatest and
the least total of the experts are further apart than the contest allows, an arbiter's total replaces that number; the
originals stay beside it. Equal totals are parted by the contest's chain of tie rules, in order.
"""
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from statistics import median

Key = int | str
ZERO = Decimal(0)


class Combining(StrEnum):
    MEAN = "mean"
    SUM = "sum"


class Rounds(StrEnum):
    """How two rounds add up."""

    SUM = "sum"
    LAST = "last"  # the on-site round alone decides among those who advanced
    WEIGHTED = "weighted"  # onsite_share of the on-site total, the rest of the remote one


class Tie(StrEnum):
    """What parts equal totals."""

    CRITERION = "criterion"  # the higher mean mark of one criterion
    HIGHEST = "highest"  # more of the highest marks, a sheet on average
    EARLIER = "earlier"  # submitted earlier
    CHAIR = "chair"  # the order the chair gave
    SHARED = "shared"  # a shared place


@dataclass(frozen=True)
class Criterion:
    key: Key
    weight: Decimal = Decimal(1)
    maximum: Decimal = Decimal(5)
    counts: bool = True
    is_onsite: bool = False


@dataclass(frozen=True)
class Sheet:
    """One expert's marks of one entry in one round."""

    expert: Key
    marks: Mapping[Key, Decimal]
    is_arbiter: bool = False
    is_onsite: bool = False


@dataclass(frozen=True)
class Entry:
    """An entry with its sheets, sent at last at ``submitted_at``; ``votes`` of the public jury, ``barred_voters`` of whom could not choose it.

    ``chair_order`` is the chair's where a tie was decided, at ``chair_total``; without one it holds at any total.
    """

    key: Key
    sheets: Sequence[Sheet] = ()
    submitted_at: datetime | None = None
    votes: int = 0
    barred_voters: int = 0
    advanced: bool = False
    chair_order: int | None = None
    chair_total: Fraction | None = None


@dataclass(frozen=True)
class TieRule:
    rule: Tie
    criterion: Key | None = None


@dataclass(frozen=True)
class Rules:
    combining: Combining = Combining.MEAN
    pass_mark: Decimal | None = None
    divergence: Decimal | None = None
    ties: Sequence[TieRule] = (TieRule(Tie.SHARED),)
    public_weight: Decimal = Decimal(0)  # 0…1
    rounds: Rounds = Rounds.SUM
    onsite_share: Decimal = Decimal("0.5")


@dataclass(frozen=True)
class RoundTotal:
    """What the experts gave an entry in a round; ``spread`` is the greatest total minus the least."""

    totals: Mapping[Key, Decimal] = field(default_factory=dict)
    mean: Fraction | None = None
    median: Decimal | None = None
    spread: Decimal | None = None
    arbiter: Decimal | None = None
    diverges: bool = False
    combined: Fraction | None = None

    @property
    def count(self):
        return len(self.totals)

    @property
    def awaits_arbiter(self):
        return self.diverges and self.arbiter is None


@dataclass(frozen=True)
class Ranked:
    """An entry with its place among its nomination; ``decided`` is the rule that parted it from an equal one."""

    entry: Entry
    remote: RoundTotal
    onsite: RoundTotal
    public: Fraction = Fraction(0)
    total: Fraction | None = None
    passed: bool = True
    place: int | None = None
    last_place: int | None = None  # of a shared place: «2–3»
    decided: TieRule | None = None

    @property
    def key(self):
        return self.entry.key

    @property
    def shares_place(self):
        return self.place is not None and self.last_place != self.place

    @property
    def awaits_arbiter(self):
        return self.remote.awaits_arbiter or self.onsite.awaits_arbiter


# The total of a sheet and of a round

def sheet_total(sheet, criteria):
    """The weighted sum of a sheet's marks that count; a criterion without a mark gives nothing."""
    marks = sheet.marks
    return sum((each.weight * marks[each.key] for each in criteria if each.counts and each.key in marks), ZERO)


def greatest_total(criteria):
    """What one expert can give at most."""
    return sum((each.weight * each.maximum for each in criteria if each.counts), ZERO)


def round_total(sheets, criteria, rules):
    """``RoundTotal`` of the sheets of one round."""
    if not sheets:
        return RoundTotal()
    totals = {sheet.expert: sheet_total(sheet, criteria) for sheet in sheets if not sheet.is_arbiter}
    third = [sheet_total(sheet, criteria) for sheet in sheets if sheet.is_arbiter]
    arbiter = third[-1] if third else None
    if not totals:
        return RoundTotal(arbiter=arbiter, combined=None if arbiter is None else Fraction(arbiter))
    values = list(totals.values())
    spread, mean = max(values) - min(values), Fraction(sum(values, ZERO)) / len(values)
    diverges = rules.divergence is not None and spread > rules.divergence
    typical = Fraction(arbiter) if diverges and arbiter is not None else mean
    # In a sum the arbiter's total stands for every expert's: it counts as often as there were experts.
    combined = typical if rules.combining == Combining.MEAN else typical * len(values)
    return RoundTotal(totals, mean, median(values), spread, arbiter, diverges, combined)


def deciding_sheets(entry, rounds):
    """Sheets that made the total: the arbiter's alone in a round the arbiter decided."""
    for is_onsite, total in zip((False, True), rounds, strict=True):
        decided = total.arbiter is not None and (total.diverges or not total.totals)
        yield from (sheet for sheet in entry.sheets if sheet.is_onsite == is_onsite and sheet.is_arbiter == decided)


# An entry

def counted(entry, criteria, rules, voters=0):
    """An entry with its totals, not placed yet; ``voters`` of the public jury voted in this nomination."""
    remote, onsite = (
        round_total([sheet for sheet in entry.sheets if sheet.is_onsite == is_onsite], criteria, rules) for is_onsite in (False, True)
    )
    experts = both_rounds(remote.combined, onsite.combined, entry.advanced, rules)
    could = voters - entry.barred_voters
    share = Fraction(entry.votes, could) if could > 0 else Fraction(0)
    weight = Fraction(rules.public_weight)
    total = experts
    if experts is not None and weight:
        total = experts * (1 - weight) + weight * share * full_marks(remote, onsite, entry.advanced, criteria, rules)
    passed = rules.pass_mark is None or total is not None and total >= rules.pass_mark
    return Ranked(entry, remote, onsite, share, total, passed)


def full_marks(remote, onsite, advanced, criteria, rules):
    """What the experts could have given at most, counted as their total was: a full public vote is worth as much."""
    def of(total, is_onsite):
        if total.combined is None:
            return None
        greatest = Fraction(greatest_total([each for each in criteria if each.is_onsite == is_onsite]))
        return greatest * (total.count or 1) if rules.combining == Combining.SUM else greatest

    return both_rounds(of(remote, False), of(onsite, True), advanced, rules)


def both_rounds(remote, onsite, advanced, rules):
    """The rounds together; who did not advance keeps the remote total."""
    if not advanced or onsite is None:
        return remote
    if remote is None or rules.rounds == Rounds.LAST:
        return onsite
    if rules.rounds == Rounds.SUM:
        return remote + onsite
    share = Fraction(rules.onsite_share)
    return remote * (1 - share) + onsite * share


# Places

def rank(entries, criteria, rules, voters=0):
    """The entries of a nomination in order of their places: ``[Ranked]``.

    Those who advanced stand before those who did not; without a sheet or under the pass mark an entry has no place and
    comes last. The order of ``entries`` and of their sheets does not matter.
    """
    rows = [counted(entry, criteria, rules, voters) for entry in entries]
    placed = [row for row in rows if row.total is not None and row.passed]
    others = [row for row in rows if row.total is None or not row.passed]
    places = []
    for _, group in groupby(sorted(placed, key=by_total), key=by_total):
        for equals, rule in parted(list(group), criteria, rules.ties):
            first, last = len(places) + 1, len(places) + len(equals)
            places += [replace(row, place=first, last_place=last, decided=rule) for row in sorted(equals, key=by_key)]
    return places + sorted(others, key=lambda row: (by_total(row), by_key(row)))


def by_total(row):
    return not row.entry.advanced, row.total is None, -(row.total or 0)


def by_key(row):
    return str(row.key).rjust(20)


def parted(equals, criteria, ties, decided=None):
    """Yield groups of one place each with the rule that parted them: ``([Ranked], TieRule | None)``."""
    if len(equals) == 1:
        yield equals, decided
        return
    if not ties or ties[0].rule == Tie.SHARED:
        yield equals, TieRule(Tie.SHARED)
        return
    rule, rest = ties[0], ties[1:]
    worth = {row.key: merit(row, rule, criteria) for row in equals}
    found = sorted(equals, key=lambda row: worth[row.key])
    groups = [list(group) for _, group in groupby(found, key=lambda row: worth[row.key])]
    for group in groups:
        yield from parted(group, criteria, rest, rule if len(groups) > 1 else decided)


def merit(row, rule, criteria):
    """A key that sorts the better first by one tie rule; equal keys are not parted by it."""
    entry = row.entry
    if rule.rule == Tie.EARLIER:
        return entry.submitted_at.timestamp() if entry.submitted_at else float("inf")
    if rule.rule == Tie.CHAIR:
        order = order_by_chair(row)
        return order if order is not None else 10**12
    sheets = list(deciding_sheets(entry, (row.remote, row.onsite)))
    if rule.rule == Tie.CRITERION:
        return -average([sheet.marks[rule.criterion] for sheet in sheets if rule.criterion in sheet.marks])
    highest = {each.key: each.maximum for each in criteria if each.counts}
    return -average([Decimal(sum(mark == highest.get(key) for key, mark in sheet.marks.items())) for sheet in sheets])


def order_by_chair(row):
    """The place the chair gave, as long as the entry has the total it was given for."""
    spoke_of = row.entry.chair_total
    return row.entry.chair_order if spoke_of is None or spoke_of == row.total else None


def average(values):
    return Fraction(sum(values, ZERO)) / len(values) if values else Fraction(0)
