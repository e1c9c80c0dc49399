"""People in a browser: log in, choose a person by the suggestion, load a table, set up the second key."""
from io import BytesIO

import pytest
from openpyxl import Workbook

from projectoffice.accounts.models import Post, Substitution, User
from tests.browser.seeing import press
from tests.cast import make_cast
from tests.factories import PASSWORD, InstitutionFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def log_in(page, name):
    page.goto("/login/")
    page.get_by_label("Логин или почта").fill(name)
    page.get_by_label("Пароль").fill(PASSWORD)
    press(page, "Войти")


def test_a_substitution_is_arranged_with_people_from_the_suggestions(page):
    make_cast()
    acting = UserFactory(surname="Замещалова")
    log_in(page, "secretary")
    page.goto("/substitutions/new/")
    page.get_by_label("Кого замещают").press_sequentially("Зими")
    option = page.locator("#id_absent-people option").first
    option.wait_for(state="attached")
    page.get_by_label("Кого замещают").fill(option.get_attribute("value"))
    page.get_by_label("Кто замещает").fill("Замещалова А.И.")
    page.get_by_label("С", exact=True).fill("2099-12-01")
    page.get_by_label("По", exact=True).fill("2099-12-20")
    page.get_by_label("Должность в подписи").fill("И.о. руководителя департамента")
    page.get_by_label("Основание").fill("приказ № 5")
    press(page, "Оформить замещение")
    page.get_by_text("Замещение оформлено.").wait_for()
    assert Substitution.objects.get().acting == acting


def test_the_institutions_are_fetched_when_somebody_comes_to_their_field(page):
    cast = make_cast()
    school, other = InstitutionFactory(), InstitutionFactory()
    log_in(page, "secretary")
    page.goto(f"/people/{cast.stranger.pk}/posts/new/")
    options = page.locator("#id_institution-institutions option")
    assert options.count() == 0
    page.get_by_label("Учреждение").focus()
    options.nth(1).wait_for(state="attached")
    assert {str(school), str(other)} <= {option.get_attribute("value") for option in options.all()}
    page.get_by_label("Учреждение").fill(str(other))
    page.get_by_label("Должность").fill("Педагог")
    press(page, "Добавить должность")
    assert Post.objects.get(person=cast.stranger, institution=other)


def test_a_table_is_looked_at_before_it_is_imported_on_a_phone_too(phone):
    make_cast()
    book = Workbook()
    for row in (["Фамилия", "Имя"], ["Табличная", "Инна"], ["", "Безфамильная"]):
        book.active.append(row)
    content = BytesIO()
    book.save(content)
    log_in(phone, "secretary")
    phone.goto("/people/import/")
    phone.get_by_label("Файл .xlsx").set_input_files(
        {"name": "люди.xlsx", "mimeType": "application/octet-stream", "buffer": content.getvalue()}
    )
    phone.get_by_role("button", name="Проверить файл").click()
    phone.get_by_text("Впишите фамилию").wait_for()
    phone.wait_for_load_state()
    assert not User.objects.filter(surname="Табличная").exists()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.get_by_role("button", name="Импортировать: 1 строка").click()
    phone.get_by_text("Внесено новых: 1").wait_for()
    assert User.objects.filter(surname="Табличная").exists()
