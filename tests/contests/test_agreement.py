"""Krippendorff's alpha against worked examples and its properties."""
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contests.agreement import alpha

# Twelve units by four observers, gaps where nobody looked (Krippendorff 2011); interval alpha is 0.849.
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
UNITS = [[value for value in unit if value is not None] for unit in zip(*OBSERVERS, strict=True)]


def test_the_worked_example_comes_out():
    told = alpha(UNITS)
    assert float(told.alpha) == pytest.approx(0.849, abs=0.0005)
    assert (told.units, told.values) == (11, 40)
    assert "согласованно" in told.words


def test_the_same_words_of_all_are_full_agreement_and_the_opposite_is_below_chance():
    assert alpha([[1, 1], [2, 2], [3, 3], [4, 4], [5, 5]]).alpha == 1
    assert alpha([[1, 5], [5, 1], [1, 5], [5, 1], [1, 5]]).alpha < 0


def test_few_entries_are_told_and_not_judged():
    few = alpha([[1, 1], [2, 2], [3]])
    assert not few.is_enough
    assert "Работ с двумя оценками и больше: 2" in few.words


def test_one_mark_for_everything_says_nothing():
    assert alpha([[3, 3]] * 6).alpha is None
    assert "нельзя" in alpha([[3, 3]] * 6).words


def plain(units):
    """The definition, pair by pair."""
    units = [unit for unit in units if len(unit) > 1]
    values = [value for unit in units for value in unit]
    n = len(values)
    observed = sum(Fraction(sum((a - b) ** 2 for a in unit for b in unit), len(unit) - 1) for unit in units) / n
    expected = Fraction(sum((a - b) ** 2 for a in values for b in values), n * (n - 1))
    return 1 - observed / expected


@given(st.lists(st.lists(st.integers(0, 10), max_size=4), min_size=2, max_size=8))
def test_the_short_way_is_the_definition(units):
    told = alpha(units)
    if told.alpha is not None:
        assert told.alpha == plain(units)


@given(st.lists(st.lists(st.integers(0, 10), min_size=2, max_size=4), min_size=2, max_size=8), st.integers(-5, 5), st.integers(1, 4))
def test_another_zero_and_another_unit_of_the_scale_change_nothing(units, shift, scale):
    assert alpha(units).alpha == alpha([[value * scale + shift for value in unit] for unit in units]).alpha
