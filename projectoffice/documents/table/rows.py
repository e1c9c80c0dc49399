"""Verbs of the rows of a table. Each opens the document for edit, so it is locked while a row changes.

Rows save independently: a version guards each row, and a save of one cell is refused only when that very cell
was changed by somebody else meanwhile (``base`` is the text the editor began from).
"""
import itertools
import re
import uuid
from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from projectoffice.accounts.access import person_of
from projectoffice.common.errors import StaleVersion
from projectoffice.common.history import record

from ..services.content import open_for_edit
from .cells import LABEL_LIMIT
from .spec import table_of

MOST_ROWS = 2000
_NUMBER = re.compile(r"(\d{1,6})(.*)", re.DOTALL)


@transaction.atomic
def add_row(content, *, by, after=None, uid=None, values=None):
    """An empty row below ``after`` (a row), or at the end. The same ``uid`` sent twice gives the same row.

    ``values`` may fill cells at once. Effects: rows below move down, one line of history.
    """
    document = open_for_edit(content.document, by)
    if uid and (known := all_rows(content).filter(uid=uid).first()):
        return known
    row = insert(content, by=by, place=place_below(content, after), uid=uid, values=values)
    record("add_row", document, f"Добавлена строка {row.position}", by=by, changes={"row": str(row.uid)})
    return row


@transaction.atomic
def duplicate_row(row, *, by, uid=None):
    """The same row once more, right below."""
    document = open_for_edit(row.plan.document, by)
    if uid and (known := all_rows(row.plan).filter(uid=uid).first()):
        return known
    row = fresh(row)
    copied = {key: cell.ready(row) for key, cell in table_of(row).typed.items()}
    copy = insert(row.plan, by=by, place=place_below(row.plan, row), uid=uid, values=copied)
    record("duplicate_row", document, f"Строка {row.position} скопирована", by=by, changes={"row": str(copy.uid)})
    return copy


@transaction.atomic
def remove_row(row, *, by):
    """Take a row out of the table. It keeps its uid and its place of old for ``return_row``; nothing is deleted."""
    document = open_for_edit(row.plan.document, by)
    row = fresh(row)
    if row.position is None:
        return row
    place = take_out(row)
    record("remove_row", document, f"Удалена строка {place}", by=by, changes={"row": str(row.uid), "place": place})
    return row


@transaction.atomic
def return_row(row, *, by, place=None):
    """Undo ``remove_row``: the row stands where it stood, or at the end when the table has become shorter."""
    document = open_for_edit(row.plan.document, by)
    row = fresh(row)
    if row.position is not None:
        return row
    put_back(row, place)
    record("return_row", document, f"Возвращена строка {row.position}", by=by, changes={"row": str(row.uid)})
    return row


@transaction.atomic
def move_row(row, *, by, position):
    """Put a row at a position counted from 1; beyond either end means the end itself."""
    document = open_for_edit(row.plan.document, by)
    row = fresh(row)
    if row.position is None:
        raise ValidationError("Эта строка удалена. Верните её, чтобы переставить.")
    others = present(row.plan)
    position = max(1, min(position, others.count()))
    before = row.position
    if position == before:
        return row
    if position < before:
        others.filter(position__gte=position, position__lt=before).update(position=F("position") + 1)
    else:
        others.filter(position__gt=before, position__lte=position).update(position=F("position") - 1)
    # The row stands under the same heading as the one whose place it takes.
    section = others.exclude(pk=row.pk).filter(
        position=position + 1 if position < before else position - 1).values_list("section", flat=True)[0]
    if row.section != section:
        row.section, row.version = section, row.version + 1
    row.position = position
    row.save(update_fields=["position", "section", "version"])
    record("move_row", document, f"Строка {before} поставлена на место {position}", by=by, changes={"row": str(row.uid)})
    return row


@transaction.atomic
def save_cell(row, key, value, *, version, by, base=None):
    """Save one cell. Saved twice, the second call changes nothing.

    Raises StaleVersion when the row changed since ``version`` was read, unless ``base`` (the text the editor
    began from) is still what the cell says; ValidationError, keyed by the cell, for what cannot be stored.
    """
    document = open_for_edit(row.plan.document, by)
    row, table = fresh(row), table_of(row)
    value, cell = table.read(key, value), table.cell(key)
    if cell.stored(row) == value:
        return row
    if row.version != version and (base is None or not cell.says(row, base)):
        raise StaleVersion(row)
    before = cell.source(row)
    cell.write(row, value, table.period(row.plan))
    touch(row, by)
    record("save_cell", document, f"Строка {row.position or '–'}: {cell.noun}", by=by,
           changes={"row": str(row.uid), "cell": key, "before": before, "after": cell.source(row)})
    return row


