"""Whoever presses a button right after the last letter loses nothing: what is on its way is stored first."""
import pytest
from django.urls import reverse
from playwright.sync_api import expect

from meetings.services import brief as briefs
from meetings.services.plan import create_plan
from meetings.services.rows import add_row
from tests.browser.seeing import arrives, enter, press, until
from tests.cast import make_cast
from tests.factories import AgendaItemFactory, BodyFactory, MeetingFactory, ParticipantFactory


@pytest.fixture
def cast(transactional_db):
    return make_cast()


@pytest.fixture
def brief(cast):
    meeting = MeetingFactory()
    AgendaItemFactory(meeting=meeting, position=1, title="О проекте")
    return briefs.create_brief(meeting, by=cast.secretary)


class WeakLink:
    """Holds the requests to an address up until they are let through."""

    def __init__(self, page, address):
        self.held, self.is_open = [], False
        page.route(address, self.meet)

    def meet(self, route):
        if self.is_open:
            route.continue_()
        else:
            self.held.append(route)

    def open(self):
        self.is_open = True
        for route in self.held:
            route.continue_()


def pressed_while_saving(page, address, link):
    """The press comes first; only then the portal gets the text."""
    weak = WeakLink(page, address)
    with page.expect_request(address):
        page.get_by_role("link", name=link).first.click()
    with arrives(page):
        weak.open()


def test_a_brief_is_issued_with_the_text_typed_last(page, cast, brief, live_server):
    enter(page, cast.secretary, live_server)
    page.goto(brief.get_absolute_url())
    page.locator("[name=tasks]").fill("Обсудить план.")
    page.locator("[name=goal]").fill("Последнее, что набрали")
    pressed_while_saving(page, "**/save/", "Выпустить документ")
    press(page, "Выпустить")
    frozen = str(brief.document.sheets.get().snapshot)
    assert "Последнее, что набрали" in frozen and "Обсудить план." in frozen


def test_without_a_connection_one_stays_and_the_second_press_leads_away(page, cast, brief, live_server):
    enter(page, cast.secretary, live_server)
    page.goto(brief.get_absolute_url())
    page.route("**/save/", lambda route: route.abort())
    page.witness.expect("ERR_FAILED")
    page.locator("[name=goal]").fill("Хранится здесь")
    page.get_by_role("link", name="История").first.click()
    expect(page.get_by_text("страница осталась открытой")).to_be_visible()
    expect(page.locator("[data-save-state]")).to_have_text("Нет связи – текст хранится на этом устройстве")
    with arrives(page):
        page.get_by_role("link", name="История").first.click()
    page.unroute("**/save/")
    page.goto(brief.get_absolute_url())
    expect(page.locator("[name=goal]")).to_have_value("Хранится здесь")


def test_a_plan_has_the_cell_typed_last_before_it_is_left(page, cast, live_server):
    plan = create_plan(BodyFactory(), by=cast.secretary, year=2027)
    add_row(plan, by=cast.secretary, values={"topics": "Тема", "term": "май", "responsible": "Орлова А.И."})
    enter(page, cast.secretary, live_server)
    page.goto(plan.get_absolute_url())
    page.locator("[data-cell=topics]").first.click()
    page.keyboard.type(" и ещё слово")
    pressed_while_saving(page, "**/cell/", "История")
    assert plan.items.get().topics[0]["text"] == "Тема и ещё слово"


def test_what_is_typed_while_a_refusal_is_on_its_way_is_sent_after_it(page, cast, live_server):
    meeting = MeetingFactory()
    for person in (cast.office_head, cast.secretary):
        ParticipantFactory(meeting=meeting, person=person)
    item = AgendaItemFactory(meeting=meeting, position=1, title="О проекте", vote={"for": 1, "against": 0, "abstained": 1})
    page.witness.expect("422")
    enter(page, cast.secretary, live_server)
    page.goto(reverse("meetings:meeting_day", args=[meeting.pk]))
    address = f"**/items/{item.uid}/"
    page.locator(".voting summary").first.click()
    weak = WeakLink(page, address)
    with page.expect_request(address):
        page.get_by_label("За", exact=True).first.fill("2")
    page.get_by_label("Воздержались", exact=True).first.fill("")
    weak.open()
    until(page, "/Сохранено/.test(document.querySelector('[data-save-state]').textContent)")
    expect(page.locator("[data-row-of] .field-error")).to_have_count(0)
    item.refresh_from_db()
    assert item.vote["for"] == 2 and not item.vote["abstained"]
