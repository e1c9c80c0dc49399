import json
import uuid

import pytest
from django.urls import reverse

from meetings.kinds.plan import rows_of
from meetings.models import RowPresence
from meetings.plan import remarks
from meetings.services.rows import add_row, remove_row
from projectoffice.common.models import CalendarDay
from projectoffice.documents.models import Document
from tests.factories import MeetingPlanFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(cast):
    return MeetingPlanFactory(by=cast.secretary)


@pytest.fixture
def secretary(client, cast):
    client.force_login(cast.secretary)
    return client


def ask(client, plan, path, **data):
    return client.post(f"/plans/{plan.pk}/rows/{path}", json.dumps(data), content_type="application/json",
                       headers={"accept": "application/json"})


def page(client, plan):
    return client.get(plan.get_absolute_url())


def test_the_editor_opens_for_the_office_and_the_sheet_for_the_head_of_the_department(client, cast, plan):
    add_row(plan, by=cast.secretary, values={"topics": "Тема первая"})
    for person in (cast.secretary, cast.office_head):
        client.force_login(person)
        assert "data-table-editor" in page(client, plan).text
    client.force_login(cast.department_head)
    answer = page(client, plan)
    assert "Тема первая" in answer.text and "data-table-editor" not in answer.text


def test_a_draft_is_hidden_from_those_who_have_no_part_in_it(client, cast, plan):
    for person in (cast.stranger, cast.member_of_school_a):
        client.force_login(person)
        assert page(client, plan).status_code == 404


def test_a_visitor_is_asked_to_log_in(client, plan):
    assert page(client, plan).status_code == 302
    assert ask(client, plan, "add/").status_code == 302


def test_the_page_costs_the_same_for_three_and_sixty_rows(secretary, cast, plan, django_assert_max_num_queries):
    def queries():
        with django_assert_max_num_queries(20) as captured:
            assert page(secretary, plan).status_code == 200
        return len(captured)

    page(secretary, plan)
    for place in range(3):
        add_row(plan, by=cast.secretary, values={"topics": f"Тема {place}", "responsible": "Орлова А.И.\nЧужак Б.Б."})
    few = queries()
    for place in range(57):
        add_row(plan, by=cast.secretary, values={"topics": f"Тема {place}", "term": "май", "responsible": "Роль"})
    assert queries() == few


def test_a_saved_cell_answers_with_its_row_the_order_and_the_remarks(secretary, cast, plan):
    row = add_row(plan, by=cast.secretary)
    answer = ask(secretary, plan, f"{row.uid}/cell/", cell="term", value="февраль", version=1, base="", seen={})
    data = answer.json()
    assert answer.status_code == 200
    assert "01.02–28.02.2027" in data["rows"][str(row.uid)]
    assert data["order"] == [str(row.uid)]
    assert "впишите тему" in data["remarks"]


def test_a_stale_save_answers_with_the_other_text(secretary, cast, plan):
    row = add_row(plan, by=cast.secretary)
    ask(secretary, plan, f"{row.uid}/cell/", cell="topics", value="Первый", version=1, base="")
    answer = ask(secretary, plan, f"{row.uid}/cell/", cell="topics", value="Второй", version=1, base="")
    assert answer.status_code == 409
    assert answer.json()["stale"]["text"] == "Первый"
    assert answer.json()["stale"]["who"] == "вы, в другом окне"


@pytest.mark.parametrize("body", ["", "[]", "{", '{"version": "x", "cell": "term"}', '{"version": 1e400, "cell": "term"}',
                                  '{"version": 1, "cell": "topics", "value": 5}', '{"version": 1, "cell": ["a"]}',
                                  '{"version": 1, "cell": "topics", "value": {"a": 1}}',
                                  '{"version": 1, "cell": "topics", "value": "\\ud800"}', "[" * 5000])
