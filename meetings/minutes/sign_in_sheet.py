"""The sheet people sign as they come; no document, but printed like one."""
from projectoffice.common.russian import date_long
from projectoffice.documents.snapshot import SCHEMA

BLANK_ROWS = 10
COLUMNS = [
    {"key": "label", "title": "№ п/п", "width": 7},
    {"key": "name", "title": "Фамилия, имя, отчество", "width": 37},
    {"key": "post", "title": "Должность и организация", "width": 31},
    {"key": "signature", "title": "Подпись", "width": 25},
]


def sign_in_snapshot(meeting, participants):
    """The sheet as a snapshot for the renderer: those expected, then ten rows for who comes besides."""
    rows = [row(place, each.person.full_name if each.person else each.name, each.post)
            for place, each in enumerate(participants, start=1)]
    blank = [row(place, "", "") for place in range(len(rows) + 1, len(rows) + 1 + BLANK_ROWS)]
    return {
        "schema": SCHEMA,
        "head": {"title": ["Явочный лист", f"заседания {meeting.body.genitive}", when_and_where(meeting)]},
        "stamps": [],
        "columns": COLUMNS,
        "rows": "tall",
        "sections": [{"uid": "", "title": "", "rows": rows + blank}],
    }


def row(place, name, post):
    return {"uid": f"{place}", "cells": {"label": f"{place}.", "name": name, "post": post, "signature": ""}}


def when_and_where(meeting):
    """«4 июня 2027 г., 14:00, каб. 21»; a line to write on where the day is not set."""
    day = date_long(meeting.date) if meeting.date else "«___» ______________ 20__ г."
    return ", ".join(filter(None, [day, f"{meeting.start:%H:%M}" if meeting.start else "", meeting.place]))
