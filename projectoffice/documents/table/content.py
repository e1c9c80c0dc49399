"""What holds a table: its title, its frozen content and the way back, rows and stamps taken from another one."""
from itertools import groupby

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projectoffice.accounts.names import people_named
from projectoffice.common.errors import StaleVersion
from projectoffice.common.history import record
from projectoffice.common.terms import calendar_year, school_year
from projectoffice.common.text import clean_text

from ..models import Stamp
from ..services.content import open_for_edit
from .rows import insert_many
from .spec import table_of

FIRST_YEAR, LAST_YEAR = 2000, 2100
TITLE_LIMIT, TITLE_LINES = 600, 6
COPIED_OF_A_STAMP = ("kind", "word", "place", "side", "step", "style", "post", "name", "signer", "method", "position")


def period_of(year, is_school_year=False):
    """First and last day of a calendar year, or of the school year that begins in it."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValidationError({"year": f"Укажите год от {FIRST_YEAR} до {LAST_YEAR}."})
    return school_year(year) if is_school_year else calendar_year(year)


@transaction.atomic
def save_title(content, title, *, version, by):
    """Save the title in its printed lines. Raises StaleVersion when somebody changed it after ``version``."""
    document = open_for_edit(content.document, by)
    content = table_of(content).content.objects.select_related("document").get(pk=content.pk)
    title = read_title(title)
    if content.title == title:
        return content
    if content.version != version:
        raise StaleVersion(content)
    before, content.title = content.title, title
    content.version += 1
    content.save(update_fields=["title", "version"])
    record("save_title", document, "Изменён заголовок", by=by, changes={"before": before, "after": title})
    return content


def read_title(typed):
    title = clean_text(typed, multiline=True, limit=TITLE_LIMIT)
    lines = [" ".join(line.split(" ")).strip() for line in title.split("\n") if line.strip()]
    if not lines:
        raise ValidationError({"title": "Впишите заголовок: без него документ не напечатать."})
    if len(lines) > TITLE_LINES:
        raise ValidationError({"title": f"В заголовке помещается не больше {TITLE_LINES} строк."})
    return "\n".join(lines)


@transaction.atomic
def acknowledge_remark(content, *, code, row_uid, fingerprint, by):
    """Leave what a warning is about as it is; the leave lapses when the cell changes (another fingerprint)."""
    document = open_for_edit(content.document, by)
    row, created = table_of(content).acknowledgement.objects.get_or_create(
        plan=content, code=code, row_uid=row_uid, fingerprint=fingerprint, defaults={"by": by}
    )
    if created:
        record("acknowledge_remark", document, "Замечание оставлено как есть", by=by,
               changes={"code": code, "row": str(row_uid or "")})
    return row


def note_presence(content, row_uid, *, by):
    """Remember which row this person has open just now (None: none); says nothing in the history."""
    presences = table_of(content).presence.objects
    if row_uid is None:
        presences.filter(plan=content, person=by).delete()
        return
    presences.update_or_create(plan=content, person=by, defaults={"row_uid": row_uid, "seen_at": timezone.now()})


# ── the frozen content ────────────────────────────────────────────────────────────────────────────────────

def frozen(content):
    """The content part of the snapshot (docs/architecture.md § Snapshot)."""
    table = table_of(content)
    return {
        "head": {"title": content.title.splitlines(),
                 "period": [content.period_start.isoformat(), content.period_end.isoformat()]},
        "columns": table.columns,
        "sections": sections_of(table, table.rows_of(content)),
    }


def sections_of(table, rows):
    """Rows that follow one another under the same heading; a table without headings is one section."""
    runs = [{"uid": "", "title": title, "rows": [row_part(table, row) for row in run]}
            for title, run in groupby(rows, key=lambda row: row.section)]
    return runs or [{"uid": "", "title": "", "rows": []}]


def row_part(table, row):
    return {"uid": str(row.uid), "cells": {cell.key: cell.printed(row) for cell in table.cells}}


def restore(content, snapshot):
    """Put the live rows back as they are in force; rows added meanwhile leave the table."""
    table = table_of(content)
    content.title = "\n".join(snapshot["head"]["title"])
    content.version += 1
    content.save(update_fields=["title", "version"])
    parts = [part | {"section": section["title"]} for section in snapshot["sections"] for part in section["rows"]]
    people = people_of(table, content, [text for part in parts for text in part["cells"][table.people.key]])
    rows = {f"{row.uid}": row for row in table.rows(content)}
    table.rows(content).update(position=None)
    for position, part in enumerate(parts, start=1):
        row = rows[part["uid"]]
        values = part["cells"] | {table.people.key: [(text, people.get(text)) for text in part["cells"][table.people.key]]}
        for cell in table.cells:
            cell.write(row, values[cell.key], table.period(content))
        row.position, row.section, row.version = position, part["section"], row.version + 1
        row.save()


def people_of(table, content, texts):
    """{printed text: id of the person}: as the rows have it still, otherwise whom the name means without doubt."""
    linked = table.responsible.objects.filter(item__plan=content, person__isnull=False)
    named = people_named(table.people.name_of(text) for text in texts)
    meant = {text: named[name].pk for text in texts if (name := table.people.name_of(text)) in named}
    return meant | dict(linked.values_list("text", "person_id"))


# ── taken from another one ────────────────────────────────────────────────────────────────────────────────

@transaction.atomic
def take_rows(content, source, *, by):
    """Put the rows of another table of the same kind below: of its edition in force, or of its draft."""
    document = open_for_edit(content.document, by)
    start = table_of(content).rows(content).present().count()
    insert_many(content, list(enumerate(printed_rows(source), start=start + 1)), by=by)
    record("take_rows", document, f"Взяты строки: {source.document.title}", by=by, changes={"source": source.pk})
    return content


def printed_rows(content):
    table, edition = table_of(content), content.document.in_force
    if edition is None:
        return [{key: cell.ready(row) for key, cell in table.typed.items()} for row in table.rows_of(content)]
    return [part["cells"] | {"section": section["title"]}
            for section in edition.snapshot["sections"] for part in section["rows"]]


def copy_stamps(source, content):
    stamps = list(source.document.stamps.active())
    if stamps:
        content.document.stamps.all().delete()
    for stamp in stamps:
        Stamp.objects.create(document=content.document, **{field: getattr(stamp, field) for field in COPIED_OF_A_STAMP})
