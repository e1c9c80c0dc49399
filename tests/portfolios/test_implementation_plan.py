"""The implementation plan: who makes and reads it, its editor, remarks, copy, print, phones in public, what became of it."""
import io
import json
import uuid
from datetime import date, timedelta

import pdfplumber
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import InternalError, transaction
from django.db.utils import IntegrityError
from django.urls import reverse
from django.utils import timezone

from portfolios.fulfilment import marks_by_row, progress, sections_of, whole
from portfolios.models import ActivityMark, ImplementationPlan, Portfolio, Project, TeamMember
from portfolios.services.activities import mark_activity
from portfolios.services.implementation_plan import copy_plan, create_plan, hide_phones
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.documents.models import Document
from projectoffice.documents.printing import draft_sheet
from projectoffice.documents.services.publishing import publish
from projectoffice.documents.services.revision import abandon_revision, revise
from projectoffice.documents.services.route import send
from projectoffice.documents.table import remarks
from projectoffice.documents.table.content import frozen
from projectoffice.documents.table.rows import add_row, renumber, save_cell
from tests.documents.test_sheet_pdf import assert_archival
from tests.factories import UserFactory
from tests.portfolios.word_implementation import word_file

pytestmark = pytest.mark.django_db
FULL = {"activity": "Мастерская наставника", "term": "октябрь", "participants": "Наставники", "count": "24",
        "responsible": "Орлова А.И., руководитель, т. 22-78-18", "result": "Сборник"}


@pytest.fixture
def plan(cast):
    return create_plan(by=cast.secretary, year=2026, name="Наставник рядом")


@pytest.fixture
def project(cast):
    portfolio = Portfolio.objects.create(name="Команды, которые учатся")
    project = Project.objects.create(portfolio=portfolio, title="Школа вожатых", kind="network", status="active")
    TeamMember.objects.create(project=project, person=cast.member_of_school_a, name="Громова А.И.", role="editor")
    return project


@pytest.fixture
def secretary(client, cast):
    client.force_login(cast.secretary)
    return client


def filled(plan, by, *rows):
    return [add_row(plan, by=by, values=FULL | row) for row in rows or ({},)]


def in_force(plan, by):
    plan.document = send(plan.document, by=by)
    return ImplementationPlan.objects.select_related("document__in_force").get(pk=plan.pk)


def ask(client, plan, path, **data):
    return client.post(f"/implementation-plans/{plan.pk}/rows/{path}", json.dumps(data), content_type="application/json",
                       headers={"accept": "application/json"})


def warnings(plan):
    rows = plan.activities.present().order_by("position").prefetch_related("responsibles__person")
    return remarks.of(plan, list(rows)).warnings


# ── making and reading ────────────────────────────────────────────────────────────────────────────────────

def test_a_city_plan_is_made_by_the_office_alone(cast, project):
    plan = create_plan(by=cast.secretary, year=2026, name="Наставник рядом")
    assert plan.title == "План\nреализации городского проекта «Наставник рядом»\nна 2026–2027 учебный год"
    for person in (cast.member_of_school_a, cast.stranger, cast.department_head):
        with pytest.raises(PermissionDenied):
            create_plan(by=person, year=2026, name="Чужой")


def test_who_keeps_a_project_makes_and_writes_its_plan(cast, project):
    plan = create_plan(by=cast.member_of_school_a, year=2026, project=project)
    assert "сетевого проекта «Школа вожатых»" in plan.title
    add_row(plan, by=cast.member_of_school_a, values=FULL)
    for person in (cast.member_of_school_b, cast.stranger):
        with pytest.raises(PermissionDenied):
            add_row(plan, by=person)
        with pytest.raises(PermissionDenied):
            create_plan(by=person, year=2027, project=project)


