import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from meetings.duties import forget_unfinished_imports
from meetings.models import MeetingPlan, PlanImport
from meetings.services.rows import add_row, save_cell
from projectoffice.common.models import CalendarDay
from projectoffice.documents.models import Stamp
from projectoffice.documents.services.ink import record_ink
from projectoffice.documents.services.publishing import publish
from projectoffice.documents.services.revision import abandon_revision, revise
from projectoffice.documents.services.route import send
from tests.factories import BodyFactory, MeetingPlanFactory
from tests.meetings.word_plans import ROWS, TITLE, saved, table, title, word

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(cast):
    return BodyFactory(is_main=True)


@pytest.fixture
def secretary(client, cast):
    client.force_login(cast.secretary)
    return client


def upload(rows=ROWS, lines=TITLE, stamps=()):
    document = word()
    for text in stamps:
        document.add_paragraph(text)
    title(document, lines)
    table(document, rows)
    return SimpleUploadedFile("план.docx", saved(document).getvalue())


def read(client, file, query="", **data):
    return client.post(f"/plans/import/{query}", {"file": file} | data)


def test_the_preview_shows_every_cell_and_stores_nothing(secretary, cast, body):
    rows = [["1.", "Итоги проектов\n\n- приказ;\n\n- положение", "февраль", "Орлова А.И."], ["2.", "Разное", "после дождя", "Чужак Б.Б."]]
    answer = read(secretary, upload(rows), body=body.pk)
    page = secretary.get(answer.url)
    assert not MeetingPlan.objects.exists()
    for words in ("Итоги проектов", "положение", "01.02–28.02.2027", "Орлова Анна Игоревна", "Срок не распознан", "нет среди людей"):
        assert words in page.text, words
    done = secretary.post(answer.url, follow=True)
    plan = MeetingPlan.objects.get()
    assert plan.items.count() == 2
    assert plan.items.get(position=1).responsibles.get().person == cast.office_head
    assert "Проверьте сроки: строка 2. Нет среди людей портала: Чужак Б.Б.; имена остались текстом." in done.text


def test_imported_twice_is_one_plan_and_the_same_answer(secretary, body):
    url = read(secretary, upload(), body=body.pk).url
    assert secretary.post(url).url == secretary.post(url).url
    assert MeetingPlan.objects.count() == 1
    assert MeetingPlan.objects.get().items.count() == 2


def test_the_stamps_of_the_file_become_the_stamps_of_the_plan(secretary, cast, body):
    answer = read(secretary, upload(stamps=["«Утверждаю»", "Руководитель департамента", "А.И. Зимин"]), body=body.pk)
    secretary.post(answer.url)
    stamp = MeetingPlan.objects.get().document.stamps.active().get()
    assert (stamp.kind, stamp.name, stamp.signer) == ("approve", "А.И. Зимин", cast.department_head)


def test_a_file_without_a_year_asks_for_it(secretary, body):
    answer = read(secretary, upload(lines=["План", "заседаний"]), body=body.pk)
    assert "Укажите" in secretary.get(answer.url).text
    assert secretary.post(answer.url, {"year": "99999", "period": "calendar"}).status_code == 422
    secretary.post(answer.url, {"year": "2029", "period": "school"})
    assert f"{MeetingPlan.objects.get().period_end}" == "2030-08-31"


def test_the_same_file_again_offers_the_difference_and_keeps_the_rows(secretary, body):
    secretary.post(read(secretary, upload(), body=body.pk).url)
    plan = MeetingPlan.objects.get()
    uids = dict(plan.items.values_list("label", "uid"))
    changed = [["1.", "Новая первая тема", "январь", "Совет"], ["2.", ROWS[0][1], "март", ROWS[0][3]]]
    answer = read(secretary, upload(changed), f"?plan={plan.pk}")
    page = secretary.get(answer.url).text
    assert re.search(r"Добавится строк: 1, изменится: 1, уйдёт: 1, без изменений: 0", page)
    secretary.post(answer.url)
    rows = list(plan.items.present().order_by("position"))
    assert [row.term for row in rows] == ["январь", "март"]
    assert rows[1].uid == uids["1."]
    assert plan.items.get(uid=uids["2."]).position is None
    assert "без изменений: 2" in secretary.get(read(secretary, upload(changed), body=body.pk).url).text


def test_an_issued_plan_takes_no_file(secretary, cast, body):
    plan = issued_plan(cast, body)
    page = secretary.get(read(secretary, upload(), body=body.pk).url)
    assert "уже утверждён" in page.text and "Импортировать" not in page.text
    assert "уже утверждён" in read(secretary, upload(), f"?plan={plan.pk}").text


