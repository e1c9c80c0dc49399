"""The door every change of content goes through."""
from django.utils import timezone

from projectoffice.accounts.access import require
from projectoffice.common.db import locked
from projectoffice.common.errors import TransitionNotAllowed

from ..models import Document


def open_for_edit(document, by):
    """Lock the document and answer that this person may change its content now; every content verb begins here.

    Raises PermissionDenied or TransitionNotAllowed. Returns the locked document.
    """
    document = locked(document)
    require(by, document.spec.change_permission, document)
    if document.state != Document.State.DRAFT:
        raise TransitionNotAllowed(closed_sentence(document))
    Document.objects.filter(pk=document.pk).update(changed_at=timezone.now())
    return document


def closed_sentence(document):
    if document.state == Document.State.IN_APPROVAL:
        return "Документ на подписи, текст закрыт. Чтобы править, отзовите его."
    if document.state == Document.State.ANNULLED:
        return "Документ отменён, изменить его нельзя."
    return "Документ уже действует. Чтобы изменить его, внесите изменения новой редакцией."
