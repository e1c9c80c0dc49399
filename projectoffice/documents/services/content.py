"""The door every change of content goes through."""
from django.utils import timezone

from projectoffice.common.db import locked

from ..models import Document
from ..workflow import demand


def open_for_edit(document, by):
    """Lock the document and answer that this person may change its content now; every content verb begins here.

    Raises PermissionDenied or TransitionNotAllowed. Returns the locked document.
    """
    document = locked(document)
    demand(document, "edit", by)
    Document.objects.filter(pk=document.pk).update(changed_at=timezone.now())
    return document
