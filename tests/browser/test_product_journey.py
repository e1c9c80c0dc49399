"""A school offers a product, the office returns it, it is mended and published; a visitor finds and downloads it."""
import pytest
from playwright.sync_api import expect

from portfolios.models import MethodProduct
from tests.browser.seeing import arrives, enter, faults_of, follow, press
from tests.common.files import PDF, office
from tests.portfolios.things import led_by

TITLE = "Материалы для праздника чтения"


@pytest.fixture
def cast(transactional_db):
    from tests.cast import make_cast

    return make_cast()


def clean(page):
    assert faults_of(page) == [], page.url


def attach(page, *files):
    page.get_by_label("Файлы").set_input_files([{"name": name, "mimeType": "application/octet-stream", "buffer": content} for name, content in files])


def tab_to(page, name, role="button"):
    """Reach it by Tab and press Enter, as one who has no mouse."""
    wanted = page.get_by_role(role, name=name, exact=True).first
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"«{name}» cannot be reached by Tab")


def test_a_product_from_a_school_to_a_visitor(cast, page, open_page, live_server):
    writer = cast.member_of_school_a
    led_by(writer.current_post.institution, title="Читающая школа", is_public=True)
    school = enter(open_page(360), writer, live_server)
    school.goto("/products/")
    clean(school)
    follow(school, "Добавить продукт")
    school.get_by_label("Название").fill(TITLE)
    school.get_by_label("Вид").select_option("Сценарий")
    school.get_by_label("Проект").fill("читающ")
    school.get_by_label("Ссылка на другой сайт").fill("javascript:alert(1)")
    clean(school)
    press(school, "Сохранить черновик")
    expect(school.locator(".field-error")).to_contain_text("не похоже на адрес страницы")
    expect(school.get_by_label("Название")).to_have_value(TITLE)
    school.get_by_label("Ссылка на другой сайт").fill("")
    press(school, "Сохранить черновик")
    expect(school.locator("body")).to_contain_text("Чтобы отправить на проверку, добавьте")
    clean(school)
    follow(school, "Написать аннотацию")
    school.get_by_label("Аннотация").fill("Роли, реквизит и сценарий на сорок минут.")
    press(school, "Сохранить")
    follow(school, "Добавить файлы", exact=True)
    attach(school, ("сценарий.docx", office()), ("афиша.pdf", PDF))
    clean(school)
    press(school, "Добавить файлы")
    expect(school.locator("#files")).to_contain_text("афиша.pdf")
    follow(school, "Добавить автора", exact=True)
    school.get_by_label("Человек").select_option(writer.full_name)
    press(school, "Добавить автора")
    expect(school.locator("#authors")).to_contain_text("посетители имени не увидят")
    clean(school)
    follow(school, "Отправить на проверку")
    clean(school)
    press(school, "Отправить на проверку")
    expect(school.locator("body")).to_contain_text("На проверке у офиса")

    desk = enter(page, cast.secretary, live_server)
    desk.goto("/")
    follow(desk, "Проверить продукты: 1")
    follow(desk, TITLE)
    clean(desk)
    follow(desk, "Вернуть с замечанием")
    desk.get_by_label("Что исправить").fill("Напишите, для каких классов.")
    clean(desk)
    press(desk, "Вернуть с замечанием")
    expect(desk.locator("body")).to_contain_text("Возвращён")

    school.goto("/")
    expect(school.locator("body")).to_contain_text("Напишите, для каких классов.")
    follow(school, f"Методический продукт «{TITLE}»")
    clean(school)
    follow(school, "Изменить", exact=True)
    school.get_by_label("Аннотация").fill("Роли, реквизит и сценарий на сорок минут. Для вторых и третьих классов.")
    press(school, "Сохранить")
    follow(school, "Отправить на проверку")
    press(school, "Отправить на проверку")

    desk.goto("/products/?state=submitted")
    follow(desk, TITLE)
    follow(desk, "Прочитать и опубликовать")
    expect(desk.locator("body")).to_contain_text("Для вторых и третьих классов")
    clean(desk)
    press(desk, "Опубликовать")
    expect(desk.locator("body")).to_contain_text("его видят все")
    clean(desk)

    visitor = open_page(360)
    visitor.goto("/")
    with arrives(visitor):
        tab_to(visitor, "Виртуальная сетевая лаборатория идей", role="link")
    clean(visitor)
    visitor.get_by_label("Слова").focus()
    visitor.keyboard.type("материал праздник")
    with arrives(visitor):
        visitor.keyboard.press("Enter")
    expect(visitor.locator("mark")).to_have_text(["Материалы", "праздника"])
    clean(visitor)
    with arrives(visitor):
        tab_to(visitor, TITLE, role="link")
    expect(visitor.locator("h1")).to_have_text(TITLE)
    assert writer.surname not in visitor.content() and "Напишите, для каких" not in visitor.content()
    clean(visitor)
    with visitor.expect_download() as got:
        tab_to(visitor, "афиша.pdf", role="link")
    assert got.value.suggested_filename == "афиша.pdf"
    assert got.value.path().read_bytes() == PDF
    visitor.goto("/public/products/?q=слоны+праздника&kind=tool")
    expect(visitor.locator("body")).to_contain_text("По этим условиям ничего нет")
    clean(visitor)
    assert MethodProduct.objects.get().state == "published"
