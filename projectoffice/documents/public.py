"""The public copy: the snapshot with only those names whose people consented; whether the PDF itself may be shown.

Pure but for ``copy_for_visitors``, ``consented_names``, ``pdf_is_public`` and what stands under it.
"""
import re

from projectoffice.accounts.models import User

from .models import Decision

WORD = r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?"
INITIAL = r"[А-ЯЁ]\.[ \u00a0]?"
PATRONYMIC = r"[А-ЯЁ][а-яё]+(?:вич|вича|вичу|вичем|виче|вна|вны|вне|вну|вной|ична|ичны|ичне|ичну|ичной|ич|ича)"
# What reads as somebody's name in a Russian text: initials beside a surname, or a name with its patronymic.
NAME = re.compile(
    rf"{WORD}[ \u00a0]+{INITIAL}(?:{INITIAL})?|{INITIAL}(?:{INITIAL})?{WORD}"
    rf"|{WORD}[ \u00a0]+{WORD}[ \u00a0]+{PATRONYMIC}|{WORD}[ \u00a0]+{PATRONYMIC}(?:[ \u00a0]+{WORD})?"
)
HIDDEN = "[имя не публикуется]"


def copy_for_visitors(document):
    """The edition in force as visitors read it: what its kind shows them, with consented names alone."""
    return public_copy(document.spec.public_content(document, document.in_force.snapshot), consented_names())


def consented_names():
    """Names, in every usual form, of the people whose consent holds today."""
    return {key(form) for person in User.objects.with_consent() for form in forms_of(person)}


def forms_of(person):
    return person.full_name, person.short_name, person.signature_name


def pdf_is_public(edition):
    """Whether visitors may have the very PDF: a ground was recorded, and nobody named in it took the consent back.

    Expects ``document`` and ``text`` of the edition. Names are looked for as the portal writes them.
    """
    document = edition.document
    shown = document.publish_pdf and document.published_at and edition.status == "in_force"
    return bool(shown) and not document.spec.bars_public_pdf(document) and not names_withdrawn(edition)


def names_withdrawn(edition):
    """People named in the edition whose consent was revoked and not given again."""
    withdrawn = User.objects.filter(consents__revoked_on__isnull=False).exclude(
        pk__in=User.objects.with_consent().values("pk")).distinct()
    people = list(withdrawn)
    if not people:
        return []
    signed = Decision.objects.filter(document=edition.document_id, edition_number=edition.number,
                                     verdict=Decision.Verdict.SIGNED).values_list("name", flat=True)
    text = key("\n".join([edition.text, *signed]))
    return [person for person in people if any(key(form) in text for form in forms_of(person))]


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
    lines = {"lines": public_cell(section["lines"], names)} if section.get("lines") else {}
    return {**section, "title": shown(section.get("title", ""), names), "rows": rows, **lines}


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
