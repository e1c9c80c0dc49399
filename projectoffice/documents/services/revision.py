"""A change of what is in force: a new edition with its basis, or the way back."""
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projectoffice.common.db import locked
from projectoffice.common.history import record

from ..models import Attachment, Document
from ..models.document import new_code
from ..workflow import demand
from .stamps import restore_stamps


@transaction.atomic
def revise(document, *, by, basis, basis_number="", basis_date=None, basis_file=None):
    """Open the next edition for editing; what is in force stays in force until the new one is issued.

    ``basis`` is the act or protocol the change rests on, in the genitive as it will be printed after «в редакции».
    """
    document = locked(document)
    demand(document, "revise", by)
    if not basis.strip():
        raise ValidationError({"basis": "Укажите приказ или протокол, по которому вносятся изменения."})
    document.state = Document.State.DRAFT
    document.edition_number += 1
    document.basis, document.basis_number, document.basis_date = basis.strip(), basis_number, basis_date
    document.basis_file = basis_file
    document.changed_at = timezone.now()
    document.save()
    record("revise", document, f"Готовится редакция {document.edition_number}", by=by,
           changes={"basis": document.basis})
    return document


@transaction.atomic
def abandon_revision(document, *, by):
    """Give the change up: content and stamps return to what is in force."""
    document = locked(document)
    demand(document, "abandon", by)
    abandoned = document.edition_number
    back_to_what_is_in_force(document)
    document.state = Document.State.ISSUED
    document.save()
    record("abandon_revision", document, f"Редакция {abandoned} не понадобилась", by=by)
    remove_files(document, abandoned, by=by)
    return document


def back_to_what_is_in_force(document):
    """Content, stamps and basis of the edition in force instead of those being prepared; the caller saves."""
    in_force = document.in_force
    document.spec.restore(document, in_force.snapshot)
    restore_stamps(document, in_force.stamps)
    # A sheet of the abandoned edition may lie on somebody's table: its code must never become a valid one.
    document.coming_code = new_code()
    document.title, document.edition_number = in_force.title, in_force.number
    document.basis, document.basis_number = in_force.basis_act, in_force.basis_number
    document.basis_date, document.basis_file = in_force.basis_date, in_force.basis_file


def remove_files(document, number, *, by):
    """Hide the files of an edition that never came: the next one will bear the same number and has its own."""
    for attachment in Attachment.objects.filter(document=document, edition_number=number, removed=False):
        Attachment.objects.filter(pk=attachment.pk).update(removed=True)
        record("detach", document, f"Убран файл: {attachment.title}", by=by)