@transaction.atomic
def save_row(row, values, *, version, by):
    """Save a whole row from its ordinary form; ``values`` are typed texts by cell. All errors come together."""
    document = open_for_edit(row.plan.document, by)
    row, table = fresh(row), table_of(row)
    typed = read_all(table, values)
    changed = [table.cell(key) for key, value in typed.items() if table.cell(key).stored(row) != value]
    if not changed:
        return row
    if row.version != version:
        raise StaleVersion(row)
    below = rows_under_the_same(row) if table.section in changed else []
    for cell in changed:
        cell.write(row, typed[cell.key], table.period(row.plan))
    touch(row, by)
    for other in below:
        other.section = row.section
        touch(other, by)
    names = ", ".join(cell.noun for cell in changed)
    record("save_row", document, f"Строка {row.position or '–'}: {names}", by=by, changes={"row": str(row.uid)})
    return row


@transaction.atomic
def paste_rows(content, rows, *, by, after=None):
    """Several rows at once, below ``after``; an empty row they were pasted into gives way to them.

    ``rows`` are dictionaries by cell. Returns (the new rows, the uid of the row that gave way or None):
    what ``unpaste_rows`` needs.
    """
    document = open_for_edit(content.document, by)
    if not rows:
        raise ValidationError("Во вставленном тексте не нашлось строк таблицы.")
    after = fresh(after) if after else None
    given_way = None
    place = place_below(content, after)
    if after and after.position and table_of(after).is_empty(after):
        place, given_way = take_out(after), after.uid
    make_room(content, place, len(rows))
    rows = [{"section": section_above(content, place)} | row for row in rows]
    added = insert_many(content, list(enumerate(rows, start=place)), by=by)
    record("paste_rows", document, f"Вставлено строк: {len(added)}", by=by,
           changes={"rows": [str(row.uid) for row in added]})
    return added, given_way


@transaction.atomic
def unpaste_rows(content, uids, *, by, given_way=None):
    """Undo ``paste_rows``: the pasted rows leave together, the row that gave way is back."""
    document = open_for_edit(content.document, by)
    pasted = list(present(content).filter(uid__in=uids).order_by("position"))
    place = pasted[0].position if pasted else None
    for row in reversed(pasted):
        take_out(row)
    empty = all_rows(content).filter(uid=given_way, position__isnull=True).first() if given_way else None
    if empty:
        put_back(empty, place)
    record("unpaste_rows", document, f"Отменена вставка строк: {len(pasted)}", by=by)
    return len(pasted)


@transaction.atomic
def renumber(content, *, by):
    """Number the rows 1, 2, 3 … in the way the first number is written («1.», «1)», «1»)."""
    document = open_for_edit(content.document, by)
    rows = list(present(content).order_by("position"))
    ending = ending_of(row.label for row in rows)
    changed = []
    for number, row in zip(counted(rows, anew=table_of(content).anew), rows, strict=True):
        if row.label != f"{number}{ending}"[:LABEL_LIMIT]:
            row.label = f"{number}{ending}"[:LABEL_LIMIT]
            touch(row, by)
            changed.append(row)
    if changed:
        record("renumber", document, f"Строки перенумерованы: {len(changed)}", by=by)
    return changed


# ── inside a verb: the document is locked ─────────────────────────────────────────────────────────────────

def all_rows(content):
    return table_of(content).rows(content)


def present(content):
    return all_rows(content).present()


def fresh(row):
    """The row as it is now, with its content; the lock of the document keeps it so."""
    return table_of(row).row.objects.select_related("plan").prefetch_related("responsibles").get(pk=row.pk)


def read_all(table, values):
    """What was typed into several cells, as it may be stored; all refusals in one."""
    read, errors = {}, {}
    for key, value in values.items():
        try:
            read[key] = table.read(key, value)
        except ValidationError as refusal:
            errors |= refusal.message_dict
    if errors:
        raise ValidationError(errors)
    return read


def rows_under_the_same(row):
    """The rows right below that stand under the heading of this one: a heading holds until the next."""
    below = present(row.plan).filter(position__gt=row.position or 0).order_by("position")
    return list(itertools.takewhile(lambda other: other.section == row.section, below)) if row.position else []


def touch(row, by):
    row.version += 1
    row.changed_by, row.changed_at = person_of(by), timezone.now()
    row.save()


