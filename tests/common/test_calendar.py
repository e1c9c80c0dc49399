"""The production calendar: the law's days, the moved ones, and the office's own data above both."""
from datetime import date

import pytest

from projectoffice.common.calendar import ProductionCalendar, parse_days

DAYS = [
    (date(2027, 2, 15), ""), (date(2027, 2, 14), "воскресенье"), (date(2027, 2, 13), "суббота"), (date(2027, 6, 12), "День России"),
    (date(2027, 1, 4), "новогодние каникулы"), (date(2027, 1, 7), "Рождество"), (date(2027, 11, 4), "День народного единства"),
    (date(2027, 2, 22), "выходной день"), (date(2027, 2, 20), ""), (date(2031, 5, 9), "День Победы"),
]


@pytest.mark.parametrize(("day", "reason"), DAYS, ids=str)
def test_days_off_have_a_reason(day, reason):
    calendar = ProductionCalendar()
    assert calendar.why_off(day) == reason
    assert calendar.is_day_off(day) == bool(reason)


def test_moved_days_outweigh_the_calendar():
    calendar = ProductionCalendar({date(2027, 2, 15): True, date(2027, 2, 14): False})
    assert calendar.why_off(date(2027, 2, 15)) == "выходной день"
    assert calendar.why_off(date(2027, 2, 14)) == ""


def test_typed_days_are_read_and_strange_lines_are_named():
    assert parse_days("10.01.2027\n 5.3.2027 г., 31.02.2027;завтра\n\n") == ([date(2027, 1, 10), date(2027, 3, 5)], ["31.02.2027", "завтра"])
