"""Totals and places, by cases and by properties."""
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contests.scoring import (
    Combining,
    Criterion,
    Entry,
    Rounds,
    Rules,
    Sheet,
    Tie,
    TieRule,
    greatest_total,
    rank,
    round_total,
    sheet_total,
)

CRITERIA = [Criterion("a", Decimal(2), Decimal(5)), Criterion("b", Decimal(1), Decimal(10)), Criterion("own", counts=False)]
MEAN = Rules()


def sheet(expert, a, b=0, **more):
    return Sheet(expert, {"a": Decimal(str(a)), "b": Decimal(str(b))}, **more)


def entry(key, *marks, **more):
    """An entry whose first experts gave these marks of «a»."""
    return Entry(key, tuple(sheet(number, mark) for number, mark in enumerate(marks)), **more)


def places(rows):
    return {row.key: row.place for row in rows}


def test_a_sheet_counts_marks_times_weights_without_the_independent_criteria():
    assert sheet_total(Sheet(1, {"a": Decimal("4.5"), "b": Decimal(3), "own": Decimal(5)}), CRITERIA) == 12
    assert greatest_total(CRITERIA) == 20


def test_a_round_says_mean_median_and_spread():
    told = round_total([sheet(1, 1), sheet(2, 2), sheet(3, 5)], CRITERIA, MEAN)
    assert (told.mean, told.median, told.spread, told.count, told.combined) == (Fraction(16, 3), 4, 8, 3, Fraction(16, 3))
    assert round_total([sheet(1, 1), sheet(2, 2)], CRITERIA, Rules(combining=Combining.SUM)).combined == 6


@pytest.mark.parametrize(("threshold", "diverges"), [(None, False), ("8", False), ("7.99", True)])
def test_totals_diverge_only_beyond_the_threshold(threshold, diverges):
    rules = Rules(divergence=Decimal(threshold) if threshold else None)
    assert round_total([sheet(1, 1), sheet(2, 5)], CRITERIA, rules).diverges is diverges


def test_an_arbiter_decides_where_experts_diverge_and_nowhere_else():
    both = [sheet(1, 1), sheet(2, 5), sheet(3, 4, is_arbiter=True)]
    decided = round_total(both, CRITERIA, Rules(divergence=Decimal(5)))
    assert (decided.combined, decided.mean, decided.arbiter, decided.awaits_arbiter) == (8, 6, 8, False)
    assert round_total(both, CRITERIA, Rules(divergence=Decimal(8))).combined == 6
    assert round_total(both, CRITERIA, Rules(divergence=Decimal(5), combining=Combining.SUM)).combined == 16
    assert round_total(both[:2], CRITERIA, Rules(divergence=Decimal(5))).awaits_arbiter


def test_equal_totals_share_a_place_and_the_next_one_is_left_out():
    rows = rank([entry(1, 3), entry(2, 4), entry(3, 4), entry(4, 1)], CRITERIA, MEAN)
    assert places(rows) == {2: 1, 3: 1, 1: 3, 4: 4}
    assert [(row.place, row.last_place, row.decided) for row in rows[:2]] == [(1, 2, TieRule(Tie.SHARED))] * 2
    assert rows[2].decided is None


def test_ties_are_parted_by_the_first_rule_that_can():
    early = datetime(2026, 11, 2, 9, tzinfo=UTC)
    one = Entry(1, (Sheet(1, {"a": Decimal(1), "b": Decimal(8)}),), early + timedelta(hours=1))
    two = Entry(2, (Sheet(1, {"a": Decimal(5), "b": Decimal(0)}),), early + timedelta(hours=2))
    three = Entry(3, (Sheet(1, {"a": Decimal(5), "b": Decimal(0)}),), early)
    rules = Rules(ties=(TieRule(Tie.CRITERION, "a"), TieRule(Tie.EARLIER)))
    rows = rank([one, two, three], CRITERIA, rules)
    assert [(row.key, row.place, row.decided.rule) for row in rows] == [(3, 1, "earlier"), (2, 2, "earlier"), (1, 3, "criterion")]


def test_the_number_of_highest_marks_parts_equal_totals():
    one = Entry(1, (Sheet(1, {"a": Decimal(5), "b": Decimal(2)}), Sheet(2, {"a": Decimal(5), "b": Decimal(2)})))
    two = Entry(2, (Sheet(1, {"a": Decimal(4), "b": Decimal(4)}), Sheet(2, {"a": Decimal(4), "b": Decimal(4)})))
    rows = rank([two, one], CRITERIA, Rules(ties=(TieRule(Tie.HIGHEST),)))
    assert [(row.key, row.decided.rule) for row in rows] == [(1, "highest"), (2, "highest")]


def test_the_chair_parts_only_what_the_chair_spoke_about():
    rules = Rules(ties=(TieRule(Tie.CHAIR), TieRule(Tie.SHARED)))
    rows = rank([entry(1, 3), entry(2, 3, chair_order=1), entry(3, 3)], CRITERIA, rules)
    assert [(row.key, row.place, row.last_place) for row in rows] == [(2, 1, 1), (1, 2, 3), (3, 2, 3)]
    assert [row.decided.rule for row in rows] == ["chair", "shared", "shared"]


