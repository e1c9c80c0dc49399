"""What the table editor shows: rows as cells with their text, their source and their readings.

The component (templates/components/table_editor, static/js/table-editor*.js) takes these dictionaries, and every
answer of a verb has the one shape of ``answer``.
"""
import re
from datetime import timedelta

from django.template.loader import render_to_string
from django.utils import timezone

from projectoffice.common.models import Event

from . import remarks
from .spec import table_of

PRESENT = timedelta(seconds=45)
UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOST_GONE = 50  # rows told about in one answer


def page(content, panel, person):
    """What the templates of the component need for the whole page of a content with its rows."""
    table = table_of(content)
    rows = list(table.rows_of(content))
    found = remarks.of(content, rows, panel.stamps)
    return {
        "base": table.base(content),
        "main": table.main,
        "has_sections": table.anew,
        "columns": columns(table),
        "rows": rows_shown(content, rows, remarks.edges(found)),
        "remarks": found,
        "editable": True,
        "acknowledge_url": table.url("acknowledge", content.pk),
        "title_url": table.url("title", content.pk),
        "title_form_url": table.url("title_form", content.pk),
        "others": others_here(content, person, rows),
    }


def columns(table):
    return [{**column, "kind": cell.kind} for column, cell in zip(table.columns, table.cells, strict=True)]


def rows_shown(content, rows, edges=None):
    """The rows as the component draws them. ``edges`` tells which rows carry a remark."""
    edges = edges or {}
    shown = [row_shown(content, row, edges.get(str(row.uid), "")) for row in rows]
    for above, row in zip([None, *shown], shown, strict=False):
        row["opens_section"] = bool(row["section"]) and (above is None or above["section"] != row["section"])
    return shown


def row_shown(content, row, edge=""):
    table = table_of(content)
    period = table.period(content)
    return {
        "uid": str(row.uid),
        "version": row.version,
        "place": row.position,
        "edge": edge,
        "section": row.section,
        "cells": [{"key": cell.key, "kind": cell.kind, "title": cell.asked, "source": cell.source(row),
                   **cell.shown(row, period)} for cell in table.cells],
    }


def answer(content, *, seen=None, person=None, **more):
    """What a verb answers: the order, the rows that changed since ``seen`` ({uid: version}), remarks, the hour."""
    table = table_of(content)
    rows = list(table.rows_of(content))
    found = remarks.of(content, rows)
    edges = remarks.edges(found)
    seen = seen or {}
    changed = [row for row in rows if seen.get(str(row.uid)) != row.version]
    return {
        "order": [str(row.uid) for row in rows],
        "rows": {row["uid"]: render_rows(table, content, [row]) for row in rows_shown(content, changed, edges)},
        "edges": edges,
        "remarks": render_to_string("components/table_editor/_remarks.html", {
            "remarks": found, "editable": True, "acknowledge_url": table.url("acknowledge", content.pk)}),
        "gone": gone(content, seen, rows),
        "title": {"version": content.version, "source": content.title},
        "present": others_here(content, person, rows),
        "saved": f"{timezone.localtime():%H:%M}",
        **more,
    }


def gone(content, seen, rows):
    """The rows of ``seen`` that stand in the table no more, and who removed each, for whoever writes in them."""
    here = {str(row.uid) for row in rows}
    lost = [uid for uid in seen if uid not in here and UID.fullmatch(uid)][:MOST_GONE]
    if not lost:
        return []
    events = Event.objects.about(content.document).filter(verb="remove_row", changes__row__in=lost).select_related("actor")
    removers = {event.changes["row"]: event.actor for event in events.order_by("moment", "pk")}
    return [{"row": uid, "who": removers[uid].short_name if removers.get(uid) else ""} for uid in lost]


def render_rows(table, content, rows):
    return render_to_string("components/table_editor/_rows.html", {
        "rows": rows, "base": table.base(content), "main": table.main, "columns": table.columns})


def others_here(content, person, rows=None):
    """«Белов С.И. правит строку 3», for everybody else who has a row open just now."""
    since = timezone.now() - PRESENT
    here = table_of(content).presence.objects.filter(plan=content, seen_at__gte=since).select_related("person").order_by("pk")
    places = {row.uid: row.position for row in rows or ()}
    return [
        f"{one.person.short_name} правит строку {places[one.row_uid]}"
        for one in here
        if one.person != person and one.row_uid in places
    ]
