"""Signatures on paper: staff record who signed the printed sheet and when; the scan comes now or later."""
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projectoffice.accounts.models import Substitution, User
from projectoffice.common.db import locked
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.history import record

from .. import letters, route
from ..models import Attachment, Decision, Document, Stamp
from ..workflow import demand
from .route import give_back, go_on, word_of

OTHER_SHEET = ("На подпись направлен уже другой лист: текст изменился, пока эта страница была открыта. "
               "Посмотрите, какой лист подписан, и отметьте снова.")


@dataclass(frozen=True)
class Signed:
    """What staff read on the paper: which stamp, when, and what differs from what is printed."""

    stamp: Stamp
    signed_on: date
    name: str = ""
    post: str = ""
    basis: str = ""
    comment: str = ""
    signer: User | None = None


@transaction.atomic
def record_ink(stamp, *, by, scan=None, **facts):
    """Record one signature; see ``record_all_ink``."""
    return record_all_ink(stamp.document, [Signed(stamp, **facts)], by=by, scan=scan)


@transaction.atomic
def record_all_ink(document, signed, *, by, scan=None, shown_hash=None):
    """Record signatures of one sheet, in the order of their steps whatever the order given, with the scan if it is there.

    The actual signer, post and basis may differ from what is printed; both are kept. A signature already
    recorded is passed over, so the same form sent twice changes nothing; a scan that comes with it is kept.
    ``shown_hash`` is the content of the sheet the form was opened on: another sheet is StaleVersion. Returns the document.
    """
    document = locked(document)
    left = [entry for entry in signed if not is_recorded(document, entry.stamp)]
    demand(document, "attach" if signed and not left else "record_ink", by)
    check_shown(document, shown_hash)
    if scan:
        store_scan(document, scan, document.edition_number, by=by)
    for entry in sorted(left, key=lambda entry: (route.turn(entry.stamp), entry.stamp.position)):
        record_one(document, entry, by=by)
        document = go_on(document, by=by)
    return document


def check_shown(document, shown_hash):
    """Refuse what was marked about another sheet than the one that goes round; commands, which show none, say None."""
    if shown_hash is None:
        return
    frozen = document.current_sheet or document.in_force
    if frozen is None or frozen.content_hash != shown_hash:
        raise StaleVersion(document, OTHER_SHEET)


def is_recorded(document, stamp):
    """Whether this stamp is signed already, on the route or in the edition just issued."""
    if document.state == Document.State.IN_APPROVAL:
        return any(s.stamp == stamp and s.state == route.SIGNED for s in route.standings(document))
    return document.state == Document.State.ISSUED and document.decisions.filter(
        stamp=stamp, code=route.code_of(document), verdict=Decision.Verdict.SIGNED
    ).exists()


def record_one(document, entry, *, by):
    stamp = document.stamps.active().get(pk=entry.stamp.pk)
    if stamp not in route.open_stamps(document):
        raise TransitionNotAllowed(f"«{stamp.get_kind_display()}» отмечают после тех, кто подписывает раньше.")
    if why := why_not_on(document, entry.signed_on):
        raise ValidationError({"signed_on": why})
    signer, substitution = who_signed(entry, stamp)
    name, post = as_printed(stamp, signer, substitution)
    decision = Decision.objects.create(
        document=document,
        stamp=stamp,
        edition_number=document.edition_number,
        content_hash=document.current_sheet.content_hash,
        code=document.current_sheet.code,
        verdict=Decision.Verdict.SIGNED,
        method=Stamp.Method.INK,
        by=signer,
        substitution=substitution,
        recorded_by=by,
        post=entry.post or post,
        name=entry.name or name,
        basis=entry.basis,
        signed_on=entry.signed_on,
        comment=entry.comment,
    )
    record("record_ink", document,
           f"{word_of(stamp)} на бумаге {entry.signed_on:%d.%m.%Y}: {decision.name or stamp.basis}", by=by,
           on_behalf_of=decision.by, changes={"stamp": str(stamp.uid), "content_hash": decision.content_hash})
    letters.ink_recorded(document, decision)


