"""A school fills in the passport over two sittings, with the script and on a phone; the office sends it."""
import pytest
from playwright.sync_api import expect

from portfolios.models import Passport
from portfolios.services.team import add_member
from projectoffice.accounts.access import system
from tests.browser.seeing import enter, faults_of
from tests.factories import StampFactory
from tests.portfolios.things import led_by


@pytest.fixture
def project(transactional_db):
    from tests.cast import make_cast

    cast = make_cast()
    head = cast.member_of_school_a
    project = led_by(head.current_post.institution, head=head, title="Читающая школа")
    add_member(project, by=system(), name="Соколова М.А.", role="member")
    project.cast = cast
    return project


def address(project, code):
    return f"/projects/{project.pk}/passport/{code}/"


def saved(page):
    expect(page.locator("[data-save-state]")).to_contain_text("Сохранено в")


def test_a_school_fills_the_passport_over_two_sittings(project, page, open_page, live_server):
    enter(page, project.head, live_server)
    page.goto(project.get_absolute_url())
    page.get_by_role("button", name="Заполнить паспорт").click()
    page.get_by_label("Проблема, которую решает проект").fill("Дети читают мало.")
    page.get_by_label("Для кого").fill("Ученики 5–7 классов")
    saved(page)
    assert faults_of(page) == []
    # Left without a button; the next day on a phone everything is there.
    phone = enter(open_page(360), project.head, live_server)
    phone.goto(project.get_absolute_url())
    phone.get_by_role("link", name="Продолжить паспорт").click()
    phone.get_by_role("link", name="Шаг 1. О проекте").click()
    expect(phone.get_by_label("Для кого")).to_have_value("Ученики 5–7 классов")
    phone.get_by_role("button", name="Сохранить и дальше: шаг 2").click()
    phone.get_by_label("Цель").fill("Читать вместе.")
    phone.get_by_label("Задачи").fill("1. Собрать книги.\n2. Начать.")
    phone.get_by_role("button", name="Сохранить и дальше: шаг 3").click()
    phone.get_by_label("Ожидаемые результаты").fill("– книжный клуб")
    phone.get_by_role("button", name="Сохранить и дальше: шаг 4").click()
    phone.get_by_role("link", name="Дальше: шаг 5").click()
    phone.get_by_role("button", name="Добавить этап").click()
    phone.get_by_label("Этап").fill("Подготовка")
    phone.get_by_label("Начало").fill("2026-09-01")
    phone.get_by_label("Окончание").fill("2026-12-31")
    phone.get_by_role("button", name="Добавить точку").click()
    expect(phone.get_by_label("Этап")).to_have_value("Подготовка")  # the button saved it before it acted
    phone.get_by_label("Контрольная точка").fill("Первое чтение")
    phone.get_by_label("Срок").fill("2026-11-10")
    assert faults_of(phone) == []
    phone.get_by_role("button", name="Сохранить и дальше: шаг 6").click()
    phone.get_by_role("button", name="Добавить показатель").click()
    phone.get_by_label("Показатель", exact=True).fill("Участники")
    phone.witness.expect("422")
    phone.get_by_label("Целевое значение").fill("около 10")
    expect(phone.locator(".field-error")).to_contain_text("одно число")
    phone.get_by_label("Целевое значение").fill("12,5 %")
    saved(phone)
    phone.get_by_role("button", name="Сохранить и проверить паспорт").click()
    expect(phone.locator("#missing")).to_contain_text("осталось: 1")  # the stamp «Утверждаю»
    passport = Passport.objects.get(project=project)
    StampFactory(document=passport.document, signer=project.cast.office_head, method="ink")
    phone.reload()
    expect(phone.locator("#missing")).to_contain_text("Всё заполнено")
    phone.get_by_role("link", name="Направить на согласование").click()
    phone.get_by_role("button", name="Направить").click()
    expect(phone.locator("body")).to_contain_text("на подписи")


def test_two_people_in_one_text_choose_between_both(project, page, open_page, live_server):
    from portfolios.services.passport import start_passport

    start_passport(project, by=project.head)
    mine, other = enter(page, project.head, live_server), enter(open_page(1280), project.cast.secretary, live_server)
    for each in (mine, other):
        each.goto(address(project, "goal"))
    other.get_by_label("Цель").fill("Цель офиса")
    saved(other)
    mine.witness.expect("409")
    mine.get_by_label("Цель").fill("Цель школы")
    mine.get_by_role("button", name="Взять мой текст").click()
    saved(mine)
    assert Passport.objects.get(project=project).goal == "Цель школы"
