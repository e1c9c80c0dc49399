"""The secretary's page as a page: what it says, forms without the script, answers to the script, what it costs."""
import io
import json
import uuid
from datetime import date, timedelta

import page as validator
import pdfplumber
import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meetings.minutes import day
from meetings.minutes.sign_in_sheet import sign_in_snapshot
from meetings.models import AgendaItem, AgendaSpeaker, Meeting, Participant
from meetings.services import attendance, outcomes, resolutions
from meetings.services.protocol import create_protocol
from projectoffice.documents.services.route import send as send_to_be_signed
from projectoffice.documents.sheet import render_docx
from projectoffice.documents.sheet.pdf import draw_pdf
from tests.factories import AgendaItemFactory, MeetingFactory, ParticipantFactory, UserFactory

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json", "content_type": "application/json"}


@pytest.fixture
def meeting(cast):
    meeting = MeetingFactory(date=timezone.localdate() + timedelta(days=1))
    ParticipantFactory(meeting=meeting, person=cast.office_head, role="chair")
    ParticipantFactory(meeting=meeting, person=cast.secretary, role="secretary")
    ParticipantFactory(meeting=meeting, person=cast.member_of_school_a)
    return meeting


@pytest.fixture
def item(meeting):
    return AgendaItemFactory(meeting=meeting, position=1, title="О проекте «Наставник рядом»")


@pytest.fixture
def office(client, cast):
    client.force_login(cast.secretary, backend="projectoffice.accounts.backends.LoginOrEmailBackend")
    return client


def page_of(office, meeting, **query):
    return office.get(reverse("meetings:meeting_day", args=[meeting.pk]), query)


def text_of(response):
    return response.content.decode().replace("\xa0", " ")


def save_url(item):
    return reverse("meetings:outcome_save", args=[item.meeting.pk, item.uid])


def form_of(item, **typed):
    """What the form of a question without the script sends: every field with what it began from."""
    sent = {f"{name}-{item.uid}": "" for name in ("heard", "discussed", "outcome", "outcome_note")}
    sent |= {f"base-{name}-{item.uid}": "" for name in ("heard", "discussed", "outcome", "outcome_note", "vote")}
    sent |= {f"vote.{place}-{item.uid}": "" for place in (1, 2, 3)} | {f"base-vote-{item.uid}": "|||"}
    return sent | typed


def send(office, url, **data):
    return office.post(url, json.dumps(data), **JSON)


# The page

@pytest.mark.parametrize(("days", "changes", "word"), [
    (1, {}, "Готово к началу"), (0, {"started_at": timezone.now()}, "Идёт"), (-1, {"started_at": timezone.now()}, "Проведено"),
    (-1, {}, "Проведено"), (0, {"state": "held"}, "Проведено"), (3, {"state": "moved"}, "Перенесено"),
])
def test_the_same_page_serves_the_meeting_and_the_day_after(office, meeting, item, days, changes, word):
    Meeting.objects.filter(pk=meeting.pk).update(date=timezone.localdate() + timedelta(days=days), **changes)
    text = text_of(page_of(office, meeting))
    assert f"</svg> {word}</span>" in text
    assert ("Начать</button>" in text) is (word == "Готово к началу")


def test_the_title_row_says_who_is_present_and_whether_they_may_decide(office, meeting, item):
    assert "Присутствуют 3 из 3, кворум есть" in text_of(page_of(office, meeting))
    meeting.participants.exclude(role="chair").update(attendance="absent")
    assert "Присутствуют 1 из 3, кворума нет" in text_of(page_of(office, meeting))
    Meeting.objects.get(pk=meeting.pk).body.__class__.objects.update(quorum="none")
    assert "Присутствуют 1 из 3<" in text_of(page_of(office, meeting))


