"""Kinds of documents of this app: what the plan of meetings tells the route, the printer and the register."""
from django.db.models import Prefetch

from projectoffice.common.terms import parse_term
from projectoffice.documents.kinds import Kind, Problem, register
from projectoffice.documents.models import Stamp
from projectoffice.documents.reading import office_paper

from .models import MeetingPlan, PlanResponsible

COLUMNS = [
    {"key": "label", "title": "№ п/п", "width": 7},
    {"key": "topics", "title": "Тема заседаний", "width": 54},
    {"key": "term", "title": "Срок", "width": 16},
    {"key": "responsible", "title": "Ответственный", "width": 23},
]


def plan_of(document):
    return MeetingPlan.objects.select_related("document", "body").get(document=document)


def rows_of(plan):
    """The rows that stand in the table, with their responsibles: two queries for any number of rows."""
    return plan.items.present().order_by("position").prefetch_related(
        Prefetch("responsibles", PlanResponsible.objects.select_related("person"))
    )


def plan_content(document):
    plan = plan_of(document)
    return {
        "head": {
            "title": plan.title.splitlines(),
            "period": [plan.period_start.isoformat(), plan.period_end.isoformat()],
        },
        "columns": COLUMNS,
        "sections": [{"uid": "", "title": "", "rows": [row_part(item) for item in rows_of(plan)]}],
    }


def row_part(item):
    return {
        "uid": str(item.uid),
        "cells": {
            "label": item.label,
            "topics": item.topics,
            "term": item.term,
            "responsible": [responsible.text for responsible in item.responsibles.all()],
        },
    }


def plan_problems(document):
    """What bars sending the plan: a row without topic, no approve stamp, no rows."""
    rows = list(rows_of(plan_of(document)))
    if not rows:
        yield Problem("В плане нет ни одной строки.", "rows")
    for place, item in enumerate(rows, start=1):
        if not any(line["text"].strip() for line in item.topics):
            yield Problem(
                f"Впишите тему в строке {place} или удалите строку – после этого план можно отправить.",
                f"row-{item.uid}",
            )
    if not document.stamps.active().filter(kind=Stamp.Kind.APPROVE).exists():
        yield Problem("Добавьте гриф «Утверждаю»: без него план некому утвердить.", "stamps")


def restore_plan(document, snapshot):
    """Put the live rows back as they are in force; rows added meanwhile leave the table."""
    plan = plan_of(document)
    plan.title = "\n".join(snapshot["head"]["title"])
    plan.version += 1
    plan.save(update_fields=["title", "version"])
    period = (plan.period_start, plan.period_end)
    people = dict(
        PlanResponsible.objects.filter(item__plan=plan, person__isnull=False).values_list("text", "person_id")
    )
    plan.items.update(position=None)
    rows = [row for section in snapshot["sections"] for row in section["rows"]]
    for position, row in enumerate(rows, start=1):
        item = plan.items.get(uid=row["uid"])
        cells = row["cells"]
        term = parse_term(cells["term"], period)
        item.position, item.version = position, item.version + 1
        item.label, item.topics = cells["label"], cells["topics"]
        item.term, item.term_start, item.term_end = cells["term"], term.start, term.end
        item.save()
        item.responsibles.all().delete()
        PlanResponsible.objects.bulk_create(
            PlanResponsible(item=item, text=text, person_id=people.get(text), position=place)
            for place, text in enumerate(cells["responsible"])
        )


def plan_stamps(document):
    """The office's default stamps: agreement first, approval last."""
    from projectoffice.accounts.models import OfficeProfile

    return OfficeProfile.load().default_stamps


MEETING_PLAN = register(
    Kind(
        code="meeting_plan",
        name="План заседаний",
        gender="m",
        issued_word="Утверждён",
        change_permission="meetings.change_plan",
        content=plan_content,
        check=lambda document: list(plan_problems(document)),
        readable=office_paper,
        url=lambda document: plan_of(document).get_absolute_url(),
        restore=restore_plan,
        default_stamps=plan_stamps,
    )
)
