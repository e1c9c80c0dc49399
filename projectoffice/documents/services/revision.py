"""A change of what is in force: a new edition with its basis, or the way back."""
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projectoffice.accounts.access import require
from projectoffice.common.db import locked
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.history import record

from ..models import Document
from .stamps import restore_stamps


@transaction.atomic
def revise(document, *, by, basis, basis_number="", basis_date=None, basis_file=None):
    """Open the next edition for editing; what is in force stays in force until the new one is issued.

    ``basis`` is the act or protocol the change rests on, in the genitive as it will be printed after «в редакции».
    """
    document = locked(document)
    require(by, document.spec.change_permission, document)
    if document.state != Document.State.ISSUED or document.is_archive:
        raise TransitionNotAllowed("Изменения вносят в действующий документ.")
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
    require(by, document.spec.change_permission, document)
    if document.state != Document.State.DRAFT or document.in_force is None:
        raise TransitionNotAllowed("Отказаться можно от изменений, которые готовятся.")
    snapshot = document.in_force.snapshot
    document.spec.restore(document, snapshot)
    restore_stamps(document, snapshot["stamps"])
    abandoned = document.edition_number
    document.state = Document.State.ISSUED
    document.edition_number = document.in_force.number
    document.basis = document.basis_number = ""
    document.basis_date = document.basis_file = None
    document.save()
    record("abandon_revision", document, f"Редакция {abandoned} не понадобилась", by=by)
    return document