def test_the_page_opens_at_the_first_question_that_is_ahead(office, cast, meeting, item):
    second = AgendaItemFactory(meeting=meeting, position=2)
    outcomes.consider(item, by=cast.secretary)
    assert page_of(office, meeting).context["current"].uid == str(second.uid)
    assert page_of(office, meeting, at=f"question-{item.uid}").context["current"].uid == str(item.uid)
    assert page_of(office, meeting, at="question-\x00").context["current"].uid == str(second.uid)


def test_an_empty_agenda_says_so_and_takes_a_question(office, meeting):
    text = text_of(page_of(office, meeting))
    assert "В повестке пока нет вопросов." in text and "Добавить вопрос" in text
    answer = office.post(reverse("meetings:outcome_add", args=[meeting.pk]), {"title": "О ремонте", "speaker": "Пак О.Р."}, follow=True)
    assert "1. О ремонте" in text_of(answer) and "Докладчик – Пак О.Р." in text_of(answer)


def test_what_is_missing_is_a_sentence_with_links_on_the_last_question(office, meeting, item):
    meeting.participants.filter(role="chair").delete()
    answer = page_of(office, meeting)
    assert [each["words"] for each in answer.context["remaining"]] == ["вопрос 1 – нет решения", "председатель не указан"]
    assert f'href="{reverse("meetings:meeting_day", args=[meeting.pk])}?at=question-{item.uid}#question-{item.uid}"' in text_of(answer)
    assert "Чтобы собрать протокол, осталось:" in text_of(answer)


def test_the_minutes_of_a_cancelled_meeting_are_closed_in_words(office, meeting, item):
    Meeting.objects.filter(pk=meeting.pk).update(state="cancelled")
    text = text_of(page_of(office, meeting))
    assert "Заседание отменено: записывать нечего." in text and "minutes-form" not in text
    assert "Присутствуют" not in text, "nobody came to what was not"


def test_a_question_with_parts_leads_to_where_its_course_is_written(office, meeting, item):
    part = AgendaItemFactory(meeting=meeting, parent=item, title="О наставниках")
    panel = text_of(page_of(office, meeting, at=f"question-{item.uid}")).partition('class="questions"')[2].partition("</section>")[0]
    assert "записывают под подвопросами" in panel and "minutes-form" not in panel
    assert f'<a href="?at=question-{part.uid}#question-{part.uid}" data-shows="{part.uid}">1.1. О наставниках</a>' in panel


def test_the_minutes_are_closed_while_the_protocol_is_signed(office, cast, meeting, item):
    outcomes.consider(item, by=cast.secretary)
    document = create_protocol(meeting, by=cast.secretary).document
    assert "minutes-form" in text_of(page_of(office, meeting))
    send_to_be_signed(document, by=cast.secretary)
    text = text_of(page_of(office, meeting))
    assert "Протокол уже собран и ушёл на подпись" in text and "Открыть протокол" in text and "minutes-form" not in text
    refused = send(office, save_url(item), cell="heard", value="Поздно", base="", version=1)
    assert refused.status_code == 409 and refused.json()["closed"]


def test_a_closed_question_is_seen_by_those_who_write_the_minutes(office, client, cast, meeting, item):
    AgendaItem.objects.filter(pk=item.pk).update(closed=True, title="Кадровый вопрос ЗАКРЫТОЕ")
    assert "ЗАКРЫТОЕ" in text_of(page_of(office, meeting))
    client.force_login(cast.member_of_school_a, backend="projectoffice.accounts.backends.LoginOrEmailBackend")
    refused = page_of(client, meeting)
    assert refused.status_code == 403 and "ЗАКРЫТОЕ" not in text_of(refused)


