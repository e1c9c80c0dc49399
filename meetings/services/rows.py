"""Verbs of the rows of a plan. Each opens the plan's document for edit, so it is locked while a row changes.

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
from projectoffice.documents.services.content import open_for_edit

from ..models import PlanItem, PlanResponsible
from ..plan import cells
from .saving import touch

MOST_ROWS = 2000
_NUMBER = re.compile(r"(\d{1,6})(.*)", re.DOTALL)


@transaction.atomic
def add_row(plan, *, by, after=None, uid=None, values=None):
    """An empty row below ``after`` (a row), or at the end. The same ``uid`` sent twice gives the same row.

    ``values`` may fill cells at once. Effects: rows below move down, one line of history.
    """
    document = open_for_edit(plan.document, by)
    if uid and (known := plan.items.filter(uid=uid).first()):
        return known
    item = insert(plan, by=by, place=place_below(plan, after), uid=uid, values=values)
    record("add_row", document, f"Добавлена строка {item.position}", by=by, changes={"row": str(item.uid)})
    return item


@transaction.atomic
def duplicate_row(item, *, by, uid=None):
    """The same row once more, right below."""
    document = open_for_edit(item.plan.document, by)
    if uid and (known := item.plan.items.filter(uid=uid).first()):
        return known
    item = fresh(item)
    copied = {"section": item.section, "label": item.label, "topics": item.topics, "term": item.term, "responsible": responsibles(item)}
    copy = insert(item.plan, by=by, place=place_below(item.plan, item), uid=uid, values=copied)
    record("duplicate_row", document, f"Строка {item.position} скопирована", by=by, changes={"row": str(copy.uid)})
    return copy


@transaction.atomic
def remove_row(item, *, by):
    """Take a row out of the table. It keeps its uid and its place of old for ``return_row``; nothing is deleted."""
    document = open_for_edit(item.plan.document, by)
    item = fresh(item)
    if item.position is None:
        return item
    place = take_out(item)
    record("remove_row", document, f"Удалена строка {place}", by=by, changes={"row": str(item.uid), "place": place})
    return item


@transaction.atomic
def return_row(item, *, by, place=None):
    """Undo ``remove_row``: the row stands where it stood, or at the end when the table has become shorter."""
    document = open_for_edit(item.plan.document, by)
    item = fresh(item)
    if item.position is not None:
        return item
    put_back(item, place)
    record("return_row", document, f"Возвращена строка {item.position}", by=by, changes={"row": str(item.uid)})
    return item


@transaction.atomic
def move_row(item, *, by, position):
    """Put a row at a position counted from 1; beyond either end means the end itself."""
    document = open_for_edit(item.plan.document, by)
    item = fresh(item)
    if item.position is None:
        raise ValidationError("Эта строка удалена. Верните её, чтобы переставить.")
    position = max(1, min(position, item.plan.items.present().count()))
    before = item.position
    if position == before:
        return item
    others = item.plan.items.present()
    if position < before:
        others.filter(position__gte=position, position__lt=before).update(position=F("position") + 1)
    else:
        others.filter(position__gt=before, position__lte=position).update(position=F("position") - 1)
    # The row stands under the same heading as the one whose place it takes.
    section = item.plan.items.present().exclude(pk=item.pk).filter(
        position=position + 1 if position < before else position - 1).values_list("section", flat=True)[0]
    if item.section != section:
        item.section, item.version = section, item.version + 1
    item.position = position
    item.save(update_fields=["position", "section", "version"])
    record("move_row", document, f"Строка {before} поставлена на место {position}", by=by, changes={"row": str(item.uid)})
    return item


@transaction.atomic
def save_cell(item, cell, value, *, version, by, base=None):
    """Save one cell. Saved twice, the second call changes nothing.

    Raises StaleVersion when the row changed since ``version`` was read, unless ``base`` (the text the editor
    began from) is still what the cell says; ValidationError, keyed by the cell, for what cannot be stored.
    """
    document = open_for_edit(item.plan.document, by)
    item = fresh(item)
    value = cells.read(cell, value)
    if stored(item, cell) == value:
        return item
    if item.version != version and (base is None or not cells.says(item, cell, base)):
        raise StaleVersion(item)
    before = cells.source(item, cell)
    cells.write(item, cell, value, period(item.plan))
    touch(item, by)
    record("save_cell", document, f"Строка {item.position or '–'}: {cells.NAMES[cell]}", by=by,
           changes={"row": str(item.uid), "cell": cell, "before": before, "after": cells.source(item, cell)})
    return item


@transaction.atomic
def save_row(item, values, *, version, by):
    """Save a whole row from its ordinary form; ``values`` are typed texts by cell. All errors come together."""
    document = open_for_edit(item.plan.document, by)
    item = fresh(item)
    read, errors = {}, {}
    for cell, value in values.items():
        try:
            read[cell] = cells.read(cell, value)
        except ValidationError as refusal:
            errors |= refusal.message_dict
    if errors:
        raise ValidationError(errors)
    changed = [cell for cell, value in read.items() if stored(item, cell) != value]
    if not changed:
        return item
    if item.version != version:
        raise StaleVersion(item)
    below = rows_under_the_same(item) if "section" in changed else []
    for cell in changed:
        cells.write(item, cell, read[cell], period(item.plan))
    touch(item, by)
    for row in below:
        row.section = item.section
        touch(row, by)
    names = ", ".join(cells.NAMES[cell] for cell in changed)
    record("save_row", document, f"Строка {item.position or '–'}: {names}", by=by, changes={"row": str(item.uid)})
    return item


@transaction.atomic
def paste_rows(plan, rows, *, by, after=None):
    """Several rows at once, below ``after``; an empty row they were pasted into gives way to them.

    ``rows`` are dictionaries by cell. Returns (the new rows, the uid of the row that gave way or None):
    what ``unpaste_rows`` needs.
    """
    document = open_for_edit(plan.document, by)
    if not rows:
        raise ValidationError("Во вставленном тексте не нашлось строк таблицы.")
    after = fresh(after) if after else None
    given_way = None
    place = place_below(plan, after)
    if after and after.position and cells.is_empty(after):
        place, given_way = take_out(after), after.uid
    make_room(plan, place, len(rows))
    rows = [{"section": section_above(plan, place)} | row for row in rows]
    added = insert_many(plan, list(enumerate(rows, start=place)), by=by)
    record("paste_rows", document, f"Вставлено строк: {len(added)}", by=by,
           changes={"rows": [str(item.uid) for item in added]})
    return added, given_way


@transaction.atomic
def unpaste_rows(plan, uids, *, by, given_way=None):
    """Undo ``paste_rows``: the pasted rows leave together, the row that gave way is back."""
    document = open_for_edit(plan.document, by)
    pasted = list(plan.items.present().filter(uid__in=uids).order_by("position"))
    place = pasted[0].position if pasted else None
    for item in reversed(pasted):
        take_out(item)
    empty = plan.items.filter(uid=given_way, position__isnull=True).first() if given_way else None
    if empty:
        put_back(empty, place)
    record("unpaste_rows", document, f"Отменена вставка строк: {len(pasted)}", by=by)
    return len(pasted)


@transaction.atomic
def renumber(plan, *, by):
    """Number the rows 1, 2, 3 … in the way the first number is written («1.», «1)», «1»)."""
    document = open_for_edit(plan.document, by)
    rows = list(plan.items.present().order_by("position"))
    ending = next((found.group(2) for row in rows if (found := _NUMBER.fullmatch(row.label))), ".")
    changed = []
    for number, row in zip(counted(rows), rows, strict=True):
        if row.label != f"{number}{ending}"[:cells.LABEL_LIMIT]:
            row.label = f"{number}{ending}"[:cells.LABEL_LIMIT]
            touch(row, by)
            changed.append(row)
    if changed:
        record("renumber", document, f"Строки перенумерованы: {len(changed)}", by=by)
    return changed


# ── inside a verb: the document is locked ─────────────────────────────────────────────────────────────────

def fresh(item):
    """The row as it is now, with its plan; the lock of the document keeps it so."""
    return PlanItem.objects.select_related("plan").prefetch_related("responsibles").get(pk=item.pk)


def rows_under_the_same(item):
    """The rows right below that stand under the heading of this one: a heading holds until the next."""
    below = item.plan.items.present().filter(position__gt=item.position or 0).order_by("position")
    return list(itertools.takewhile(lambda row: row.section == item.section, below)) if item.position else []


def period(plan):
    return plan.period_start, plan.period_end


def stored(item, cell):
    """What the cell holds, in the shape ``cells.read`` returns."""
    return responsibles(item, True) if cell == "responsible" else getattr(item, cell)


def responsibles(item, as_pairs=False):
    rows = item.responsibles.all()
    return [(row.text, row.person_id) if as_pairs else {"text": row.text, "person": row.person_id} for row in rows]


def place_below(plan, after):
    if after is not None and (position := fresh(after).position):
        return position + 1
    return (plan.items.aggregate(last=Max("position"))["last"] or 0) + 1


def insert(plan, *, by, place, uid=None, values=None):
    """A new row at a place; the rows from there on move down."""
    if uid and PlanItem.objects.filter(uid=uid).exists():
        raise ValidationError("Такая строка уже есть в другом плане. Обновите страницу.")
    make_room(plan, place, 1)
    values = {"label": next_label(plan, place), "section": section_above(plan, place)} | (values or {})
    return insert_many(plan, [(place, values)], by=by, uid=uid)[0]


def make_room(plan, place, count):
    if plan.items.present().count() + count > MOST_ROWS:
        raise ValidationError(f"В плане помещается не больше {MOST_ROWS} строк.")
    plan.items.filter(position__gte=place).update(position=F("position") + count)


def insert_many(plan, placed, *, by, uid=None):
    """New rows at free places, pairs (place, values by cell); the same few queries for any number of rows.

    Raises ValidationError with a sentence per row that cannot be stored.
    """
    items, pairs, errors = [], [], []
    for place, values in placed:
        item = PlanItem(plan=plan, uid=uid or uuid.uuid4(), position=place, changed_by=person_of(by), changed_at=timezone.now())
        try:
            for cell in ("section", "label", "topics", "term"):
                if cell in values:
                    cells.write(item, cell, cells.read(cell, values[cell]), period(plan))
            pairs += [(item, *pair) for pair in cells.read_names(values.get("responsible") or [])]
        except ValidationError as refusal:
            errors += [f"Строка {place}: {sentence}" for sentence in refusal.messages]
        items.append(item)
    if errors:
        raise ValidationError(errors)
    PlanItem.objects.bulk_create(items)
    linked = cells.linked([(text, person) for _, text, person in pairs])
    places = defaultdict(itertools.count)
    PlanResponsible.objects.bulk_create(
        PlanResponsible(item=item, text=text, person_id=person, position=next(places[item.uid]))
        for (item, _, _), (text, person) in zip(pairs, linked, strict=True)
    )
    return items


def next_label(plan, place):
    """The number after the one above, written as that one is; nothing when that one is no number."""
    above = plan.items.filter(position=place - 1).first()
    if above is None:
        return "1." if place == 1 else ""
    found = _NUMBER.fullmatch(above.label)
    return f"{int(found.group(1)) + 1}{found.group(2)}"[:cells.LABEL_LIMIT] if found else ""


def take_out(item):
    """The row leaves the table, the rows below move up. Returns the place it had."""
    place, item.position = item.position, None
    item.version += 1
    item.save(update_fields=["position", "version"])
    item.plan.items.filter(position__gt=place).update(position=F("position") - 1)
    return place


def counted(rows):
    """1, 2, 3 …; from 1 again under every heading when the plan counts so: a later heading begins with 1."""
    runs = [list(run) for _, run in itertools.groupby(rows, key=lambda row: row.section)]
    anew = any((found := _NUMBER.fullmatch(run[0].label)) and int(found.group(1)) == 1 for run in runs[1:])
    return [number for run in runs for number in range(1, len(run) + 1)] if anew else range(1, len(rows) + 1)


def section_above(plan, place):
    """The heading a new row at this place stands under: that of the row above, at the top that of the first."""
    row = plan.items.filter(position__lt=place).order_by("-position").first() or plan.items.present().order_by("position").first()
    return row.section if row else ""


def put_back(item, place):
    end = item.plan.items.present().count() + 1
    place = max(1, min(place or end, end))
    item.plan.items.filter(position__gte=place).update(position=F("position") + 1)
    item.position = place
    item.version += 1
    item.save(update_fields=["position", "version"])
