"""The secretary's page as a secretary uses it: typing, two at once, a lost connection, a phone, no script."""
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from meetings.models import Meeting, Protocol, Resolution
from meetings.services import attendance, outcomes, resolutions
from tests.browser.seeing import arrives, enter, faults_of, press, until
from tests.cast import make_cast
from tests.factories import AgendaItemFactory, MeetingFactory, ParticipantFactory


@pytest.fixture
def cast(transactional_db):
    return make_cast()


@pytest.fixture
def meeting(cast):
    meeting = MeetingFactory(date=timezone.localdate() + timedelta(days=1))
    ParticipantFactory(meeting=meeting, person=cast.office_head, role="chair")
    ParticipantFactory(meeting=meeting, person=cast.secretary, role="secretary")
    ParticipantFactory(meeting=meeting, person=cast.member_of_school_a)
    for place, title in enumerate(("О проекте «Наставник рядом»", "О секции руководителей", "Разное"), start=1):
        AgendaItemFactory(meeting=meeting, position=place, title=title, is_misc=title == "Разное")
    return meeting


def opened(page, person, meeting, live_server):
    enter(page, person, live_server)
    page.goto(reverse("meetings:meeting_day", args=[meeting.pk]))
    return page


def item(meeting, place):
    return meeting.items.get(position=place)


def question(page):
    return page.locator("section[data-shown]:not([hidden])")


def field(page, name):
    return question(page).locator(f"[data-field={name}]").first


def saved(page):
    until(page, "!Object.keys(localStorage).some(key => key.startsWith('minutes'))")
    until(page, "/Сохранено/.test(document.querySelector('[data-save-state]').textContent)")


def heard(meeting, place):
    return [line["text"] for line in item(meeting, place).heard]


def texts(meeting, place):
    return list(item(meeting, place).resolutions.present().order_by("position").values_list("text", flat=True))


def test_a_question_is_written_down_without_a_button(page, cast, meeting, live_server):
    opened(page, cast.secretary, meeting, live_server)
    assert not faults_of(page)
    field(page, "heard").fill("Сорокину А.И.:\n– школы готовы.")
    question(page).get_by_role("button", name="Принять к сведению").click()
    page.keyboard.type("информацию.")
    saved(page)
    assert texts(meeting, 1) == ["Принять к сведению информацию."] and heard(meeting, 1)[1] == "школы готовы."
    page.locator("[data-mark]").first.get_by_text("рассмотрен").wait_for(state="attached")
    page.keyboard.press("Control+Enter")
    page.keyboard.type("Представить отчёт.")
    question(page).locator(".charge summary").nth(1).click()
    question(page).get_by_label("Кому").nth(1).fill("Зимину А.И.")
    question(page).get_by_label("Срок").nth(1).fill("до 1 декабря 2027 г.")
    page.keyboard.press("Tab")
    question(page).get_by_text("до 01.12.2027").wait_for()
    question(page).get_by_text("Зимин Анна Игоревна").wait_for()
    saved(page)
    row = Resolution.objects.get(text="Представить отчёт.")
    assert (row.executor, row.is_charge, row.position) == (cast.department_head, True, 2)
    numbers = question(page).locator(".decision-head [data-number]")
    expect(numbers.first).to_have_text("1.1")
    expect(numbers.nth(4)).to_have_text("1.2")
    assert not faults_of(page)
    page.get_by_role("link", name="Следующий вопрос").first.click()
    expect(page.get_by_role("heading", name="2. О секции руководителей")).to_be_visible()


def test_the_vote_is_one_line_that_tells_when_it_cannot_be(page, cast, meeting, live_server):
    page.witness.expect("422")
    opened(page, cast.secretary, meeting, live_server)
    question(page).locator(".voting summary").click()
    question(page).get_by_label("За", exact=True).fill("15")
    page.keyboard.press("Tab")
    question(page).get_by_text("Голосов 15, а присутствуют 3. Проверьте числа или отметьте опоздавшего.").wait_for()
    assert not faults_of(page)
    page.reload()
    question(page).get_by_text("Голосов 15, а присутствуют 3.").wait_for()
    expect(question(page).get_by_label("За", exact=True)).to_have_value("15")
    question(page).get_by_label("За", exact=True).fill("3")
    question(page).get_by_text("«за» – 3").wait_for()
    saved(page)
    assert item(meeting, 1).vote == {"for": 3, "against": 0, "abstained": 0}


