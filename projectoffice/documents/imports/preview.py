"""What the page «Проверьте, что прочитано» shows: every cell with what was recognised."""
from collections import defaultdict

from projectoffice.accounts.names import name_key, people_named
from projectoffice.common.russian import plural
from projectoffice.common.terms import parse_term, reading

from ..models import Stamp
from ..snapshot import act_line
from . import difference
from .storing import printed_word

MOST_NAMED = 12
WORDS = {difference.SAME: "без изменений", difference.CHANGED: "изменится", difference.ADDED: "добавится"}


def report(rows):
    """«Загружено 6 строк. Проверьте две …»: what was done and where to look."""
    doubtful = [row["place"] for row in rows if row["doubtful"]]
    done = f"Загружено: {len(rows)} {plural(len(rows), 'строка,строки,строк')}."
    if not doubtful:
        return f"{done} Сомнений нет."
    shown = ", ".join(map(str, doubtful[:MOST_NAMED])) + ("…" if len(doubtful) > MOST_NAMED else "")
    return f"{done} Проверьте {plural(len(doubtful), 'строку,строки,строки')}: {shown}."


def preview(table, parsed, target):
    """``target`` is the content the rows would be brought in line with, or None."""
    names = [table.people.name_of(text) for item in parsed.items for text in item.responsible]
    people = people_named(names + [one.name for one in parsed.stamps])
    remarks = defaultdict(list)
    for remark in parsed.remarks:
        remarks[remark["row"]].append(remark["message"])
    compared = difference.compare(table, parsed.items, list(table.rows_of(target))) if target else None
    pairs = compared.pairs if compared else [difference.Pair(item) for item in parsed.items]
    return {
        "parsed": parsed,
        "columns": table.columns,
        "stamps": [stamp_shown(stamp, people) for stamp in parsed.stamps],
        "rows": [row_shown(table, place, pair, parsed.period, people, remarks[place], compared) for place, pair in enumerate(pairs, 1)],
        "general": remarks[None],
        "compared": compared,
        "removed": [{"label": row.label, "text": getattr(row, table.main), "term": row.term} for row in compared.removed] if compared else [],
        "counts": {kind: compared.count(kind) for kind in ("added", "changed", "removed", "same")} if compared else {},
    }


def stamp_shown(stamp, people):
    signer = people.get(stamp.name)
    return {
        "heading": printed_word(stamp) or Stamp.Kind(stamp.kind).label, "side": "справа" if stamp.side == "right" else "слева",
        "post": stamp.post, "name": stamp.name, "basis": stamp.basis, "signer": signer,
        "act": act_line(stamp.basis, stamp.basis_number, stamp.basis_date),
    }


def row_shown(table, place, pair, period, people, remarks, compared):
    item = pair.imported
    term = parse_term(item.term, period) if period else None
    unclear = bool(term and not term.understood)
    values = difference.values_of(table, item)
    cells = [cell_shown(table, cell, values[cell.key], people) for cell in table.cells]
    for cell in cells:
        if cell["key"] == "term":
            cell |= {"reading": reading(term) if term else "", "unclear": unclear}
    names = next((cell["people"] for cell in cells if "people" in cell), [])
    return {
        "place": place,
        "kind": pair.kind if compared else "",
        "word": WORDS[pair.kind] if compared else "",
        "section": item.section,
        "cells": cells,
        "remarks": remarks,
        "doubtful": bool(remarks or unclear or any(one["unknown"] for one in names)),
    }


def cell_shown(table, cell, value, people):
    shown = {"key": cell.key, "kind": cell.kind, "title": cell.asked, "is_main": cell.key == table.main, "value": value}
    if cell is table.people:
        shown["people"] = [person_shown(text, table.people.name_of(text), people) for text in value]
    return shown


def person_shown(text, name, people):
    return {"text": text, "person": people.get(name), "unknown": name_key(name) and name not in people}