def test_under_the_pass_mark_and_without_a_sheet_there_is_no_place():
    rows = rank([entry(1), entry(2, 1), entry(3, 3)], CRITERIA, Rules(pass_mark=Decimal(5)))
    assert [(row.key, row.place, row.passed) for row in rows] == [(3, 1, True), (2, None, False), (1, None, False)]


@pytest.mark.parametrize(("rounds", "total"), [(Rounds.SUM, 14), (Rounds.LAST, 4), (Rounds.WEIGHTED, Fraction(17, 2))])
def test_two_rounds_add_up_as_the_contest_says(rounds, total):
    both = Entry(1, (sheet(1, 5), sheet(1, 2, is_onsite=True)), advanced=True)
    assert rank([both], CRITERIA, Rules(rounds=rounds, onsite_share=Decimal("0.25")))[0].total == total


def test_who_advanced_stands_before_who_did_not():
    rules = Rules(rounds=Rounds.LAST)
    rows = rank([entry(1, 5), Entry(2, (sheet(1, 4), sheet(1, 1, is_onsite=True)), advanced=True)], CRITERIA, rules)
    assert [row.key for row in rows] == [2, 1]


def test_the_public_vote_counts_by_its_weight_and_not_at_all_by_default():
    liked = entry(1, 3, votes=4)
    assert rank([liked], CRITERIA, MEAN, voters=5)[0].total == 6
    row = rank([liked], CRITERIA, Rules(public_weight=Decimal("0.5")), voters=5)[0]
    assert (row.public, row.total) == (Fraction(4, 5), 11)


@pytest.mark.parametrize("combining", Combining)
@pytest.mark.parametrize("rounds", Rounds)
def test_a_full_public_vote_is_worth_as_much_as_full_marks_however_rounds_and_sheets_add_up(combining, rounds):
    criteria = [*CRITERIA, Criterion("hall", Decimal(1), Decimal(4), is_onsite=True)]
    sheets = [sheet(expert, 5, 10) for expert in (1, 2)] + [Sheet(expert, {"hall": Decimal(4)}, is_onsite=True) for expert in (1, 2)]
    best = Entry("best", sheets, votes=5, advanced=True)
    experts = rank([best], criteria, Rules(combining=combining, rounds=rounds))[0].total
    assert rank([best], criteria, Rules(combining=combining, rounds=rounds, public_weight=Decimal("0.3")), voters=5)[0].total == experts


marks = st.decimals(0, 5, places=1)
panels = st.lists(st.lists(marks, min_size=3, max_size=3), min_size=1, max_size=7)


@given(panels, st.integers(0, 2), st.decimals(-5, 5, places=1))
def test_a_constant_added_by_an_expert_everywhere_moves_no_place(panel, expert, constant):
    shifted = [[mark + constant if place == expert else mark for place, mark in enumerate(row)] for row in panel]
    before, after = (rank([entry(key, *row) for key, row in enumerate(each)], CRITERIA, MEAN) for each in (panel, shifted))
    assert places(before) == places(after)


@given(panels, st.permutations(range(3)))
def test_the_order_of_experts_changes_nothing(panel, order):
    mixed = [Entry(key, tuple(sheet(number, row[number]) for number in order)) for key, row in enumerate(panel)]
    rules = Rules(divergence=Decimal(4), ties=(TieRule(Tie.HIGHEST), TieRule(Tie.SHARED)))
    before, after = rank([entry(key, *row) for key, row in enumerate(panel)], CRITERIA, rules), rank(mixed, CRITERIA, rules)
    assert [(row.key, row.place, row.total) for row in before] == [(row.key, row.place, row.total) for row in after]


@given(panels, st.randoms())
def test_the_order_of_entries_changes_nothing(panel, chance):
    entries = [entry(key, *row) for key, row in enumerate(panel)]
    before = rank(entries, CRITERIA, MEAN)
    chance.shuffle(entries)
    assert before == rank(entries, CRITERIA, MEAN)


@given(panels)
def test_places_follow_totals_and_are_counted_as_in_sport(panel):
    rows = rank([entry(key, *row) for key, row in enumerate(panel)], CRITERIA, MEAN)
    for row in rows:
        assert row.place == 1 + sum(other.total > row.total for other in rows)
        assert row.last_place - row.place + 1 == sum(other.total == row.total for other in rows)


@given(panels, st.integers(0, 6), st.decimals("0.1", 2, places=1))
def test_a_better_mark_never_worsens_a_place(panel, place, more):
    place %= len(panel)
    better = [[mark + more if key == place else mark for mark in row] for key, row in enumerate(panel)]
    before, after = (rank([entry(key, *row) for key, row in enumerate(each)], CRITERIA, MEAN) for each in (panel, better))
    assert places(after)[place] <= places(before)[place]