def test_the_page_costs_the_same_for_few_and_for_many(office, cast, meeting, item):
    def fill(count, start):
        for place in range(start, start + count):
            one = AgendaItemFactory(meeting=meeting, position=place, is_misc=place % 5 == 0)
            AgendaSpeaker.objects.create(item=one, text="Орлова А.И.", person=cast.office_head)
            ParticipantFactory(meeting=meeting)
            row = resolutions.add_resolution(one, by=cast.secretary)
            for name, text in {"text": "Поручить", "executor": "всем школам", "co_executors": "Зимин А.И.", "controller": "Белов А.И."}.items():
                row = resolutions.save_resolution(row, name, text, version=row.version, by=cast.secretary)

    def cost(act):
        act()
        with CaptureQueriesContext(connection) as spent:
            assert act().status_code == 200
        return len(spent)

    fill(1, 2)
    few = cost(lambda: page_of(office, meeting))
    few_saves = cost(lambda: send(office, reverse("meetings:outcome_sync", args=[meeting.pk]), item=str(item.uid)))
    fill(6, 3)
    assert cost(lambda: page_of(office, meeting)) == few <= 20
    assert cost(lambda: send(office, reverse("meetings:outcome_sync", args=[meeting.pk]), item=str(item.uid))) == few_saves <= 20


# The form of a question, without the script

def test_a_whole_question_is_written_in_one_form(office, cast, meeting, item):
    uid = uuid.uuid4()
    answer = office.post(save_url(item), form_of(item, **{
        f"heard-{item.uid}": "Орлову А.И.:\r\n– раз;\r\n– два.", f"vote.0-{item.uid}": "1",
        f"new-{uid}": str(item.uid), f"text-{uid}": "Принять к сведению.", f"executor-{uid}": "Зимину А.И.", f"due-{uid}": "постоянно",
    }))
    assert answer.status_code == 302
    item.refresh_from_db()
    row = item.resolutions.get(uid=uid)
    assert [len(item.heard), item.vote, item.outcome] == [3, {"unanimous": True}, "considered"]
    assert (row.text, row.executor, row.is_permanent, row.is_charge) == ("Принять к сведению.", cast.department_head, True, True)


def test_an_untouched_field_of_the_form_overwrites_nobody(office, cast, item):
    outcomes.save_field(item, "heard", "Записала Орлова", version=1, by=cast.office_head, base="")
    office.post(save_url(item), form_of(item, **{f"discussed-{item.uid}": "Моё"}))
    item.refresh_from_db()
    assert item.heard[0]["text"] == "Записала Орлова" and item.discussed[0]["text"] == "Моё"


def test_a_collision_keeps_the_typed_text_and_shows_the_other(office, cast, item):
    outcomes.save_field(item, "heard", "Текст Орловой", version=1, by=cast.office_head, base="")
    answer = office.post(save_url(item), form_of(item, **{f"heard-{item.uid}": "Мой текст"}))
    text = text_of(answer)
    assert answer.status_code == 409 and "Мой текст" in text and "Текст Орловой" in text and "Орлова А.И." in text
    office.post(save_url(item), form_of(item, **{f"heard-{item.uid}": "Мой текст", f"base-heard-{item.uid}": "Текст Орловой"}))
    item.refresh_from_db()
    assert item.heard[0]["text"] == "Мой текст"


def test_a_wrong_vote_comes_back_with_its_sentence_and_the_rest_is_saved(office, item):
    answer = office.post(save_url(item), form_of(item, **{f"vote.1-{item.uid}": "15", f"heard-{item.uid}": "Доклад"}))
    assert answer.status_code == 422
    assert "Голосов 15, а присутствуют 3. Проверьте числа или отметьте опоздавшего." in text_of(answer)
    assert 'value="15"' in text_of(answer)
    item.refresh_from_db()
    assert item.vote is None and item.heard


def test_a_new_decision_that_cannot_be_stored_comes_back_as_it_was_typed(office, item):
    uid = uuid.uuid4()
    answer = office.post(save_url(item), form_of(item, **{
        f"new-{uid}": str(item.uid), f"text-{uid}": "Провести", f"controller-{uid}": "Неведомов Н.Н."}))
    assert answer.status_code == 422
    assert "Неведомов Н.Н." in text_of(answer) and "В списке такого человека нет" in text_of(answer)
    assert item.resolutions.get().text == "Провести"