def test_a_member_of_the_team_reads_what_is_in_force_and_changes_nothing(cast, project):
    member = UserFactory(username="member")
    TeamMember.objects.create(project=project, person=member, name="Участник", role="member")
    plan = create_plan(by=cast.secretary, year=2026, project=project)
    filled(plan, cast.secretary)
    assert not ImplementationPlan.objects.visible_to(member).exists()
    in_force(plan, cast.secretary)
    assert ImplementationPlan.objects.visible_to(member).get() == plan
    with pytest.raises(PermissionDenied):
        hide_phones(plan, False, by=member)
    assert not ImplementationPlan.objects.visible_to(cast.stranger).exists()


def test_a_city_plan_in_force_is_read_by_everybody_signed_in_its_draft_by_the_office(cast, plan):
    filled(plan, cast.secretary)
    assert not ImplementationPlan.objects.visible_to(cast.stranger).exists()
    assert ImplementationPlan.objects.visible_to(cast.department_head).exists()
    in_force(plan, cast.secretary)
    assert ImplementationPlan.objects.visible_to(cast.stranger).exists()


@pytest.mark.parametrize(("data", "words"), [
    ({"name": ""}, "Впишите название"), ({"year": 1999}, "от 2000 до 2100"), ({"year": 10**30}, "от 2000 до 2100"),
    ({"name": "я" * 501}, ""), ({"name": "обрыв \x0b"}, "служебный знак"), ({"name": "\x00"}, ""), ({"project": "x"}, ""),
])
def test_a_new_plan_that_cannot_be_made_is_told_beside_the_field(secretary, data, words):
    answer = secretary.post("/implementation-plans/new/", {"form_key": uuid.uuid4(), "name": "Имя", "year": 2027, "period": "school"} | data)
    assert answer.status_code == 422 and words in answer.text
    assert not ImplementationPlan.objects.exists()


def test_a_new_plan_sent_twice_is_one(secretary):
    form = {"form_key": uuid.uuid4(), "name": "Наставник рядом", "year": 2027, "period": "school"}
    first, second = (secretary.post("/implementation-plans/new/", form) for _ in range(2))
    assert first.url == second.url and ImplementationPlan.objects.count() == 1
    assert "Добавить раздел" in secretary.get(first.url).text


# ── the table ─────────────────────────────────────────────────────────────────────────────────────────────

def test_numbers_begin_anew_in_every_section(cast, plan):
    for section in ("Первый", "Первый", "Второй"):
        add_row(plan, by=cast.secretary, values={"section": section})
    assert list(plan.activities.order_by("position").values_list("label", flat=True)) == ["1.", "2.", "1."]
    plan.activities.filter(position=3).update(label="3.")
    renumber(plan, by=cast.secretary)
    assert list(plan.activities.order_by("position").values_list("label", flat=True)) == ["1.", "2.", "1."]


def test_seven_cells_are_saved_and_frozen_in_their_sections(secretary, cast, plan):
    row = filled(plan, cast.secretary, {"section": "Методическая"})[0]
    answer = ask(secretary, plan, f"{row.uid}/cell/", cell="count", value="около 10", version=row.version, base="24", seen={})
    assert "Число не распознано" in answer.json()["rows"][str(row.uid)]
    assert "не число" in answer.json()["remarks"]
    part = frozen(plan)["sections"][0]
    assert part["title"] == "Методическая" and list(part["rows"][0]["cells"]) == [
        "label", "activity", "term", "participants", "count", "responsible", "result"]


def test_a_section_is_added_with_its_first_row(secretary, plan):
    answer = ask(secretary, plan, "add/", section="Информационная деятельность")
    row = plan.activities.get()
    assert answer.json()["row"] == str(row.uid)
    assert (row.section, row.label) == ("Информационная деятельность", "1.")
    assert ask(secretary, plan, "add/", section="я" * 301).status_code == 422


def test_a_table_of_seven_columns_is_pasted_as_rows(secretary, plan):
    table = [["№ п/п", "Деятельность", "Сроки", "Категория участников", "Количество участников", "Ответственный", "Результат"],
             ["1", "Мастерская", "май", "Все", "5", "<p>Орлова А.И., т. 22-78-18</p><p>Совет</p>", "<p>- сборник</p>"]]
    assert ask(secretary, plan, "paste/", table=table).json()["message"] == "Вставлено строк: 1."
    row = plan.activities.get()
    assert [one.text for one in row.responsibles.all()] == ["Орлова А.И., т. 22-78-18", "Совет"]
    assert (row.count, row.result[0]["marker"]) == ("5", "dash")


