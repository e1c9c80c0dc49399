"""The frozen content of a document: what is printed, compared and hashed (docs/architecture.md § Snapshot)."""
import re

from projectoffice.common import lines
from projectoffice.common.hashing import content_hash

from .sheet.layout import split_at_signatures

SCHEMA = 1
MONTHS = ("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря")


def take_snapshot(document):
    """The document as it stands now, as plain JSON."""
    content = document.spec.content(document)
    head = {"number": "", "date": "", **content["head"], "basis": revision_line(document), **number_and_date(document)}
    stamps = [stamp_part(stamp) for stamp in document.stamps.all() if not stamp.removed]
    return {**content, "schema": SCHEMA, "kind": document.kind, "head": head, "stamps": stamps}


def readable_snapshot(document, working):
    """What this reader sees: what goes round or is being written only with the right to it, else what is in force."""
    if not working or document.state in (document.State.ISSUED, document.State.ANNULLED):
        return document.in_force.snapshot if document.in_force else take_snapshot(document)
    if document.current_sheet_id:
        return document.current_sheet.snapshot
    return take_snapshot(document)


def revision_line(document):
    """«(в редакции приказа … от 12.05.2027 № 84)» from the second edition on."""
    if document.edition_number == 1:
        return ""
    return f"(в редакции {act_line(document.basis, document.basis_number, document.basis_date)})"


def act_line(act, number, date):
    """The act in words, with its date and number where the words do not give them yet («протокол № 3 от …»)."""
    act = act.strip()
    parts = [act, f"от {date:%d.%m.%Y}" if date and not names_date(act, date) else "",
             f"№\xa0{number}" if number and not names_number(act, number) else ""]
    return " ".join(part for part in parts if part)


def names_date(text, date):
    """12.01.2023, 12.01.23, «12» января 2023: the text gives this very day."""
    figures = rf"(?<!\d)0?{date.day}\.0?{date.month}\.(?:{date.year}|{date:%y})(?!\d)"
    words = rf"(?<!\d)0?{date.day}[»\"“”]?\s+{MONTHS[date.month - 1]}\s+{date.year}(?!\d)"
    return bool(re.search(f"{figures}|{words}", text, re.IGNORECASE))


def names_number(text, number):
    return bool(re.search(rf"(?:№|N)\s*{re.escape(number)}(?![\w/-])", text))


def without_tail(act, number, date):
    """The act without the date and number at its end, when ``act_line`` prints them there in just the same way."""
    tail = act_line("", number, date)
    found = re.search(r"\s+".join(map(re.escape, tail.split())) + r"\s*$", act) if tail else None
    bare = act[:found.start()].strip() if found else ""
    return bare if bare and " ".join(act_line(bare, number, date).split()) == " ".join(act.split()) else act


def number_and_date(document):
    """The document's own number and day, where its kind prints them; a kind may print others, of another paper."""
    if not document.spec.prints_number:
        return {}
    day = document.spec.date(document)
    number = document.number_text or (str(document.number) if document.number else "")
    return {"number": number, "date": f"{day:%Y-%m-%d}" if day else ""}


def stamp_part(stamp):
    return {
        "uid": str(stamp.uid),
        "kind": stamp.kind,
        "place": stamp.place,
        "side": stamp.side,
        "step": stamp.step,
        "style": stamp.style,
        "heading": stamp.heading,
        "post": stamp.post,
        "name": stamp.name,
        "basis": act_line(stamp.basis, stamp.basis_number, stamp.basis_date) if stamp.basis else "",
    }


TEXT_COLUMN = {"key": "text", "title": "Текст"}


def rows_of(snapshot):
    """The rows of all sections in printing order; a text section with a uid is one row of one cell."""
    return [row for section in snapshot.get("sections", []) for row in section_rows(section)]


def section_rows(section):
    if section.get("kind") == "text" and section.get("uid"):
        numbered = " ".join(filter(None, (section.get("number"), cell_text(section.get("lines", [])))))
        words = "\n".join(filter(None, (section.get("title"), section.get("lead"), numbered)))
        called = {name: section.get(name, "") for name in ("number", "title")}
        return [{"uid": section["uid"], "cells": {TEXT_COLUMN["key"]: words}, "text": called}]
    return section.get("rows", [])


def paper_parts(snapshot):
    """What a page shows above and below the signatures: ``kind`` table with its ``sections``, text or pair."""
    before, after = split_at_signatures(snapshot.get("sections", []))
    columns = snapshot.get("columns") or []
    above = joined(before, columns)
    if columns and not any(part["kind"] == "table" and not part["heading"] for part in above):
        above.append({"kind": "table", "heading": "", "columns": columns, "sections": []})
    return above, joined(after, columns)


def joined(sections, columns):
    """Neighbouring sections of rows become one table; one with columns of its own is a table under its own heading."""
    parts = []
    for section in sections:
        kind = section.get("kind") or "table"
        own = section.get("columns")
        if kind != "table":
            parts.append(section)
        elif own:
            parts.append({"kind": "table", "heading": section.get("title", ""), "columns": own, "sections": [{**section, "title": ""}]})
        elif parts and parts[-1]["kind"] == "table" and parts[-1]["columns"] is columns:
            parts[-1]["sections"].append(section)
        else:
            parts.append({"kind": "table", "heading": "", "columns": columns, "sections": [section]})
    return parts


def cell_text(cell):
    """A cell (a text, a list of lines or a list of texts) as plain text."""
    if isinstance(cell, str):
        return cell
    if cell and isinstance(cell[0], dict):
        return lines.plain(cell)
    return "\n".join(cell or [])


def plain_text(snapshot):
    """All words of a snapshot, for search."""
    head = snapshot["head"]
    parts = [*head.get("above", []), *head.get("title", []), head.get("basis", ""), head.get("place", "")]
    for stamp in snapshot.get("stamps", []):
        parts += [stamp.get("post", ""), stamp.get("name", ""), stamp.get("basis", "")]
    for section in snapshot.get("sections", []):
        parts.append("" if section.get("uid") and section.get("kind") == "text" else section.get("title", ""))
    parts += [cell_text(cell) for row in rows_of(snapshot) for cell in row["cells"].values()]
    return "\n".join(part for part in parts if part)


def hash_of(snapshot):
    """SHA-256 over content and stamp layout; decisions are not part of it."""
    return content_hash(snapshot)
