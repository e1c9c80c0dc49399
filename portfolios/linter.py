"""Remarks on an implementation plan: what bars sending it, and what a person should look at. Pure."""
from dataclasses import dataclass, field, replace
from datetime import date

from projectoffice.common.terms import is_school_year
from projectoffice.documents.table.linting import (
    ERROR,
    Remark,
    about_numbers,
    about_people,
    about_terms,
    about_title,
    in_order,
    in_sections,
    is_number,
    short,
    warning,
)


@dataclass(frozen=True)
class DraftActivity:
    uid: object
    label: str = ""
    activity: list = field(default_factory=list)
    term: str = ""
    count: str = ""
    responsible: list = field(default_factory=list)
    section: str = ""


def lint(rows, *, title, period, calendar, known_people=()):
    """All remarks, errors first, then by row. ``period`` is (first day, last day)."""
    found = in_order([
        *_about_sending(rows), *about_numbers(rows, anew=True),
        *about_terms(rows, period, calendar, in_order=False, reach=reach(period)),
        *_about_counts(rows), *about_people(rows, known_people), *about_title(title, period)])
    return [replace(remark, message=in_sections(remark.message, rows)) for remark in found]


def reach(period):
    """The days that count as inside: a school year begins with the August in which it is prepared."""
    start, end = period
    return (date(start.year, 8, 1), end) if is_school_year(period) and start.month == 9 else period


def _about_sending(rows):
    if not rows:
        yield Remark("no_rows", ERROR, "В плане нет ни одной строки: добавьте хотя бы одну.")
    for position, row in enumerate(rows, 1):
        if not any(line["text"].strip() for line in row.activity):
            yield Remark("no_topic", ERROR, f"Строка {position}: впишите деятельность или удалите строку – после этого план можно отправить.",
                         row.uid, position)


def _about_counts(rows):
    for position, row in enumerate(rows, 1):
        if row.count.strip() and not is_number(row.count):
            yield warning("count_not_a_number", row, position,
                          f"количество участников «{short(row.count)}» – не число. В отчёт оно не войдёт.", row.count)