def test_a_term_before_the_period_is_mended_with_one_click(secretary, cast, plan):
    row = filled(plan, cast.secretary, {"term": "Октябрь 2026 г.\nДекабрь 2026 г.\nАпрель 2026 г."})[0]
    remark = next(one for one in warnings(plan) if one["code"] == "term_outside_period")
    assert remark["mend"] == "Исправить «Апрель 2026 г.» на «Апрель 2027 г.»"
    answer = secretary.post(remark["mend_url"], remark["mend_fields"], follow=True)
    row.refresh_from_db()
    assert row.term == "Октябрь 2026 г.\nДекабрь 2026 г.\nАпрель 2027 г."
    assert f"{row.term_end}" == "2027-04-30" and "выходит за период" not in answer.text


def test_a_mend_of_a_term_somebody_changed_meanwhile_changes_nothing(secretary, cast, plan):
    row = filled(plan, cast.secretary, {"term": "Апрель 2026 г."})[0]
    remark = next(one for one in warnings(plan) if one["code"] == "term_outside_period")
    save_cell(row, "term", "май", version=row.version, by=cast.office_head)
    secretary.post(remark["mend_url"], remark["mend_fields"])
    row.refresh_from_db()
    assert row.term == "май"


@pytest.mark.parametrize(("values", "code"), [
    ({"term": ""}, "term_missing"), ({"term": "потом"}, "term_not_understood"), ({"responsible": ""}, "no_responsible"),
    ({"responsible": "Чужак Б.Б., директор"}, "responsible_unknown"), ({"count": "десять"}, "count_not_a_number"),
    ({"label": "2."}, "number_skipped"),
])
def test_what_a_person_should_look_at_is_told_and_does_not_bar_sending(cast, plan, values, code):
    filled(plan, cast.secretary, values)
    assert [one["code"] for one in warnings(plan)] == [code]
    assert in_force(plan, cast.secretary).document.state == Document.State.ISSUED


def test_a_row_without_activity_and_an_empty_plan_are_not_sent(cast, plan):
    with pytest.raises(ValidationError, match="ни одной строки"):
        send(plan.document, by=cast.secretary)
    filled(plan, cast.secretary, {"activity": ""})
    with pytest.raises(ValidationError, match="впишите деятельность"):
        send(plan.document, by=cast.secretary)


def test_a_copy_takes_rows_and_tells_the_terms_of_the_old_year(cast, plan):
    filled(plan, cast.secretary, {"section": "Методическая", "term": "Октябрь 2026 г."})
    copy = copy_plan(plan, by=cast.secretary, year=2027)
    row = copy.activities.get()
    assert (row.section, row.count, row.responsibles.get().phone) == ("Методическая", "24", "22-78-18")
    assert copy.title.endswith("на 2027–2028 учебный год")
    assert [one["mend"] for one in warnings(copy)] == ["Исправить «Октябрь 2026 г.» на «Октябрь 2027 г.»"]


def test_an_abandoned_change_brings_back_every_cell(cast, plan):
    row = filled(plan, cast.secretary, {"section": "Методическая"})[0]
    plan = in_force(plan, cast.secretary)
    before = plan.document.in_force.snapshot["sections"]
    plan.document = revise(plan.document, by=cast.secretary, basis="приказа", basis_number="1", basis_date=timezone.localdate())
    save_cell(plan.activities.get(), "count", "99", version=row.version, by=cast.secretary)
    abandon_revision(plan.document, by=cast.secretary)
    assert frozen(ImplementationPlan.objects.get())["sections"] == before


def test_what_was_issued_is_closed_in_the_database_too(cast, plan):
    row = filled(plan, cast.secretary)[0]
    in_force(plan, cast.secretary)
    for change in (lambda: plan.activities.update(count="1"), lambda: row.responsibles.update(phone="")):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            change()


