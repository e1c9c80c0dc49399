"""A submission on paper with the mark of its receipt: the snapshot a sheet is drawn from. Pure."""
from projectoffice.common.lines import from_text
from projectoffice.common.russian import date_short, moment_short
from projectoffice.documents.snapshot import SCHEMA

from .words import entered_by_office, told

COLUMNS = [
    {"key": "name", "title": "Показатель", "width": 34},
    {"key": "target", "title": "Цель", "width": 13},
    {"key": "before", "title": "Прошлое значение", "width": 14},
    {"key": "value", "title": "Значение", "width": 14},
    {"key": "evidence", "title": "Чем подтверждается", "width": 25},
]
FACTS = [{"key": "what", "title": "О проекте", "width": 30}, {"key": "words", "title": "Сведения", "width": 70}]


def sheet_of(submission, mark):
    """The submission as a snapshot for the renderer; ``mark`` are the lines of its receipt («Принят 12.05.2027 …»)."""
    snapshot, content = submission.snapshot, told(submission.snapshot)
    project, period = snapshot["project"], snapshot["period"]
    days = f"{date_short(period['start'])}–{date_short(period['end'])}"
    sections = [text(f"report-{title}", title, words or empty) for title, words, empty in content["texts"]]
    if content["indicators"]:
        sections.append({"uid": "indicators", "title": "Показатели", "columns": COLUMNS, "rows": [
            {"uid": row["uid"], "cells": {"name": row["name"], "target": row["target"], "before": row["before"],
                                          "value": value_words(row), "evidence": row["evidence"]}} for row in content["indicators"]]})
    for part in content["parts"]:
        sections.append(text(f"part-{part['id']}", f"Часть учреждения: {part['institution']}", part["text"] or "Не прислана."))
    if content["files"]:
        sections.append(text("files", "Приложения", "\n".join(f"{number}. {row['name']}" for number, row in enumerate(content["files"], start=1))))
    sections.append(text("mark", "Отметка о приёме", "\n".join(mark)))
    return {
        "schema": SCHEMA,
        "head": {"title": ["Отчёт о реализации проекта", f"«{project['title']}»", f"{period['title']} ({days})"]},
        "stamps": [], "columns": FACTS,
        "sections": [{"uid": "facts", "title": "", "rows": fact_rows(project, content)}, *sections],
    }


def fact_rows(project, content):
    facts = [("Портфель", project["portfolio"]), ("Ведущее учреждение", project["lead"]), ("Руководитель", project["head"]),
             ("Как идёт проект", content["course"][1] if content["course"] else "")]
    return [{"uid": what, "cells": {"what": what, "words": words}} for what, words in facts if words]


def value_words(row):
    return f"{row['value']}; нарастающим итогом {row['came_to']}" if row["came_to"] else row["value"]


def text(uid, title, words):
    return {"uid": uid, "kind": "text", "title": title, "lines": from_text(words)}


def mark_of(submission, report, is_newest):
    """The lines of the receipt: when it came, who sent it, what became of it."""
    who = submission.recorded_by or submission.by
    lines = [f"Отправка {submission.number}: {moment_short(submission.at)}" + (f", {who.short_name}" if who else "")
             + (", после срока" if submission.is_late else "")]
    if entered := entered_by_office(submission):
        lines.append(f"{entered}.")
    if is_newest and report.state == report.State.ACCEPTED:
        lines.append(f"Принят {date_short(report.decided_at)}" + (f", {report.decided_by.short_name}" if report.decided_by else "") + ".")
    elif is_newest and report.state == report.State.RETURNED:
        lines.append(f"Возвращён {date_short(report.decided_at)} на доработку.")
    elif is_newest and report.state == report.State.SUBMITTED:
        lines.append("На проверке.")
    else:
        lines.append("Отправка заменена или отозвана.")
    return lines
