"""How a school fills in its passport in the browser, over two sittings; shared by the journeys that begin with it."""
from playwright.sync_api import expect

from .seeing import faults_of, follow, press


def saved(page):
    expect(page.locator("[data-save-state]")).to_contain_text("Сохранено в")


def first_sitting(page, project):
    """Begun, and left without a button."""
    page.goto(project.get_absolute_url())
    press(page, "Заполнить паспорт")
    page.get_by_label("Проблема, которую решает проект").fill("Дети читают мало.")
    page.get_by_label("Для кого").fill("Ученики 5–7 классов")
    saved(page)
    assert faults_of(page) == []


def second_sitting(phone, project):
    """The next day on a phone everything is there; filled to the end."""
    phone.goto(project.get_absolute_url())
    follow(phone, "Продолжить паспорт")
    follow(phone, "Шаг 1. О проекте")
    expect(phone.get_by_label("Для кого")).to_have_value("Ученики 5–7 классов")
    press(phone, "Сохранить и дальше: шаг 2")
    phone.get_by_label("Цель").fill("Читать вместе.")
    phone.get_by_label("Задачи").fill("1. Собрать книги.\n2. Начать.")
    press(phone, "Сохранить и дальше: шаг 3")
    phone.get_by_label("Ожидаемые результаты").fill("– книжный клуб")
    press(phone, "Сохранить и дальше: шаг 4")
    follow(phone, "Дальше: шаг 5")
    press(phone, "Добавить этап")
    phone.get_by_role("textbox", name="Этап").fill("Подготовка")
    phone.get_by_label("Начало").fill("2026-09-01")
    phone.get_by_label("Окончание").fill("2026-12-31")
    press(phone, "Добавить точку")
    expect(phone.get_by_role("textbox", name="Этап")).to_have_value("Подготовка")  # the button saved it before it acted
    phone.get_by_label("Контрольная точка").fill("Первое чтение")
    phone.get_by_label("Срок").fill("2026-11-10")
    assert faults_of(phone) == []
    press(phone, "Сохранить и дальше: шаг 6")
    press(phone, "Добавить показатель")
    phone.get_by_label("Показатель", exact=True).fill("Участники")
    phone.witness.expect("422")
    phone.get_by_label("Целевое значение").fill("около 10")
    expect(phone.locator(".field-error")).to_contain_text("одно число")
    phone.get_by_label("Целевое значение").fill("12,5 %")
    saved(phone)
    press(phone, "Сохранить и проверить паспорт")
