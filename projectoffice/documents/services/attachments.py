"""Files beside a document."""
from django.db import transaction

from projectoffice.common.db import locked
from projectoffice.common.history import record

from ..models import Attachment
from ..workflow import demand


@transaction.atomic
def attach(document, stored, *, by, title=""):
    """Add a file to the coming or issued edition; its name serves when no title was typed."""
    document = locked(document)
    demand(document, "attach", by)
    attachment = Attachment.objects.create(
        document=document, edition_number=document.edition_number, title=title or stored.name[:200], file=stored
    )
    record("attach", document, f"Приложен файл: {attachment.title}", by=by, changes={"file": stored.sha256})
    return attachment


@transaction.atomic
def detach(attachment, *, by):
    """Take a file away; it is kept hidden, so that it can be put back and the history stays true."""
    return _set_removed(attachment, True, "Убран файл", by=by)


@transaction.atomic
def put_back(attachment, *, by):
    """Undo ``detach``."""
    return _set_removed(attachment, False, "Возвращён файл", by=by)


def _set_removed(attachment, removed, word, *, by):
    document = locked(attachment.document)
    demand(document, "attach", by)
    if Attachment.objects.filter(pk=attachment.pk, removed=not removed).update(removed=removed):
        record("detach" if removed else "put_back", document, f"{word}: {attachment.title}", by=by)
    return document