# ── print ─────────────────────────────────────────────────────────────────────────────────────────────────

def test_the_sheet_lies_on_its_side_and_repeats_its_head_on_every_page(cast, plan, tmp_path):
    filled(plan, cast.secretary, *({"activity": f"Дело {place}\nи ещё\nи ещё\nи ещё", "section": f"Раздел {place // 9}"} for place in range(18)))
    rendered = draft_sheet(plan.document)
    assert_archival(rendered)
    with pdfplumber.open(io.BytesIO(rendered.pdf)) as document:
        assert len(document.pages) > 1
        for page in document.pages:
            assert page.width > page.height
            assert "Деятельность" in page.extract_text()
    path = tmp_path / "plan.pdf"
    call_command("print_implementation_plan", "2026", "--draft", "--out", str(path), stdout=io.StringIO())
    assert path.read_bytes() == rendered.pdf


def test_without_stamps_sending_issues_the_plan(cast, plan):
    filled(plan, cast.secretary)
    plan = in_force(plan, cast.secretary)
    assert plan.document.state == Document.State.ISSUED
    assert plan.document.in_force.snapshot["orientation"] == "landscape" and plan.document.in_force.snapshot["stamps"] == []


# ── what visitors read ────────────────────────────────────────────────────────────────────────────────────

def public_page(client, plan):
    client.logout()
    return client.get(plan.document.public_url)


def test_phones_are_hidden_from_visitors_until_somebody_shows_them(client, cast, plan):
    filled(plan, cast.secretary, {"responsible": "Отдел развития, т. 22-78-18", "activity": "Запись по тел. 33-44-55"})
    plan = in_force(plan, cast.secretary)
    publish(plan.document, by=cast.secretary)
    text = public_page(client, plan).text
    assert "Отдел развития" in text and "22-78-18" not in text and "33-44-55" not in text
    client.force_login(cast.secretary)
    client.post(f"/implementation-plans/{plan.pk}/phones/", {"hides": "no"})
    text = public_page(client, plan).text
    assert "33-44-55" in text
    # Nobody consented to this name, so its phone stays hidden as well.
    assert "22-78-18" not in text


def test_the_pdf_is_not_for_visitors_while_phones_are_hidden(client, cast, plan):
    filled(plan, cast.secretary)
    plan = in_force(plan, cast.secretary)
    with pytest.raises(ValidationError, match="телефоны скрыты"):
        publish(plan.document, by=cast.secretary, with_pdf=True, ground="приказ № 1")
    hide_phones(plan, False, by=cast.secretary)
    publish(Document.objects.get(), by=cast.secretary, with_pdf=True, ground="приказ № 1")
    address = reverse("documents:public_pdf", args=[plan.document.in_force.public_code])
    client.logout()
    assert client.get(address).status_code == 200
    hide_phones(plan, True, by=cast.secretary)
    assert client.get(address).status_code == 404


# ── what became of it ─────────────────────────────────────────────────────────────────────────────────────

@pytest.fixture
def issued(cast, plan):
    filled(plan, cast.secretary, {"section": "Первый"}, {"section": "Первый"}, {"section": "Второй"})
    return in_force(plan, cast.secretary)


def counts(plan):
    parts = sections_of(plan, marks_by_row(plan.marks.all()))
    return [(part.title, part.done, part.total, part.percent) for part in [*parts, whole(parts)]]


def test_done_is_counted_by_section_and_what_was_cancelled_counts_for_nothing(cast, issued):
    first, second, third = issued.activities.order_by("position")
    mark_activity(issued, first.uid, by=cast.secretary, version=0, state="done", date=timezone.localdate())
    mark_activity(issued, third.uid, by=cast.secretary, version=0, state="cancelled", note="Нет денег")
    assert counts(issued) == [("Первый", 1, 2, 50), ("Второй", 0, 0, None), ("Всего", 1, 2, 50)]


