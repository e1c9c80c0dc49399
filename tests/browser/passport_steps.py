"""How a school fills in its passport in the browser, over two sittings; shared by the journeys that begin with it."""
from playwright.sync_api import expect

from .seeing import faults_of


def saved(page):
    expect(page.locator("[data-save-state]")).to_contain_text("Сохранено в")


def first_sitting(page, project):
    """Begun, and left without a button."""
    page.goto(project.get_absolute_url())
    page.get_by_role("button", name="Заполнить паспорт").click()
    page.get_by_label("Проблема, которую решает проект").fill("Дети читают мало.")
    page.get_by_label("Для кого").fill("Ученики 5–7 классов")
    saved(page)
    assert faults_of(page) == []


def second_sitting(phone, project):
    """The next day on a phone everything is there; filled to the end."""
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
    phone.get_by_role("textbox", name="Этап").fill("Подготовка")
    phone.get_by_label("Начало").fill("2026-09-01")
    phone.get_by_label("Окончание").fill("2026-12-31")
    phone.get_by_role("button", name="Добавить точку").click()
    expect(phone.get_by_role("textbox", name="Этап")).to_have_value("Подготовка")  # the button saved it before it acted
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
