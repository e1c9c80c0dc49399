"""The list of assignments and its file, the page, the forms, the discipline report, «Мои дела», reminders, handing over."""
import io
import uuid
import zipfile
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meetings.assignment.listing import RESULTS, Place
from meetings.assignment.words import today
from meetings.models import Assignment, AssignmentTick
from meetings.services.assignment_work import accept_report, ask_extension, report_done, return_report
from meetings.services.reminders import remind_of_assignments
from projectoffice.accounts.models import Substitution
from projectoffice.accounts.services.handover import hand_over
from projectoffice.common.models import DutyRun, OutgoingMail
from projectoffice.common.russian import date_long
from projectoffice.common.waiting import waiting_for
from tests.documents.uploads import pdf_upload
from tests.factories import AssignmentFactory, InstitutionFactory, MeetingFactory, PostFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LIST = "/assignments/"


def given(**facts):
    due = today() + facts.pop("days", 10) * DAY
    facts = {"due_end": due, "first_due_end": due, "created_at": timezone.now() - 60 * DAY} | facts
    return AssignmentFactory(**facts)


def text_of(response):
    return unescape(response.content.decode()).replace("\xa0", " ")


def texts(response):
    """The texts of the rows in their order."""
    return [row.assignment.text for row in response.context["page"].rows]


def cells(response):
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


# ── the list ──

def test_overdue_first_then_by_date_then_undated_and_the_ended_last(cast, client):
    client.force_login(cast.secretary)
    given(text="скоро", days=2)
    given(text="просрочено", days=-2)
    given(text="давно просрочено", days=-9)
    given(text="без срока", due_end=None)
    given(text="на проверке", days=-5, state="reported")
    given(text="исполнено", state="done", done_on=today())
    found = client.get(LIST, {"state": "all"})
    assert texts(found) == ["давно просрочено", "просрочено", "на проверке", "скоро", "без срока", "исполнено"]
    assert "Сначала просроченные: 2" in text_of(found)
    assert text_of(found).count('class="edge-alert"') == 2