@pytest.mark.parametrize("bad", ["a\x00b", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "9" * 30, "x" * 20_000])
def test_bad_input_is_never_a_failure(office, item, bad):
    for name in ("heard", "outcome", "outcome_note", "vote.1", "inclusion_vote"):
        answer = office.post(save_url(item), form_of(item, **{f"{name}-{item.uid}": bad, "do": bad}))
        assert answer.status_code in (302, 422), name


def test_the_buttons_of_the_form_do_what_they_say(office, cast, item):
    rows = []
    for text in ("Раз", "Два"):
        office.post(save_url(item), form_of(item, do="add"))
        rows.append(item.resolutions.latest("pk"))
        resolutions.save_resolution(rows[-1], "text", text, version=1, by=cast.secretary)
    outcome = {f"outcome-{item.uid}": "considered", f"base-outcome-{item.uid}": "considered"}
    office.post(save_url(item), form_of(item, do=f"up-{rows[1].uid}", **outcome))
    assert list(item.resolutions.present().order_by("position")) == rows[::-1]
    removed = office.post(save_url(item), form_of(item, do=f"remove-{rows[0].uid}", **outcome), follow=True)
    assert "Решение удалено." in text_of(removed)
    office.post(reverse("meetings:resolution_return", args=[item.meeting.pk, rows[0].uid]))
    assert item.resolutions.present().count() == 2
    office.post(save_url(item), form_of(item, do="outcome-postponed", **outcome | {f"outcome_note-{item.uid}": "на осень"}))
    item.refresh_from_db()
    assert (item.outcome, item.outcome_note) == ("postponed", "на осень")


def test_what_was_typed_into_minutes_that_closed_meanwhile_can_be_copied(office, meeting, item):
    Meeting.objects.filter(pk=meeting.pk).update(state="cancelled")
    answer = office.post(save_url(item), form_of(item, **{f"heard-{item.uid}": "Не пропадёт"}))
    assert answer.status_code == 409 and "Не пропадёт" in text_of(answer)


# The script

def test_the_answer_to_the_script_is_the_question_as_it_is_now(office, item):
    answer = send(office, save_url(item), cell="heard", value="Доклад", base="", version=1)
    data = answer.json()
    assert answer.status_code == 200 and "Доклад" in data["html"] and data["presence"] and data["marks"][str(item.uid)] is not None


def test_a_collision_tells_the_script_both_texts(office, cast, item):
    outcomes.save_field(item, "vote", "1|||", version=1, by=cast.office_head, base="|||")
    answer = send(office, save_url(item), cell="vote", value="|2||", base="|||", version=1)
    assert answer.status_code == 409
    told = answer.json()["stale"]
    assert (told["text"], told["source"], told["who"]) == ("Голосовали: единогласно", "1|||", "Орлова\xa0А.И.")


def test_a_collision_with_ones_own_second_window_says_so(office, cast, item):
    outcomes.save_field(item, "heard", "Чужое", version=1, by=cast.office_head, base="")
    outcomes.save_field(item, "heard", "Своё", version=2, by=cast.secretary, base="Чужое")
    answer = send(office, save_url(item), cell="heard", value="Из первого окна", base="Чужое", version=2)
    assert answer.json()["stale"]["who"] == "вы, в другом окне"


@pytest.mark.parametrize("data", [{}, {"cell": "heard"}, {"cell": [], "value": {}, "version": "x"},
                                  {"cell": "heard", "value": "a\x00", "version": 10**30}, {"cell": "vote", "value": "|4||", "version": 1}])
def test_nonsense_from_a_script_is_refused_in_words(office, item, data):
    answer = send(office, save_url(item), **data)
    assert answer.status_code == 422 and answer.json()["message"]


