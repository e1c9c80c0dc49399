"""Kinds of documents of this app: what the plan of meetings tells the route, the printer and the register."""
from itertools import groupby

from django.db.models import Prefetch
from django.urls import reverse

from projectoffice.accounts.models import OfficeProfile, User
from projectoffice.accounts.names import people_named
from projectoffice.documents.kinds import Kind, Problem, register
from projectoffice.documents.reading import office_paper

from ..models import MeetingPlan, PlanResponsible
from ..plan import cells
from ..plan.drafts import remarks_on

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
        "sections": sections_of(rows_of(plan)),
    }


def sections_of(items):
    """Rows that follow one another under the same heading; a table without headings is one section."""
    runs = [{"uid": "", "title": title, "rows": [row_part(item) for item in run]}
            for title, run in groupby(items, key=lambda item: item.section)]
    return runs or [{"uid": "", "title": "", "rows": []}]


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
    """What bars sending the plan, as the linter sees it: a row without topic, no approve stamp, no rows."""
    plan = plan_of(document)
    found = remarks_on(plan, rows_of(plan), document.stamps.active())
    return [problem_of(remark) for remark in found if remark.bars_sending]


def problem_of(remark):
    where = {"no_rows": "rows", "no_approve_stamp": "stamps"}.get(remark.code, "")
    return Problem(remark.message, f"row-{remark.row}" if remark.row else where)


def restore_plan(document, snapshot):
    """Put the live rows back as they are in force; rows added meanwhile leave the table."""
    plan = plan_of(document)
    plan.title = "\n".join(snapshot["head"]["title"])
    plan.version += 1
    plan.save(update_fields=["title", "version"])
    period = (plan.period_start, plan.period_end)
    rows = [row | {"section": section["title"]} for section in snapshot["sections"] for row in section["rows"]]
    people = people_of(plan, [text for row in rows for text in row["cells"]["responsible"]])
    items = {f"{item.uid}": item for item in plan.items.all()}
    plan.items.update(position=None)
    for position, row in enumerate(rows, start=1):
        item = items[row["uid"]]
        values = row["cells"] | {"responsible": [(text, people.get(text)) for text in row["cells"]["responsible"]]}
        for cell in cells.CELLS:
            cells.write(item, cell, values[cell], period)
        item.position, item.section, item.version = position, row["section"], item.version + 1
        item.save()


def people_of(plan, texts):
    """{printed name: id of the person}: as the rows have it still, otherwise whom the name means without doubt."""
    linked = PlanResponsible.objects.filter(item__plan=plan, person__isnull=False)
    return {text: person.pk for text, person in people_named(texts).items()} | dict(linked.values_list("text", "person_id"))


def plan_people(document):
    """People the plan names as responsible, to whom it can be sent."""
    named = PlanResponsible.objects.filter(item__plan__document=document, item__position__isnull=False, person__isnull=False)
    return list(User.objects.active().filter(pk__in=named.values("person")).in_order())


def plan_stamps(document):
    """The office's default stamps: agreement first, approval last."""
    return OfficeProfile.load().default_stamps


MEETING_PLAN = register(
    Kind(
        code="meeting_plan",
        name="План заседаний",
        gender="m",
        issued_word="Утверждён",
        change_permission="meetings.change_plan",
        content=plan_content,
        check=plan_problems,
        readable=office_paper,
        url=lambda document: plan_of(document).get_absolute_url(),
        restore=restore_plan,
        default_stamps=plan_stamps,
        public_url=lambda document: reverse("documents:public", args=[document.pk]),
        responsibles=plan_people,
    )
)