def test_fifty_at_a_time_show_every_row_once(cast, client):
    client.force_login(cast.secretary)
    AssignmentFactory.create_batch(3, due_end=None)
    person = UserFactory()
    Assignment.objects.bulk_create(
        Assignment(text=f"Дело {n}", executor=person, due_end=today() + (n % 7 - 3) * DAY, state="active") for n in range(60))
    Assignment.objects.bulk_create(
        Assignment(text=f"Было {n}", executor=person, state="done", done_on=today()) for n in range(45))
    seen, address = [], f"{LIST}?state=all"
    while address:
        page = client.get(address)
        seen += [row.assignment.pk for row in page.context["page"].rows]
        address = page.context["next_url"] and LIST + page.context["next_url"]
        assert f"Показано {len(seen)} из 108" in text_of(page)
        assert ("Показать ещё 50" in text_of(page)) == bool(address)
    assert len(seen) == 108 and set(seen) == set(Assignment.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("place", ["x", "0..1", "9..1", "0.2027-13-40.1", "2.2027-01-01.1", "3..-1", "0.2027-01-01." + "9" * 40, "\x00"])
def test_a_place_nobody_gave_is_the_beginning(cast, client, place):
    client.force_login(cast.secretary)
    given(text="Дело")
    assert Place.read(place) is None
    assert texts(client.get(LIST, {"after": place, "shown": "x"})) == ["Дело"]


@pytest.fixture
def several(cast):
    """Assignments that differ in what one may ask for."""
    school = cast.member_of_school_a.current_post.institution
    meeting = MeetingFactory()
    made = {
        "mine": given(text="своё", executor=cast.member_of_school_a),
        "controlled": given(text="на контроле", controller=cast.member_of_school_a, days=3),
        "of a meeting": given(text="из заседания", meeting=meeting, days=4),
        "of a list": given(text="списком", executor=None, days=5),
        "late": given(text="опоздало", state="done", done_on=today(), days=-1),
        "old": given(text="прошлогоднее", created_at=timezone.now() - 800 * DAY, days=6),
        "of who left": given(text="ушедшего", executor=UserFactory(left_on=today()), days=7),
    }
    AssignmentTick.objects.create(assignment=made["of a list"], institution=school)
    return made | {"school": school, "meeting": meeting}


@pytest.mark.parametrize(("filters", "found"), [
    ({"scope": "mine"}, {"своё", "списком"}),
    ({"scope": "control"}, {"на контроле"}),
    ({"state": "late"}, {"опоздало"}),
    ({"state": "done"}, {"опоздало"}),
    ({"state": "in_time"}, set()),
    ({"q": "СПИСК"}, {"списком"}),
    ({"year": "2000"}, set()),
])
def test_everybody_may_ask_of_what_one_sees(cast, client, several, filters, found):
    client.force_login(cast.member_of_school_a)
    Assignment.objects.filter(pk=several["late"].pk).update(controller=cast.member_of_school_a)
    assert set(texts(client.get(LIST, filters))) == found


@pytest.mark.parametrize(("ask", "found"), [
    (lambda made: {"institution": made["school"].pk}, {"своё", "списком"}),
    (lambda made: {"meeting": made["meeting"].pk}, {"из заседания"}),
    (lambda made: {"meeting": "none", "q": "своё"}, {"своё"}),
    (lambda made: {"body": made["meeting"].body_id}, {"из заседания"}),
    (lambda made: {"person": made["mine"].executor.full_name}, {"своё"}),
    (lambda made: {"person": made["mine"].executor_id}, {"своё"}),
    (lambda made: {"person": "none"}, {"списком"}),
    (lambda made: {"left": "on"}, {"ушедшего"}),
    (lambda made: {"year": (timezone.localdate() - 800 * DAY).year}, {"прошлогоднее"}),
    (lambda made: {"until": (timezone.localdate() - 700 * DAY).isoformat()}, {"прошлогоднее"}),
])
def test_the_office_asks_by_person_institution_body_meeting_year(cast, client, several, ask, found):
    client.force_login(cast.secretary)
    response = client.get(LIST, ask(several))
    assert set(texts(response)) == found
    assert 'class="chosen"' in text_of(response)


@pytest.mark.parametrize("filters", [
    {"state": "nothing"}, {"person": "Никто Н.Н."}, {"person": "9" * 30}, {"institution": "x"}, {"meeting": "9" * 9}, {"meeting": "\x00"},
    {"year": "10" * 30}, {"since": "2027-02-31"}, {"scope": "x"}, {"q": "\x00"}, {"person": "\x00"},
])
def test_what_makes_no_sense_in_an_address_counts_as_not_chosen(cast, client, filters):
    client.force_login(cast.secretary)
    given(text="Дело")
    assert texts(client.get(LIST, filters)) == ["Дело"]


def test_nothing_found_says_so_and_shows_the_way_back(cast, client):
    client.force_login(cast.secretary)
    assert "Открытых поручений нет." in text_of(client.get(LIST))
    assert "Снять фильтры" in text_of(client.get(LIST, {"q": "такого нет"}))


def test_many_rows_cost_the_queries_of_few(cast, client):
    client.force_login(cast.secretary)
    place = InstitutionFactory()

    def add(count):
        for n in range(count):
            each = given(meeting=MeetingFactory(), days=n)
            AssignmentTick.objects.create(assignment=each, institution=place)

    def cost():
        with CaptureQueriesContext(connection) as asked:
            client.get(LIST)
        return len(asked)

    add(1)
    cost()
    few = cost()
    add(6)
    assert cost() == few <= 20


def test_the_file_is_exactly_what_the_list_shows_and_text_stays_text(cast, client):
    client.force_login(cast.secretary)
    given(text='=HYPERLINK("http://зло")', days=-3, executor_text="+7", extension_count=2)
    given(text="другое", executor=UserFactory(left_on=today(), surname="Выбывшая"))
    given(text="закрытое", state="cancelled")
    response = client.get("/assignments/export/", {"state": "given"})
    rows = cells(response)
    assert [row[0] for row in rows[1:]] == texts(client.get(LIST, {"state": "given"})) == ['=HYPERLINK("http://зло")', "другое"]
    assert rows[1][5] == "Просрочено на 3\xa0дня, срок переносили 2\xa0раза"
    assert rows[2][2] == "Выбывшая\xa0А.И. (выбыл(а))"
    sheet = zipfile.ZipFile(io.BytesIO(response.content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet


# ── closed questions ──

def test_the_executor_of_a_closed_charge_learns_neither_question_nor_protocol(cast, client):
    from tests.meetings.charging import Charging

    paper = Charging(cast.secretary)
    executor = cast.member_of_school_a
    closed = paper.charge("7.1", closed=True, text="Тихое дело.", executor=executor.pk)
    opened = paper.charge("8.1", text="Гласное дело.", executor=executor.pk)
    paper.issue()
    closed, opened = paper.assignment(closed), paper.assignment(opened)
    day = f"{paper.document.date:%d.%m.%Y}"
    client.force_login(executor)
    pages = {each: text_of(client.get(each.get_absolute_url())) for each in (closed, opened)}
    assert "Тихое дело." in pages[closed] and "п. 7.1" not in pages[closed] and "Протокол" not in pages[closed]
    assert f"Протокол № 3 от {day}, п. 8.1" in pages[opened] and paper.document.get_absolute_url() not in pages[opened]
    listed = text_of(client.get(LIST))
    assert "п. 7.1" not in listed and "п. 8.1" in listed
    assert "п. 7.1" not in str(cells(client.get("/assignments/export/"))).replace("\xa0", " ")
    # Asking for the meeting tells nothing either.
    assert texts(client.get(LIST, {"body": paper.meeting.body_id})) == ["Гласное дело."]
    client.force_login(cast.secretary)
    office = text_of(client.get(closed.get_absolute_url()))
    assert f"Протокол № 3 от {day}, п. 7.1" in office and paper.document.get_absolute_url() in office


# ── the page and its forms ──

def test_the_page_offers_each_what_one_can_do_and_one_filled_button(cast, client):
    executor, controller = UserFactory(), UserFactory()
    assignment = given(executor=executor, controller=controller)
    AssignmentTick.objects.create(assignment=assignment, institution=cast.member_of_school_a.current_post.institution)

    def page(person):
        client.force_login(person)
        return text_of(client.get(assignment.get_absolute_url()))

    for person in (executor, controller, cast.secretary, cast.member_of_school_a, cast.department_head):
        assert page(person).count("btn-primary") <= 1
    assert "Отчитаться" in page(executor) and "Отчитаться" not in page(controller)
    assert "Внести отчёт" in page(cast.secretary) and "Снять с контроля" in page(cast.secretary)
    assert "Отметить исполнение" in page(cast.member_of_school_a) and "отметили 0 из 1" in page(executor)
    report_done(assignment, by=executor, text="Сделано.", done_on=today())
    assert "Принять отчёт" in page(controller) and "Принять отчёт" not in page(executor)
    assert f"Отчёт проверяет: {controller.short_name}".replace("\xa0", " ") in page(executor)
    for person in (executor, controller, cast.secretary):
        assert page(person).count("btn-primary") <= 1


def test_a_group_is_told_in_words_that_agree(cast, client):
    assignment = given(executor=None, executor_text="Всем школам")
    client.force_login(cast.secretary)
    page = text_of(client.get(assignment.get_absolute_url()))
    assert "<dt>Поручено</dt><dd>Всем школам" in page
    assert "Ждём исполнения" in page and "Ждём исполнения: " not in page, "nobody of «всем школам» is waited for by name"
    AssignmentTick.objects.create(assignment=assignment, institution=cast.member_of_school_a.current_post.institution)
    assert "Ждём исполнения: отметили 0 из 1" in text_of(client.get(assignment.get_absolute_url()))


def send(client, name, assignment, *more, **data):
    address = reverse(f"meetings:{name}", args=[assignment.pk, *more])
    return client.post(address, {"form_key": uuid.uuid4()} | data)


def test_the_journey_by_the_pages(cast, client):
    executor, controller = UserFactory(), UserFactory()
    client.force_login(cast.secretary)
    due = today() + 20 * DAY
    response = client.post("/assignments/new/", {
        "form_key": uuid.uuid4(), "text": "Собрать отзывы.", "executor": executor.full_name, "controller": controller.full_name,
        "due": f"до {due:%d.%m.%Y}"})
    assignment = Assignment.objects.get()
    assert response.url == assignment.get_absolute_url() and assignment.due_end == due
    client.force_login(executor)
    assert send(client, "assignment_extend", assignment, due_after=(due + DAY).isoformat(), reason="Отпуск").status_code == 302
    client.force_login(controller)
    asked = assignment.extensions.get()
    assert "Отпуск" in text_of(client.get(reverse("meetings:assignment_extension_decide", args=[assignment.pk, asked.pk])))
    send(client, "assignment_extension_decide", assignment, asked.pk, due_after=(due + 2 * DAY).isoformat())
    client.force_login(executor)
    send(client, "assignment_report", assignment, text="Собрали.", done_on=today().isoformat(), files=[pdf_upload("отзывы.pdf")])
    client.force_login(controller)
    assert "отзывы.pdf" in text_of(client.get(assignment.get_absolute_url()))
    assert "Мало слов" in text_of(send(client, "assignment_return", assignment, begin="1", answer="Мало слов"))
    send(client, "assignment_return", assignment, report=assignment.reports.first().pk, reason="Не все")
    client.force_login(executor)
    send(client, "assignment_report", assignment, text="Собрали все.", done_on=today().isoformat())
    client.force_login(controller)
    send(client, "assignment_accept", assignment, report=assignment.reports.first().pk, answer="Спасибо")
    assignment.refresh_from_db()
    assert (assignment.state, assignment.due_end, assignment.extension_count) == ("done", due + 2 * DAY, 1)
    page = text_of(client.get(assignment.get_absolute_url()))
    assert "срок переносили 1 раз" in page and "Спасибо" in page and "Не все" in page and "btn-primary" not in page


def test_a_form_sent_twice_is_done_once(cast, client):
    executor = UserFactory()
    assignment, key = given(executor=executor), uuid.uuid4()
    client.force_login(executor)
    answers = [send(client, "assignment_report", assignment, form_key=key, text="Сделано.", done_on=today().isoformat())
               for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert assignment.reports.count() == 1
    client.force_login(cast.secretary)
    for _ in range(2):
        client.post("/assignments/new/", {"form_key": key, "text": "Дело", "executor": executor.full_name})
    assert Assignment.objects.filter(text="Дело").count() == 1
    assert OutgoingMail.objects.filter(person=executor, key__startswith="assignment-given").count() == 1


@pytest.mark.parametrize(("name", "data", "words"), [
    ("assignment_report", {"text": "Моё слово", "done_on": "2099-01-01"}, "Этот день ещё не наступил."),
    ("assignment_report", {"text": "", "done_on": ""}, "Напишите, что сделано"),
    ("assignment_report", {"text": "Моё слово", "done_on": "31.02.2027"}, "Введите дату так"),
    ("assignment_report", {"text": "Моё слово\x07", "done_on": "2027-01-01"}, "невидимый служебный знак"),
    ("assignment_extend", {"due_after": "2001-01-01", "reason": "Моё слово"}, "позже нынешнего"),
    ("assignment_extend", {"due_after": "10" * 30, "reason": "Моё слово"}, "Введите дату так"),
    ("assignment_extend", {"due_after": "2099-01-01", "reason": ""}, "Напишите, почему нужен другой срок."),
])
def test_a_mistake_is_told_beside_its_field_and_the_typed_text_stays(client, name, data, words):
    assignment = given()
    client.force_login(assignment.executor)
    response = send(client, name, assignment, **data)
    page = text_of(response)
    assert response.status_code == 422 and words in page
    assert ("Моё слово" in page) == any("Моё слово" in value for value in data.values())
    assert not assignment.reports.exists() and not assignment.extensions.exists()


@pytest.mark.parametrize(("data", "words"), [
    ({"text": ""}, "Напишите, что нужно сделать."),
    ({"executor": ""}, "Укажите, кому поручено"),
    ({"executor": "Никто Н.Н."}, "В списке такого человека нет"),
    ({"co_executors": "Никто Н.Н."}, "«Никто Н.Н.»"),
    ({"institutions": "школа 999999"}, "в списке нет"),
    ({"kinds": "Такого вида нет"}, "Выберите корректный вариант"),
    ({"due": "до 01.01.2001"}, "Этот срок уже прошёл"),
    ({"text": "а" * 3001}, "3000"),
])
def test_a_mistake_in_giving_is_told_beside_its_field(cast, client, data, words):
    client.force_login(cast.secretary)
    response = client.post("/assignments/new/", {
        "form_key": uuid.uuid4(), "text": "Моё слово", "executor": cast.stranger.full_name} | data)
    assert response.status_code == 422 and words in text_of(response) and not Assignment.objects.exists()


def test_a_term_nobody_understands_is_told_before_it_is_given_and_wherever_it_is_shown(cast, client):
    client.force_login(cast.secretary)
    words = {"form_key": str(uuid.uuid4()), "text": "Дело", "executor": cast.stranger.full_name, "due": "32 мартобря"}
    first = client.post("/assignments/new/", words)
    assert first.status_code == 422 and "Срок не распознан: портал о нём не напомнит." in text_of(first)
    again = {name: first.context["form"][name].value() for name in ("due_as_is", *words)}
    assert client.post("/assignments/new/", again | {"due": "33 мартобря"}).status_code == 422
    page = text_of(client.get(client.post("/assignments/new/", again).url))
    assert "Срок не распознан" in page and "портал о нём не напомнит" in page
    assert "Срок не распознан" in text_of(client.get(LIST))
    for due in ("до 1 июля", "постоянно", "по плану", ""):
        assert "не распознан" not in text_of(client.get(given(due=due, due_end=None, is_permanent=due == "постоянно").get_absolute_url()))


def test_a_page_opened_on_another_report_is_told_and_judges_the_new_one_only_when_sent_again(client):
    assignment = given()
    first = report_done(assignment, by=assignment.executor, text="Первый.", done_on=today())
    return_report(assignment, by=assignment.controller, report=first, reason="Мало")
    second = report_done(assignment, by=assignment.executor, text="Второй.", done_on=today())
    client.force_login(assignment.controller)
    answer = send(client, "assignment_accept", assignment, report=first.pk, answer="Моё слово")
    page = text_of(answer)
    assert answer.status_code == 422 and "Это уже другой отчёт" in page and "Второй." in page and "Моё слово" in page
    assert f'name="report" value="{second.pk}"' in page
    assert assignment.reports.get(pk=second.pk).verdict == ""


def test_a_file_of_a_report_is_given_to_who_sees_the_assignment_alone(client):
    assignment = given()
    client.force_login(assignment.executor)
    send(client, "assignment_report", assignment, text="Вот.", done_on=today().isoformat(), files=[pdf_upload("акт.pdf")])
    report, other = assignment.reports.get(), report_done(given(), by=Assignment.objects.last().executor, text="Нет.", done_on=today())
    file = report.files.get()
    address = reverse("meetings:assignment_file", args=[report.pk, file.pk])
    got = client.get(address)
    assert got.status_code == 200 and "attachment" in got["Content-Disposition"] and b"".join(got.streaming_content)
    client.force_login(UserFactory())
    assert client.get(address).status_code == 404
    # The number of a foreign report with the number of this file is no way in either.
    client.force_login(other.by)
    assert client.get(reverse("meetings:assignment_file", args=[other.pk, file.pk])).status_code == 404


@pytest.mark.parametrize("files", [
    lambda: [SimpleUploadedFile("вирус.exe", b"MZ")], lambda: [pdf_upload(f"{n}.pdf") for n in range(11)],
])
def test_a_file_that_may_not_be_stored_leaves_the_report_unsent(client, files):
    assignment = given()
    client.force_login(assignment.executor)
    response = send(client, "assignment_report", assignment, text="Моё слово", done_on=today().isoformat(), files=files())
    assert response.status_code == 422 and "Моё слово" in text_of(response) and not assignment.reports.exists()


def test_the_page_costs_the_same_however_much_happened(cast, client):
    assignment = given(executor=cast.secretary)

    def cost():
        with CaptureQueriesContext(connection) as asked:
            client.get(assignment.get_absolute_url())
        return len(asked)

    def happen():
        for _ in range(3):
            AssignmentTick.objects.create(assignment=assignment, institution=InstitutionFactory())
            assignment.co_executors.add(UserFactory())
            asked = ask_extension(assignment, by=cast.secretary, due_after=assignment.due_end + 99 * DAY, reason="Отпуск")
            asked.verdict, asked.decided_by, asked.decided_at = "refused", UserFactory(), timezone.now()
            asked.save()
            report = report_done(assignment, by=cast.secretary, text="Вот.", done_on=today())
            return_report(assignment, by=cast.office_head, report=report, reason="Мало")

    client.force_login(cast.department_head)
    happen()
    cost()
    few = cost()
    happen()
    assert cost() == few <= 20


# ── ticks by the page ──

def test_the_last_tick_leads_to_the_report(cast, client):
    assignment = given(executor=None)
    a = cast.member_of_school_a
    tick = AssignmentTick.objects.create(assignment=assignment, institution=a.current_post.institution)
    client.force_login(a)
    response = send(client, "assignment_tick", assignment, tick=tick.pk)
    assert response.url == reverse("meetings:assignment_report", args=[assignment.pk])
    assert "Исполнили все учреждения: 1 из 1." in text_of(client.get(response.url))
    send(client, "assignment_tick", assignment, undo=tick.pk)
    tick.refresh_from_db()
    assert tick.done_on is None
    wrong = send(client, "assignment_tick", assignment)
    assert wrong.status_code == 422 and "Отметьте хотя бы одно учреждение." in text_of(wrong)


# ── the discipline report ──

@pytest.fixture
def year_of_work(cast):
    """People, institutions and meetings with everything that may become of an assignment."""
    meeting = MeetingFactory()
    a, b = cast.member_of_school_a, cast.member_of_school_b
    school_a, school_b = a.current_post.institution, b.current_post.institution
    PostFactory(person=a, institution=school_a, title="ещё и учитель")
    for facts in (
        {"executor": a, "meeting": meeting}, {"executor": a, "days": -3}, {"executor": a, "days": -3, "state": "returned"},
        {"executor": a, "days": -3, "state": "reported"}, {"executor": b, "state": "done", "done_on": today()},
        {"executor": b, "state": "done", "done_on": today(), "days": -2, "extension_count": 2},
        {"executor": b, "state": "done", "done_on": today(), "days": 0},
        {"executor": b, "state": "done", "done_on": today(), "due_end": None}, {"executor": b, "state": "cancelled", "days": -5},
        {"executor": a, "due_end": None, "is_permanent": True, "meeting": meeting},
        {"executor": a, "created_at": timezone.now() - 900 * DAY},
    ):
        given(**facts)
    for days, done, state in ((5, today(), "active"), (-5, None, "active"), (-5, today(), "done"), (-5, None, "cancelled")):
        facts = {"done_on": today()} if state == "done" else {}
        each = given(executor=None, days=days, state=state, meeting=meeting, **facts)
        AssignmentTick.objects.create(assignment=each, institution=school_a, done_on=done)
        AssignmentTick.objects.create(assignment=each, institution=school_b)
    return meeting


PERIODS = [{}, {"since": "2000-01-01", "until": ""}, {"since": "", "until": "2026-01-01"}]


@pytest.mark.parametrize("period", PERIODS, ids=str)
@pytest.mark.parametrize("group", ["person", "institution", "meeting"])
def test_every_number_is_the_number_of_the_rows_behind_it(cast, client, year_of_work, group, period):
    client.force_login(cast.department_head)
    page = client.get("/assignments/discipline/", {"group": group} | period)
    checked = 0
    for line in [*page.context["lines"], page.context["total"]]:
        for cell in line.cells:
            rows = client.get(cell.url)
            assert rows.context["page"].total == cell.count, (line.name, cell.title, cell.url)
            checked += cell.count
            if cell.count:
                assert unescape(page.content.decode()).count(cell.url)
    assert checked


def test_the_numbers_are_right(cast, client, year_of_work):
    client.force_login(cast.department_head)
    words = {"since": "2000-01-01"}
    by_person = {line.name: [cell.count for cell in line.cells] for line in
                 client.get("/assignments/discipline/", {"group": "person"} | words).context["lines"]}
    # given, in time, late, overdue now, moved, permanent
    assert by_person[cast.member_of_school_a.short_name] == [6, 0, 0, 2, 0, 1]
    assert by_person[cast.member_of_school_b.short_name] == [4, 3, 1, 0, 1, 0]
    assert by_person["Учреждениям и группам"] == [3, 0, 1, 1, 0, 0]
    by_place = {line.name: [cell.count for cell in line.cells] for line in
                client.get("/assignments/discipline/", {"group": "institution"} | words).context["lines"]}
    school_a, school_b = (str(each.current_post.institution) for each in (cast.member_of_school_a, cast.member_of_school_b))
    assert by_place == {school_a: [9, 1, 1, 3, 0, 1], school_b: [7, 3, 1, 1, 1, 0]}
    by_meeting = client.get("/assignments/discipline/", {"group": "meeting"} | words).context["lines"]
    assert sum(line.cells[0].count for line in by_meeting) == 13
    assert {line.times for line in by_meeting} == {0, 2}


@pytest.mark.parametrize("group", ["person", "institution", "meeting"])
def test_the_report_costs_the_same_for_one_line_and_for_many(cast, client, group):
    client.force_login(cast.secretary)

    def add(count):
        for _ in range(count):
            post = PostFactory(institution=InstitutionFactory())
            each = given(executor=post.person, meeting=MeetingFactory())
            AssignmentTick.objects.create(assignment=each, institution=InstitutionFactory())

    def cost():
        with CaptureQueriesContext(connection) as asked:
            client.get("/assignments/discipline/", {"group": group})
        return len(asked)

    add(1)
    cost()
    few = cost()
    add(6)
    assert cost() == few <= 20


def test_the_file_of_the_report_says_what_the_page_says(cast, client, year_of_work):
    client.force_login(cast.secretary)
    words = {"group": "institution", "since": "2000-01-01"}
    page = client.get("/assignments/discipline/", words).context
    rows = cells(client.get("/assignments/discipline/export/", words))
    shown = [[line.name, *(cell.count for cell in line.cells), line.times] for line in [*page["lines"], page["total"]]]
    assert [row[:-1] for row in rows[1:]] == shown and rows[0][0] == "Учреждение"


def test_who_is_overdue_is_not_praised_and_the_returned_report_tells_why(cast, client):
    executor = UserFactory()
    assignment = given(executor=executor, days=-9, due="до " + date_long(today() - 9 * DAY).replace("\xa0", " "))
    given(executor=executor, state="done", done_on=today())
    report = report_done(assignment, by=executor, text="Отправили шесть из восьми.", done_on=today())
    asked = ask_extension(given(executor=executor), by=executor, due_after=today() + 99 * DAY, reason="Отпуск")
    return_report(assignment, by=assignment.controller, report=report, reason="Не хватает двух.")
    client.force_login(cast.secretary)
    [line] = client.get("/assignments/discipline/").context["lines"]
    assert (line.share, [cell.count for cell in line.cells]) == (50, [3, 1, 0, 1, 0, 0])
    client.force_login(executor)
    form = text_of(client.get(f"{assignment.get_absolute_url()}report/"))
    assert "Не хватает двух." in form and ">\nОтправили шесть из восьми.</textarea>" in form
    assert "«до " not in text_of(client.get(assignment.get_absolute_url()))
    client.force_login(asked.assignment.controller)
    page = asked.assignment.get_absolute_url()
    assert client.get(f"{page}extensions/{asked.pk}/").status_code == 200
    Assignment.objects.filter(pk=asked.assignment_id).update(state="done", done_on=today())
    assert client.get(f"{page}extensions/{asked.pk}/").url == page


def test_a_period_turned_round_is_told_beside_its_field(cast, client):
    client.force_login(cast.secretary)
    response = client.get("/assignments/discipline/", {"since": "2027-02-01", "until": "2027-01-01"})
    assert response.status_code == 422 and "Дата «по» раньше даты «с»." in text_of(response)
    assert client.get("/assignments/discipline/", {"since": "x", "group": "y"}).status_code == 422


def test_every_word_of_the_state_filter_finds_something_of_its_own(cast, client, year_of_work):
    client.force_login(cast.secretary)
    counts = {word: client.get(LIST, {"state": word}).context["page"].total for word, _ in RESULTS}
    assert counts["all"] == Assignment.objects.count()
    assert counts["given"] + counts["cancelled"] == counts["all"]
    assert counts["in_time"] + counts["late"] == counts["done"]
    assert all(counts.values()), counts


# ── «Мои дела» ──

def waits(person):
    person = type(person).objects.get(pk=person.pk)
    return [(row.action, row.what) for row in waiting_for(person) if "/assignments/" in row.url]


def test_what_waits_for_whom(cast):
    executor, controller = UserFactory(), UserFactory()
    one = given(text="Дело", executor=executor, controller=controller)
    assert waits(executor) == [("Отчитаться", "Дело")] and waits(controller) == []
    asked = ask_extension(one, by=executor, due_after=one.due_end + DAY, reason="Отпуск")
    assert waits(controller) == [("Решить о переносе", "Дело")] and waits(cast.secretary) == []
    asked.delete()
    report = report_done(one, by=executor, text="Вот.", done_on=today())
    assert waits(executor) == [] and waits(controller) == [("Проверить отчёт", "Дело")] and waits(cast.secretary) == []
    return_report(one, by=controller, report=report, reason="Мало")
    assert waits(executor) == [("Исправить отчёт", "Дело")]
    accept_report(one, by=controller, report=report_done(one, by=executor, text="Вот.", done_on=today()))
    assert waits(executor) == waits(controller) == []


def test_what_nobody_else_checks_waits_for_the_office(cast):
    for controller in (None, UserFactory(left_on=today()), cast.secretary):
        one = given(executor=cast.secretary, controller=controller)
        report_done(one, by=cast.secretary, text="Вот.", done_on=today())
    assert len([what for what in waits(cast.office_head) if what[0] == "Проверить отчёт"]) == 3
    assert waits(cast.department_head) == []


def test_an_institution_waits_until_it_has_ticked_and_the_office_for_a_whole_list(cast):
    one = given(text="Всем", executor=None)
    a = cast.member_of_school_a
    tick = AssignmentTick.objects.create(assignment=one, institution=a.current_post.institution)
    assert waits(a) == [("Исполнить", "Всем")] and waits(cast.secretary) == []
    AssignmentTick.objects.filter(pk=tick.pk).update(done_on=today())
    assert waits(a) == [] and waits(cast.secretary) == [("Отправить отчёт", "Всем")]


def test_people_who_left_are_one_line_for_the_office(cast, client):
    gone = UserFactory(left_on=today(), is_active=False)
    given(executor=gone)
    given(controller=gone, text="Второе")
    assert waits(cast.secretary) == [("Посмотреть список", "Исполнитель или контролёр выбыл: 2")]
    client.force_login(cast.secretary)
    row = next(row for row in waiting_for(cast.secretary) if "left=on" in row.url)
    assert client.get(row.url).context["page"].total == 2
    page = text_of(client.get(Assignment.objects.get(text="Второе").get_absolute_url()))
    assert "выбыл(а)" in page and reverse("accounts:handover", args=[gone.pk]) in page


def test_the_start_page_costs_the_same_for_one_and_for_many(cast, client):
    person = cast.secretary
    client.force_login(person)

    def add(count):
        for _ in range(count):
            given(executor=person)
            report_done(given(controller=person), by=Assignment.objects.last().executor, text="Вот.", done_on=today())
            ask_extension(one := given(controller=person), by=one.executor, due_after=one.due_end + DAY, reason="Отпуск")

    def cost():
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        return len(asked)

    add(4)
    cost()
    few = cost()
    add(4)
    assert cost() == few


# ── handing over ──

def test_handing_over_gives_what_is_open_and_leaves_what_is_done(cast):
    leaver, successor = UserFactory(), UserFactory()
    todo, done = given(executor=leaver), given(executor=leaver, state="done", done_on=today())
    control, both = given(controller=leaver), given(executor=successor)
    both.co_executors.add(leaver)
    report_done(control, by=control.executor, text="Вот.", done_on=today())
    words = hand_over(leaver, successor, by=cast.secretary)
    for each in (todo, done, control, both):
        each.refresh_from_db()
    assert (todo.executor, done.executor, control.controller) == (successor, leaver, successor)
    assert list(both.co_executors.all()) == []
    assert "поручения к исполнению: 1" in words.lower() and "поручения на контроле: 1" in words.lower()
    assert "Проверить отчёт" in [each[0] for each in waits(successor)]
    letters = OutgoingMail.objects.filter(person=successor, key__startswith="assignments-taken:")
    assert letters.count() == 3
    with pytest.raises(PermissionDenied):
        accept_report(control, by=leaver, report=control.reports.get())


# ── reminders ──

def reminded():
    return {letter.person.username if letter.person else letter.address: letter for letter in
            OutgoingMail.objects.filter(key__startswith="assignments-remind:").order_by("pk")}


def test_reminders_come_three_days_before_and_on_the_first_day_late_once():
    person = UserFactory(username="executor")
    for days in (-2, -1, 0, 2, 3, 4):
        given(text=f"через {days}", executor=person, days=days)
    for state in ("reported", "done", "cancelled"):
        given(text=state, executor=person, days=3, state=state, done_on=today())
    assert remind_of_assignments() == remind_of_assignments() == 1
    letter = reminded()["executor"]
    assert [f"через {days}" for days in (-2, -1, 0, 2, 3, 4) if f"через {days}:" in letter.body] == ["через -1", "через 3"]
    assert not any(word in letter.body for word in ("reported", "done", "cancelled"))
    assert letter.subject == "Напоминание о поручениях: 2"


def test_a_day_on_which_nobody_was_at_work_is_made_up_for():
    given(text="вчерашнее", executor=UserFactory(username="executor"), days=2)
    DutyRun.objects.create(name="meetings.services.reminders.remind_of_assignments", done_at=timezone.now() - 2 * DAY)
    assert remind_of_assignments() == 1 and "вчерашнее" in reminded()["executor"].body


def test_who_acts_for_an_absent_executor_is_reminded_too_and_who_has_ticked_is_not(cast):
    executor, acting = UserFactory(username="executor"), UserFactory(username="acting")
    Substitution.objects.create(absent=executor, acting=acting, since=today(), until=today(), post="И.о.", basis="приказ")
    given(executor=executor, days=3)
    listed = given(executor=None, days=3)
    for person, done_on in ((cast.member_of_school_a, today()), (cast.member_of_school_b, None)):
        AssignmentTick.objects.create(assignment=listed, institution=person.current_post.institution, done_on=done_on)
    silent = InstitutionFactory(email="school@example.test")
    AssignmentTick.objects.create(assignment=listed, institution=silent)
    remind_of_assignments()
    assert set(reminded()) == {"executor", "acting", "school-b", "school@example.test"}


def test_links_of_the_report_carry_the_whole_question(cast, client, year_of_work):
    client.force_login(cast.secretary)
    line = client.get("/assignments/discipline/", {"since": "2000-01-01", "until": "2099-01-01"}).context["lines"][0]
    asked = parse_qs(urlsplit(line.cells[2].url).query)
    assert asked["state"] == ["late"] and asked["since"] == ["2000-01-01"] and asked["until"] == ["2099-01-01"] and asked["person"]
