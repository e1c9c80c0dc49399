"""The door every change of a meeting goes through: agenda, participants, outcomes, decisions."""
from projectoffice.common.db import locked
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.documents.services.content import open_for_edit

from ..meeting.workflow import demand


def open_meeting(meeting, by, verb="edit"):
    """Lock the meeting and answer that this person may do this to it now; returns the locked meeting.

    What a protocol tells is closed with its text: while the protocol is being signed or in force, its document
    must first be withdrawn or revised. An annulled one closes nothing: its text is kept in its edition, and the minutes
    may be mended for the next. The document is locked before the meeting, as everywhere.

    Raises PermissionDenied or TransitionNotAllowed.
    """
    protocol = meeting.protocol
    if protocol:
        open_for_edit(protocol.document, by)
    meeting = locked(meeting)
    if protocol is None and meeting.protocol:
        raise TransitionNotAllowed("Протокол только что собрали в другом окне. Обновите страницу.")
    demand(meeting, verb, by)
    return meeting


def why_closed(meeting):
    """The sentence why nothing of a meeting may be changed now: its protocol is being signed or in force; empty otherwise."""
    protocol = meeting.protocol
    return "" if protocol is None or protocol.document.is_draft else closed_by(protocol.document)


def closed_by(document):
    """The same for the document of the protocol that is at hand."""
    if document.state == document.State.IN_APPROVAL:
        return "Протокол на подписи, и всё, о чём он говорит, закрыто. Чтобы править, отзовите его."
    return "Протокол подписан, и всё, о чём он говорит, закрыто. Чтобы править, внесите изменения новой редакцией протокола."
