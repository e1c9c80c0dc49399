"""A school fills an entry over two sittings on a phone, sends it, it is returned, mended and admitted."""
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from contests.models import Entry
from tests.browser.seeing import enter, faults_of, follow, press
from tests.contests.things import announced


@pytest.fixture
def nomination(transactional_db):
    from tests.cast import make_cast

    cast = make_cast()
    nomination = announced("acceptance", title="Смотр-конкурс", needs_signed_scan=True, announced_at=timezone.now())
    nomination.cast = cast
    return nomination


def saved(page):
    expect(page.locator("[data-save-state]")).to_contain_text("Сохранено в")


def test_an_entry_over_two_sittings_returned_mended_and_admitted(nomination, phone, page, open_page, live_server, tmp_path):
    author, office = nomination.cast.member_of_school_a, nomination.cast.secretary
    work = tmp_path / "работа.pdf"
    work.write_bytes(b"%PDF-1.4\n%%EOF")
    enter(phone, author, live_server)
    phone.goto(nomination.contest.get_absolute_url())
    follow(phone, "Подать заявку")
    phone.get_by_label("Номинация").select_option(label=nomination.title)
    press(phone, "Начать заявку", exact=False)
    phone.get_by_label("Название работы").fill("Читающая школа")
    answer = phone.get_by_label("О чём работа")
    answer.fill("ы" * 520)
    expect(phone.locator("[data-left-of]")).to_contain_text("лишних 20 знаков")
    saved(phone)
    assert faults_of(phone) == []
    # Left without a button; the next day on another phone everything is there, the long text too.
    later = enter(open_page(360), author, live_server)
    later.goto(f"{live_server.url}/")
    follow(later, "Продолжить")
    expect(later.get_by_label("Название работы")).to_have_value("Читающая школа")
    expect(later.get_by_label("О чём работа")).to_have_value("ы" * 520)
    later.get_by_label("О чём работа").fill("Про чтение.")
    expect(later.locator("[data-left-of]")).to_contain_text("осталось 489 знаков")
    press(later, "Добавить автора", exact=False)
    later.get_by_label("Фамилия, имя, отчество").nth(1).fill("Ивина Вера Олеговна")
    saved(later)
    later.locator("#id_files").set_input_files(work)
    press(later, "Загрузить файлы", exact=False)
    expect(later.get_by_role("link", name="работа.pdf")).to_be_visible()
    follow(later, "Проверить и отправить")
    expect(later.locator("#lacks ~ ul")).to_contain_text("скан")
    follow(later, "Вернуться и дополнить")
    later.locator("#id_pages").set_input_files(work)
    press(later, "Загрузить скан", exact=False)
    expect(later.locator("#scan")).to_contain_text("Заявка с подписью.pdf")
    follow(later, "Проверить и отправить")
    expect(later.locator("body")).to_contain_text("Ивина Вера Олеговна")
    assert faults_of(later) == []
    press(later, "Отправить", exact=False)
    expect(later.locator("body")).to_contain_text("Заявка № 1 отправлена")
    assert faults_of(later) == []
    # The office returns it by keyboard.
    enter(page, office, live_server)
    page.goto(f"{nomination.contest.get_absolute_url()}entries/")
    assert faults_of(page) == []
    follow(page, "Проверить: 1")
    page.keyboard.press("Alt+3")
    expect(page.get_by_label("Возвращена на исправление")).to_be_checked()
    page.get_by_label("Замечания или причина").fill("Назовите класс, где это было.")
    page.get_by_label("Исправить до").fill((timezone.localtime() + timedelta(days=3)).strftime("%Y-%m-%dT18:00"))
    assert faults_of(page) == []
    page.keyboard.press("Control+Enter")
    expect(page.locator("body")).to_contain_text("исход записан")
    # Mended on the phone and sent again; then admitted.
    later.goto(f"{live_server.url}/")
    expect(later.locator("body")).to_contain_text("Назовите класс, где это было.")
    follow(later, "Исправить")
    later.get_by_label("О чём работа").fill("Про чтение в 5 «Б».")
    saved(later)
    assert faults_of(later) == []
    follow(later, "Проверить и отправить")
    press(later, "Отправить", exact=False)
    page.goto(f"{nomination.contest.get_absolute_url()}entries/")
    follow(page, "Проверить: 1")
    expect(page.locator("body")).to_contain_text("Про чтение в 5 «Б».")
    page.get_by_label("Допущена", exact=True).check()
    press(page, "Записать исход", exact=False)
    expect(page.locator("body")).to_contain_text("исход записан")
    later.goto(f"{live_server.url}{Entry.objects.get().get_absolute_url()}")
    expect(later.locator("body")).to_contain_text("Заявка допущена")
    assert Entry.objects.get().submissions.count() == 2
