"""An expert scores a work on a phone by keyboard, the network goes meanwhile, the browser is closed, the sheet is handed in."""
from playwright.sync_api import expect

from contests.models import Contest, Criterion, Review
from contests.sheet.reading import sheet_of
from tests.browser.seeing import arrives, enter, faults_of, follow, press
from tests.contests.things import admitted, announced, expert, review
from tests.factories import UserFactory


def given_works():
    nomination = announced("remote", title="Смотр-конкурс", is_blind=True)
    Contest.objects.filter(pk=nomination.contest_id).update(state="setup")
    Criterion.objects.create(nomination=nomination, title="Польза для других", maximum=10, has_halves=True, weight=2, position=3)
    Contest.objects.filter(pk=nomination.contest_id).update(state="announced")
    scorer = expert(nomination.contest, UserFactory(username="scorer"))
    return [review(admitted(nomination, title=title), scorer) for title in ("Читающая школа", "Тёплый двор")]


def test_a_sheet_on_a_phone_by_keyboard_through_a_lost_network(transactional_db, phone, open_page, live_server):
    first, second = given_works()
    enter(phone, first.expert.person, live_server)
    phone.goto(f"{live_server.url}/")
    follow(phone, "Оценить")
    expect(phone.get_by_text("Сдано 0 из 2", exact=True)).to_be_visible()
    assert faults_of(phone) == []
    follow(phone, "Читающая школа")
    assert faults_of(phone) == []
    # A digit sets the mark and goes on to the next criterion; «Коротко» is remembered.
    phone.keyboard.press("3")
    expect(phone.locator("[data-progress]")).to_have_text("1 из 3")
    expect(phone.locator("[data-save-state]")).to_contain_text("Сохранено в")
    phone.get_by_role("button", name="Коротко").click()
    # The network goes: what is marked stays on the device, handing in says so and loses nothing.
    phone.witness.expect("ERR_INTERNET_DISCONNECTED")
    phone.context.set_offline(True)
    phone.locator("[data-criterion]").nth(1).locator("input").first.focus()
    phone.keyboard.press("2")
    phone.keyboard.type("7,5")
    expect(phone.locator("[data-total]")).to_have_text("20\u00a0баллов")
    expect(phone.locator("[data-save-state]")).to_contain_text("Нет связи")
    phone.keyboard.press("Control+Enter")
    expect(phone.locator("#messages")).to_contain_text("сдайте лист, когда связь вернётся")
    phone.context.set_offline(False)
    expect(phone.locator("[data-save-state]")).to_contain_text("Сохранено в")
    assert [str(score.mark) for score in sheet_of(first).scores.all()] == ["3.0", "2.0", "7.5"]
    # The browser was closed in mid-work: the page opens where it was left, with the numbers alone.
    phone.reload()
    expect(phone.locator("form.marks")).to_have_class("marks brief")
    expect(phone.locator("[data-criterion]").nth(2).locator("input")).to_be_focused()
    with arrives(phone):
        phone.keyboard.press("Control+Enter")
    expect(phone.get_by_role("heading", name="Сдать лист?")).to_be_visible()
    expect(phone.get_by_text("из 26")).to_be_visible()
    assert faults_of(phone) == []
    press(phone, "Сдать лист")
    expect(phone.locator("#messages")).to_contain_text("Лист сдан. Осталась 1 работа.")
    assert faults_of(phone) == [] and Review.objects.get(pk=first.pk).sheets.get().state == "submitted"
    follow(phone, "Следующая работа")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Тёплый двор")
    phone.get_by_role("button", name="Сдать лист").click()
    expect(phone.locator("[data-left]")).to_have_text("Осталось оценить: 1, 2, 3")
    # On a wide screen the marks stay in view beside the work.
    wide = enter(open_page(1280), first.expert.person, live_server)
    wide.goto(f"{live_server.url}{second.get_absolute_url()}")
    assert faults_of(wide) == []
    expect(wide.get_by_role("button", name="Сдать лист")).to_be_in_viewport()
    wide.get_by_text("Не могу оценивать эту работу").click()
    wide.get_by_role("button", name="Помогал авторам").click()
    expect(wide.locator("#messages")).to_contain_text("Работа передана другому эксперту")
