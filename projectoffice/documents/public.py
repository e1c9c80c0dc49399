"""The public copy: the snapshot with only those names whose people consented. Pure but for ``consented_names``."""
import re

from projectoffice.accounts.models import User

WORD = r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?"
INITIAL = r"[А-ЯЁ]\.[ \u00a0]?"
PATRONYMIC = r"[А-ЯЁ][а-яё]+(?:вич|вича|вичу|вичем|виче|вна|вны|вне|вну|вной|ична|ичны|ичне|ичну|ичной|ич|ича)"
# What reads as somebody's name in a Russian text: initials beside a surname, or a name with its patronymic.
NAME = re.compile(
    rf"{WORD}[ \u00a0]+{INITIAL}(?:{INITIAL})?|{INITIAL}(?:{INITIAL})?{WORD}"
    rf"|{WORD}[ \u00a0]+{WORD}[ \u00a0]+{PATRONYMIC}|{WORD}[ \u00a0]+{PATRONYMIC}(?:[ \u00a0]+{WORD})?"
)
HIDDEN = "[имя не публикуется]"


def consented_names():
    """Names, in every usual form, of the people whose consent holds today."""
    people = User.objects.with_consent()
    return {key(form) for person in people for form in (person.full_name, person.short_name, person.signature_name)}


def public_copy(snapshot, names):
    """The snapshot as visitors read it. A name nobody consented to is hidden, in any cell, stamp or title.

    Posts and collectives stay. In a list of responsibles an entry that is nothing but a hidden name goes away.
    """
    return {
        **snapshot,
        "head": {**snapshot["head"], "title": [shown(line, names) for line in snapshot["head"].get("title", [])]},
        "stamps": [{**stamp, "name": stamp_name(stamp, names), "post": shown(stamp.get("post", ""), names)}
                   for stamp in snapshot.get("stamps", [])],
        "sections": [public_section(section, names) for section in snapshot.get("sections", [])],
    }


def public_section(section, names):
    rows = [{**row, "cells": {name: public_cell(cell, names) for name, cell in row["cells"].items()}}
            for row in section.get("rows", [])]
    return {**section, "title": shown(section.get("title", ""), names), "rows": rows}


def public_cell(cell, names):
    if isinstance(cell, str):
        return shown(cell, names)
    if cell and isinstance(cell[0], dict):
        return [{**line, "text": shown(line["text"], names)} for line in cell]
    return [text for text in (shown(each, names) for each in cell or []) if text != HIDDEN]


def stamp_name(stamp, names):
    name = stamp.get("name", "")
    return name if key(name) in names else ""


def shown(text, names):
    """A text with every name that was not consented to put out of sight."""
    return NAME.sub(lambda found: found[0] if key(found[0]) in names else HIDDEN, text)


def key(name):
    return re.sub(r"[\W_]+", "", name).lower().replace("ё", "е")
