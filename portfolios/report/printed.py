"""A submission on paper with the mark of its receipt: the snapshot a sheet is drawn from. Pure."""
import re

from projectoffice.common.lines import from_text
from projectoffice.common.russian import date_short, moment_short
from projectoffice.documents.snapshot import SCHEMA

from ..amounts import shown_amount
from .measured import decimal
from .words import entered_by_office, told, was_withdrawn

COLUMNS = [
    {"key": "name", "title": "Показатель", "width": 32},
    {"key": "target", "title": "Цель", "width": 11},
    {"key": "before", "title": "Прошлое", "width": 12},
    {"key": "value", "title": "Сейчас", "width": 11},
    {"key": "came_to", "title": "Всего", "width": 10},
    {"key": "evidence", "title": "Подтверждение", "width": 24},
]
FACTS = [{"key": "what", "title": "Отчёт", "width": 30}, {"key": "words", "title": "Сведения", "width": 70}]


def sheet_of(submission, mark):
    """The submission as a snapshot for the renderer; ``mark`` is its receipt: ``[(«Принят», «12.05.2027, …»)]``."""
    snapshot, content = submission.snapshot, told(submission.snapshot)
    project, period = snapshot["project"], snapshot["period"]
    days = f"{date_short(period['start'])}–{date_short(period['end'])}"
    sections = [text(f"report-{title}", title, words) for title, words, _ in content["texts"] if words]
    if content["indicators"]:
        sections.append({"uid": "indicators", "title": "Показатели", "columns": COLUMNS,
                         "rows": [{"uid": row["uid"], "cells": cells(row)} for row in snapshot["indicators"]]})
    for part in content["parts"]:
        said = "черновик, не прислана" if part["text"] and not part["sent"] else part.get("entered", "")
        sections.append(text(f"part-{part['id']}", f"Часть учреждения: {part['institution']}{f' ({said})' if said else ''}", part["text"] or "Не прислана."))
    if content["files"]:
        sections.append(text("files", "Приложения", "\n".join(f"{number}. {row['name']}" for number, row in enumerate(content["files"], start=1))))
    return {
        "schema": SCHEMA,
        "head": {"title": ["Отчёт о реализации проекта", f"«{project['title']}»", f"{period['title']} ({days})"]},
        "stamps": [], "columns": FACTS,
        "sections": [{"uid": "facts", "title": "", "rows": fact_rows(project, content, mark)}, *sections],
    }


def fact_rows(project, content, mark):
    facts = [("Портфель", project["portfolio"]), ("Ведущее учреждение", project["lead"]), ("Руководитель", project["head"]),
             ("Как идёт проект", content["course"][1] if content["course"] else ""), *mark]
    return [{"uid": what, "cells": {"what": what, "words": words}} for what, words in facts if words]


def cells(row):
    """A row of the table: the unit stands once, in the name or beside it."""
    told_there = re.search(rf"\b{re.escape(row['unit'])}\b", row["name"], re.IGNORECASE)
    amounts = {name: shown_amount(decimal(row[name])) for name in ("target", "before", "value")}
    return {"name": f"{row['name']}, {row['unit']}" if row["unit"] and not told_there else row["name"], **amounts,
            "came_to": shown_amount(decimal(row["came_to"])) if row["is_cumulative"] else "", "evidence": row["evidence"]}


def text(uid, title, words):
    return {"uid": uid, "kind": "text", "title": title, "lines": from_text(words)}


def mark_of(submission, report, is_newest):
    """The receipt: when it came and from whom, what became of it."""
    who = submission.recorded_by or submission.by
    came = ", ".join(filter(None, [moment_short(submission.at), who.short_name if who else "", "после срока" if submission.is_late else ""]))
    return [(f"Отправка {submission.number}", came), ("Внесено", entered_by_office(submission)), became(submission, report, is_newest)]


def became(submission, report, is_newest):
    """What became of this submission, as the last row of its receipt."""
    state = report.State(report.state)
    if not is_newest or was_withdrawn(submission, report):
        return "Отметка", "отправка заменена или отозвана"
    if state == report.State.SUBMITTED:
        return "Отметка", "получен, на проверке"
    who = f", {report.decided_by.short_name}" if report.decided_by else ""
    return "Принят" if state == report.State.ACCEPTED else "Возвращён", f"{date_short(report.decided_at)}{who}"
