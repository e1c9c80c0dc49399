"""From a row of the plan to its fulfilment, as people walk it: the secretary, the chair, a school, the letters between."""
import re
from datetime import timedelta

import icalendar
import pytest
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import expect

from meetings.demo.plans import filled_plan, issue_in_ink
from meetings.models import Assignment, Meeting
from projectoffice.accounts.demo import PASSWORD
from projectoffice.accounts.models import Body, User
from projectoffice.common.demonstration import create_demo
from projectoffice.common.models import OutgoingMail
from projectoffice.documents.models import Document
from tests.browser.seeing import arrives, enter, faults_of, follow, press
from tests.browser.test_meeting_day import saved
from tests.browser.test_plan_journey import download

TOPIC = "Как школы готовятся к зиме.\nРазное."


@pytest.fixture
def demo(transactional_db):
    with override_settings(DEMO=True):
        create_demo()


@pytest.fixture
def plan(demo):
    """A plan in force of two years ago, of one row: nothing of the demonstration is near it."""
    year, secretary = timezone.localdate().year - 2, User.objects.get(username="sekretar")
    plan = filled_plan(Body.objects.main(), secretary, year, [("1.", TOPIC, "март", ["Калинин О.А.", "Липатова Е.И."])])
    issue_in_ink(plan, secretary, timezone.localdate().replace(year=year, month=1, day=14))
    return plan


@pytest.fixture
def desk(plan, open_page, live_server):
    """desk(login) is a browser of that person."""
    return lambda login, **options: enter(open_page(**options), User.objects.get(username=login), live_server)


def test_from_the_row_of_the_plan_to_its_fulfilment(desk, plan):
    office, chair, school = desk("sekretar"), desk("ofis"), desk("shkola12", width=360, height=740)
    meeting = meeting_of_the_row(office, plan)
    invited_twice(office, meeting)
    written_down(office, meeting)
    protocol = put_together(office, meeting)
    remarked_and_answered(chair, office, protocol)
    signed(office, chair, protocol)
    document = Document.objects.get(pk=protocol.document_id)
    assert download(office, f"/documents/{document.pk}/pdf/").startswith(b"%PDF")
    extracted(office, protocol)
    assignment = Assignment.objects.get(document=document)
    put_off(school, chair, assignment)
    reported(school, chair, assignment)
    assignment.refresh_from_db()
    assert (assignment.state, assignment.extension_count) == ("done", 1)
    told_by_the_plan(office, plan)


def meeting_of_the_row(page, plan):
    page.goto(plan.get_absolute_url())
    press(page, "Создать заседание", exact=False)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Заседание")
    meeting = Meeting.objects.get(plan=plan)
    follow(page, "Указать день и место")
    page.get_by_label("День").fill(f"{plan.year}-03-05")
    page.get_by_label("Начало").fill("14:00")
    page.get_by_label("Окончание").fill("15:30")
    page.get_by_label("Место").fill("Ресурсный центр «Опора», каб. 21")
    press(page, "Сохранить", exact=False)
    press(page, "Взять состав органа", exact=False)
    expect(page.get_by_text("Участники: 13")).to_be_visible(timeout=30_000)
    page.get_by_role("textbox", name="Новый вопрос").fill("Летний отдых детей")
    page.get_by_role("spinbutton", name=re.compile("^Минут")).fill("20")
    page.get_by_role("button", name="Добавить вопрос").first.click()
    expect(page.locator("#agenda")).to_contain_text("Летний отдых детей")
    assert faults_of(page) == []
    return meeting


def invited_twice(page, meeting):
    page.goto(meeting.get_absolute_url())
    follow(page, "Объявить и пригласить")
    press(page, "Объявить и пригласить", exact=False)
    expect(page.get_by_text("Объявлено").first).to_be_visible()
    first = event_to("shkola12") or event_to("chlen")
    follow(page, "Изменить", exact=True)
    page.get_by_label("Начало").fill("13:30")
    press(page, "Сохранить", exact=False)
    follow(page, "Разослать изменения")
    press(page, "Разослать изменения", exact=False)
    second = event_to("chlen")
    assert (first["method"], first["uid"]) == (second["method"], second["uid"])
    assert second["sequence"] > first["sequence"]
    assert f"{second['start']:%H:%M}" == "13:30"


def event_to(login):
    """The newest calendar event in this person's letters, as a calendar reads it."""
    letters = OutgoingMail.objects.filter(person__username=login, attachments__content_type__startswith="text/calendar")
    letter = letters.order_by("-pk").first()
    if letter is None:
        return None
    calendar = icalendar.Calendar.from_ical(bytes(letter.attachments.get().data))
    event = calendar.walk("VEVENT")[0]
    return {"method": str(calendar["METHOD"]), "uid": str(event["UID"]), "sequence": int(event["SEQUENCE"]),
            "start": event["DTSTART"].dt}