def place_below(content, after):
    if after is not None and (position := fresh(after).position):
        return position + 1
    return (all_rows(content).aggregate(last=Max("position"))["last"] or 0) + 1


def insert(content, *, by, place, uid=None, values=None):
    """A new row at a place; the rows from there on move down."""
    if uid and table_of(content).row.objects.filter(uid=uid).exists():
        raise ValidationError("Такая строка уже есть в другом документе. Обновите страницу.")
    make_room(content, place, 1)
    values = {"section": section_above(content, place)} | (values or {})
    values = {"label": next_label(content, place, values["section"])} | values
    return insert_many(content, [(place, values)], by=by, uid=uid)[0]


def make_room(content, place, count):
    if present(content).count() + count > MOST_ROWS:
        raise ValidationError(f"В таблице помещается не больше {MOST_ROWS} строк.")
    all_rows(content).filter(position__gte=place).update(position=F("position") + count)


def insert_many(content, placed, *, by, uid=None):
    """New rows at free places, pairs (place, values by cell); the same few queries for any number of rows.

    Raises ValidationError with a sentence per row that cannot be stored.
    """
    table = table_of(content)
    rows, pairs, errors = [], [], []
    for place, values in placed:
        row = table.row(plan=content, uid=uid or uuid.uuid4(), position=place, changed_by=person_of(by), changed_at=timezone.now())
        try:
            fill(table, row, values)
            pairs += [(row, *pair) for pair in table.people.read_names(values.get(table.people.key) or [])]
        except ValidationError as refusal:
            errors += [f"Строка {place}: {sentence}" for sentence in refusal.messages]
        rows.append(row)
    if errors:
        raise ValidationError(errors)
    table.row.objects.bulk_create(rows)
    put_people(table, rows, pairs)
    return rows


def fill(table, row, values):
    """The cells of an unsaved row, but for its people."""
    for key, cell in table.typed.items():
        if key in values and cell is not table.people:
            cell.write(row, table.read(key, values[key]), table.period(row.plan))


def put_people(table, rows, pairs):
    """The people of new rows; whom the names mean is asked once for all."""
    linked = table.people.linked([(text, person) for _, text, person in pairs])
    of_row = defaultdict(list)
    for (row, _, _), pair in zip(pairs, linked, strict=True):
        of_row[row.uid].append(pair)
    table.responsible.objects.bulk_create(one for row in rows for one in table.people.people(row, of_row[row.uid]))


def next_label(content, place, section):
    """The number after the one above, written as that one is; nothing when that one is no number."""
    above = all_rows(content).filter(position=place - 1).first()
    if above is None:
        return "1." if place == 1 else ""
    if table_of(content).anew and above.section != section:
        return f"1{ending_of(present(content).order_by('position').values_list('label', flat=True))}"[:LABEL_LIMIT]
    found = _NUMBER.fullmatch(above.label)
    return f"{int(found.group(1)) + 1}{found.group(2)}"[:LABEL_LIMIT] if found else ""


def ending_of(labels):
    """How numbers are written in the table, told by the first: «.», «)» or nothing."""
    return next((found.group(2) for label in labels if (found := _NUMBER.fullmatch(label))), ".")


def take_out(row):
    """The row leaves the table, the rows below move up. Returns the place it had."""
    place, row.position = row.position, None
    row.version += 1
    row.save(update_fields=["position", "version"])
    all_rows(row.plan).filter(position__gt=place).update(position=F("position") - 1)
    return place


def counted(rows, *, anew=False):
    """1, 2, 3 …; from 1 again under every heading when told so or when the table counts so: a later heading begins with 1."""
    runs = [list(run) for _, run in itertools.groupby(rows, key=lambda row: row.section)]
    anew = anew or any((found := _NUMBER.fullmatch(run[0].label)) and int(found.group(1)) == 1 for run in runs[1:])
    return [number for run in runs for number in range(1, len(run) + 1)] if anew else range(1, len(rows) + 1)


def section_above(content, place):
    """The heading a new row at this place stands under: that of the row above, at the top that of the first."""
    row = (all_rows(content).filter(position__lt=place).order_by("-position").first()
           or present(content).order_by("position").first())
    return row.section if row else ""


def put_back(row, place):
    end = present(row.plan).count() + 1
    place = max(1, min(place or end, end))
    all_rows(row.plan).filter(position__gte=place).update(position=F("position") + 1)
    row.position = place
    row.version += 1
    row.save(update_fields=["position", "version"])
