"""Stamps of a draft: add, change, remove, swap sides; replace a signer who is away while the document waits."""
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max

from projectoffice.accounts.access import require
from projectoffice.common.db import locked
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.history import record

from .. import letters, route
from ..models import Stamp
from ..workflow import demand, stamps_permission
from .content import open_for_edit

KEPT = ("kind", "word", "place", "side", "step", "style", "post", "name", "method", "basis", "basis_number", "position")
EDITABLE = ("kind", "word", "place", "side", "step", "style", "post", "name", "signer", "method", "basis",
            "basis_number", "basis_date")


ONESELF = "Себя вместо другого не ставят: попросите это сделать другого сотрудника офиса."


def open_stamps(document, by):
    """The open document, for who may say who signs it; raises as ``open_for_edit`` does."""
    require(by, stamps_permission(document), document)
    return open_for_edit(document, by)


@transaction.atomic
def add_stamp(document, *, by, **fields):
    """Add a stamp at the end of its step."""
    document = open_stamps(document, by)
    last = document.stamps.aggregate(last=Max("position"))["last"] or 0
    stamp = Stamp(document=document, position=last + 1, **fields)
    stamp.full_clean(exclude=["document"])
    stamp.save()
    record("add_stamp", document, f"Добавлен гриф «{stamp.get_kind_display()}»", by=by, changes={"stamp": str(stamp.uid)})
    return stamp


@transaction.atomic
def save_stamp(stamp, *, by, version, **fields):
    """Change a stamp; refused with StaleVersion when somebody changed it after ``version`` was read."""
    document = open_stamps(stamp.document, by)
    stamp = document.stamps.active().select_for_update().get(pk=stamp.pk)
    if stamp.version != version:
        raise StaleVersion(stamp)
    changes = {name: value for name, value in fields.items() if name in EDITABLE and getattr(stamp, name) != value}
    if not changes:
        return stamp
    for name, value in changes.items():
        setattr(stamp, name, value)
    stamp.version += 1
    stamp.full_clean(exclude=["document"])
    stamp.save()
    record("save_stamp", document, f"Изменён гриф «{stamp.get_kind_display()}»", by=by,
           changes={"stamp": str(stamp.uid), "fields": sorted(changes)})
    return stamp


@transaction.atomic
def put_acting(stamp, *, by):
    """Print name and post of who acts for the signer today.

    The signer stays the absent one: who acts decides by the substitution of that moment, and the trail tells both.
    """
    substitution = route.acting_for(stamp).first()
    if substitution is None:
        raise TransitionNotAllowed("Сейчас никто не исполняет обязанности этого человека.")
    printed = {"name": substitution.acting.signature_name, "post": substitution.post}
    return save_stamp(stamp, by=by, version=stamp.version, **printed)


@transaction.atomic
def remove_stamp(stamp, *, by):
    """Take a stamp away; it is kept hidden, because decisions may point to it and «Вернуть» brings it back."""
    document = open_stamps(stamp.document, by)
    Stamp.objects.filter(pk=stamp.pk).update(removed=True, version=F("version") + 1)
    record("remove_stamp", document, f"Убран гриф «{stamp.get_kind_display()}»", by=by, changes={"stamp": str(stamp.uid)})
    return document


@transaction.atomic
def return_stamp(stamp, *, by):
    """Undo ``remove_stamp``."""
    document = open_stamps(stamp.document, by)
    Stamp.objects.filter(pk=stamp.pk, removed=True).update(removed=False, version=F("version") + 1)
    record("return_stamp", document, f"Возвращён гриф «{stamp.get_kind_display()}»", by=by)
    return document


@transaction.atomic
def swap_sides(document, *, by):
    """Left stamps of the head go right and right ones left."""
    document = open_stamps(document, by)
    other = {Stamp.Side.LEFT: Stamp.Side.RIGHT, Stamp.Side.RIGHT: Stamp.Side.LEFT}
    for stamp in document.stamps.active().filter(place=Stamp.Place.HEAD):
        stamp.side = other[stamp.side]
        stamp.version += 1
        stamp.save(update_fields=["side", "version"])
    record("swap_stamps", document, "Грифы поменяны местами", by=by)
    return document


def put_default_stamps(document):
    """The stamps a new document of this kind begins with; part of the verb that creates it."""
    for position, fields in enumerate(document.spec.default_stamps(document)):
        Stamp.objects.create(document=document, position=position, **fields)


def stamp_values(document):
    """All that the active stamps hold, as JSON: kept with an edition so that an abandoned revision puts it back."""
    return [
        {
            "uid": str(stamp.uid),
            **{name: getattr(stamp, name) for name in KEPT},
            "signer": stamp.signer_id,
            "basis_date": stamp.basis_date.isoformat() if stamp.basis_date else None,
        }
        for stamp in document.stamps.active()
    ]


def restore_stamps(document, values):
    """Put the stamps back as ``stamp_values`` told them; stamps added meanwhile leave."""
    wanted = {each["uid"]: each for each in values}
    for stamp in document.stamps.all():
        kept = wanted.get(str(stamp.uid))
        stamp.removed = kept is None
        if kept:
            for name in KEPT:
                setattr(stamp, name, kept.get(name, ""))  # an edition of old knows no ``word``
            stamp.signer_id = kept["signer"]
            stamp.basis_date = date.fromisoformat(kept["basis_date"]) if kept["basis_date"] else None
        stamp.version += 1
        stamp.save()


@transaction.atomic
def replace_signer(stamp, *, by, signer, method=None):
    """Ask somebody else instead of a signer who is away, while the document waits.

    The printed post and name stay, so earlier decisions hold; who really signed, in the own post, is shown in the
    mark and the trail. Nobody puts oneself in another's place.
    """
    document = locked(stamp.document)
    demand(document, "replace_signer", by)
    if signer == by:
        raise ValidationError({"signer": ONESELF})
    stamp = document.stamps.active().select_for_update().get(pk=stamp.pk)
    if any(s.stamp == stamp and s.state == route.SIGNED for s in route.standings(document)):
        raise TransitionNotAllowed("Эта подпись уже стоит.")
    if (method or stamp.method) == Stamp.Method.ELECTRONIC and not signer.can_log_in:
        raise ValidationError({"signer": f"{signer} не входит на портал. Выберите подпись на бумаге."})
    before, was_asked = stamp.signer, stamp.method == Stamp.Method.ELECTRONIC
    stamp.signer = signer
    stamp.method = method or stamp.method
    stamp.version += 1
    stamp.save()
    record("replace_signer", document, f"Подписывает {signer} вместо {before or stamp.name}", by=by,
           changes={"stamp": str(stamp.uid)})
    if stamp in route.open_stamps(document):
        if was_asked:
            letters.signer_replaced(document, stamp, before, by=by)
        letters.ask_to_decide(document, stamp)
    return stamp
