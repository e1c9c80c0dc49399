"""The register: filters, search, count of queries, export; papers of past years."""
import io
import uuid

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from projectoffice.documents.models import Document
from projectoffice.documents.services.route import send
from tests.documents.paper import TEXTS, make_paper
from tests.documents.states import STATES, paper_in
from tests.documents.uploads import PDF, pdf_upload, picture_upload
from tests.factories import BodyFactory, StampFactory

pytestmark = pytest.mark.django_db
REGISTER = "documents:register"


def page(client, **query):
    return client.get(reverse(REGISTER), query).content.decode()


def test_each_filter_and_the_search_find_what_they_name(cast, client):
    _reading, counting = make_paper(cast.secretary, title="О чтении"), make_paper(cast.secretary, title="О счёте", year=2026)
    TEXTS[counting.pk] = "Устный счёт в сентябре"
    counting.body = BodyFactory(name="Рабочая группа по счёту")
    counting.save()
    send(counting, by=cast.secretary)
    client.force_login(cast.secretary)
    for query in ({"q": "УСТНЫЙ сентябре"}, {"q": "счёте"}, {"state": "issued"}, {"year": 2026}, {"body": counting.body.pk}):
        found = page(client, **query)
        assert "О счёте" in found and "О чтении" not in found, query
    assert "О чтении" in page(client, kind="paper", state="draft")
    assert "По этим условиям ничего нет" in page(client, q="такого нет")


def test_waiting_for_me_is_what_my_signature_is_asked_for(cast, client):
    mine, other = make_paper(cast.secretary, title="Моё"), make_paper(cast.secretary, title="Чужое")
    StampFactory(document=mine, signer=cast.office_head)
    StampFactory(document=other, signer=cast.department_head)
    send(mine, by=cast.secretary), send(other, by=cast.secretary)
    client.force_login(cast.office_head)
    found = page(client, waiting="on")
    assert "Моё" in found and "Чужое" not in found


@pytest.mark.parametrize("query", [
    {"q": "\x00"}, {"q": "a" * 5000}, {"year": "99999999999999999999"}, {"kind": "x'"}, {"state": "нет"}, {"body": "abc"},
    {"body": "9" * 400}, {"page": "0"}, {"page": "-1"}, {"page": "9" * 40}, {"page": "abc"}, {"no_scan": "\x00"},
])
def test_hostile_filters_are_passed_over(cast, client, query):
    client.force_login(cast.secretary)
    for name in (REGISTER, "documents:register_export"):
        assert client.get(reverse(name), query).status_code == 200


def queries_for(client, url):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return [query["sql"].split("WHERE")[0][-120:] for query in seen]


def test_the_register_asks_as_much_for_fifty_rows_as_for_three(cast, client):
    client.force_login(cast.secretary)
    for state in STATES[:3]:
        paper_in(state, cast)
    queries_for(client, reverse(REGISTER))  # the first request of a session reads it from the database
    few = queries_for(client, reverse(REGISTER))
    rest = [Document(kind="paper", title=f"Положение {n}", year=2027, created_by=cast.secretary) for n in range(45)]
    Document.objects.bulk_create(rest)
    StampFactory.create_batch(30, document=rest[0])
    for state in STATES:
        paper_in(state, cast)
    many = queries_for(client, reverse(REGISTER))
    assert len(few) == len(many) <= 20, (few, many)
    assert "Показано 50 из 55" in page(client)
    assert "Показано 55 из 55" in page(client, page=2)


def test_the_export_is_what_is_shown_and_never_a_formula(cast, client):
    make_paper(cast.secretary, title="=HYPERLINK(\"http://x\")")
    make_paper(cast.secretary, title="Другое")
    client.force_login(cast.secretary)
    response = client.get(reverse("documents:register_export"), {"q": "HYPERLINK"})
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert [row[0].value for row in sheet.rows] == ["Документ", "=HYPERLINK(\"http://x\")"]
    assert sheet["A2"].data_type == "s" and sheet["A2"].quotePrefix


def archived(client, **more):
    data = {"kind_text": "План заседаний", "title": "План на 2019 год", "date": "2019-01-15", "number": "7",
            "key": uuid.uuid4(), **more}
    return client.post(reverse("documents:archive_new"), data)


def test_a_paper_of_a_past_year_is_registered_and_found_with_its_scan(cast, client):
    client.force_login(cast.secretary)
    key = uuid.uuid4()
    for _ in range(2):
        assert archived(client, pages=pdf_upload(), key=key).status_code == 302
    document = Document.objects.get()
    assert bytes(document.in_force.file.pdf) == PDF
    assert "План на 2019 год" in page(client, q="2019")
    assert client.get(reverse("documents:pdf", args=[document.pk])).content == PDF
    assert client.get(document.get_absolute_url(), follow=True).status_code == 200
    assert "Архивный" not in page(client, year=2019).split("<tbody")[1]


def test_photographs_become_one_pdf_without_what_cameras_add(cast, client):
    client.force_login(cast.secretary)
    exif = b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00" + b"GPS-52.1"
    assert archived(client, pages=[picture_upload("1.jpg", exif=exif), picture_upload("2.png", kind="PNG")]).status_code == 302
    pdf = bytes(Document.objects.get().in_force.file.pdf)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 2
    assert b"GPS-52.1" not in pdf


@pytest.mark.parametrize(("wrong", "told"), [
    ({"pages": []}, "Приложите скан"),
    ({"date": "2999-01-01"}, "Проверьте год"),
    ({"date": "вчера"}, "дату так"),
    ({"title": "a\x00b"}, ""),
    ({"pages": [pdf_upload(content=b"MZ")]}, "программа"),
    ({"pages": [pdf_upload(), picture_upload()]}, "либо один PDF"),
])
def test_a_wrong_archive_form_is_explained_and_stores_nothing(cast, client, wrong, told):
    client.force_login(cast.secretary)
    [file.seek(0) for file in wrong.get("pages", [])]
    response = archived(client, **{"pages": pdf_upload(), **wrong})
    assert response.status_code == 200 and told in response.content.decode()
    assert not Document.objects.exists()
