"""«Информация о выполнении плана» as PDF, Word and a table for Excel: the same words and numbers as on the page."""
from projectoffice.common.filenames import clean_name
from projectoffice.common.russian import date_short, percent
from projectoffice.documents import sheet
from projectoffice.documents.models import Stamp
from projectoffice.documents.snapshot import SCHEMA

from . import sums

COLUMNS = [
    {"key": "label", "title": "№ п/п", "width": 6},
    {"key": "topics", "title": "Тема", "width": 36},
    {"key": "term", "title": "Срок", "width": 14},
    {"key": "state", "title": "Выполнение", "width": 21},
    {"key": "note", "title": "Примечание", "width": 23},
]
MONTH_COLUMNS = [
    {"key": "month", "title": "Срок", "width": 24},
    {"key": "total", "title": "Вопросов", "width": 14},
    {"key": "parts", "title": "Из них", "width": 44},
    {"key": "percent", "title": "Выполнено", "width": 18},
]
GROUP_HEADINGS = ["Срок", "Вопросов", "Проведено", "Частично", "Перенесено", "Снято", "Не проведено", "Впереди", "Выполнено, %"]
# The head of the table for Excel; the numbers by month stand under it and need more columns.
XLSX_HEADINGS = [column["title"] for column in COLUMNS] + [""] * (len(GROUP_HEADINGS) - len(COLUMNS))


def pdf(fulfilment, office):
    """The paper to be signed by hand; the same fulfilment on the same day gives the same bytes."""
    return sheet.render_pdf(snapshot_of(fulfilment, office), mode="ink").pdf


def docx(fulfilment, office):
    return sheet.render_docx(snapshot_of(fulfilment, office), note="")


def title_of(fulfilment):
    """The name of the files: «Выполнение плана на 2027 год, 21.11.2027»."""
    return f"Выполнение плана на {fulfilment.plan.period_words}, {date_short(fulfilment.day)}"


def file_name(fulfilment, ending):
    return clean_name(f"{title_of(fulfilment)}.{ending}", ending)


def snapshot_of(fulfilment, office):
    plan, snapshot = fulfilment.plan, fulfilment.edition.snapshot
    sections = [{"uid": f"s{place}", "title": title, "rows": rows} for place, (title, rows) in enumerate(by_section(fulfilment))]
    return {
        "schema": SCHEMA,
        "kind": "plan_fulfilment",
        "head": {
            "above": head_lines(plan, office),
            "title": ["Информация", f"о выполнении плана заседаний {plan.body.genitive}",
                      f"на {plan.period_words}"],
            "basis": f"(по состоянию на {date_short(fulfilment.day)})",
        },
        "stamps": [signature(snapshot)],
        "columns": COLUMNS,
        "sections": [*sections, by_month(fulfilment), how_counted()],
    }


def head_lines(plan, office):
    """Whose paper it is, where the title does not say it already."""
    return [line for line in (office.department, "" if plan.body.is_main else office.name) if line]


def signature(snapshot):
    """A line to sign on: post and name of who approved the plan; who has left since leaves the name to be written by hand."""
    approved = next((stamp for stamp in snapshot.get("stamps", []) if stamp.get("kind") == "approve"), {})
    has_left = approved and Stamp.objects.filter(uid=approved["uid"], signer__left_on__isnull=False).exists()
    return {"uid": "signature", "kind": "sign", "place": "foot", "side": "left", "step": 1, "style": "office",
            "heading": "", "post": approved.get("post", ""), "name": "" if has_left else approved.get("name", ""), "basis": ""}


def by_section(fulfilment):
    """[(heading across the table, rows)] in the order of the plan."""
    found = []
    for done in fulfilment.rows:
        if not found or found[-1][0] != done.row.section:
            found.append((done.row.section, []))
        found[-1][1].extend(printed_rows(done))
    return found


def printed_rows(done):
    """A row of its own for each topic line; number and term stand at the first."""
    for place, each in enumerate(done.lines):
        yield {"uid": f"{done.row.uid}-{each.line.place}", "cells": {
            "label": done.row.label if place == 0 else "",
            "topics": [line(each.line.text), *(line(sub.text, 1) for sub in each.line.subs)],
            "term": done.row.term if place == 0 else "",
            "state": [line(words) for words in state_lines(each.state)],
            "note": [line(words) for words in note_lines(each)],
        }}


def line(text, level=0):
    return {"text": text, "level": level, "marker": "dash" if level else "paragraph"}


def state_lines(state):
    """«Проведено 12.02.2027», then the protocols that say so."""
    return [state.words, *protocol_words(state)]


def protocol_words(state):
    return [f"протокол № {meeting.number} от {date_short(meeting.date)}" if meeting.number else f"протокол от {date_short(meeting.date)}"
            for meeting in state.meetings if meeting.protocol]


def note_lines(each):
    return [words for words in (each.state.reason, *each.state.remarks) if words]


def by_month(fulfilment):
    rows = [{"uid": f"month-{place}", "cells": {
        "month": group.title, "total": str(group.total), "parts": parts_words(group), "percent": percent(group.percent),
    }} for place, group in enumerate([*fulfilment.groups, fulfilment.total])]
    return {"uid": "months", "title": "Выполнение по месяцам", "columns": MONTH_COLUMNS, "rows": rows}


def parts_words(group):
    """«проведено 2, частично 1»: what the number of questions is made of."""
    parts = (("проведено", group.held), ("частично", group.partly), ("перенесено", group.moved), ("снято", group.cancelled),
             ("не проведено", group.not_held), ("впереди", group.ahead))
    return ", ".join(f"{word} {count}" for word, count in parts if count)


def how_counted():
    return {"uid": "how", "kind": "text", "title": "", "lines": [line(sums.HOW)]}


def xlsx_rows(fulfilment):
    """The rows of the paper, then a table of numbers by month."""
    for _, rows in by_section(fulfilment):
        for row in rows:
            yield [plain(row["cells"][column["key"]]) for column in COLUMNS]
    yield []
    yield GROUP_HEADINGS
    for group in [*fulfilment.groups, fulfilment.total]:
        yield [group.title, group.total, group.held, group.partly, group.moved, group.cancelled, group.not_held, group.ahead,
               group.percent]


def plain(cell):
    return cell if isinstance(cell, str) else "\n".join(("– " if each["level"] else "") + each["text"] for each in cell)
