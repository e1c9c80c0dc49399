"""What becomes of a plan read from a Word file: a new plan, or the rows of a draft brought in line with it."""
import re

from django.core.exceptions import ValidationError
from django.db import transaction

from projectoffice.accounts.access import require
from projectoffice.accounts.names import people_named
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.history import record
from projectoffice.documents.models import Document, Stamp
from projectoffice.documents.models.document import STAMP_WORDS
from projectoffice.documents.services.content import open_for_edit
from projectoffice.documents.snapshot import without_tail

from ..kinds.plan import rows_of
from ..models import MeetingPlan, PlanImport, PlanItem
from ..plan import cells
from ..plan.difference import CHANGED, compare
from .plan import create_plan, read_title
from .rows import fresh, insert_many, period
from .saving import touch

NO_YEAR = "В файле не нашёлся год плана. Укажите его."


def plan_for(parsed, body):
    """The plan of the body this file is about, or None."""
    if parsed.period is None:
        return None
    return MeetingPlan.objects.select_related("document", "body").filter(body=body, period_start=parsed.period[0]).first()


def check_importable(plan):
    """A plan that goes round or is in force takes no import: TransitionNotAllowed says what to do."""
    state = plan.document.state
    if state == Document.State.IN_APPROVAL:
        raise TransitionNotAllowed("Этот план на подписи. Отзовите его, чтобы загрузить файл.")
    if state == Document.State.ISSUED:
        raise TransitionNotAllowed("Этот план уже утверждён. Внесите изменения новой редакцией, затем загрузите файл.")
    if state == Document.State.ANNULLED:
        raise TransitionNotAllowed("Этот план отменён, загрузить в него файл нельзя.")


def keep_import(parsed, *, by, body, file_name, plan=None):
    """Let what was read wait for «Импортировать»; it is gone after a day."""
    require(by, "meetings.change_plan")
    return PlanImport.objects.create(by=by, body=body, plan=plan, file_name=file_name[:255], data=parsed.to_wire())


@transaction.atomic
def import_plan(parsed, *, by, body, file_name=""):
    """A new plan from what was read: title, period, stamps, rows. Returns the plan.

    Raises ValidationError when no year is known or a cell cannot be stored.
    """
    if parsed.period is None:
        raise ValidationError({"year": NO_YEAR})
    start, end = parsed.period
    plan = create_plan(body, by=by, year=start.year, is_school_year=start.year != end.year)
    fill(plan, parsed, by=by)
    record("import_plan", plan.document, f"Загружено из Word строк: {len(parsed.items)}", by=by, changes={"file": file_name})
    return plan


@transaction.atomic
def apply_import(plan, parsed, *, by, file_name=""):
    """Bring a draft in line with the file: rows recognised keep their uid, others are added or leave the table.

    The same file twice changes nothing more. Returns the Difference that was applied.
    """
    check_importable(plan)
    document = open_for_edit(plan.document, by)
    plan = MeetingPlan.objects.select_related("document").get(pk=plan.pk)
    difference = fill(plan, parsed, by=by)
    record("import_plan", document, f"План приведён к файлу Word: строк {len(parsed.items)}", by=by,
           changes={"file": file_name})
    return difference


def fill(plan, parsed, *, by):
    if parsed.title:
        plan.title = read_title("\n".join(parsed.title))
        plan.version += 1
        plan.save(update_fields=["title", "version"])
    if parsed.stamps:
        put_stamps(plan.document, parsed.stamps)
    difference = compare(parsed.items, list(rows_of(plan)))
    put_rows(plan, difference, by=by)
    return difference


def put_rows(plan, difference, *, by):
    plan.items.present().update(position=None)
    placed = list(enumerate(difference.pairs, start=1))
    known = [(place, pair) for place, pair in placed if pair.item]
    for place, pair in known:
        PlanItem.objects.filter(pk=pair.item.pk).update(position=place)
        if pair.kind == CHANGED:
            renew(pair, place, by=by)
    insert_many(plan, [(place, values_of(pair.imported)) for place, pair in placed if pair.item is None], by=by)


def renew(pair, place, *, by):
    item, values = fresh(pair.item), values_of(pair.imported)
    item.section = values["section"]
    try:
        for cell in pair.changed:
            cells.write(item, cell, cells.read(cell, values[cell]), period(item.plan))
    except ValidationError as refusal:
        raise ValidationError([f"Строка {place}: {sentence}" for sentence in refusal.messages]) from refusal
    touch(item, by)


def values_of(imported):
    return {cell: getattr(imported, cell) for cell in cells.NAMES}


def put_stamps(document, imported):
    """The stamps of the file become the document's; one of the same kind keeps who signs it and how."""
    present = list(document.stamps.active())
    people = people_named(stamp.name for stamp in imported)
    for place, part in enumerate(imported):
        stamp = next((one for one in present if one.kind == part.kind), None)
        if stamp:
            present.remove(stamp)
        else:
            stamp = Stamp(document=document, kind=part.kind)
        fields = printed_fields(part, document) | {"position": place}
        signer = people.get(part.name)
        if signer is None and stamp.name == fields["name"]:
            signer = stamp.signer
        before = {name: getattr(stamp, name) for name in fields} | {"signer": stamp.signer}
        for name, value in (fields | {"signer": signer}).items():
            setattr(stamp, name, value)
        if stamp.pk is None or before != fields | {"signer": signer}:
            stamp.version += 1 if stamp.pk else 0
            stamp.save()
    for stamp in present:
        stamp.removed = True
        stamp.version += 1
        stamp.save()


def printed_word(part):
    """The word of the file as a choice of the stamp («е» is «ё» there); empty when it is none of them."""
    typed = re.sub(r"[^а-я]", "", part.heading.lower().replace("ё", "е"))
    return next((word for word in STAMP_WORDS.get(part.kind, ()) if word.lower().replace("ё", "е") == typed), "")


def printed_fields(part, document):
    """The fields of a stamp, each within its bounds: a basis that is too long stays, in full, with the post."""
    basis_fits = len(part.basis) <= 300
    basis = without_tail(part.basis, part.basis_number[:60], part.basis_date) if basis_fits else ""
    word, usual = printed_word(part), Stamp(document=document, kind=part.kind, name=part.name, basis=basis).usual_word
    return {
        "word": "" if word == usual else word,
        "place": part.place, "side": part.side, "style": part.style, "name": part.name[:120],
        "post": part.post if basis_fits else "\n".join(filter(None, [part.post, part.basis])),
        "basis": basis,
        "basis_number": part.basis_number[:60], "basis_date": part.basis_date,
        "step": 2 if part.kind == Stamp.Kind.APPROVE else 1,
    }