def test_a_request_of_any_shape_gets_a_sentence(secretary, cast, plan, body):
    row = add_row(plan, by=cast.secretary)
    answer = secretary.post(f"/plans/{plan.pk}/rows/{row.uid}/cell/", body, content_type="application/json",
                            headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["message"]


def test_a_closed_plan_says_so_and_keeps_the_text_on_the_page(secretary, cast, plan):
    row = add_row(plan, by=cast.secretary)
    Document.objects.filter(pk=plan.document_id).update(state="annulled")
    answer = ask(secretary, plan, f"{row.uid}/cell/", cell="term", value="май", version=1)
    assert answer.status_code == 409
    assert answer.json()["closed"] and "отменён" in answer.json()["message"]


def test_the_verbs_of_rows_answer_the_script(secretary, cast, plan):
    uid = str(uuid.uuid4())
    assert ask(secretary, plan, "add/", uid=uid).json()["order"] == [uid]
    copy = ask(secretary, plan, f"{uid}/duplicate/").json()["row"]
    assert ask(secretary, plan, f"{uid}/move/", position=2).json()["order"] == [copy, uid]
    assert ask(secretary, plan, f"{uid}/remove/").json()["order"] == [copy]
    assert ask(secretary, plan, f"{uid}/return/", place=1).json()["order"] == [uid, copy]
    assert ask(secretary, plan, "renumber/").json()["order"] == [uid, copy]
    table = [["№ п/п", "Тема заседаний", "Срок"], ["1.", "<p>А</p><p>- б</p>", "май"], ["2.", "В", "июнь"]]
    pasted = ask(secretary, plan, "paste/", table=table, after=uid).json()
    assert pasted["message"] == "Вставлено строк: 2."
    assert ask(secretary, plan, "unpaste/", rows=pasted["pasted"], given_way=pasted["given_way"]).json()["order"] == [uid, copy]


def test_without_the_script_every_verb_is_an_ordinary_form(secretary, cast, plan):
    answer = secretary.post(f"/plans/{plan.pk}/rows/add/")
    row = plan.items.get()
    assert answer.url == reverse("meetings:plan_row", args=[plan.pk, row.uid])
    assert secretary.get(answer.url).status_code == 200
    form = {"label": "1.", "topics": "Тема\n– дефис", "term": "май", "responsible": "Орлова А.И.", "version": 1}
    assert secretary.post(answer.url, form).status_code == 302
    row.refresh_from_db()
    assert [line["marker"] for line in row.topics] == ["paragraph", "dash"]
    back = secretary.post(f"/plans/{plan.pk}/rows/{row.uid}/remove/").url
    assert "Вернуть" in secretary.get(back).text
    secretary.post(f"/plans/{plan.pk}/rows/{row.uid}/return/", {"place": "1"})
    assert plan.items.present().count() == 1


def test_the_form_of_a_row_shows_both_texts_when_somebody_was_faster(secretary, cast, plan):
    row = add_row(plan, by=cast.secretary, values={"topics": "Было"})
    url = reverse("meetings:plan_row", args=[plan.pk, row.uid])
    secretary.post(url, {"topics": "Текст коллеги", "version": 1})
    answer = secretary.post(url, {"topics": "Мой текст", "version": 1})
    assert answer.status_code == 409
    assert "Текст коллеги" in answer.text and "Мой текст" in answer.text
    assert secretary.post(url, {"topics": "Мой текст", "version": 2}).status_code == 302


def test_a_refused_form_keeps_what_was_typed(secretary, cast, plan):
    row = add_row(plan, by=cast.secretary)
    url = reverse("meetings:plan_row", args=[plan.pk, row.uid])
    answer = secretary.post(url, {"label": "1" * 30, "topics": "Моя тема", "version": 1})
    assert answer.status_code == 422
    assert "20 знаков" in answer.text and "Моя тема" in answer.text


def test_others_see_who_has_which_row_open(client, cast, plan):
    row = add_row(plan, by=cast.secretary)
    client.force_login(cast.office_head)
    ask(client, plan, "sync/", editing=str(row.uid))
    client.force_login(cast.secretary)
    assert ask(client, plan, "sync/").json()["present"] == [f"{cast.office_head.short_name} правит строку 1"]
    client.force_login(cast.office_head)
    ask(client, plan, "sync/", editing=None)
    assert not RowPresence.objects.filter(person=cast.office_head).exists()


def test_a_row_of_another_plan_is_not_found(secretary, cast, plan):
    other = add_row(MeetingPlanFactory(by=cast.secretary), by=cast.secretary)
    assert ask(secretary, plan, f"{other.uid}/cell/", cell="term", value="май", version=1).status_code == 404
    assert secretary.get(f"/plans/{plan.pk}/rows/{other.uid}/").status_code == 404


def test_people_are_offered_by_the_first_letters_to_the_office_alone(client, cast, plan):
    client.force_login(cast.secretary)
    url = f"/plans/{plan.pk}/rows/people/?q="
    assert [one["id"] for one in client.get(f"{url}Орл").json()["people"]] == [cast.office_head.pk]
    assert client.get(f"{url}О").json()["people"] == []
    client.force_login(cast.stranger)
    assert client.get(f"{url}Орл").status_code == 403


def test_a_term_is_read_while_it_is_typed_and_words_clipboard_becomes_lines(secretary, plan):
    assert ask(secretary, plan, "reading/", term="II квартал").json() == {"reading": "01.04–30.06.2027", "unclear": False}
    assert ask(secretary, plan, "reading/", term="потом").json()["unclear"]
    word = "<p style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>·</span>Пункт</p>"
    assert ask(secretary, plan, "reading/", html=word).json()["text"] == "  • Пункт"


def test_hostile_text_is_shown_as_text(secretary, cast, plan):
    row = add_row(plan, by=cast.secretary, values={"topics": "<script>alert(1)</script>", "term": "\"><img src=x>"})
    html = page(secretary, plan).text
    assert "<script>alert" not in html and "<img" not in html
    remove_row(row, by=cast.secretary)


def test_a_new_plan_is_made_by_the_office_once_per_period(client, cast):
    from tests.factories import BodyFactory

    body = BodyFactory()
    client.force_login(cast.secretary)
    form = {"body": body.pk, "year": 2027, "period": "school", "key": uuid.uuid4()}
    answer = client.post("/plans/new/", form)
    assert answer.status_code == 302 and "2027/2028 учебный год" in client.get(answer.url).text
    assert client.post("/plans/new/", form).url == answer.url
    form["key"] = uuid.uuid4()
    assert "уже есть" in client.post("/plans/new/", form).text
    assert client.post("/plans/new/", form | {"year": 99999}).status_code == 422
    client.force_login(cast.department_head)
    assert client.get("/plans/new/").status_code == 403


def test_last_years_plan_is_copied_word_for_word_with_its_stamps(client, cast, plan):
    add_row(plan, by=cast.secretary, values={"topics": "Итоги 2026 года", "term": "февраль", "responsible": "Орлова А.И."})
    client.force_login(cast.secretary)
    answer = client.post(f"/plans/{plan.pk}/copy/", {"year": 2028, "period": "calendar", "key": uuid.uuid4()})
    copy = plan.body.plans.get(period_start__year=2028)
    assert answer.url == copy.get_absolute_url()
    row = copy.items.get()
    assert row.topics[0]["text"] == "Итоги 2026 года"
    assert f"{row.term_start}" == "2028-02-01"
    assert row.responsibles.get().person == cast.office_head
    assert copy.source_years == [2027]


def test_an_empty_plan_takes_the_rows_of_last_year(client, cast, plan):
    from meetings.services.plan import create_plan

    add_row(plan, by=cast.secretary, values={"topics": "Тема"})
    empty = create_plan(plan.body, by=cast.secretary, year=2028)
    client.force_login(cast.secretary)
    assert "Взять план прошлого года" in page(client, empty).text
    client.post(f"/plans/{empty.pk}/take-rows/", {"source": plan.pk})
    assert empty.items.get().topics[0]["text"] == "Тема"
    client.post(f"/plans/{empty.pk}/take-rows/", {"source": plan.pk})
    assert empty.items.count() == 1


def test_a_warning_left_as_it_is_comes_back_when_the_cell_changes(secretary, cast, plan):
    for label in ("1.", "2.", "2."):
        row = add_row(plan, by=cast.secretary, values={"label": label, "topics": "Тема", "term": "май", "responsible": "Роль"})
    found = remarks.of(plan, rows_of(plan)).warnings
    assert [one["message"] for one in found] == ["Строка 3: номер 2 уже есть выше."]
    one = found[0]
    data = ask(secretary, plan, "acknowledge/", code=one["code"], row=str(one["row_uid"]), fingerprint=one["fingerprint"]).json()
    assert "уже есть выше" not in data["remarks"] and data["edges"] == {}
    data = ask(secretary, plan, f"{row.uid}/cell/", cell="label", value="2)", version=1).json()
    assert "уже есть выше" in data["remarks"] and data["edges"] == {str(row.uid): "wait"}
    assert "Перенумеровать всё" in data["remarks"]
    assert "уже есть выше" not in ask(secretary, plan, "renumber/").json()["remarks"]


def test_a_day_of_the_offices_calendar_is_a_remark(cast, plan):
    CalendarDay.objects.create(date="2027-02-10", is_off=True)
    add_row(plan, by=cast.secretary, values={"topics": "Тема", "term": "10.02.2027", "responsible": "Роль"})
    assert "выходной день" in remarks.of(plan, rows_of(plan)).warnings[0]["message"]


def test_who_removed_a_row_is_told_to_whoever_still_shows_it(secretary, cast, plan):
    row = add_row(plan, by=cast.secretary, values={"topics": "Тема"})
    remove_row(row, by=cast.office_head)
    stranger = str(uuid.uuid4())
    answer = ask(secretary, plan, "sync/", seen={str(row.uid): 1, stranger: 1, "\x00": 1, "x" * 5000: 1}).json()
    assert answer["gone"] == [{"row": str(row.uid), "who": cast.office_head.short_name}, {"row": stranger, "who": ""}]
    assert ask(secretary, plan, "sync/", seen={}).json()["gone"] == []
