"""Remarks on a plan: what bars sending it, and what a person should look at. Pure: a PlanDraft in, remarks out."""
from collections.abc import Iterable
from dataclasses import dataclass, field

from projectoffice.common.calendar import ProductionCalendar
from projectoffice.common.lines import plain
from projectoffice.documents.table.linting import (
    ERROR,
    DraftResponsible,
    Remark,
    about_numbers,
    about_people,
    about_terms,
    about_title,
    fingerprint_of,
    in_order,
    name_key,
    numbering_faults,
    renumbered,
    warning,
    without_acknowledged,
    years_in,
)

__all__ = [
    "DraftResponsible", "DraftRow", "DraftStamp", "PlanDraft", "lint", "name_key", "numbering_faults", "renumbered",
    "without_acknowledged",
]


@dataclass(frozen=True)
class DraftRow:
    uid: object
    label: str = ""
    topics: list = field(default_factory=list)
    term: str = ""
    responsible: list = field(default_factory=list)
    section: str = ""


@dataclass(frozen=True)
class DraftStamp:
    """`can_sign` is false for a signer who is to sign on the portal and has no login."""
    kind: str
    heading: str = ""
    name: str = ""
    can_sign: bool = True


@dataclass(frozen=True)
class PlanDraft:
    """`source_years` are the years of the plan this one was copied from."""
    rows: list
    stamps: list
    title: list = field(default_factory=list)
    source_years: list = field(default_factory=list)


def lint(plan, *, period, holidays=None, known_people: Iterable[str] = ()):
    """All remarks, errors first, then by row.

    `period` is (first day, last day); `holidays` a ProductionCalendar; `known_people` names of active people in any form.
    """
    calendar = holidays or ProductionCalendar()
    return in_order([*_about_sending(plan), *about_numbers(plan.rows), *about_terms(plan.rows, period, calendar),
                     *about_people(plan.rows, known_people), *about_title("\n".join(plan.title), period),
                     *_about_years(plan, period)])


def _about_sending(plan):
    if not plan.rows:
        yield Remark("no_rows", ERROR, "В плане нет ни одной строки: добавьте хотя бы одну.")
    for position, row in enumerate(plan.rows, 1):
        if not any(item["text"].strip() for item in row.topics):
            yield Remark("no_topic", ERROR, f"Строка {position}: впишите тему или удалите строку – после этого план можно отправить.",
                         row.uid, position)
    if not any(stamp.kind == "approve" for stamp in plan.stamps):
        yield Remark("no_approve_stamp", ERROR, "Добавьте гриф «Утверждаю»: без него план некому утвердить.")
    for stamp in plan.stamps:
        if not stamp.can_sign:
            who = stamp.name or "подписывающий"
            heading = stamp.heading.strip("«»") or {"approve": "Утверждаю", "agree": "Согласовано"}.get(stamp.kind, "Рассмотрено")
            yield Remark("signer_without_login", ERROR,
                         f"Гриф «{heading}»: {who} не входит на портал. Выберите подпись на бумаге или отправьте приглашение.",
                         fingerprint=fingerprint_of(stamp.kind, stamp.name))


def _about_years(plan, period):
    stale = set(plan.source_years) - {period[0].year, period[1].year}
    for position, row in enumerate(plan.rows, 1):
        text = plain(row.topics)
        for year in years_in(text):
            if year in stale:
                yield warning("year_from_last_plan", row, position, f"в теме остался {year} год из прошлого плана. Проверьте.", text, str(year))