def test_what_is_gone_or_forbidden_is_told_to_the_script_as_json(office, client, cast, meeting, item):
    gone = send(office, reverse("meetings:resolution_save", args=[meeting.pk, uuid.uuid4()]), cell="text", value="x", version=1)
    assert (gone.status_code, gone.json()["message"]) == (404, "Этого уже нет на странице: обновите её.")
    client.force_login(cast.member_of_school_a, backend="projectoffice.accounts.backends.LoginOrEmailBackend")
    assert send(client, save_url(item), cell="heard", value="x", version=1).json()["closed"]


def test_a_decision_of_another_meeting_is_not_reached_through_this_one(office, cast, meeting, item):
    other = AgendaItemFactory(position=1)
    row = resolutions.add_resolution(other, by=cast.secretary)
    url = reverse("meetings:resolution_save", args=[meeting.pk, row.uid])
    assert send(office, url, cell="text", value="x", version=1).status_code == 404


def test_suggestions_are_groups_and_people(office, cast, meeting):
    url = reverse("meetings:outcome_people", args=[meeting.pk])
    assert "всем школам" in office.get(url, {"q": "всем"}).json()["found"]
    assert any("Орлова" in words for words in office.get(url, {"q": "орл"}).json()["found"])
    assert office.get(url, {"q": "\x00"}).json() == {"found": []}


def test_the_meetings_own_secretary_gets_suggestions_without_being_of_the_office(client, cast, meeting):
    Participant.objects.filter(meeting=meeting, role="secretary").update(person=cast.stranger)
    client.force_login(cast.stranger, backend="projectoffice.accounts.backends.LoginOrEmailBackend")
    assert client.get(reverse("meetings:outcome_people", args=[meeting.pk]), {"q": "орл"}).json()["found"]


# Attendance and ticks

def test_the_paper_sheet_is_entered_in_one_form(office, cast, meeting):
    who = {each.person: each for each in meeting.participants.all()}
    absent, excused = who[cast.office_head], who[cast.member_of_school_a]
    office.post(reverse("meetings:attendance_save", args=[meeting.pk]), {
        f"here.0-{absent.pk}": "1", f"here.1-{absent.pk}": "absent", f"here.2-{absent.pk}": "", f"base-here-{absent.pk}": "|absent|",
        f"here.0-{excused.pk}": "1", f"here.1-{excused.pk}": "excused", f"here.2-{excused.pk}": "отпуск | болезнь",
        f"base-here-{excused.pk}": "|absent|",
    })
    office.post(reverse("meetings:attendance_guest", args=[meeting.pk]), {"guests": "Ким А.В., директор"})
    found = {each.name: (each.attendance, each.note) for each in meeting.participants.all()}
    assert found[absent.name] == ("absent", "") and found[excused.name] == ("excused", "отпуск | болезнь")
    assert found["Ким А.В."] == ("present", "")


def test_a_mark_somebody_made_meanwhile_stays_and_the_rest_of_the_sheet_is_saved(office, cast, meeting):
    first, second, _ = meeting.participants.all()
    attendance.mark_attendance(first, "excused", "", by=cast.office_head)
    sent = {}
    for who in (first, second):
        sent |= {f"here.0-{who.pk}": "1", f"here.1-{who.pk}": "absent", f"here.2-{who.pk}": "", f"base-here-{who.pk}": "|absent|"}
    answer = office.post(reverse("meetings:attendance_save", args=[meeting.pk]), sent, follow=True)
    assert f"Тем временем отметку изменил кто-то другой: {first.name}".replace("\xa0", " ") in text_of(answer)
    assert [meeting.participants.get(pk=who.pk).attendance for who in (first, second)] == ["excused", "absent"]


