"""The entry as a paper: for the director's signature and the seal, or as it was sent."""
from projectoffice.common.filenames import clean_name
from projectoffice.common.lines import from_text
from projectoffice.common.russian import file_size, moment_short
from projectoffice.documents.sheet import render_pdf
from projectoffice.documents.snapshot import SCHEMA

from .submission import take, text_mark
from .words import zone_words
from .workflow import TO_WRITE

AUTHORS = [
    {"key": "name", "title": "Фамилия, имя, отчество", "width": 45},
    {"key": "post", "title": "Должность", "width": 55},
]
FILES = [{"key": "name", "title": "Файл", "width": 80}, {"key": "size", "title": "Размер", "width": 20}]
EMPTY = "–"


def entry_pdf(entry):
    """The text being written while it may be changed, else what was last sent; the same content gives the same bytes."""
    submission = entry.submissions.first()
    live = entry.state in TO_WRITE or submission is None
    content = take(entry) if live else submission.snapshot
    return render_pdf(snapshot_of(entry, content, None if live else submission), mode="ink").pdf


def file_name(entry):
    title = f"Заявка № {entry.number}" if entry.number else f"Заявка {entry.title}"[:80]
    return clean_name(f"{title}.pdf", "pdf")


def snapshot_of(entry, content, submission):
    return {
        "schema": SCHEMA,
        "kind": "contest_entry",
        "head": {
            "title": ["Заявка", "на участие в конкурсе", f"«{entry.contest.title}»", f"{entry.contest.year} года"],
            "number": str(entry.number) if entry.number else "",
            "basis": content["nomination"]["title"],
        },
        "stamps": [director()],
        "columns": [],
        "sections": [
            *(text(label, words) for label, words in card(content)),
            authors(content),
            *(text(each["label"], each["text"]) for each in content["answers"]),
            *([files(content)] if content["files"] else []),
            *below(content, submission),
        ],
    }


def director():
    """A line to sign on; the name is written by hand."""
    return {"uid": "director", "kind": "sign", "place": "foot", "side": "left", "step": 1, "style": "office",
            "heading": "", "post": "Руководитель учреждения", "name": "____________________", "basis": ""}


def card(content):
    yield "Название работы", content["title"]
    yield "Учреждение", content["institution"]["name"]
    if content["partners"]:
        yield "Учреждения-партнёры", "; ".join(each["name"] for each in content["partners"])


def text(label, words):
    return {"uid": f"text-{label[:40]}", "kind": "text", "title": label, "lines": from_text(words.strip() or EMPTY)}


def authors(content):
    rows = [{"uid": f"author-{place}", "cells": {"name": each["name"], "post": each["post"] or EMPTY}}
            for place, each in enumerate(content["authors"], start=1)]
    return {"uid": "authors", "title": "Авторы", "columns": AUTHORS, "rows": rows}


def files(content):
    rows = [{"uid": f"file-{place}", "cells": {"name": each["name"], "size": file_size(each["size"])}}
            for place, each in enumerate(content["files"], start=1)]
    return {"uid": "files", "title": "К заявке приложены файлы", "columns": FILES, "rows": rows}


def below(content, submission):
    """Room for the seal and the date by hand; what tells this text from another one."""
    mark = f"Метка текста: {text_mark(content)}"
    if submission:
        mark = f"Отправлена {moment_short(submission.at)} ({zone_words()}). {mark}"
    yield {"uid": "seal", "kind": "pair", "place": "after", "left": "М.П.", "right": "«___» ______________ 20__ г."}
    yield {"uid": "mark", "kind": "text", "place": "after", "title": "", "lines": from_text(mark)}
