"""What becomes of a table read from a Word file: the rows of a draft are brought in line with it."""
import re

from django.core.exceptions import ValidationError
from django.db import transaction

from projectoffice.accounts.names import people_named
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.history import record

from ..models import Document, Stamp
from ..models.document import STAMP_WORDS
from ..services.content import open_for_edit
from ..snapshot import without_tail
from ..table.content import read_title
from ..table.rows import fresh, insert_many, touch
from ..table.spec import table_of
from .difference import CHANGED, compare, values_of

NO_YEAR = "В файле не нашёлся год плана. Укажите его."


def check_importable(content):
    """A document that goes round or is in force takes no import: TransitionNotAllowed says what to do."""
    state = content.document.state
    if state == Document.State.IN_APPROVAL:
        raise TransitionNotAllowed("Этот план на подписи. Отзовите его, чтобы загрузить файл.")
    if state == Document.State.ISSUED:
        raise TransitionNotAllowed("Этот план уже утверждён. Внесите изменения новой редакцией, затем загрузите файл.")
    if state == Document.State.ANNULLED:
        raise TransitionNotAllowed("Этот план отменён, загрузить в него файл нельзя.")


@transaction.atomic
def apply_import(content, parsed, *, by, file_name=""):
    """Bring a draft in line with the file: rows recognised keep their uid, others are added or leave the table.

    The same file twice changes nothing more. Returns the Difference that was applied.
    """
    check_importable(content)
    document = open_for_edit(content.document, by)
    content = table_of(content).content.objects.select_related("document").get(pk=content.pk)
    difference = fill(content, parsed, by=by)
    record("import_plan", document, f"План приведён к файлу Word: строк {len(parsed.items)}", by=by, changes={"file": file_name})
    return difference


def fill(content, parsed, *, by):
    """Title, stamps and rows as they stand in the file; the document is open for edit. Returns the Difference."""
    table = table_of(content)
    if parsed.title:
        content.title = read_title("\n".join(parsed.title))
        content.version += 1
        content.save(update_fields=["title", "version"])
    if parsed.stamps:
        put_stamps(content.document, parsed.stamps)
    difference = compare(table, parsed.items, list(table.rows_of(content)))
    put_rows(content, difference, by=by)
    return difference


def put_rows(content, difference, *, by):
    table = table_of(content)
    table.rows(content).present().update(position=None)
    placed = list(enumerate(difference.pairs, start=1))
    known = [(place, pair) for place, pair in placed if pair.item]
    for place, pair in known:
        table.row.objects.filter(pk=pair.item.pk).update(position=place)
        if pair.kind == CHANGED:
            renew(table, pair, place, by=by)
    insert_many(content, [(place, values_of(table, pair.imported)) for place, pair in placed if pair.item is None], by=by)


def renew(table, pair, place, *, by):
    item, values = fresh(pair.item), values_of(table, pair.imported)
    item.section = values["section"]
    try:
        for cell in pair.changed:
            table.cell(cell).write(item, table.read(cell, values[cell]), table.period(item.plan))
    except ValidationError as refusal:
        raise ValidationError([f"Строка {place}: {sentence}" for sentence in refusal.messages]) from refusal
    touch(item, by)


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
