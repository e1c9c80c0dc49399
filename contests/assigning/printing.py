"""The order of speaking as a paper for the hall."""
from projectoffice.common.filenames import clean_name
from projectoffice.common.russian import moment_short
from projectoffice.documents.sheet import render_pdf
from projectoffice.documents.snapshot import SCHEMA

from ..contest.workflow import stages_of
from ..models import ContestStage
from ..sheet.blind import title_of
from ..sheet.queue import contents_of_entries

NUMBER = {"key": "place", "title": "№", "width": 8}
ENTRY = {"key": "number", "title": "Заявка", "width": 14}
NAMED = [NUMBER, ENTRY, {"key": "title", "title": "Работа", "width": 43}, {"key": "institution", "title": "Учреждение", "width": 35}]
BLIND = [NUMBER, ENTRY, {"key": "title", "title": "Работа", "width": 78}]


def order_pdf(contest, halls):
    """The same order gives the same bytes; in a blind contest the paper, which hangs in the hall, names nobody, in titles neither."""
    return render_pdf(snapshot_of(contest, halls), mode="ink").pdf


def file_name(contest):
    return clean_name(f"Порядок выступлений {contest.year}.pdf", "pdf")


def snapshot_of(contest, halls):
    stage = stages_of(contest).get(ContestStage.Kind.ONSITE)
    columns = BLIND if contest.is_blind else NAMED
    contents = contents_of_entries([entry.pk for hall in halls for entry in hall.speakers]) if contest.is_blind else {}
    return {
        "schema": SCHEMA, "kind": "contest_onsite_order",
        "head": {"title": ["Порядок выступлений", "очный тур конкурса", f"«{contest.title}»"],
                 "basis": f"{moment_short(stage.starts_at)} – {moment_short(stage.ends_at)}" if stage else ""},
        "stamps": [], "columns": [],
        "sections": [{"uid": f"hall-{hall.nomination.pk}", "title": hall.nomination.title, "columns": columns,
                      "rows": [row_of(place, entry, columns, contents.get(entry.pk)) for place, entry in enumerate(hall.speakers, start=1)]}
                     for hall in halls if hall.speakers],
    }


def row_of(place, entry, columns, content):
    title = title_of(content, blind=True) if content else entry.title
    cells = {"place": f"{place}.", "number": f"№ {entry.number}", "title": title, "institution": str(entry.institution)}
    return {"uid": f"entry-{entry.pk}", "cells": {column["key"]: cells[column["key"]] for column in columns}}
