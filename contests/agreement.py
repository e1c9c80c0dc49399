"""How far experts agree: Krippendorff's alpha for marks on an interval scale, and what it means in plain words. Pure.

Source: K. Krippendorff, «Computing Krippendorff's Alpha-Reliability», 2011: alpha = 1 − Do / De over pairable values.
"""
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

LEAST_UNITS = 5  # with fewer entries the number says more of chance than of experts
GOOD, TOLERABLE = Fraction(4, 5), Fraction(667, 1000)


@dataclass(frozen=True)
class Agreement:
    """``alpha`` from 1 (they say the same) to 0 (as if by chance) and below; None when it cannot be told.

    ``units`` entries were marked by two experts or more, with ``values`` totals in all.
    """

    alpha: Fraction | None
    units: int
    values: int

    @property
    def is_enough(self):
        return self.units >= LEAST_UNITS

    @property
    def alpha_shown(self):
        """The number for a page; None when it cannot be told."""
        return None if self.alpha is None else float(self.alpha)

    @property
    def words(self):
        if not self.is_enough:
            return f"Работ с двумя оценками и больше: {self.units}. Чтобы судить о согласии экспертов, нужно хотя бы {LEAST_UNITS}."
        if self.alpha is None:
            return "Все эксперты поставили всем работам одно и то же: судить о согласии нельзя."
        if self.alpha >= GOOD:
            return "Эксперты оценивают согласованно: итогам можно доверять."
        if self.alpha >= TOLERABLE:
            return "Согласие экспертов приемлемое. Близкие места стоит обсудить."
        return "Эксперты понимают критерии по-разному. Обсудите расхождения до того, как подводить итоги."


def alpha(units: Iterable[Sequence]) -> Agreement:
    """Agreement over ``units``: the totals each entry got. Units with one value are not pairable and are left out."""
    pairable = [[Fraction(value) for value in unit] for unit in units if len(unit) > 1]
    values = [value for unit in pairable for value in unit]
    n = len(values)
    if n < 2:
        return Agreement(None, len(pairable), n)
    expected = squares(values) / (n - 1)
    if not expected:
        return Agreement(None, len(pairable), n)
    observed = sum((squares(unit) / (len(unit) - 1) for unit in pairable), Fraction(0))
    return Agreement(1 - observed / expected, len(pairable), n)


def squares(values):
    """Sum of squared differences over ordered pairs, in one pass: 2 (m Σx² − (Σx)²)."""
    return 2 * (len(values) * sum(value * value for value in values) - sum(values) ** 2)