def test_a_mark_is_made_once_and_two_people_do_not_overwrite_each_other(cast, issued):
    uid = issued.activities.first().uid
    for _ in range(2):
        mark_activity(issued, uid, by=cast.secretary, version=0, state="running")
    with pytest.raises(StaleVersion):
        mark_activity(issued, uid, by=cast.office_head, version=0, state="not_done", note="Нет зала")
    mark_activity(issued, uid, by=cast.office_head, version=1, state="not_done", note="Нет зала")
    assert ActivityMark.objects.get().version == 2


def test_what_is_not_in_force_and_days_to_come_are_refused(cast, issued):
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(TransitionNotAllowed):
        mark_activity(issued, uuid.uuid4(), by=cast.secretary, version=0, state="done")
    with pytest.raises(ValidationError, match="ещё не наступил"):
        mark_activity(issued, issued.activities.first().uid, by=cast.secretary, version=0, state="done", date=tomorrow)
    mark_activity(issued, issued.activities.first().uid, by=cast.secretary, version=0, state="moved", date=tomorrow)
    with pytest.raises(PermissionDenied):
        mark_activity(issued, issued.activities.first().uid, by=cast.stranger, version=1, state="done")


def test_a_mark_with_its_evidence_is_seen_by_readers(client, cast, issued):
    row = issued.activities.first()
    client.force_login(cast.secretary)
    picture = SimpleUploadedFile("фото.png", png())
    url = f"/implementation-plans/{issued.pk}/fulfilment/{row.uid}/"
    answer = client.post(url, {"state": "done", "date": timezone.localdate().isoformat(), "note": "Прошла", "link": "", "evidence": picture, "version": 0})
    assert answer.status_code == 302
    client.force_login(cast.stranger)
    page = client.get(f"/implementation-plans/{issued.pk}/fulfilment/").text
    assert "Прошла" in page and "фото.png" in page and "Отметить" not in page
    assert client.get(f"{url}evidence/").status_code == 200
    assert client.get(url).status_code == 403


@pytest.mark.parametrize("state, name, words", [
    ("done", "date", "когда это выполнено"), ("moved", "date", "Укажите новый срок"), ("not_done", "note", "почему не выполнено")])
def test_a_mark_is_asked_beside_its_field_for_what_it_needs(secretary, issued, state, name, words):
    url = f"/implementation-plans/{issued.pk}/fulfilment/{issued.activities.first().uid}/"
    assert secretary.get(url).context["form"]["date"].value() == timezone.localdate()
    answer = secretary.post(url, {"version": 0, "state": state, "date": "", "note": " "})
    assert answer.status_code == 422 and words in " ".join(answer.context["form"].errors[name]) and not ActivityMark.objects.exists()
    if state == "moved":
        answer = secretary.post(url, {"version": 0, "state": state, "date": timezone.localdate().isoformat()})
        assert answer.status_code == 422 and words in " ".join(answer.context["form"].errors[name])


def test_a_row_whose_term_is_over_is_not_said_to_be_ahead():
    row = {"uid": "1", "cells": {"label": "1.", "term": "1 октября 2026 года", "activity": [], "responsible": []}}
    period = (date(2026, 9, 1), date(2027, 5, 31))
    looks = [(told.family, told.word) for told in (progress(row, None, period, day) for day in (date(2026, 10, 1), date(2026, 10, 2)))]
    assert looks == [("neutral", "Предстоит"), ("alert", "Срок прошёл")]


@pytest.mark.parametrize("data", [
    {"state": ""}, {"state": "странное"}, {"state": "done", "date": "32.13.2026"}, {"state": "done", "link": "javascript:alert(1)"},
    {"state": "done", "note": "\x00"}, {"state": "done", "note": "я" * 501}, {"state": "done", "version": "1" * 30},
    {"state": "done", "evidence": SimpleUploadedFile("вирус.pdf", b"MZ\x90\x00")},
])
def test_a_mark_of_any_shape_gets_a_sentence(secretary, issued, data):
    url = f"/implementation-plans/{issued.pk}/fulfilment/{issued.activities.first().uid}/"
    answer = secretary.post(url, {"version": 0} | data)
    assert answer.status_code == 422
    assert not ActivityMark.objects.exists()