def test_two_secretaries_at_once_keep_both_texts(open_page, cast, meeting, live_server):
    mine = opened(open_page(), cast.secretary, meeting, live_server)
    theirs = opened(open_page(), cast.office_head, meeting, live_server)
    mine.witness.expect("409")
    field(theirs, "heard").fill("Чужой текст")
    saved(theirs)
    field(mine, "discussed").fill("Другое поле никому не мешает")
    field(mine, "heard").fill("Мой текст")
    box = question(mine).locator(".conflict")
    for words in ("Мой текст", "Чужой текст", "Орлова"):
        expect(box).to_contain_text(words)
    assert heard(meeting, 1) == ["Чужой текст"] and item(meeting, 1).discussed
    assert not faults_of(mine)
    field(mine, "heard").press("End")
    mine.keyboard.type(" и ещё")
    mine.get_by_role("button", name="Соединить").click()
    saved(mine)
    assert heard(meeting, 1) == ["Мой текст и ещё", "Чужой текст"]
    theirs.keyboard.press("Tab")  # nothing changes under the hands of who is writing
    until(theirs, "(document.dispatchEvent(new Event('visibilitychange')), document.querySelector('[data-field=heard]').value.includes('Мой текст'))")


@pytest.mark.parametrize(("button", "left"), [("Оставить мой", "Мой"), ("Взять другой", "Чужой")])
def test_the_loser_chooses_one_of_the_texts(page, cast, meeting, live_server, button, left):
    page.witness.expect("409")
    opened(page, cast.secretary, meeting, live_server)
    outcomes.save_field(item(meeting, 1), "heard", "Чужой", version=1, by=cast.office_head, base="")
    field(page, "heard").fill("Мой")
    page.get_by_role("button", name=button).click()
    saved(page)
    assert heard(meeting, 1) == [left]
    expect(field(page, "heard")).to_have_value(left)


def test_a_meeting_is_written_without_a_connection_and_sent_when_it_is_back(page, cast, meeting, live_server):
    page.witness.expect("ERR_INTERNET_DISCONNECTED|failed")
    opened(page, cast.secretary, meeting, live_server)
    page.context.set_offline(True)
    page.get_by_text("Нет связи. Пишите дальше: текст хранится на этом устройстве и отправится сам.").wait_for()
    field(page, "heard").fill("Сказано без связи")
    field(page, "text").fill("Решено без связи.")
    page.keyboard.press("Control+Enter")
    page.keyboard.type("И это тоже.")
    page.get_by_role("link", name="Следующий вопрос").first.click()
    field(page, "text").fill("Второй вопрос решён.")
    page.keyboard.press("Tab")
    page.get_by_text("Нет связи – текст хранится на этом устройстве").first.wait_for()
    assert not faults_of(page)
    assert not Resolution.objects.exists()
    page.context.set_offline(False)
    saved(page)
    assert heard(meeting, 1) == ["Сказано без связи"]
    assert texts(meeting, 1) == ["Решено без связи.", "И это тоже."] and texts(meeting, 2) == ["Второй вопрос решён."]
    expect(page.locator("[data-offline]")).to_be_hidden()


def test_a_browser_closed_without_a_connection_loses_nothing(page, cast, meeting, live_server):
    opened(page, cast.secretary, meeting, live_server)
    lame = page.context.new_page()
    lame.route("**/day/items/**", lambda route: route.abort())
    lame.route("**/day/resolutions/**", lambda route: route.abort())
    lame.goto(reverse("meetings:meeting_day", args=[meeting.pk]))
    field(lame, "text").fill("Решение из закрытой вкладки")
    field(lame, "heard").fill("Слова из закрытой вкладки")
    lame.keyboard.press("Tab")
    lame.get_by_text("Нет связи – текст хранится на этом устройстве").first.wait_for()
    lame.close()
    page.reload()
    saved(page)
    assert texts(meeting, 1) == ["Решение из закрытой вкладки"] and heard(meeting, 1) == ["Слова из закрытой вкладки"]
    expect(field(page, "text")).to_have_value("Решение из закрытой вкладки")


