"""/v/<code>/: what a paper is worth today, for anybody who holds it."""
import pytest
from django.core.cache import cache
from django.urls import reverse

from projectoffice.documents.models import Edition
from projectoffice.documents.services.revision import abandon_revision, revise
from projectoffice.documents.services.route import return_document, send
from tests.documents.paper import TEXTS, make_paper
from tests.documents.states import fresh, paper_in
from tests.documents.uploads import pdf_upload
from tests.factories import StampFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


def seen(client, code):
    return client.get(reverse("check", args=[code])).content.decode()


def test_a_paper_in_force_shows_posts_date_and_sum_and_no_names(cast, client):
    document = paper_in("issued", cast)
    page = seen(client, document.in_force.public_code)
    assert "Действует" in page and document.in_force.sha256 in page
    assert "Руководитель Проектного офиса" in page
    assert cast.office_head.surname not in page


def test_a_replaced_edition_leads_to_the_one_in_force(cast, client):
    document = send(make_paper(cast.secretary), by=cast.secretary)
    old = fresh(document).in_force
    revise(document, by=cast.secretary, basis="приказа")
    TEXTS[document.pk] = "Иначе"
    document = fresh(send(document, by=cast.secretary))
    page = seen(client, old.public_code)
    assert "Заменено редакцией 2" in page and document.in_force.get_check_url() in page


def test_an_annulled_paper_says_so(cast, client):
    document = paper_in("annulled", cast)
    assert "Отменено" in seen(client, document.in_force.public_code)


def test_a_sheet_on_the_route_and_one_that_came_back_are_not_in_force(cast, client):
    document = make_paper(cast.secretary)
    stamp = StampFactory(document=document, signer=cast.office_head)
    document = send(document, by=cast.secretary)
    assert "На подписи, не действует" in seen(client, document.coming_code)
    return_document(stamp, by=cast.office_head, shown_hash=document.current_sheet.content_hash, reason="Срок")
    assert "этот лист не подписан" in seen(client, document.coming_code)


def test_the_code_of_an_abandoned_sheet_never_becomes_valid(cast, client):
    document = send(make_paper(cast.secretary), by=cast.secretary)
    stamp = None
    document = revise(document, by=cast.secretary, basis="приказа")
    stamp = StampFactory(document=document, signer=cast.office_head)
    document = send(document, by=cast.secretary)
    abandoned = document.coming_code
    return_document(stamp, by=cast.office_head, shown_hash=document.current_sheet.content_hash, reason="Не нужно")
    document = abandon_revision(document, by=cast.secretary)
    document = revise(document, by=cast.secretary, basis="приказа")
    document = fresh(send(document, by=cast.secretary))
    assert document.in_force.number == 2 and document.in_force.public_code != abandoned
    assert "этот лист не подписан" in seen(client, abandoned)


def test_an_unknown_code_has_one_constant_answer(cast, client):
    draft = make_paper(cast.secretary)
    answers = {client.get(reverse("check", args=[code])).content for code in ("нет", "x" * 22, "%00", draft.coming_code)}
    statuses = {client.get(reverse("check", args=[code])).status_code for code in ("нет", "a" * 3000)}
    masked = {content.split(b"<main")[1].split(b"</main>")[0] for content in answers}
    assert len(masked) == 1 and statuses == {404}


def test_a_file_is_compared_by_its_sum_alone(cast, client):
    document = paper_in("issued", cast)
    url = document.in_force.get_check_url()
    ours = bytes(document.in_force.file.pdf)

    def said(content):
        return client.post(url, {"file": pdf_upload(content=content)}).content.decode()

    assert "совпадает байт в байт" in said(ours)
    assert "не совпадает" in said(ours + b"\n")
    assert "не совпадает" in said(b"\x00garbage")
    assert "Выберите файл PDF" in client.post(url, {}).content.decode()


def test_a_true_file_of_another_edition_is_named(cast, client):
    document = fresh(send(make_paper(cast.secretary), by=cast.secretary))
    old = document.in_force
    revise(document, by=cast.secretary, basis="приказа")
    document = fresh(send(document, by=cast.secretary))
    answer = client.post(document.in_force.get_check_url(), {"file": pdf_upload(content=bytes(old.file.pdf))})
    assert "другой редакции: 1" in answer.content.decode()


def test_more_than_thirty_questions_a_minute_from_one_address_wait(cast, client):
    document = paper_in("issued", cast)
    url = Edition.objects.get(document=document).get_check_url()
    statuses = [client.get(url).status_code for _ in range(61)]
    assert statuses[0] == 200 and 429 in statuses  # the minute may turn in between