def written_down(page, meeting):
    page.goto(f"{meeting.get_absolute_url()}day/")
    assert faults_of(page) == []
    expect(page.get_by_text("Проведено").first).to_be_visible()
    fill(page, "Слушали", "Котельные проверены в 38 учреждениях из 40.")
    fill(page, "Решение 1.1", "Представить отчёт о проверке двух котельных.")
    page.locator("summary:visible", has_text="Сделать поручением").first.click()
    fill(page, "Кому", "Липатовой Е.И.")
    fill(page, "Срок", "до 1 апреля")
    fill(page, "Контролёр", "Калинин О.А.")
    for number in ("2.1", "3.1"):
        next_question(page)
        fill(page, f"Решение {number}", "Принять информацию к сведению.")
    page.reload()
    expect(page.get_by_label("Решение 3.1", exact=True)).to_have_value("Принять информацию к сведению.")


def next_question(page):
    """On the same page: every question is there."""
    page.get_by_role("link", name="Следующий вопрос").first.click()


def fill(page, label, text):
    """Type into the visible field of this name and wait until the server has it."""
    field = page.get_by_label(label, exact=True).locator("visible=true").first
    field.fill(text)
    field.press("Tab")
    saved(page)


def put_together(page, meeting):
    page.goto(f"{meeting.get_absolute_url()}day/")
    for _ in range(2):
        next_question(page)
    with arrives(page):
        page.get_by_role("button", name="Собрать протокол").locator("visible=true").first.click()
    expect(page.get_by_text("ПОВЕСТКА ДНЯ")).to_be_visible()
    assert faults_of(page) == []
    meeting.refresh_from_db()
    assert meeting.state == "held"
    return meeting.protocol


def remarked_and_answered(chair, office, protocol):
    chair.goto(protocol.get_absolute_url())
    chair.get_by_label("Замечание", exact=True).fill("Укажите номера учреждений.")
    press(chair, "Отправить замечание", exact=False)
    office.goto(protocol.get_absolute_url())
    expect(office.get_by_text("Укажите номера учреждений.")).to_be_visible()
    press(office, "Учтено", exact=False)
    expect(office.get_by_text("Учтено").first).to_be_visible()


def signed(office, chair, protocol):
    office.goto(protocol.get_absolute_url())
    follow(office, "Направить на подпись")
    press(office, "Направить", exact=False)
    expect(office.get_by_text("Текст закрыт, чтобы бумага и портал совпадали.")).to_be_visible()
    for page in (chair, office):
        page.goto("/documents/inbox/")
        follow(page, "Прочитать и подписать")
        page.locator("summary", has_text=re.compile("^Подписать$")).click()
        page.locator("[name=password]").fill(PASSWORD)
        press(page, "Подписать")
    office.goto(protocol.get_absolute_url())
    expect(office.get_by_text("Подписан", exact=True).first).to_be_visible()


def extracted(page, protocol):
    page.goto(f"{protocol.get_absolute_url()}extract/")
    page.get_by_label(re.compile("^1.1")).check()
    press(page, "Сделать выписку", exact=False)
    expect(page.get_by_text("ВЫПИСКА ИЗ ПРОТОКОЛА", exact=True)).to_be_visible()
    expect(page.get_by_text("1.1.", exact=True)).to_be_visible()
    expect(page.get_by_text("2.1.", exact=True)).to_have_count(0)
    assert faults_of(page) == []


def put_off(school, chair, assignment):
    school.goto("/")
    expect(school.locator(".row-name", has_text=assignment.text).first).to_be_visible()
    assert faults_of(school) == []
    school.goto(assignment.get_absolute_url())
    follow(school, "Попросить перенести срок")
    school.get_by_label("Новый срок").fill(f"{timezone.localdate() + timedelta(days=7):%Y-%m-%d}")
    school.get_by_label("Почему").fill("Котельную приняли в ремонт.")
    press(school, "Попросить о переносе", exact=False)
    chair.goto(assignment.get_absolute_url())
    follow(chair, "Решить о переносе")
    press(chair, "Перенести срок", exact=False)
    expect(chair.get_by_text("срок переносили 1 раз").first).to_be_visible()


def reported(school, chair, assignment):
    school.goto(assignment.get_absolute_url())
    follow(school, "Отчитаться")
    school.get_by_label("Что сделано").fill("Обе котельные проверены, акты переданы.")
    press(school, "Отправить отчёт", exact=False)
    expect(school.get_by_text("На проверке").first).to_be_visible()
    chair.goto(assignment.get_absolute_url())
    press(chair, "Принять отчёт", exact=False)
    expect(chair.get_by_text("Исполнено").first).to_be_visible()


def told_by_the_plan(page, plan):
    page.goto(f"{plan.get_absolute_url()}fulfilment/")
    expect(page.get_by_text("Выполнено 100 %").first).to_be_visible()
    assert faults_of(page) == []