def test_a_removed_decision_comes_back(page, cast, meeting, live_server):
    for text in ("Раз", "Два"):
        row = resolutions.add_resolution(item(meeting, 1), by=cast.secretary)
        resolutions.save_resolution(row, "text", text, version=1, by=cast.secretary)
    opened(page, cast.secretary, meeting, live_server)
    page.locator("[data-shows]").first.click()
    question(page).get_by_role("button", name="удалить").first.click()
    page.get_by_text("Решение удалено.").wait_for()
    assert texts(meeting, 1) == ["Два"]
    page.get_by_role("button", name="Вернуть", exact=True).click()
    page.get_by_text("Решение удалено.").wait_for(state="detached")
    assert texts(meeting, 1) == ["Раз", "Два"]
    question(page).locator(".decision").get_by_role("button", name="ниже").first.click()
    until(page, "document.querySelector('[data-field=text]').value === 'Два'")
    assert texts(meeting, 1) == ["Два", "Раз"]


def test_the_last_question_tells_what_is_left_and_a_question_may_be_postponed(page, cast, meeting, live_server):
    opened(page, cast.secretary, meeting, live_server)
    for _ in range(2):
        question(page).get_by_role("button", name="Перенести вопрос").click()
        field(page, "outcome_note").fill("на осень")
        page.get_by_role("link", name="Следующий вопрос").first.click()
    page.get_by_text("Чтобы собрать протокол, осталось:").wait_for()
    page.get_by_role("link", name="вопрос 3 – нет решения").wait_for()
    saved(page)
    assert item(meeting, 2).outcome == "postponed" and item(meeting, 2).outcome_note == "на осень"
    question(page).get_by_role("button", name="Снять с повестки").click()
    page.get_by_text("Чтобы собрать протокол, осталось:").wait_for(state="detached")
    page.locator("[data-mark]").nth(2).get_by_text("снят с повестки").wait_for(state="attached")
    assert not faults_of(page)


def test_who_did_not_come_is_ticked_and_a_guest_is_written_in(page, cast, meeting, live_server):
    opened(page, cast.secretary, meeting, live_server)
    page.get_by_role("link", name="Присутствуют 3 из 3, кворум есть").click()
    page.locator(".attendees").get_by_text("Громова").click()
    page.get_by_label("Громова А.И.: почему нет").select_option("excused")
    page.get_by_role("link", name="Присутствуют 2 из 3, кворум есть").wait_for()
    saved(page)
    assert meeting.participants.get(person=cast.member_of_school_a).attendance == "excused"
    assert not faults_of(page)
    page.get_by_label("Пришёл приглашённый").fill("Ким А.В., директор")
    press(page, "Записать")  # the page comes anew
    page.locator(".attendees").get_by_text("Ким А.В.").wait_for()
    assert not meeting.participants.get(name="Ким А.В.").votes


def test_a_question_is_added_at_the_table_with_the_vote_on_its_inclusion(page, cast, meeting, live_server):
    opened(page, cast.secretary, meeting, live_server)
    page.locator("#agenda .question-new summary").click()
    page.locator("#agenda").get_by_label("Вопрос").fill("О ремонте")
    page.locator("#agenda").get_by_label("Докладчик").fill("Орлова А.И.")
    with arrives(page):
        page.locator("#agenda").get_by_role("button", name="Добавить").click()
    page.get_by_role("heading", name="3. О ремонте").wait_for()
    question(page).get_by_text("Голосовали за включение:").click()
    question(page).locator("[data-field=inclusion_vote]").get_by_label("Единогласно").check()
    saved(page)
    assert meeting.items.get(title="О ремонте").inclusion_vote == {"unanimous": True}
    page.locator("[data-shows]").last.click()
    question(page).get_by_text("Добавить подвопрос").click()
    question(page).get_by_label("Вопрос").fill("О столовой")
    with arrives(page):
        question(page).get_by_role("button", name="Добавить", exact=True).click()
    page.get_by_role("heading", name="4.1. О столовой").wait_for()
    assert not faults_of(page)


