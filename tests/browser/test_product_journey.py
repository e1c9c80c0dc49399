"""A school offers a product, the office returns it, it is mended and published; a visitor finds and downloads it."""
import pytest
from playwright.sync_api import expect

from portfolios.models import MethodProduct
from tests.browser.seeing import enter, faults_of
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


def press(page, name, role="button"):
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
    school.get_by_role("link", name="Добавить продукт").click()
    school.get_by_label("Название").fill(TITLE)
    school.get_by_label("Вид").select_option("Сценарий")
    school.get_by_label("Проект").fill("читающ")
    school.get_by_label("Ссылка на другой сайт").fill("javascript:alert(1)")
    clean(school)
    school.get_by_role("button", name="Сохранить черновик").click()
    expect(school.locator(".field-error")).to_contain_text("не похоже на адрес страницы")
    expect(school.get_by_label("Название")).to_have_value(TITLE)
    school.get_by_label("Ссылка на другой сайт").fill("")
    school.get_by_role("button", name="Сохранить черновик").click()
    expect(school.locator("body")).to_contain_text("Чтобы отправить на проверку, добавьте")
    clean(school)
    school.get_by_role("link", name="Написать аннотацию").click()
    school.get_by_label("Аннотация").fill("Роли, реквизит и сценарий на сорок минут.")
    school.get_by_role("button", name="Сохранить").click()
    school.get_by_role("link", name="Добавить файлы", exact=True).first.click()
    attach(school, ("сценарий.docx", office()), ("афиша.pdf", PDF))
    clean(school)
    school.get_by_role("button", name="Добавить файлы").click()
    expect(school.locator("#files")).to_contain_text("афиша.pdf")
    school.get_by_role("link", name="Добавить автора", exact=True).first.click()
    school.get_by_label("Человек").select_option(writer.full_name)
    school.get_by_role("button", name="Добавить автора").click()
    expect(school.locator("#authors")).to_contain_text("посетители имени не увидят")
    clean(school)
    school.get_by_role("link", name="Отправить на проверку").click()
    clean(school)
    school.get_by_role("button", name="Отправить на проверку").click()
    expect(school.locator("body")).to_contain_text("На проверке у офиса")

    desk = enter(page, cast.secretary, live_server)
    desk.goto("/")
    desk.get_by_role("link", name="Проверить продукты: 1").click()
    desk.get_by_role("link", name=TITLE).click()
    clean(desk)
    desk.get_by_role("link", name="Вернуть с замечанием").click()
    desk.get_by_label("Что исправить").fill("Напишите, для каких классов.")
    clean(desk)
    desk.get_by_role("button", name="Вернуть с замечанием").click()
    expect(desk.locator("body")).to_contain_text("Возвращён")

    school.goto("/")
    expect(school.locator("body")).to_contain_text("Напишите, для каких классов.")
    school.get_by_role("link", name=f"Методический продукт «{TITLE}»").click()
    clean(school)
    school.get_by_role("link", name="Изменить", exact=True).click()
    school.get_by_label("Аннотация").fill("Роли, реквизит и сценарий на сорок минут. Для вторых и третьих классов.")
    school.get_by_role("button", name="Сохранить").click()
    school.get_by_role("link", name="Отправить на проверку").click()
    school.get_by_role("button", name="Отправить на проверку").click()

    desk.goto("/products/?state=submitted")
    desk.get_by_role("link", name=TITLE).click()
    desk.get_by_role("link", name="Прочитать и опубликовать").click()
    expect(desk.locator("body")).to_contain_text("Для вторых и третьих классов")
    clean(desk)
    desk.get_by_role("button", name="Опубликовать").click()
    expect(desk.locator("body")).to_contain_text("его видят все")
    clean(desk)

    visitor = open_page(360)
    visitor.goto("/")
    press(visitor, "Виртуальная сетевая лаборатория идей", role="link")
    visitor.wait_for_url("**/public/products/")
    clean(visitor)
    visitor.get_by_label("Слова").focus()
    visitor.keyboard.type("материал праздник")
    visitor.keyboard.press("Enter")
    expect(visitor.locator("mark")).to_have_text(["Материалы", "праздника"])
    clean(visitor)
    press(visitor, TITLE, role="link")
    expect(visitor.locator("h1")).to_have_text(TITLE)
    assert writer.surname not in visitor.content() and "Напишите, для каких" not in visitor.content()
    clean(visitor)
    with visitor.expect_download() as got:
        press(visitor, "афиша.pdf", role="link")
    assert got.value.suggested_filename == "афиша.pdf"
    assert got.value.path().read_bytes() == PDF
    visitor.goto("/public/products/?q=слоны+праздника&kind=tool")
    expect(visitor.locator("body")).to_contain_text("По этим условиям ничего нет")
    clean(visitor)
    assert MethodProduct.objects.get().state == "published"
