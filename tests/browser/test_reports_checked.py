"""The head of a portfolio checks what was sent, on a phone too; the office reminds; the overview tells what is left."""
import re

import pytest
from playwright.sync_api import expect

from portfolios.models import ProgressReport
from tests.browser.seeing import arrives, enter, faults_of, follow, press
from tests.factories import UserFactory
from tests.portfolios.things import (
    ModelFactory,
    PeriodFactory,
    PortfolioFactory,
    ProjectFactory,
    led_by,
    report_of,
    sent,
)


@pytest.fixture
def period(transactional_db):
    from tests.cast import make_cast

    cast = make_cast()
    portfolio = PortfolioFactory(name="Сильная школа", head=UserFactory(surname="Портнова", username="portnova"))
    model = ModelFactory(portfolio=portfolio, name="Пары роста")
    period = PeriodFactory(portfolio=portfolio, title="за полугодие")
    head = cast.member_of_school_a
    for title in ("Первый проект", "Второй проект"):
        project = led_by(head.current_post.institution, portfolio=portfolio, model=model, head=head, title=title)
        sent(report_of(project, period=period), by=head, done=f"{title}: провели встречи.")
    report_of(ProjectFactory(portfolio=portfolio, head=UserFactory(email="a@example.org"), title="Молчит"), period=period)
    period.cast = cast
    return period


def test_a_head_accepts_one_and_returns_the_other(period, page, live_server):
    enter(page, period.portfolio.head, live_server).goto(period.portfolio.get_absolute_url())
    assert faults_of(page) == []
    page.get_by_role("link", name="Пары роста", exact=True).click()
    expect(page.locator(".model-projects")).to_contain_text("Второй проект")
    follow(page, "Проверить отчёты: 2")
    expect(page.locator("h1")).to_have_text("Проверить отчёты: 2")
    assert faults_of(page) == []
    press(page, "Принять и дальше")
    expect(page.locator("h1")).to_have_text("Проверить отчёты: 1")
    page.get_by_role("button", name=re.compile("Добавить в замечание.*Что сделано")).click()
    remark = page.get_by_label("Что исправить")
    expect(remark).to_have_value("Что сделано: ")
    expect(remark).to_be_focused()
    page.keyboard.type("сколько было встреч?")
    assert faults_of(page) == []
    press(page, "Вернуть отчёт")
    expect(page.locator("body")).to_contain_text("Все присланные отчёты проверены.")
    states = dict(ProgressReport.objects.values_list("project__title", "state"))
    assert states == {"Первый проект": "accepted", "Второй проект": "returned", "Молчит": "draft"}
    assert ProgressReport.objects.get(state="returned").remark == "Что сделано: сколько было встреч?"


def test_on_a_phone_with_the_keyboard_alone(period, phone, live_server):
    enter(phone, period.portfolio.head, live_server).goto(f"/reports/review/?period={period.pk}")
    assert faults_of(phone) == []
    phone.get_by_role("link", name="Вернуть с замечанием").focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_label("Что исправить")).to_be_focused()
    phone.get_by_role("button", name="Принять", exact=True).focus()
    with arrives(phone):
        phone.keyboard.press("Enter")
    expect(phone.locator("body")).to_contain_text("принят")
    phone.goto(period.get_absolute_url())
    assert faults_of(phone) == []
    follow(phone, "Выбрать несколько")
    phone.get_by_label("Выбрать: Второй проект").check()
    press(phone, "Принять отмеченные")
    assert faults_of(phone) == []
    press(phone, "Принять 1 отчёт")
    expect(phone.locator("body")).to_contain_text("Принято: 1")


def test_the_office_reminds_who_has_not_sent(period, page, live_server):
    enter(page, period.cast.secretary, live_server).goto("/reports/periods/")
    assert faults_of(page) == []
    follow(page, "Отчёты за полугодие")
    follow(page, "Напомнить: 1")
    assert faults_of(page) == []
    press(page, "Отправить 1 письмо")
    expect(page.locator("body")).to_contain_text("Отправляем напоминания: 1.")
    page.goto("/reports/")
    assert faults_of(page) == []
