"""What the table editor shows of a plan: rows as cells with their text, their source and their readings.

The component (templates/components/table_editor, static/js/table-editor*.js) knows no plan: it takes these
dictionaries, and every answer of a verb has the one shape of ``answer``.
"""
import json
import re
from datetime import timedelta

from django.template.loader import render_to_string
from django.utils import timezone

from projectoffice.common import lines
from projectoffice.common.models import Event
from projectoffice.common.terms import parse_term, reading

from ..kinds.plan import COLUMNS, rows_of
from ..models import RowPresence
from . import cells, remarks

KINDS = {"label": "text", "topics": "lines", "term": "text", "responsible": "people"}
ASKED = {"label": "№", "topics": "Тема", "term": "Срок", "responsible": "Ответственный"}
PRESENT = timedelta(seconds=45)
UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOST_GONE = 50  # rows told about in one answer


def columns():
    return [{**column, "kind": KINDS[column["key"]]} for column in COLUMNS]


def rows_shown(plan, items, edges=None):
    """The rows as the component draws them. ``edges`` tells which rows carry a remark."""
    edges = edges or {}
    period = (plan.period_start, plan.period_end)
    shown = [row_shown(item, period, edges.get(str(item.uid), "")) for item in items]
    for above, row in zip([None, *shown], shown, strict=False):
        row["opens_section"] = bool(row["section"]) and (above is None or above["section"] != row["section"])
    return shown


def row_shown(item, period, edge=""):
    term = parse_term(item.term, period)
    return {
        "uid": str(item.uid),
        "version": item.version,
        "place": item.position,
        "edge": edge,
        "section": item.section,
        "cells": [
            {"key": "label", "kind": "text", "title": ASKED["label"], "source": item.label, "text": item.label},
            {"key": "topics", "kind": "lines", "title": ASKED["topics"], "source": lines.to_text(item.topics),
             "text": lines.to_html(item.topics)},
            {"key": "term", "kind": "text", "title": ASKED["term"], "source": item.term, "text": item.term,
             "reading": reading(term), "unclear": not term.understood},
            {"key": "responsible", "kind": "people", "title": ASKED["responsible"],
             "source": cells.source(item, "responsible"), "names": [one.text for one in item.responsibles.all()],
             "people": json.dumps({one.text: one.person_id for one in item.responsibles.all() if one.person_id})},
        ],
    }


def answer(plan, *, seen=None, person=None, **more):
    """What a verb answers: the order, the rows that changed since ``seen`` ({uid: version}), remarks, the hour."""
    items = list(rows_of(plan))
    found = remarks.of(plan, items)
    edges = remarks.edges(found)
    seen = seen or {}
    changed = [item for item in items if seen.get(str(item.uid)) != item.version]
    shown = rows_shown(plan, changed, edges)
    return {
        "order": [str(item.uid) for item in items],
        "rows": {row["uid"]: render_rows(plan, [row]) for row in shown},
        "edges": edges,
        "remarks": render_to_string("meetings/_remarks.html", {"plan": plan, "remarks": found, "editable": True}),
        "gone": gone(plan, seen, items),
        "title": {"version": plan.version, "source": plan.title},
        "present": others_here(plan, person, items),
        "saved": f"{timezone.localtime():%H:%M}",
        **more,
    }


def gone(plan, seen, items):
    """The rows of ``seen`` that stand in the table no more, and who removed each, for whoever wrote in them."""
    here = {str(item.uid) for item in items}
    lost = [uid for uid in seen if uid not in here and UID.fullmatch(uid)][:MOST_GONE]
    if not lost:
        return []
    events = Event.objects.about(plan.document).filter(verb="remove_row", changes__row__in=lost).select_related("actor")
    removers = {event.changes["row"]: event.actor for event in events.order_by("moment", "pk")}
    return [{"row": uid, "who": removers[uid].short_name if removers.get(uid) else ""} for uid in lost]


def render_rows(plan, rows):
    return render_to_string("components/table_editor/_rows.html", {"rows": rows, "base": f"{plan.get_absolute_url()}rows/"})


def others_here(plan, person, items=None):
    """«Белов С.И. правит строку 3», for everybody else who has a row open just now."""
    since = timezone.now() - PRESENT
    here = RowPresence.objects.filter(plan=plan, seen_at__gte=since).select_related("person").order_by("pk")
    places = {item.uid: item.position for item in items or ()}
    return [
        f"{one.person.short_name} правит строку {places[one.row_uid]}"
        for one in here
        if one.person != person and one.row_uid in places
    ]