@pytest.mark.parametrize(("name", "sent"), [
    ("outcome_add", {"title": "Не пропадёт\x01", "speaker": "Пак"}), ("attendance_guest", {"guests": "Не пропадёт\n, директор"}),
])
def test_what_a_small_form_could_not_store_stays_in_it(office, meeting, item, name, sent):
    answer = office.post(reverse(f"meetings:{name}", args=[meeting.pk]), sent)
    assert answer.status_code == 422 and "Не пропадёт" in text_of(answer) and "field-error" in text_of(answer)


def test_one_box_is_marked_by_the_script(office, meeting):
    who = meeting.participants.first()
    url = reverse("meetings:attendance_mark", args=[meeting.pk, who.pk])
    answer = send(office, url, cell="here", value="1|excused|отпуск", base="|absent|", version=0)
    assert answer.json()["presence"] == "Присутствуют 2 из 3, кворум есть"
    stale = send(office, url, cell="here", value="1|absent|", base="|absent|", version=0)
    assert (stale.status_code, stale.json()["stale"]["text"]) == (409, "По уважительной причине, отпуск")


def test_boxes_read_back_what_they_show(meeting):
    for who in meeting.participants.all():
        for mark in Participant.Attendance.values:
            who.attendance, who.note = mark, "с | чертой"
            assert day.read_here(day.here_source(who)) == (mark, "с | чертой")


def test_institutions_are_ticked_on_their_own_page(office, cast, meeting, item):
    row = resolutions.add_resolution(item, by=cast.secretary)
    row = resolutions.save_resolution(row, "executor", "всем школам", version=1, by=cast.secretary)
    first, second = row.institutions.all()
    url = reverse("meetings:resolution_institutions", args=[meeting.pk, row.uid])
    assert text_of(office.get(url)).count("checked") == 2
    office.post(url, {"was": [first.pk, second.pk, "x", "9" * 40], "on": [second.pk]})
    assert list(row.institutions.all()) == [second]


# The sheet to sign in

def test_the_sign_in_sheet_is_archival_and_has_ten_blank_rows(office, cast, meeting):
    ParticipantFactory(meeting=meeting, person=UserFactory(surname="Длиннофамильцева-Подмосковная"), post="методист " * 20)
    snapshot = sign_in_snapshot(meeting, list(meeting.participants.in_order().select_related("person")))
    rows = snapshot["sections"][0]["rows"]
    assert [row["cells"]["name"] for row in rows][:2] == [cast.office_head.full_name, cast.secretary.full_name]
    assert sum(not row["cells"]["name"] for row in rows) == 10 and rows[-1]["cells"]["label"] == "14."
    sheet = draw_pdf(snapshot, mode="ink")
    for profile in ("3a", "ua1"):
        assert validator.validate_pdf_bytes(sheet.pdf, profile=profile).is_compliant
    answer = office.get(reverse("meetings:sign_in_sheet", args=[meeting.pk]))
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages)
    assert answer["Content-Type"] == "application/pdf" and "Явочный лист" in text and "Орлова" in text


def test_rows_to_write_in_are_tall_on_paper_and_in_word(meeting):
    snapshot = sign_in_snapshot(meeting, [])
    tall, flat = (draw_pdf({**snapshot, "rows": rows}, mode="ink") for rows in ("tall", ""))
    heights = []
    for sheet in (tall, flat):
        with pdfplumber.open(io.BytesIO(sheet.pdf)) as document:
            row = document.pages[0].find_tables()[0].rows[1]
            heights.append((row.bbox[3] - row.bbox[1]) / 72 * 25.4)
    assert heights[0] >= 9 > heights[1]
    assert render_docx(snapshot)[:2] == b"PK"


def test_a_meeting_without_a_day_leaves_room_for_it(cast):
    meeting = MeetingFactory(date=None, start=None, end=None, state="draft", place="")
    assert sign_in_snapshot(meeting, [])["head"]["title"][-1] == "«___» ______________ 20__ г."
    assert day.state_badge(meeting, date(2027, 6, 4)) == ("neutral", "Готовится")
