"""The Russian production calendar: weekends, holidays, and the days the government moves each year.

The library knows the law's holidays and the transfers published so far; `moved` (editable data of the office) outweighs both.
"""
from datetime import date
from functools import lru_cache

WEEKDAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")
_FIXED_NAMES = {
    (1, 7): "Рождество", (2, 23): "День защитника Отечества", (3, 8): "Международный женский день", (5, 1): "Праздник Весны и Труда",
    (5, 9): "День Победы", (6, 12): "День России", (11, 4): "День народного единства",
}


class ProductionCalendar:
    """`moved` maps a day to True (made a day off) or False (made a working day)."""

    def __init__(self, moved=None):
        self.moved = dict(moved or {})

    def is_day_off(self, day):
        if day in self.moved:
            return self.moved[day]
        return not _holidays(day.year).is_working_day(day)

    def why_off(self, day):
        """«суббота», «День России», «выходной день»; empty for a working day."""
        if not self.is_day_off(day):
            return ""
        if day in _holidays(day.year) and day not in self.moved:
            if day.month == 1 and day.day <= 8:
                return _FIXED_NAMES.get((day.month, day.day), "новогодние каникулы")
            if (day.month, day.day) in _FIXED_NAMES:
                return _FIXED_NAMES[day.month, day.day]
        return WEEKDAYS[day.weekday()] if day.weekday() > 4 else "выходной день"


@lru_cache(maxsize=16)
def _holidays(year):
    import holidays  # takes 0.1 s and is needed only where a day is judged
    return holidays.country_holidays("RU", years=[year])


def parse_days(text):
    """Days from typed lines «10.01.2027», one a line or after commas: (days, lines that are no day)."""
    days, strange = [], []
    for piece in text.replace(",", "\n").replace(";", "\n").split("\n"):
        piece = piece.strip()
        try:
            if piece:
                day, month, year = piece.rstrip(" г.").split(".")
                days.append(date(int(year), int(month), int(day)))
        except ValueError:
            strange.append(piece)
    return days, strange
