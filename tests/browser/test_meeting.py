"""The meeting's page in a browser: the agenda by mouse, by keyboard, without the script; clean at every width."""
import re
from datetime import date, time

import pytest
from playwright.sync_api import expect

from meetings.models import Meeting
from meetings.services import agenda, participants
from meetings.services import meeting as verbs
from projectoffice.accounts.models import OfficeProfile
from tests.browser.seeing import arrives, enter, faults_of, follow, press
from tests.factories import BodyFactory, UserFactory


@pytest.fixture
def office(transactional_db):
    OfficeProfile.objects.create(pk=1, city="Кленовск", department="Департамент образования")
    return UserFactory(roles=["office_staff"], username="office")


@pytest.fixture
def meeting(office):
    made = verbs.create_meeting(BodyFactory(name="Совет", genitive="совета"), by=office, date=date(2027, 6, 4), start=time(14),
                                end=time(16), place="Каб. 21")
    for title, minutes in (("О первом", 90), ("О втором", 40), ("О третьем", None)):
        agenda.add_item(made, by=office, title=title, minutes=minutes, speakers=[("Ким А.В.", None)])
    participants.add_participant(made, by=office, name="Орлова Н.П.", post="директор", role="chair")
    return made


@pytest.fixture
def desk(office, meeting, open_page, live_server):
    def opened(*options, **more):
        page = enter(open_page(*options, **more), office, live_server)
        page.goto(meeting.get_absolute_url())
        return page

    return opened


def titles(page):
    return page.locator(".agenda-list > li > .agenda-row .row-name")


def in_base(meeting):
    return list(meeting.items.present().top().order_by("position").values_list("title", flat=True))


def test_order_changes_by_buttons_keys_and_dragging_and_the_focus_stays(desk, meeting):
    page = desk()
    tool = page.locator("li.agenda-item").nth(2).get_by_role("button", name=re.compile(r"Выше\s*: вопрос 3"))
    tool.click()
    expect(titles(page)).to_have_text(["О первом", "О третьем", "О втором"])
    expect(page.locator(":focus")).to_have_attribute("data-tool", "up")
    page.keyboard.press("Alt+ArrowUp")
    expect(titles(page)).to_have_text(["О третьем", "О первом", "О втором"])
    expect(page.locator(":focus")).to_have_attribute("data-tool", "edit")
    page.keyboard.press("Alt+ArrowDown")
    expect(titles(page)).to_have_text(["О первом", "О третьем", "О втором"])
    expect(page.locator(":focus")).to_have_attribute("data-tool", "edit")
    handle = page.locator("[data-handle]").nth(2).bounding_box()
    target = page.locator("li.agenda-item").first.bounding_box()
    page.mouse.move(handle["x"] + 4, handle["y"] + 4)
    page.mouse.down()
    page.mouse.move(handle["x"] + 4, target["y"] + 6, steps=8)
    page.mouse.up()
    expect(titles(page)).to_have_text(["О втором", "О первом", "О третьем"])
    assert in_base(meeting) == ["О втором", "О первом", "О третьем"]


def test_a_question_is_added_changed_removed_and_brought_back_in_its_place(desk, meeting):
    page = desk()
    page.get_by_label("Новый вопрос").fill("О четвёртом")
    page.get_by_label("Минут").fill("15")
    page.get_by_role("button", name="Добавить вопрос").click()
    expect(titles(page)).to_have_count(4)
    expect(page.get_by_text("на 25 минут больше".replace(" ", "\xa0", 1).replace("25 ", "25\xa0"))).to_be_visible()
    page.witness.expect("422")
    page.get_by_role("link", name=re.compile(r"Изменить\s*: вопрос 1")).click()
    form = page.get_by_role("form", name="Вопрос 1")
    form.get_by_label("Минут").fill("100000")
    form.get_by_role("button", name="Сохранить").click()
    expect(form.locator(".field-error")).to_contain_text("Укажите минуты: число от 1 до 600.")
    form.get_by_label("Минут").fill("60")
    form.get_by_label("Вопрос", exact=True).fill("О самом первом")
    form.get_by_role("button", name="Сохранить").click()
    expect(titles(page).first).to_have_text("О самом первом")
    page.get_by_role("button", name=re.compile(r"Удалить\s*: вопрос 1")).click()
    expect(titles(page)).to_have_count(3)
    page.get_by_role("button", name="Вернуть").click()
    expect(titles(page).first).to_have_text("О самом первом")
    assert in_base(meeting)[0] == "О самом первом"


def test_all_of_it_works_without_the_script(desk, meeting):
    page = desk(java_script_enabled=False)
    page.get_by_role("button", name=re.compile(r"Ниже\s*: вопрос 1")).click()
    expect(titles(page)).to_have_text(["О втором", "О первом", "О третьем"])
    page.get_by_label("Новый вопрос").fill("О четвёртом")
    press(page, "Добавить вопрос")
    follow(page, re.compile(r"Изменить\s*: вопрос 4"))
    page.get_by_label("Вопрос", exact=True).fill("О пятом")
    press(page, "Сохранить")
    press(page, re.compile(r"Удалить\s*: вопрос 1"))
    press(page, "Вернуть")
    assert in_base(meeting) == ["О втором", "О первом", "О третьем", "О пятом"]


@pytest.mark.parametrize("width", [1280, 360])
def test_every_page_of_a_meeting_is_clean(desk, meeting, office, width):
    page = desk(width)
    held = verbs.create_meeting(meeting.body, by=office, date=date(2026, 6, 4))
    agenda.add_item(held, by=office, title="О неоконченном")
    verbs.hold_meeting(held, by=office)
    base = meeting.get_absolute_url()
    item = meeting.items.order_by("position").first()
    each = meeting.participants.get()
    pages = ["", "edit/", "announce/", "move/", "cancel/", "hold/", "copy/", "history/", "invitations/", "agenda/take-plan/",
             "agenda/carry-over/", "participants/add/", f"agenda/{item.uid}/", f"agenda/{item.uid}/materials/",
             f"agenda/add/?under={item.uid}", f"participants/{each.pk}/"]
    faults = {}
    for path in [*(base + path for path in pages), "/meetings/", "/meetings/new/"]:
        page.goto(path)
        if found := faults_of(page):
            faults[path] = found
    assert faults == {}


def test_a_meeting_is_announced_from_a_phone_with_the_keyboard_alone(desk, meeting):
    page = desk(360)
    for role in ("link", "button"):
        page.get_by_role(role, name="Объявить и пригласить").focus()
        with arrives(page):
            page.keyboard.press("Enter")
    expect(page.get_by_text("Заседание объявлено.")).to_be_visible()
    assert Meeting.objects.get(pk=meeting.pk).state == "announced"
