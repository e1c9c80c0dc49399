"""Every page of a document in every state for everybody: who may, who may not, and never a 500."""
import pytest
from django.urls import reverse

from projectoffice.documents.models import Document
from projectoffice.documents.services.annulment import confirm_annulment, propose_annulment
from projectoffice.documents.services.ink import record_ink
from projectoffice.documents.services.revision import revise
from projectoffice.documents.services.route import return_document, send
from tests.documents.paper import make_paper
from tests.factories import StampFactory

pytestmark = pytest.mark.django_db

STATES = ["draft", "sent", "returned", "issued", "revised", "proposed", "annulled"]


def paper_in(state, cast, kind="paper"):
    """A paper agreed by the department head and approved by the office head, brought to this state by real verbs."""
    document = make_paper(cast.secretary, kind=kind)
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
    document = Document.objects.get(pk=document.pk)
    if state == "revised":
        return revise(document, by=cast.secretary, basis="приказа", basis_number="84")
    if state in ("proposed", "annulled"):
        propose_annulment(document, by=cast.secretary, reason="Ошибка")
    if state == "annulled":
        confirm_annulment(document, by=cast.office_head)
    return Document.objects.get(pk=document.pk)


PAGES = ["document", "send", "withdraw", "decide", "ink", "scan", "replace_signer", "pdf", "sheet", "draft_pdf", "docx",
         "stamps", "stamp_add", "history", "compare", "revise", "abandon", "annul", "publish", "distribute", "attachments",
         "public"]
LISTS = ["register", "register_export", "inbox", "to_sign", "my_folder", "archive_new"]


@pytest.mark.parametrize("state", STATES)
def test_no_page_of_a_document_breaks_in_any_state_for_anybody(cast, client, state):
    document = paper_in(state, cast)
    answers = {}
    for name, person in cast.everybody().items():
        client.force_login(person)
        for page in PAGES:
            response = client.get(reverse(f"documents:{page}", args=[document.pk]))
            answers[name, page] = response.status_code
            assert response.status_code in (200, 302, 403, 404), (page, name, response.status_code)
    strangers = {page for (name, page), status in answers.items() if name == "stranger" and status == 200}
    in_force = {"history", "pdf", "docx", "compare"}
    assert strangers == (in_force if document.in_force_id else set())


@pytest.mark.parametrize("page", LISTS)
def test_lists_open_for_the_office(cast, client, page):
    paper_in("sent", cast)
    client.force_login(cast.secretary)
    assert client.get(reverse(f"documents:{page}")).status_code == (404 if page == "my_folder" else 200)


@pytest.mark.parametrize("page", PAGES + LISTS)
def test_a_visitor_is_asked_to_log_in(cast, client, page):
    args = [paper_in("issued", cast).pk] if page in PAGES else []
    response = client.get(reverse(f"documents:{page}", args=args))
    assert response.status_code == (404 if page == "public" else 302)
