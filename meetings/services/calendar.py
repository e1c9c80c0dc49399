"""The production calendar: days that differ from the ordinary one, as the Government moves them."""
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from projectoffice.accounts.access import require
from projectoffice.common.calendar import ProductionCalendar
from projectoffice.common.history import record
from projectoffice.common.models import CalendarDay
from projectoffice.common.text import clean_text

FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)


@transaction.atomic
def set_days(days, *, by, is_off, note=""):
    """Make these days off, or working; a day told before is told anew. Returns how many changed."""
    require(by, "meetings.change_calendar")
    if not days:
        raise ValidationError({"days": "Впишите хотя бы один день, например 02.11.2027."})
    if any(not FIRST <= day <= LAST for day in days):
        raise ValidationError({"days": f"Укажите дни с {FIRST.year} по {LAST.year} год."})
    note = clean_text(note, limit=200)
    changed = 0
    for day in sorted(set(days)):
        row, _ = CalendarDay.objects.get_or_create(date=day, defaults={"is_off": not is_off})
        if row.is_off != is_off or row.note != note:
            row.is_off, row.note = is_off, note
            row.save()
            record("set_day", row, f"{row}", by=by, changes={"date": f"{day}", "is_off": is_off})
            changed += 1
    return changed


@transaction.atomic
def forget_day(row, *, by):
    """The day is again what the law's calendar says."""
    require(by, "meetings.change_calendar")
    record("forget_day", row, f"{row.date:%d.%m.%Y} – как в календаре", by=by, changes={"date": f"{row.date}"})
    row.delete()


def days_of(year):
    """Rows of a year with what the law's calendar would say without them."""
    calendar = ProductionCalendar()
    return [(row, calendar.is_day_off(row.date) == row.is_off) for row in CalendarDay.objects.filter(date__year=year)]
