"""What the words of a due date mean on the day they are given."""
from datetime import date

import pytest

from meetings.assignment.due import Due, read_due

IN_JUNE, IN_NOVEMBER = date(2027, 6, 4), date(2027, 11, 21)


@pytest.mark.parametrize(("text", "day", "end"), [
    ("до 1 июля", IN_JUNE, date(2027, 7, 1)),
    ("до конца года", IN_JUNE, date(2027, 12, 31)),
    ("2-е полугодие", IN_JUNE, date(2027, 12, 31)),
    ("ноябрь", IN_NOVEMBER, date(2027, 11, 30)),
    ("IV квартал", IN_NOVEMBER, date(2027, 12, 31)),
])
def test_a_time_that_has_not_passed_is_this_year(text, day, end):
    assert read_due(text, day).end == end


@pytest.mark.parametrize(("text", "end"), [("до 1 июня", date(2028, 6, 1)), ("февраль", date(2028, 2, 29))])
def test_a_time_that_has_passed_is_next_year(text, end):
    assert read_due(text, IN_JUNE).end == end


def test_a_year_as_typed_is_kept_even_when_it_has_passed():
    assert read_due("до 1 июля 2020", IN_JUNE).end == date(2020, 7, 1)


@pytest.mark.parametrize(("text", "words"), [("постоянно", "постоянно"), ("ежемесячно", "ежемесячно")])
def test_what_recurs_without_an_end_has_no_dates(text, words):
    assert read_due(text, IN_JUNE) == Due(is_permanent=True, words=words)


def test_what_recurs_until_a_day_ends_with_it():
    due = read_due("ежемесячно до 15 декабря", IN_JUNE)
    assert (due.end, due.is_permanent) == (date(2027, 12, 15), False)


def test_nothing_typed_is_nothing_due():
    assert read_due("", IN_JUNE) == Due()
