"""What the page «Проверьте, что прочитано» shows: every cell with what was recognised."""
from collections import defaultdict

from projectoffice.accounts.names import name_key, people_named
from projectoffice.common.russian import plural
from projectoffice.common.terms import parse_term, reading

from ..models import Stamp
from ..snapshot import act_line
from ..table.linting import plain_where, where
from . import difference
from .storing import printed_word

MOST_NAMED = 12
WORDS = {difference.SAME: "без изменений", difference.CHANGED: "изменится", difference.ADDED: "добавится"}


def report(table, parsed):
    """What was done and where to look: first wrong terms, then what else is doubtful, then who is not on the portal."""
    rows = preview(table, parsed, None)["rows"]
    terms = [row["place"] for row in rows if row["wrong_term"]]
    others = [row["place"] for row in rows if row["remarks"] and not row["wrong_term"]]
    strangers = list(dict.fromkeys(name for row in rows for name in row["strangers"]))
    doubts = [f"Проверьте сроки: {told(table, parsed, terms)}." if terms else "",
              f"Проверьте: {told(table, parsed, others)}." if others else "",
              f"Нет среди людей портала: {and_more(strangers)}; имена остались текстом." if strangers else ""]
    return " ".join([f"Загружено: {len(rows)} {plural(len(rows), 'строка,строки,строк')}.", *(filter(None, doubts) if any(doubts) else ["Сомнений нет."])])


def told(table, parsed, places):
    """Where to look, the first of many; by section and number where numbers begin anew."""
    first, more = places[:MOST_NAMED], len(places) - MOST_NAMED
    words = where(parsed.items, first) if table.anew else plain_where(first)
    return f"{words} и ещё {more}" if more > 0 else words


def and_more(names):
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" и ещё {more}" if more > 0 else "")


def preview(table, parsed, target):
    """``target`` is the content the rows would be brought in line with, or None."""
    names = [table.people.name_of(text) for item in parsed.items for text in item.responsible]
    people = people_named(names + [one.name for one in parsed.stamps])
    remarks = defaultdict(list)
    for remark in parsed.remarks:
        remarks[remark["row"]].append(remark["message"])
    wrong_terms = {remark["row"] for remark in parsed.remarks if remark["code"].startswith("term_")}
    compared = difference.compare(table, parsed.items, list(table.rows_of(target))) if target else None
    pairs = compared.pairs if compared else [difference.Pair(item) for item in parsed.items]
    return {
        "parsed": parsed,
        "columns": table.columns,
        "stamps": [stamp_shown(stamp, people) for stamp in parsed.stamps],
        "rows": [row_shown(table, place, pair, parsed.period, people, remarks[place], compared, wrong_term=place in wrong_terms)
                 for place, pair in enumerate(pairs, 1)],
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


def row_shown(table, place, pair, period, people, remarks, compared, *, wrong_term):
    item = pair.imported
    term = parse_term(item.term, period) if period else None
    unclear = bool(term and not term.understood)
    values = difference.values_of(table, item)
    cells = [cell_shown(table, cell, values[cell.key], people) for cell in table.cells]
    for cell in cells:
        if cell["key"] == "term":
            cell |= {"reading": reading(term) if term else "", "unclear": unclear}
    names = next((cell["people"] for cell in cells if "people" in cell), [])
    strangers = [one["name"] for one in names if one["unknown"]]
    return {
        "place": place,
        "kind": pair.kind if compared else "",
        "word": WORDS[pair.kind] if compared else "",
        "section": item.section,
        "cells": cells,
        "remarks": remarks,
        "wrong_term": wrong_term or unclear,
        "strangers": strangers,
        "doubtful": bool(remarks or unclear or strangers),
    }


def cell_shown(table, cell, value, people):
    shown = {"key": cell.key, "kind": cell.kind, "title": cell.asked, "is_main": cell.key == table.main, "value": value}
    if cell is table.people:
        shown["people"] = [person_shown(text, table.people.name_of(text), people) for text in value]
    return shown


def person_shown(text, name, people):
    return {"text": text, "name": name, "person": people.get(name), "unknown": name_key(name) and name not in people}
