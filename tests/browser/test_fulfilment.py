"""The fulfilment of a plan and the search, as a person at a keyboard meets them, at 1280 and 360 px."""
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from meetings.models import MeetingPlan, PlanLineMark
from meetings.services.rows import add_row
from projectoffice.documents.services.ink import record_ink
from projectoffice.documents.services.route import send
from tests.browser.seeing import arrives, enter, faults_of
from tests.factories import MeetingPlanFactory, StampFactory
from tests.meetings.protocols import issued_protocol, lines, question


@pytest.fixture
def cast(transactional_db):
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture
def plan(cast):
    plan = MeetingPlanFactory(by=cast.secretary)
    add_row(plan, by=cast.secretary, values={"label": "1.", "topics": "Документы смотра:\n– приказ;\n– положение.\nРазное", "term": "март"})
    StampFactory(document=plan.document, kind="approve", signer=cast.office_head, method="ink")
    document = send(plan.document, by=cast.secretary)
    record_ink(document.stamps.active().get(kind="approve"), by=cast.secretary, signed_on=timezone.localdate())
    return MeetingPlan.objects.get(pk=plan.pk)


@pytest.mark.parametrize("width", [1280, 360])
def test_a_line_is_marked_from_the_plan_by_keyboard_and_the_mark_taken_back(cast, plan, open_page, live_server, width):
    page = enter(open_page(width), cast.secretary, live_server)
    page.goto(plan.get_absolute_url())
    with arrives(page):
        page.get_by_role("link", name="Выполнение плана").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Выполнение плана на 2027 год")
    assert faults_of(page) == []
    with arrives(page):
        page.get_by_role("link", name=re.compile("^Отметить.*Разное")).press("Enter")
    assert faults_of(page) == []
    page.get_by_label("Что стало с вопросом").select_option(label="Перенесено")
    page.get_by_label("На когда перенесено").fill("май")
    page.witness.expect("422")
    with arrives(page):
        page.get_by_role("button", name="Сохранить отметку").press("Enter")
    expect(page.get_by_text("Назовите причину: её прочтут в информации о выполнении.").first).to_be_visible()
    expect(page.get_by_label("На когда перенесено")).to_have_value("май")
    assert faults_of(page) == []
    page.get_by_label("Причина").fill("отпуск докладчика")
    with arrives(page):
        page.get_by_role("button", name="Сохранить отметку").press("Enter")
    expect(page.get_by_text("Перенесено на май").first).to_be_visible()
    with arrives(page):
        page.get_by_role("button", name=re.compile("^Вернуть как по заседаниям.*Разное")).press("Enter")
    expect(page.get_by_text("Отметка снята: о вопросе")).to_be_visible()
    assert PlanLineMark.objects.get().verdict == ""


@pytest.mark.parametrize("width", [1280, 360])
def test_what_is_found_is_marked_and_the_page_grows_without_losing_its_place(cast, open_page, live_server, width):
    issued_protocol(*[question(f"О смотре проектов {number}", number=str(number), heard=lines("Сообщение о смотре")) for number in range(60)])
    page = enter(open_page(width), cast.secretary, live_server)
    page.goto("/meetings/search/")
    assert faults_of(page) == []
    page.get_by_label("Слова").fill("смотр")
    with arrives(page):
        page.get_by_label("Слова").press("Enter")
    expect(page.locator("#found > li")).to_have_count(50)
    expect(page.locator("#found mark").first).to_have_text("смотре")
    assert faults_of(page) == []
    page.get_by_role("link", name="Показать ещё 50").press("Enter")
    expect(page.locator("#found > li")).to_have_count(60)
    expect(page.get_by_text("Показано 60 из 60")).to_be_visible()