@pytest.mark.parametrize(("name", "content", "words"), [
    ("план.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "старого Word"), ("план.docx", b"%PDF-1.7".ljust(500), "PDF"),
    ("план.docx", b"", "пустой"), ("план.docx", b"<html></html>" * 50, "Word"),
])
def test_a_file_that_is_no_plan_is_told_beside_the_field(secretary, body, name, content, words):
    answer = read(secretary, SimpleUploadedFile(name, content), body=body.pk)
    assert answer.status_code == 422
    assert words in answer.text
    assert not PlanImport.objects.exists()


def test_a_word_file_without_a_plan_says_what_was_looked_for(secretary, body):
    document = word()
    document.add_paragraph("Приказ о каникулах")
    file = io.BytesIO()
    document.save(file)
    answer = read(secretary, SimpleUploadedFile("приказ.docx", file.getvalue()), body=body.pk)
    assert "«Тема» и «Срок»" in answer.text


def test_an_import_is_seen_by_its_owner_alone_and_for_a_day(client, cast, body):
    client.force_login(cast.secretary)
    url = read(client, upload(), body=body.pk).url
    client.force_login(cast.office_head)
    assert client.get(url).status_code == 404
    for person in (cast.department_head, cast.stranger):
        client.force_login(person)
        assert client.get("/plans/import/").status_code == 403
    PlanImport.objects.update(created_at=timezone.now() - timedelta(hours=25))
    client.force_login(cast.secretary)
    assert client.get(url).status_code == 404
    forget_unfinished_imports()
    assert not PlanImport.objects.exists()


def issued_plan(cast, body=None, **values):
    plan = MeetingPlanFactory(by=cast.secretary, body=body or BodyFactory())
    add_row(plan, by=cast.secretary, values={"topics": "Тема", "term": "май", "responsible": "Орлова А.И.\nСовет школы"} | values)
    plan.document.stamps.all().delete()
    stamp = Stamp.objects.create(document=plan.document, kind="approve", name="А.И. Зимин", post="Руководитель", method="ink")
    send(plan.document, by=cast.secretary)
    record_ink(stamp, by=cast.secretary, signed_on=timezone.localdate())
    plan.document.refresh_from_db()
    return plan


def test_a_reader_sees_what_is_in_force_while_the_office_prepares_a_change(client, cast):
    plan = issued_plan(cast)
    revise(plan.document, by=cast.secretary, basis="приказа")
    add_row(plan, by=cast.secretary, values={"topics": "Тайная тема"})
    client.force_login(cast.stranger)
    page = client.get(plan.get_absolute_url())
    assert "Тема" in page.text and "Тайная" not in page.text
    assert "Тайная" not in client.get("/plans/").text
    client.force_login(cast.department_head)
    assert "Тайная" in client.get(plan.get_absolute_url()).text


def test_a_change_given_up_brings_back_rows_order_people_and_title(cast):
    plan = issued_plan(cast)
    row = plan.items.get()
    revise(plan.document, by=cast.secretary, basis="приказа")
    save_cell(row, "responsible", "Другие", version=row.version, by=cast.secretary)
    add_row(plan, by=cast.secretary, values={"topics": "Новая"})
    abandon_revision(plan.document, by=cast.secretary)
    assert list(plan.items.present()) == [row]
    assert [(one.text, one.person) for one in row.responsibles.order_by("position")] == [
        ("Орлова А.И.", cast.office_head), ("Совет школы", None)]


def test_visitors_find_published_plans_alone_with_names_by_consent(client, cast):
    plan, other = issued_plan(cast), issued_plan(cast)
    publish(plan.document, by=cast.secretary)
    page = client.get("/public/plans/").text
    assert page.count("План заседаний на 2027 год") == 1
    public = client.get(f"/public/plans/{plan.pk}/", follow=True)
    assert "Совет школы" in public.text and "Орлова" not in public.text and "Зимин" not in public.text
    assert client.get(f"/public/plans/{other.pk}/").status_code == 404


def test_the_office_keeps_the_calendar(client, cast):
    client.force_login(cast.secretary)
    answer = client.post("/plans/calendar/", {"days": "02.11.2027, 03.11.2027", "is_off": "off", "note": "постановление"})
    assert answer.status_code == 302
    assert CalendarDay.objects.filter(is_off=True).count() == 2
    assert "02.11.2027" in client.get(answer.url).text
    for days in ("завтра", "32.01.2027", "01.01.0001"):
        assert client.post("/plans/calendar/", {"days": days, "is_off": "off"}).status_code == 422
    client.post(f"/plans/calendar/{CalendarDay.objects.first().pk}/forget/")
    assert CalendarDay.objects.count() == 1
    client.force_login(cast.department_head)
    assert client.get("/plans/calendar/").status_code == 403
