"""What the totals say of the experts and of the criteria: who is strict, which criterion tells works apart. Pure."""
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from ..agreement import LEAST_UNITS

LEAST_SHEETS = 3
HARDLY = Fraction(1, 10)  # of the scale: means that lie closer tell works apart by chance


@dataclass(frozen=True)
class Leaning:
    """How an expert marks beside the others of the same works: ``share`` of the scale above (plus) or below them."""

    sheets: int
    share: Fraction

    @property
    def is_enough(self):
        return self.sheets >= LEAST_SHEETS


def leanings(works: Iterable[tuple[Mapping, Fraction]]):
    """``{expert: Leaning}`` from the totals of each work and the greatest total possible there; lone sheets say nothing."""
    found = defaultdict(list)
    for totals, greatest in works:
        if len(totals) < 2 or not greatest:
            continue
        whole = sum(map(Fraction, totals.values()))
        for expert, own in totals.items():
            others = (whole - Fraction(own)) / (len(totals) - 1)
            found[expert].append((Fraction(own) - others) / Fraction(greatest))
    return {expert: Leaning(len(shares), sum(shares) / len(shares)) for expert, shares in found.items()}


@dataclass(frozen=True)
class Spread:
    """The least and the greatest mean mark a criterion got over the works."""

    least: Fraction
    greatest: Fraction
    works: int

    def is_flat(self, maximum):
        """Whether it tells works apart hardly or not at all; of a few works nothing is said."""
        return self.works >= LEAST_UNITS and self.greatest - self.least < HARDLY * Fraction(maximum)


def spreads(works: Iterable[Iterable[Mapping]]):
    """``{criterion: Spread}`` from the marks of the sheets of each work."""
    means = defaultdict(list)
    for sheets in works:
        marks = defaultdict(list)
        for sheet in sheets:
            for criterion, mark in sheet.items():
                marks[criterion].append(Fraction(mark))
        for criterion, values in marks.items():
            means[criterion].append(sum(values) / len(values))
    return {criterion: Spread(min(values), max(values), len(values)) for criterion, values in means.items()}
