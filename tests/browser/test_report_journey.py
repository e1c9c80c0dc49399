"""A school fills its passport over two sittings, submits a report, gets it back, mends it; it is accepted."""
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from portfolios.models import Passport, ProgressReport
from portfolios.services.period import open_period
from portfolios.services.team import add_member
from projectoffice.accounts.access import system
from tests.browser.passport_steps import first_sitting, saved, second_sitting
from tests.browser.seeing import enter, faults_of, follow, press
from tests.factories import StampFactory, UserFactory
from tests.portfolios.things import PortfolioFactory, fresh, in_force, led_by, report_of


@pytest.fixture
def project(transactional_db):
    from tests.cast import make_cast

    cast = make_cast()
    checker = UserFactory(surname="Портнова", username="portnova")
    project = led_by(cast.member_of_school_a.current_post.institution, head=cast.member_of_school_a, title="Читающая школа",
                     portfolio=PortfolioFactory(head=checker, name="Сильная команда"))
    add_member(project, by=system(), name="Соколова М.А.", role="member")
    project.cast, project.checker = cast, checker
    return project


def asked(project, days=7):
    """The report of a period the office has just opened."""
    return open_period(by=project.cast.secretary, portfolio=project.portfolio, title="за первое полугодие", start=project.start,
                       end=project.end, due_at=timezone.now() + timedelta(days=days)).reports.get()


def test_a_school_from_the_passport_to_the_accepted_report(project, page, open_page, live_server):
    school, phone = enter(page, project.head, live_server), enter(open_page(360), project.head, live_server)
    first_sitting(school, project)
    second_sitting(phone, project)
    passport = Passport.objects.get(project=project)
    StampFactory(document=passport.document, signer=project.cast.office_head, method="ink")
    in_force(passport, project.cast.secretary)
    report = asked(project)

    # Written as typed, from the start page.
    school.goto("/")
    follow(school, re.compile("Начать.*Отчёт за первое полугодие"))
    assert faults_of(school) == []
    school.get_by_label("Что сделано").fill("Прошли три встречи.")
    school.get_by_label("Значение: Участники").fill("около 10")
    expect(school.locator("form[data-autosave] .field-error")).to_contain_text("одно число")
    saved(school)

    # On a phone the next day: what is missing leads to its field, and one confirmation repeats what will happen.
    phone.goto(report.get_absolute_url())
    expect(phone.get_by_label("Что сделано")).to_have_value("Прошли три встречи.")
    press(phone, "Проверить и отправить")
    expect(phone.locator("#lacks")).to_contain_text("Отметьте, как идёт проект")
    assert faults_of(phone) == []
    phone.get_by_label("По плану").check()
    phone.get_by_label("Значение: Участники").fill("10")
    press(phone, "Проверить и отправить")
    expect(phone.locator("h1")).to_have_text("Отправить отчёт?")
    assert faults_of(phone) == []
    press(phone, "Отправить")
    expect(phone.locator("body")).to_contain_text("На проверке")

    # The head of the portfolio sends it back.
    head = enter(open_page(1280), project.checker, live_server)
    head.goto(f"/reports/review/?report={report.pk}")
    expect(head.locator("body")).to_contain_text("Прошли три встречи.")
    head.get_by_role("link", name="Вернуть с замечанием").click()
    head.get_by_label("Что исправить").fill("Сколько человек участвовало?")
    press(head, "Вернуть отчёт")
    expect(head.locator("body")).to_contain_text("возвращён")
    assert fresh(report).state == "returned"

    # The school reads why on top, mends it, and it is accepted.
    school.goto("/")
    follow(school, re.compile("Исправить.*Отчёт за первое полугодие"))
    expect(school.locator("#remark + p")).to_have_text("Сколько человек участвовало?")
    school.get_by_label("Что сделано").fill("Прошли три встречи, участвовали 34 человека.")
    saved(school)
    press(school, "Проверить и отправить")
    press(school, "Отправить")
    expect(school.locator("body")).to_contain_text("Отправка 2")
    head.goto(f"/reports/review/?report={report.pk}")
    expect(head.locator("body")).to_contain_text("34 человека")
    press(head, "Принять")
    school.goto(report.get_absolute_url())
    expect(school.locator("h1 + *, .title-row").first).to_contain_text("Принят")
    follow(school, "Сравнить отправки")
    expect(school.locator("body")).to_contain_text("34 человека")
    assert faults_of(school) == [] and fresh(project).course == "on_track"


def test_a_text_written_without_a_connection_waits_on_the_device(project, page, live_server):
    report = report_of(project)
    enter(page, project.head, live_server)
    page.goto(report.get_absolute_url())
    page.witness.expect("Failed to load resource|ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    page.get_by_label("Что сделано").fill("Написано в подвале.")
    expect(page.locator("[data-save-state]")).to_contain_text("хранится на этом устройстве")
    assert fresh(report).done == ""
    page.context.set_offline(False)
    saved(page)
    assert ProgressReport.objects.get().done == "Написано в подвале."


def test_two_people_in_one_text_choose_between_both(project, page, open_page, live_server):
    report = report_of(project)
    mine, other = enter(page, project.head, live_server), enter(open_page(1280), project.cast.secretary, live_server)
    for each in (mine, other):
        each.goto(report.get_absolute_url())
    other.get_by_label("Что сделано").fill("Текст офиса")
    saved(other)
    mine.witness.expect("409")
    mine.get_by_label("Что сделано").fill("Текст школы")
    mine.get_by_role("button", name="Взять мой текст").click()
    saved(mine)
    assert fresh(report).done == "Текст школы"


def test_a_value_mended_after_a_remark_is_no_collision_with_oneself(project, page, live_server):
    project.indicators.create(position=1, name="Участники", unit="человек", target=10)
    report = report_of(project)
    enter(page, project.head, live_server)
    page.goto(report.get_absolute_url())
    for text in ("около 5", "около 6"):
        page.get_by_label("Значение: Участники").fill(text)
        expect(page.locator("form[data-autosave] .field-error")).to_contain_text("одно число")
        saved(page)
    page.get_by_label("Значение: Участники").fill("6")
    expect(page.locator("form[data-autosave] .field-error")).to_have_count(0)
    saved(page)
    assert report.values.get().value == 6