def png():
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, "PNG")
    return out.getvalue()


# ── what pages cost ───────────────────────────────────────────────────────────────────────────────────────

@pytest.mark.parametrize("is_issued", [False, True])
def test_the_page_costs_the_same_for_two_and_forty_rows(secretary, cast, django_assert_max_num_queries, is_issued):
    def cost(rows):
        plan = create_plan(by=cast.secretary, year=2026, name="Наставник рядом")
        filled(plan, cast.secretary, *({"section": f"Раздел {place % 5}", "responsible": "Орлова А.И.\nЧужак Б.Б., т. 22-78-18"}
                                       for place in range(rows)))
        if is_issued:
            in_force(plan, cast.secretary)
        with django_assert_max_num_queries(20) as captured:
            assert secretary.get(plan.get_absolute_url()).status_code == 200
        return len(captured)

    cost(1)
    assert cost(2) == cost(40)


def test_the_list_and_the_fulfilment_cost_the_same_for_one_and_many(secretary, cast, django_assert_max_num_queries):
    def cost(url):
        with django_assert_max_num_queries(20) as captured:
            assert secretary.get(url).status_code == 200
        return len(captured)

    def another(rows):
        plan = create_plan(by=cast.secretary, year=2026, name="Наставник рядом")
        filled(plan, cast.secretary, *[{}] * rows)
        plan = in_force(plan, cast.secretary)
        for row in plan.activities.all():
            mark_activity(plan, row.uid, by=cast.secretary, version=0, state="done", date=timezone.localdate())
        return f"/implementation-plans/{plan.pk}/fulfilment/"

    few = another(1)
    cost(few)
    few_list, few_rows = cost("/implementation-plans/"), cost(few)
    many = [another(3) for _ in range(3)]
    assert (cost("/implementation-plans/"), cost(many[0])) == (few_list, few_rows)


# ── from Word ─────────────────────────────────────────────────────────────────────────────────────────────

def test_a_file_is_shown_cell_by_cell_and_stored_only_then(secretary, cast):
    answer = secretary.post("/implementation-plans/import/", {"file": SimpleUploadedFile("план.docx", word_file())})
    page = secretary.get(answer.url).text
    for words in ("Мастерская наставника", "Методическая деятельность", "01.10–31.10.2026", "Орлова Анна Игоревна", "Сборник приёмов", "нет среди людей"):
        assert words in page, words
    assert not ImplementationPlan.objects.exists()
    first, second = secretary.post(answer.url), secretary.post(answer.url)
    assert first.url == second.url and ImplementationPlan.objects.count() == 1


def test_a_file_for_a_plan_changes_only_that_plan(secretary, cast, plan):
    answer = secretary.post(f"/implementation-plans/import/?plan={plan.pk}", {"file": SimpleUploadedFile("план.docx", word_file())})
    assert "Добавится строк: 1" in secretary.get(answer.url).text
    secretary.post(answer.url)
    assert plan.activities.present().count() == 1


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a file", b"MZ"])
def test_a_file_that_is_no_plan_is_told_beside_it(secretary, content):
    answer = secretary.post("/implementation-plans/import/", {"file": SimpleUploadedFile("план.docx", content)})
    assert answer.status_code == 422


def test_a_keeper_of_one_project_loads_no_plan_of_another_and_no_city_plan(client, cast, project):
    client.force_login(cast.member_of_school_a)
    answer = client.post("/implementation-plans/import/", {"file": SimpleUploadedFile("план.docx", word_file())})
    assert answer.status_code == 422
    other = Project.objects.create(portfolio=project.portfolio, title="Чужой проект")
    answer = client.post("/implementation-plans/import/", {"file": SimpleUploadedFile("план.docx", word_file()), "project": other.pk})
    assert answer.status_code == 422
    answer = client.post("/implementation-plans/import/", {"file": SimpleUploadedFile("план.docx", word_file()), "project": project.pk})
    client.post(answer.url)
    assert ImplementationPlan.objects.get().project == project
