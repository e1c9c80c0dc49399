"""Every page of a document in every state for everybody: who may, who may not, and never a 500."""
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.documents.states import STATES, paper_in

pytestmark = pytest.mark.django_db

PAGES = ["document", "send", "withdraw", "decide", "ink", "scan", "replace_signer", "pdf", "sheet", "draft_pdf", "docx",
         "stamps", "stamp_add", "history", "compare", "revise", "abandon", "annul", "publish", "distribute", "attachments",
         "public"]
CHEAP = [page for page in PAGES if page not in ("docx", "draft_pdf")]  # not drawn anew for everybody
LISTS = ["register", "register_export", "inbox", "to_sign", "my_folder", "archive_new"]


@pytest.mark.parametrize("state", STATES)
def test_no_page_of_a_document_breaks_in_any_state_for_anybody(cast, client, state):
    document = paper_in(state, cast)
    answers = {}
    for name, person in cast.everybody().items():
        client.force_login(person)
        for page in PAGES if name in ("secretary", "department_head", "stranger") else CHEAP:
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


def test_the_start_page_asks_as_much_for_ten_papers_as_for_two(cast, client):
    def asked(user):
        client.force_login(user)
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/").status_code == 200
        return len(seen)

    readers = (cast.stranger, cast.secretary, cast.office_head)
    for state in ("proposed", "draft", "returned"):
        paper_in(state, cast)
    before = [asked(user) for user in readers]
    for state in ("proposed", "draft", "returned") * 3:
        paper_in(state, cast)
    assert [asked(user) for user in readers] == before


@pytest.mark.parametrize("page", ["history", "compare", "decide", "docx", "pdf", "sheet"])
def test_a_page_that_only_reads_refuses_to_be_written_to(cast, client, page):
    paper = paper_in("sent", cast)
    client.force_login(cast.secretary)
    assert client.post(reverse(f"documents:{page}", args=[paper.pk])).status_code == 405
