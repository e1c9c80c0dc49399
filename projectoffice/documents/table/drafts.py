"""What a linter needs of the database: who is known, which days are off (linters themselves know no database)."""
from projectoffice.accounts.names import people_called
from projectoffice.common.calendar import ProductionCalendar
from projectoffice.common.models import CalendarDay

from .linting import DraftResponsible, name_key


def responsibles_of(row):
    return [DraftResponsible(one.text, active_or_typed(one.person)) for one in row.responsibles.all()]


def active_or_typed(person):
    return None if person is None else person.is_active and person.left_on is None


def calendar_of(content):
    days = CalendarDay.objects.filter(date__range=(content.period_start, content.period_end))
    return ProductionCalendar({day.date: day.is_off for day in days})


def known_people(rows):
    """Names of active people, asked for only when a typed name has to be compared with them."""
    typed = [one.text for row in rows for one in row.responsible if one.active is None]
    surnames = {key[0] for text in typed if (key := name_key(text))}
    return [person.short_name for person in people_called(surnames)] if surnames else []
