"""The start page of each person and the front page of a visitor."""
import pytest
from django.urls import reverse

from projectoffice.documents.services.publishing import publish
from projectoffice.documents.services.route import return_document, send
from tests.canary import Canaries
from tests.documents.paper import make_paper
from tests.factories import StampFactory

BACKEND = "projectoffice.accounts.backends.LoginOrEmailBackend"


@pytest.fixture
def open_as(client):
    def open_as(person):
        client.force_login(person, backend=BACKEND)
        return client.get(reverse("home")).content.decode()

    return open_as


def test_a_signer_finds_what_waits_and_the_office_what_is_out_on_paper(cast, open_as):
    document = make_paper(cast.secretary)
    StampFactory(document=document, signer=cast.office_head, method="electronic")
    send(document, by=cast.secretary)
    on_paper = make_paper(cast.secretary, title="Порядок смотра")
    StampFactory(document=on_paper, signer=cast.office_head, method="ink")
    send(on_paper, by=cast.secretary)
    assert "Прочитать и утвердить" in open_as(cast.office_head)
    assert "Отметить подписанное" in open_as(cast.secretary)
    assert "Сейчас ничего не требуется" in open_as(cast.stranger)


def test_a_returned_draft_asks_its_author_to_mend_it(cast, open_as):
    document = make_paper(cast.secretary)
    stamp = StampFactory(document=document, signer=cast.office_head, method="electronic")
    shown = send(document, by=cast.secretary).current_sheet.content_hash
    assert "Исправить" not in open_as(cast.secretary)
    return_document(stamp, by=cast.office_head, shown_hash=shown, reason="Уточните срок")
    assert "Исправить" in open_as(cast.secretary)


def test_others_see_neither_drafts_nor_what_happened(cast, open_as, client):
    canaries = Canaries()
    make_paper(cast.secretary, title=canaries.plant("the title of a draft"))
    strict = send(make_paper(cast.secretary, kind="numbered_paper", title=canaries.plant("a strict paper")), by=cast.secretary)
    assert strict.state == "issued"
    for person in (cast.stranger, cast.member_of_school_a):
        assert canaries.scan(open_as(person).encode()) == set()
    client.logout()
    assert canaries.scan(client.get("/")) == set()
    assert canaries.scan(open_as(cast.secretary).encode()) == {"the title of a draft", "a strict paper"}


def test_a_visitor_finds_what_was_published(cast, client):
    document = send(make_paper(cast.secretary, title="Положение о смотре"), by=cast.secretary)
    assert "Положение о смотре" not in client.get("/").content.decode()
    publish(document, by=cast.secretary)
    assert "Положение о смотре" in client.get("/").content.decode()


@pytest.mark.parametrize("person", ["secretary", "stranger"])
def test_the_start_page_asks_as_much_for_many_papers_as_for_few(cast, client, person):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(getattr(cast, person), backend=BACKEND)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/").status_code == 200
        return len(captured)

    def issue(count):
        for _ in range(count):
            send(make_paper(cast.secretary), by=cast.secretary)

    issue(3)
    few = queries()
    issue(6)
    assert queries() <= few <= 20
