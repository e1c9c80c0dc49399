"""A school fills in the passport over two sittings, with the script and on a phone; the office sends it."""
import pytest
from playwright.sync_api import expect

from portfolios.models import Passport
from portfolios.services.team import add_member
from projectoffice.accounts.access import system
from tests.browser.passport_steps import first_sitting, saved, second_sitting
from tests.browser.seeing import enter, follow, press
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


def test_a_school_fills_the_passport_over_two_sittings(project, page, open_page, live_server):
    enter(page, project.head, live_server)
    first_sitting(page, project)
    phone = enter(open_page(360), project.head, live_server)
    second_sitting(phone, project)
    expect(phone.locator("#missing")).to_contain_text("Шаги: заполнено 6 из 6")
    expect(phone.locator("#missing li")).to_have_count(7)  # the steps and the stamp «Утверждаю»
    passport = Passport.objects.get(project=project)
    StampFactory(document=passport.document, signer=project.cast.office_head, method="ink")
    phone.reload()
    expect(phone.locator("#missing")).to_contain_text("Всё заполнено")
    follow(phone, "Направить на согласование")
    press(phone, "Направить")
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


def test_a_number_the_portal_tidied_is_no_other_text_on_the_next_visit(project, page, live_server):
    from portfolios.services.passport import start_passport

    start_passport(project, by=project.head)
    project.indicators.create(position=1, name="Доля учителей")
    enter(page, project.head, live_server)
    page.goto(address(project, "indicators"))
    page.witness.expect("422")
    page.get_by_label("Целевое значение").fill("около 10")
    press(page, "Сохранить и проверить паспорт")
    page.get_by_label("Целевое значение").fill("12,5 %")
    press(page, "Сохранить и проверить паспорт")
    page.goto(address(project, "indicators"))
    expect(page.get_by_label("Целевое значение")).to_have_value("12,5")
    expect(page.get_by_text("остался ваш текст")).to_have_count(0)
    assert str(project.indicators.get().target) == "12.5000"
