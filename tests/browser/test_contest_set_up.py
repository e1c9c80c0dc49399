"""The office makes a contest from nothing on a phone and announces it; a visitor reads it."""
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from contests.models import Contest
from tests.browser.seeing import arrives, enter, faults_of, follow, press

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db):
    from tests.cast import make_cast

    return make_cast()


def fill(page, **words):
    for name, value in words.items():
        page.locator(f"[name={name}]").fill(value)


def told(page, words):
    page.get_by_text(words).first.wait_for()


def day(days):
    return f"{timezone.localdate() + timedelta(days=days):%Y-%m-%dT18:00}"


def test_a_contest_from_the_first_word_to_the_visitor(cast, phone, live_server, open_page):
    page = enter(phone, cast.secretary, live_server)
    page.goto("/contests/")
    follow(page, "Новый конкурс")
    fill(page, title="Смотр-конкурс", about="Для школ города")
    press(page, "Создать конкурс")
    told(page, "Конкурс создан")
    assert faults_of(page) == []
    follow(page, "Проверить и объявить")
    told(page, "Нужно исправить")
    assert page.get_by_role("button", name="Объявить конкурс").count() == 0 and faults_of(page) == []
    follow(page, "Добавить номинацию")
    fill(page, title="Лучшая команда")
    press(page, "Добавить номинацию")
    follow(page, "Добавить вопрос")
    fill(page, label="О чём работа", limit="500")
    press(page, "Добавить вопрос")
    for title, weight in (("Польза", "1,5"), ("Смысл", "1")):
        follow(page, "Добавить критерий")
        fill(page, title=title, maximum="2", weight=weight, words="0 – нет\n1 – отчасти\n2 – да")
        press(page, "Добавить критерий")
        told(page, "Критерий добавлен")
    with arrives(page):
        page.get_by_role("button", name=re.compile("Выше.*Смысл")).press("Enter")
    told(page, "Порядок изменён")
    assert [words.split(". ")[1] for words in page.locator("#criteria .row-name").all_inner_texts()] == ["Смысл", "Польза"]
    assert page.get_by_text("до 5 баллов").count() and faults_of(page) == []
    follow(page, "Смотр-конкурс")
    follow(page, "Добавить награду")
    fill(page, title="Победитель", places="1")
    press(page, "Добавить награду")
    follow(page, "Изменить сроки")
    told(page, "Права открываются")
    fill(page, acceptance_starts=day(1), acceptance_ends=day(10), remote_starts=day(11), remote_ends=day(20))
    assert faults_of(page) == []
    press(page, "Сохранить")
    follow(page, "Проверить и объявить")
    press(page, "Объявить конкурс")
    told(page, "Конкурс объявлен")
    assert page.get_by_text("Готовится").count() == 0
    assert Contest.objects.get().nominations.get().criteria.count() == 2
    visitor = open_page(360)
    visitor.goto("/")
    follow(visitor, "Смотр-конкурс")
    visitor.locator("summary", has_text="Лучшая команда").click()
    visitor.get_by_text("отчасти").first.wait_for()
    assert faults_of(visitor) == []