def why_not_on(document, day):
    """The sentence why nobody can have signed this paper that day; empty where one can."""
    if day > timezone.localdate():
        return "Дата подписи ещё не наступила."
    return document.spec.bars_signature_on(document, day)


def who_signed(entry, stamp):
    """``(person, substitution)``: whom staff name; otherwise who acted that day when that name is printed, or the signer."""
    if entry.signer:
        return entry.signer, acting_on(entry.signed_on, entry.signer, stamp)
    acted = route.acting_for(stamp, entry.signed_on) if not route.is_named(stamp, stamp.signer) else ()
    found = next((each for each in acted if route.is_named(stamp, each.acting)), None)
    return (found.acting, found) if found else (stamp.signer, None)


def as_printed(stamp, signer, substitution):
    """Name and post of a signature: what is printed, unless the signer is known to be somebody else."""
    if signer is None or route.is_named(stamp, signer) or not stamp.name and signer.pk == stamp.signer_id:
        return stamp.name or (signer.signature_name if signer else ""), " ".join(stamp.post.split())
    return signer.signature_name, substitution.post if substitution else route.post_of(stamp, signer)


def acting_on(day, signer, stamp):
    """The substitution under which somebody else signed in the signer's place that day, or None."""
    if signer is None or signer.pk == stamp.signer_id:
        return None
    return Substitution.objects.on(day).filter(absent=stamp.signer_id, acting=signer).first()


@transaction.atomic
def record_return(stamp, *, by, reason, source, source_date, source_file=None, shown_hash=None):
    """Staff enter that a signer gave the sheet back with a remark, by phone, letter or on the paper itself.

    The same effect as ``return_document``: draft of the same coming edition, the author is told. Source, date,
    file and recorder are kept with the decision.
    """
    document = locked(stamp.document)
    demand(document, "record_ink", by)
    check_shown(document, shown_hash)
    stamp = document.stamps.active().get(pk=stamp.pk)
    if stamp not in route.open_stamps(document):
        raise TransitionNotAllowed("Очередь этой подписи ещё не подошла или решение уже принято.")
    if source_date > timezone.localdate():
        raise ValidationError({"source_date": "Эта дата ещё не наступила."})
    name, post = as_printed(stamp, stamp.signer, None)
    decision = Decision.objects.create(
        document=document,
        stamp=stamp,
        edition_number=document.edition_number,
        content_hash=document.current_sheet.content_hash,
        code=document.current_sheet.code,
        verdict=Decision.Verdict.RETURNED,
        method=Stamp.Method.INK,
        by=stamp.signer,
        post=post,
        name=name or stamp.basis,
        signed_on=source_date,
        comment=reason.strip(),
        source=source.strip(),
        source_date=source_date,
        source_file=source_file,
        recorded_by=by,
    )
    give_back(document, decision, by=by)
    record("record_return", document, f"Возвращено с замечанием: {decision.name} ({decision.source}, {source_date:%d.%m.%Y})",
           by=by, on_behalf_of=decision.by, changes={"reason": decision.comment})
    return document


@transaction.atomic
def add_scan(document, stored, *, by, edition_number=None):
    """Keep the scan of the signed sheet beside the edition it belongs to (the newest unless said)."""
    document = locked(document)
    demand(document, "attach", by)
    return store_scan(document, stored, edition_number or document.edition_number, by=by)


def store_scan(document, stored, number, *, by):
    """Keep a scan once: the same file sent again with the same form is the same scan."""
    kept = document.attachments.filter(
        kind=Attachment.Kind.SCAN, edition_number=number, file__sha256=stored.sha256, removed=False
    ).first()
    if kept:
        return kept
    scan = Attachment.objects.create(
        document=document, edition_number=number, kind=Attachment.Kind.SCAN, title="Скан подписанного листа", file=stored
    )
    record("add_scan", document, f"Загружен скан подписанного листа, редакция {number}", by=by,
           changes={"file": stored.sha256})
    return scan
