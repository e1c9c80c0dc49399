"""From a Word document to an ImportedImplementationPlan: its seven columns, how it is spoken of."""
import re

from projectoffice.common.worddoc import read_document
from projectoffice.documents.imports import reader
from projectoffice.documents.imports.form import WORDS, Form
from projectoffice.documents.table.linting import in_sections, is_number

from ..linter import reach
from .plan import ImportedImplementationPlan

UNCHANGED = "Ничего не загружено, ваш план не изменился."
COLUMNS = {
    "participants": ("категори", "участник", "аудитори", "целевая"),
    "count": ("количеств", "кол", "числоучаст", "охват"),
    "result": ("результат", "эффект", "продукт", "итог", "выход"),
}
MEETINGS = re.compile(r"план\w*\s+(?:работы\s+)?заседани\w*", re.IGNORECASE)
OWN = {word for words in COLUMNS.values() for word in words}
FORM = Form(
    told={
        "nothing": f"В файле не нашлась таблица с графами «Деятельность» и «Сроки». {UNCHANGED}",
        "too_wide": "В таблице этого файла граф: {count}, а в плане реализации их семь. Похоже, это другой план. " + UNCHANGED,
        "no_rows": f"В таблице плана нет ни одной строки под заголовками. {UNCHANGED}",
        "no_topic": "не указана деятельность",
        "participants": "Категория участников",
        "count": "Количество участников",
        "result": "Результат",
    },
    words={**WORDS, "note": tuple(word for word in WORDS["note"] if word not in OWN), **COLUMNS},
    most_columns=9,
    extra={"participants": "text", "count": "number", "result": "lines"},
    needs_approval=False,
    anew=True,
    reach=reach,
)


def read_plan_stream(stream, *, year=None):
    """Runs in the child process: the wire form of the plan."""
    return read(read_document(stream), year=year).to_wire()


def read(document, *, year=None):
    """The ImportedImplementationPlan of a WordDocument."""
    plan = reader.read(document, FORM, ImportedImplementationPlan(), year=year)
    for position, item in enumerate(plan.items, 1):
        item.extra["count"] = item.extra["count"].strip()
        if item.extra["count"] and not is_number(item.extra["count"]):
            plan.remark("count_not_a_number", position,
                        f"Строка {position}: количество участников «{item.extra['count']}» – не число, оно останется как в файле.")
    for remark in plan.remarks:
        remark["message"] = in_sections(remark["message"], plan.items)
    if words := other_plan(plan):
        plan.remark("looks_like_meetings", None, f"Похоже на план заседаний: {words}. Если это он, загрузите его в «Планах заседаний».")
    plan.remarks.sort(key=lambda remark: remark["row"] or 0)
    return plan


def other_plan(plan):
    """Why the file looks like a plan of meetings: its title says so, or nothing stands in the columns such a plan has not."""
    if found := MEETINGS.search(" ".join(plan.title)):
        return f"так говорит его заголовок («{found[0]}…»)"
    if not any(any(item.extra.values()) for item in plan.items):
        return "в нём нет ни участников, ни их количества, ни результата"
    return ""