def test_on_a_phone_attendance_comes_first_and_the_agenda_is_a_line(phone, cast, meeting, live_server):
    opened(phone, cast.secretary, meeting, live_server)
    expect(phone.locator(".attendees").get_by_text("Громова")).to_be_visible()
    assert not faults_of(phone)
    expect(phone.locator(".agenda summary").first).to_have_text("Вопрос 1 из 3")
    phone.locator("[data-after]").click()
    expect(phone.locator(".agenda summary").first).to_have_text("Вопрос 2 из 3")
    field(phone, "text").fill("Одобрить.")
    saved(phone)
    assert texts(meeting, 2) == ["Одобрить."]
    assert phone.locator("[data-next]").bounding_box()["y"] > 600


def test_without_the_script_everything_is_an_ordinary_form(browser, cast, meeting, live_server):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = opened(context.new_page(), cast.secretary, meeting, live_server)
    field(page, "heard").fill("Без скрипта")
    field(page, "text").fill("Одобрить.")
    question(page).locator(".charge summary").click()
    question(page).get_by_label("Кому").fill("всем школам")
    press(page, "Сохранить")
    assert heard(meeting, 1) == ["Без скрипта"]
    row = item(meeting, 1).resolutions.get()
    assert row.institutions.count() == 2
    with arrives(page):
        question(page).get_by_role("link", name="Кому именно").click()
    page.get_by_role("checkbox").first.uncheck()
    press(page, "Сохранить список")
    assert row.institutions.count() == 1
    page.locator("#attendance summary").click()
    page.locator(".attendees").get_by_text("Громова").click()
    press(page, "Сохранить явку")
    assert meeting.participants.get(person=cast.member_of_school_a).attendance == "absent"
    press(page, "Начать")
    assert Meeting.objects.get(pk=meeting.pk).started_at
    context.close()


def test_the_tick_list_is_clean_for_axe(page, cast, meeting, live_server):
    row = resolutions.add_resolution(item(meeting, 1), by=cast.secretary)
    resolutions.save_resolution(row, "executor", "всем школам", version=1, by=cast.secretary)
    attendance.add_guests(meeting, "Ким А.В.", by=cast.secretary)
    enter(page, cast.secretary, live_server)
    page.goto(reverse("meetings:resolution_institutions", args=[meeting.pk, row.uid]))
    assert not faults_of(page)


def test_when_nothing_is_left_the_last_question_leads_to_the_protocol(page, cast, meeting, live_server):
    for place in (1, 2, 3):
        outcomes.consider(item(meeting, place), by=cast.secretary)
    opened(page, cast.secretary, meeting, live_server)
    page.locator("[data-shows]").last.click()
    page.get_by_role("button", name="Собрать протокол").click()
    page.wait_for_url("**/protocols/*/")
    assert Protocol.objects.get().meeting == meeting
    page.goto(reverse("meetings:meeting_day", args=[meeting.pk]))
    page.get_by_role("link", name="Открыть протокол").wait_for()
    field(page, "heard").fill("И после протокола")
    saved(page)
    assert heard(meeting, 1) == ["И после протокола"]


def test_what_is_missing_stops_the_way_to_the_protocol_with_its_links(page, cast, meeting, live_server):
    opened(page, cast.secretary, meeting, live_server)
    page.locator("[data-shows]").last.click()
    page.get_by_role("button", name="Собрать протокол").click()
    until(page, "document.activeElement.textContent === 'вопрос 1 – нет решения'")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="1. О проекте «Наставник рядом»")).to_be_visible()
    assert not Protocol.objects.exists()
