"""Verbs of implementation plans; those of their rows are the verbs of every table (documents/table)."""
import re

from django.core.exceptions import ValidationError
from django.db import transaction

from projectoffice.accounts.access import person_of, require
from projectoffice.common.db import locked
from projectoffice.common.history import record
from projectoffice.common.text import clean_text
from projectoffice.documents.models import Document
from projectoffice.documents.table.content import copy_stamps, period_of, take_rows

from ..models import ImplementationPlan, Project

CHANGE = "portfolios.change_implementation_plan"
CITY = "portfolios.create_city_plan"
NAME_LIMIT, SHORT_NAME = 500, 110
KINDS = {
    Project.Kind.MANAGEMENT: "управленческого проекта", Project.Kind.CROSS_CUTTING: "сквозного проекта",
    Project.Kind.NETWORK: "сетевого проекта", Project.Kind.CITY: "городского проекта", Project.Kind.AUTHOR: "авторского проекта",
}


@transaction.atomic
def create_plan(*, by, year, is_school_year=True, project=None, name=""):
    """An empty plan of a project of the portal, or of a city project known by its name alone; without stamps."""
    require_for(project, by)
    name = project.title if project else clean_text(name, limit=NAME_LIMIT)
    if not name:
        raise ValidationError({"name": "Впишите название проекта или выберите проект портала."})
    start, end = period_of(year, is_school_year)
    return make_plan(by=by, period=(start, end), project=project, title=printed_title(kind_words(project), name, (start, end)))


@transaction.atomic
def copy_plan(source, *, by, year, is_school_year=None):
    """A new draft for another year with the rows and stamps of ``source``.

    Texts stay word for word but for the years of the title; terms of the old year are told by the remarks.
    """
    require_for(source.project, by)
    school = source.is_school_year if is_school_year is None else is_school_year
    period = period_of(year, school)
    plan = make_plan(by=by, period=period, project=source.project, title=retitled(source.title, period),
                     hides_phones=source.hides_phones)
    copy_stamps(source, plan)
    return take_rows(plan, source, by=by)


def require_for(project, by):
    """Plans of a project are made by who keeps it, those of a project the portal does not keep by the office."""
    if project is None:
        require(by, CITY)
    else:
        require(by, CHANGE, project)


def make_plan(*, by, period, title, project=None, hides_phones=True):
    """The plan and its document; the right was asked."""
    document = Document.objects.create(kind=ImplementationPlan.KIND, title=document_title(title, period), year=period[0].year,
                                       created_by=person_of(by))
    plan = ImplementationPlan.objects.create(
        document=document, project=project, title=title, period_start=period[0], period_end=period[1], hides_phones=hides_phones)
    record("create_implementation_plan", document, f"Создан план реализации на {period_words(period)}", by=by)
    return plan


@transaction.atomic
def hide_phones(plan, hides, *, by):
    """Whether visitors read the phones. It is no part of the text: it may be changed at any time, and is in the history."""
    document = locked(plan.document)
    require(by, CHANGE, document)
    plan = ImplementationPlan.objects.select_for_update().get(pk=plan.pk)
    if plan.hides_phones != hides:
        plan.hides_phones = hides
        plan.save(update_fields=["hides_phones"])
        record("hide_phones", document, "Телефоны скрыты от посетителей" if hides else "Телефоны показываются посетителям", by=by)
    return plan


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────

def period_words(period):
    start, end = period
    return f"{start.year} год" if start.year == end.year else f"{start.year}–{end.year} учебный год"


def kind_words(project):
    return KINDS[project.kind] if project else "городского проекта"


def printed_title(kind, name, period):
    quoted = name if name.startswith("«") else f"«{name}»"
    return f"План\nреализации {kind} {quoted}\nна {period_words(period)}"


def document_title(title, period):
    """The title in one line for lists and letters: the printed one, a long name cut."""
    found = re.search(r"«(.+)»", title.replace("\n", " "))
    name = found[1] if found else ""
    if not name:
        return f"План реализации проекта на {period_words(period)}"
    return f"План реализации проекта «{cut(name)}» на {period_words(period)}"


def cut(name):
    name = " ".join(name.split())
    return name if len(name) <= SHORT_NAME else f"{name[:SHORT_NAME].rsplit(' ', 1)[0]}…"


def retitled(title, period):
    """The printed title with the years of its last line set to the new period; without one the words are added."""
    lines = title.split("\n")
    if re.search(r"(?:19|20)\d\d", lines[-1]):
        lines[-1] = f"на {period_words(period)}"
    else:
        lines.append(f"на {period_words(period)}")
    return "\n".join(lines)
