"""The door every change of a meeting goes through: agenda, participants, outcomes, decisions."""
from projectoffice.common.db import locked
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.documents.services.content import open_for_edit

from ..meeting.workflow import demand
from ..models import Protocol


def open_meeting(meeting, by, verb="edit"):
    """Lock the meeting and answer that this person may do this to it now; returns the locked meeting.

    What a protocol tells is closed with its text: while the protocol is being signed or in force, its document
    must first be withdrawn or revised. The document is locked before the meeting, as everywhere.

    Raises PermissionDenied or TransitionNotAllowed.
    """
    protocol = Protocol.objects.filter(meeting=meeting).select_related("document").first()
    if protocol:
        open_for_edit(protocol.document, by)
    meeting = locked(meeting)
    if protocol is None and Protocol.objects.filter(meeting=meeting).exists():
        raise TransitionNotAllowed("Протокол только что собрали в другом окне. Обновите страницу.")
    demand(meeting, verb, by)
    return meeting


def why_closed(meeting):
    """The sentence why nothing of a meeting may be changed now: its protocol is being signed or in force; empty otherwise."""
    protocol = Protocol.objects.filter(meeting=meeting).select_related("document").first()
    return "" if protocol is None or protocol.document.is_draft else closed_by(protocol.document)


def closed_by(document):
    """The same for the document of the protocol that is at hand."""
    if document.state == document.State.IN_APPROVAL:
        return "Протокол на подписи, и всё, о чём он говорит, закрыто. Чтобы править, отзовите его."
    if document.state == document.State.ANNULLED:
        return "Протокол отменён. То, о чём он говорит, больше не меняют."
    return "Протокол подписан, и всё, о чём он говорит, закрыто. Чтобы править, внесите изменения новой редакцией протокола."
