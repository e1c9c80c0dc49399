"""Papers brought to a state by the real verbs."""
from projectoffice.documents.models import Document
from projectoffice.documents.services.annulment import confirm_annulment, propose_annulment
from projectoffice.documents.services.ink import record_ink
from projectoffice.documents.services.revision import revise
from projectoffice.documents.services.route import return_document, send
from tests.documents.paper import make_paper
from tests.factories import StampFactory

STATES = ["draft", "sent", "returned", "issued", "revised", "proposed", "annulled"]


def paper_in(state, cast, **facts):
    """A paper agreed by the department head and approved by the office head, in one of ``STATES``."""
    document = make_paper(cast.secretary, **facts)
    agree = StampFactory(document=document, kind="agree", side="left", signer=cast.department_head)
    approve = StampFactory(document=document, kind="approve", signer=cast.office_head)
    if state == "draft":
        return document
    document = send(document, by=cast.secretary)
    if state == "sent":
        return document
    if state == "returned":
        return return_document(agree, by=cast.department_head, shown_hash=document.current_sheet.content_hash, reason="Срок")
    for stamp in (agree, approve):
        record_ink(stamp, by=cast.secretary, signed_on=document.sent_at.date())
    document = fresh(document)
    if state == "revised":
        return revise(document, by=cast.secretary, basis="приказа", basis_number="84")
    if state in ("proposed", "annulled"):
        propose_annulment(document, by=cast.secretary, reason="Ошибка")
    if state == "annulled":
        confirm_annulment(document, by=cast.office_head)
    return fresh(document)


def fresh(document):
    return Document.objects.get(pk=document.pk)
