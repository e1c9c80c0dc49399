"""Annulment: two people, or an act. Until it is decided the document stays in force; afterwards it has ended."""
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from projectoffice.common.db import locked
from projectoffice.common.history import record

from .. import letters, route
from ..models import Annulment, Document
from ..workflow import demand
from .revision import back_to_what_is_in_force
from .route import to_draft

NO_REASON = "Напишите, почему документ отменяют: это увидит тот, кто подтверждает."


WITHDRAWN = "Предложение отменить документ отозвано"


@transaction.atomic
def propose_annulment(document, *, by, reason):
    """Propose to annul; somebody else who holds the approver's right confirms or declines."""
    document = locked(document)
    demand(document, "propose_annulment", by)
    if not reason.strip():
        raise ValidationError({"reason": NO_REASON})
    annulment = Annulment.objects.create(document=document, reason=reason.strip(), proposed_by=by)
    record("propose_annulment", document, "Предложено отменить документ", by=by, changes={"reason": annulment.reason})
    letters.annulment_proposed(document, annulment)
    return annulment


@transaction.atomic
def confirm_annulment(document, *, by):
    """Confirm what another person proposed; the document ends, no earlier edition revives."""
    document, annulment = open_annulment(document, by)
    annulment.confirmed_by, annulment.confirmed_at = by, timezone.now()
    annulment.save()
    end(document, f"Отмена подтверждена: {annulment.reason}", by=by)
    return document


@transaction.atomic
def decline_annulment(document, *, by, reason):
    """Leave the document in force; the one who proposed reads why."""
    document, annulment = open_annulment(document, by)
    if not reason.strip():
        raise ValidationError({"reason": "Напишите, почему документ остаётся в силе."})
    annulment.declined_at, annulment.decline_reason = timezone.now(), reason.strip()
    annulment.save()
    record("decline_annulment", document, "Документ оставлен в силе", by=by, changes={"reason": annulment.decline_reason})
    letters.annulment_declined(document, annulment, by=by)
    return document


@transaction.atomic
def withdraw_annulment(document, *, by):
    """Take one's own proposal back before anybody decided on it; the document stays in force."""
    document = locked(document)
    demand(document, "withdraw_annulment", by)
    annulment = document.annulments.select_for_update().get(confirmed_at=None, declined_at=None)
    if annulment.proposed_by_id != by.pk:
        raise PermissionDenied("Предложение отзывает тот, кто его сделал.")
    annulment.declined_at, annulment.decline_reason = timezone.now(), WITHDRAWN
    annulment.save()
    record("withdraw_annulment", document, WITHDRAWN, by=by, changes={"reason": annulment.reason})
    letters.annulment_withdrawn(document, annulment)
    return document


def open_annulment(document, by):
    document = locked(document)
    demand(document, "confirm_annulment", by)
    annulment = document.annulments.select_for_update().get(confirmed_at=None, declined_at=None)
    if annulment.proposed_by_id == by.pk:
        raise PermissionDenied("Отмену подтверждает не тот, кто её предложил.")
    return document, annulment


@transaction.atomic
def record_annulment(document, *, by, act, scan, reason=""):
    """Record that an order or a protocol annuls the document; its scan is kept. A proposal still open is settled by it.

    A change being prepared or signed ends with the document: the act does not wait for it.
    """
    document = locked(document)
    demand(document, "record_annulment", by)
    if not act.strip():
        raise ValidationError({"act": "Укажите приказ или протокол, которым отменён документ."})
    if scan is None:
        raise ValidationError({"scan": "Приложите скан приказа или протокола."})
    annulment = document.annulments.select_for_update().filter(confirmed_at=None, declined_at=None).first()
    annulment = annulment or Annulment(document=document, proposed_by=by)
    annulment.reason = annulment.reason or reason.strip() or act.strip()
    annulment.act, annulment.scan = act.strip(), scan
    annulment.confirmed_by, annulment.confirmed_at = by, timezone.now()
    annulment.save()
    end(document, f"Документ отменён: {annulment.act}", by=by)
    return document


def close_revision(document, *, by):
    """End the change under way: those who were being asked are told, content and stamps return to what was in force."""
    if document.state == Document.State.IN_APPROVAL:
        letters.route_ended(document, route.open_stamps(document), "отменён", by=by)
        to_draft(document)
    if document.is_revision:
        back_to_what_is_in_force(document)


def end(document, sentence, *, by):
    """The last change of a document: it is annulled and leaves the public pages."""
    close_revision(document, by=by)
    document.state = Document.State.ANNULLED
    document.published_at, document.publish_pdf = None, False
    document.changed_at = timezone.now()
    document.save()
    document.spec.on_annulled(document)
    record("annul", document, sentence, by=by)
    letters.annulled(document, by=by)
