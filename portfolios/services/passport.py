"""Verbs of the passport: begun, saved step by step as it is typed, rows added, moved, removed and returned.

A step is one form, saved as ``typed`` says.
"""
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from projectoffice.accounts.access import person_of
from projectoffice.common.db import locked
from projectoffice.common.history import record
from projectoffice.documents.models import Document
from projectoffice.documents.services.content import open_for_edit
from projectoffice.documents.services.stamps import put_default_stamps

from ..models import Indicator, Milestone, Passport, Stage
from .door import open_project
from .naming import passport_title
from .typed import Saved, judge

TEXTS = ("problem", "goal", "tasks", "audience", "results", "products", "resources")
ROWS = {"stage": Stage, "milestone": Milestone, "indicator": Indicator}
RELATED = {"stage": "stages", "milestone": "milestones", "indicator": "indicators"}
MOST_ROWS = 60


@transaction.atomic
def start_passport(project, *, by):
    """The passport of a project, begun when there is none; asked twice it is the same one."""
    project = open_project(project, by)
    known = Passport.objects.filter(project=project).select_related("document").first()
    return known or create_passport(project, by=by)


def create_passport(project, *, by, **texts):
    """A draft with the office's default stamps; part of the verbs that make one."""
    day = project.start or timezone.localdate()
    document = Document.objects.create(kind=Passport.KIND, title=passport_title(project), year=day.year, created_by=person_of(by))
    passport = Passport.objects.create(document=document, project=project, **texts)
    put_default_stamps(document)
    record("start_passport", document, "Начат паспорт проекта", by=by)
    return passport


def open_passport(passport, by):
    """Lock document and project and answer that this person may change the passport now; the passport read anew."""
    document = open_for_edit(passport.document, by)
    open_project(passport.project, by)
    passport = Passport.objects.select_related("project").get(pk=passport.pk)
    passport.document = document
    return passport


# ── one step, saved as typed ──────────────────────────────────────────────────────────────────────────────

@transaction.atomic
def save_step(passport, typed, shown, *, by):
    """Write the changed ones of ``typed`` ({name: value}); ``shown`` are the marks of what the page began from.

    Names are fields of the passport, or ``stage-<uid>-name`` for a cell of a row. Raises Collision when somebody else
    changed one of the same texts meanwhile; nothing is written then.
    """
    passport = open_passport(passport, by)
    stored = stored_values(passport)
    changed, shown = judge(passport, stored, typed, shown)
    if changed:
        write(passport, changed)
        record("save_passport", passport.document, "Изменён текст паспорта", by=by, changes={"fields": sorted(changed)[:50]})
    return Saved(shown, sorted(changed))


def stored_values(passport):
    """{name: value} of everything one types in the passport: its texts and the cells of all rows that stand in it."""
    values = {name: getattr(passport, name) for name in TEXTS}
    for kind in ROWS:
        for row in rows_of(passport.project, kind):
            values |= {f"{kind}-{row.uid}-{cell}": getattr(row, cell) for cell in CELLS[kind]}
    return values


CELLS = {
    "stage": ("name", "start", "end", "result"),
    "milestone": ("name", "due", "stage_id"),
    "indicator": ("name", "unit", "baseline", "target", "is_cumulative"),
}


def all_rows(project, kind):
    """Rows of a kind, the removed ones too."""
    return getattr(project, RELATED[kind]).all()


def rows_of(project, kind):
    return all_rows(project, kind).present().order_by("position")


def write(passport, changed):
    rows: dict = {}
    for name, value in changed.items():
        if name in TEXTS:
            setattr(passport, name, value)
        else:
            kind, uid, cell = split(name)
            rows.setdefault((kind, uid), {})[cell] = value
    if any(name in TEXTS for name in changed):
        passport.version += 1
        passport.save()
    for (kind, uid), cells in rows.items():
        row = all_rows(passport.project, kind).get(uid=uid)
        for cell, value in cells.items():
            setattr(row, cell, value)
        row.version += 1
        row.save()


def split(name):
    """``stage-<uid>-name`` as (stage, uid, name)."""
    kind, rest = name.split("-", 1)
    uid, cell = rest.rsplit("-", 1)
    return kind, uid, cell


# ── rows ──────────────────────────────────────────────────────────────────────────────────────────────────

WORDS = {"stage": "этап", "milestone": "контрольная точка", "indicator": "показатель"}


@transaction.atomic
def add_row(passport, kind, *, by, uid):
    """An empty row at the end; the same ``uid`` sent twice gives the same row."""
    passport = open_passport(passport, by)
    if known := all_rows(passport.project, kind).filter(uid=uid).first():
        return known
    present = rows_of(passport.project, kind)
    if present.count() >= MOST_ROWS:
        raise ValidationError(f"Здесь помещается не больше {MOST_ROWS} строк.")
    last = present.aggregate(last=Max("position"))["last"] or 0
    row = getattr(passport.project, RELATED[kind]).create(uid=uid, position=last + 1)
    record("add_row", passport.document, f"Добавлено в паспорт: {WORDS[kind]}", by=by, changes={"row": str(uid)})
    return row


@transaction.atomic
def remove_row(passport, row, *, by):
    """Out of the passport; its uid and text stay, so «Вернуть» and earlier editions find it."""
    passport = open_passport(passport, by)
    row = locked(row)
    if row.position is None:
        return row
    row.position = None
    row.version += 1
    row.save(update_fields=["position", "version"])
    record("remove_row", passport.document, f"Убрано из паспорта: {row}"[:300], by=by, changes={"row": str(row.uid)})
    return row


@transaction.atomic
def return_row(passport, row, *, by):
    """Undo ``remove_row``: the row comes back at the end."""
    passport = open_passport(passport, by)
    row = locked(row)
    if row.position is not None:
        return row
    last = rows_of(passport.project, kind_of(row)).aggregate(last=Max("position"))["last"] or 0
    row.position = last + 1
    row.version += 1
    row.save(update_fields=["position", "version"])
    record("return_row", passport.document, f"Возвращено в паспорт: {row}"[:300], by=by, changes={"row": str(row.uid)})
    return row


@transaction.atomic
def move_row(passport, row, *, by, up):
    """One place up or down; at the edge nothing happens."""
    passport = open_passport(passport, by)
    rows = list(rows_of(passport.project, kind_of(row)))
    place = next((index for index, each in enumerate(rows) if each.pk == row.pk), None)
    other = None if place is None else place + (-1 if up else 1)
    if place is None or other is None or not 0 <= other < len(rows):
        return row
    rows[place], rows[other] = rows[other], rows[place]
    for position, each in enumerate(rows, start=1):
        each.position = position
    type(row).objects.bulk_update(rows, ["position"])
    record("move_row", passport.document, f"Порядок в паспорте: {row} {'выше' if up else 'ниже'}"[:300], by=by)
    return row


def kind_of(row):
    return next(kind for kind, model in ROWS.items() if isinstance(row, model))
