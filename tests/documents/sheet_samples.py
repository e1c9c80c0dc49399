"""Snapshots for the tests of the sheet: an invented plan and the real one, read from the shared documents when they are there."""
import os
from pathlib import Path

import docx
import pytest

SHARED = Path(os.environ.get("SHARED_DOCUMENTS", Path(__file__).resolve().parents[3] / "shared/documents"))
ADDRESS = "https://po.example.ru/v/4f8Kq2ZrT0mWxY7aBcDeFg"
COLUMNS = [
    {"key": "label", "title": "№ п/п", "width": 7}, {"key": "topics", "title": "Тема заседаний", "width": 54},
    {"key": "term", "title": "Срок", "width": 16}, {"key": "responsible", "title": "Ответственный", "width": 23},
]


def stamp(uid, kind="approve", **changes):
    return {
        "uid": uid, "kind": kind, "place": "head", "side": "left" if kind == "agree" else "right", "step": 1, "style": "office",
        "post": "Руководитель\nотдела", "name": "А.Б. Зимина", "basis": "", "gender": "m",
    } | changes


def line(text, marker="paragraph", level=0):
    return {"text": text, "level": level, "marker": marker}


def row(number, topics, term="февраль", responsible=("Зимина А.Б.", "Орлов Н.П.")):
    cells = {"label": f"{number}.", "topics": topics, "term": term, "responsible": list(responsible)}
    return {"uid": f"row-{number}", "cells": cells}


def plan(rows=None, **changes):
    rows = rows if rows is not None else [
        row(1, [line("Обсуждение подходов к оценке проектов.")]),
        row(2, [line("Итоги полугодия:"), line("отчёты школ;", "dash"), line("планы учреждений.", "dash")], "июнь"),
    ]
    return {
        "schema": 1, "kind": "meeting_plan",
        "head": {"title": ["План", "заседаний Проектного офиса", "на 2027 год"], "basis": "", "period": ["2027-01-01", "2027-12-31"]},
        "stamps": [stamp("agree", "agree", name="К.А. Орлова"), stamp("approve")],
        "columns": COLUMNS, "sections": [{"uid": "all", "title": "", "rows": rows}],
    } | changes


def long_plan(count):
    topic = "Обсуждение промежуточных итогов проектов учреждений и подготовка предложений к городской конференции. "
    return plan([row(number, [line(topic * 3)]) for number in range(1, count + 1)])


def real_plan():
    """The plan of 2020 as a snapshot; skips where the shared documents are absent."""
    path = SHARED / "plan-zasedaniy-2020.docx"
    if not path.exists():
        pytest.skip(f"the real plan is not at {path}")
    document = docx.Document(path)
    stamps, table = document.tables
    left, right = ([paragraph.text for paragraph in cell.paragraphs] for cell in stamps.rows[0].cells)
    rows = [
        {"uid": str(place), "cells": {
            "label": label.text, "topics": [_typed(paragraph.text) for paragraph in topics.paragraphs],
            "term": term.text, "responsible": people.text.split("\n"),
        }} for place, (label, topics, term, people) in enumerate(row.cells for row in table.rows[1:])
    ]
    return plan(rows, head={"title": [paragraph.text for paragraph in document.paragraphs if paragraph.text], "basis": ""}, stamps=[
        stamp("agree", "agree", post="\n".join(left[1:-2]), name=left[-1].lstrip("_ ")),
        stamp("approve", post="\n".join(right[1:-2]), name=right[-1].lstrip("_ ")),
    ])


def _typed(text):
    return line(text[2:], "dash") if text.startswith("- ") else line(text)


def mark(uid="approve", **changes):
    return {
        "stamp": uid, "method": "simple", "name": "Зимина А.Б.", "post": "руководитель отдела", "moment": "12.01.2027, 10:12",
        "record": "1043",
    } | changes
