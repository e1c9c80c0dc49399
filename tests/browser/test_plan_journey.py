"""From the office's Word file to the signed plan, as people walk it: once on the portal, once all in ink."""
import hashlib
import io
import re

import pytest
from django.test import override_settings
from playwright.sync_api import expect

from projectoffice.accounts.demo import PASSWORD
from projectoffice.accounts.models import User
from projectoffice.common.demonstration import create_demo
from projectoffice.documents.models import Document
from tests.browser.seeing import arrives, enter, faults_of, follow, press
from tests.meetings import word_plans

YEAR = 2031
ROWS = [
    ["1.", "Итоги сетевых проектов города", "февраль", "Рябинина О.С."],
    ["2.", "Новые формы мониторинга\n\n- для школ;\n\n- для детских садов.", "апрель", "Калинин О.А.\nТополев И.Л."],
    ["2.", "Подготовка августовского совещания", "июнь", "Рябинина О.С."],
]


@pytest.fixture
def demo(transactional_db):
    with override_settings(DEMO=True):
        create_demo()


@pytest.fixture
def word_plan():
    """A plan as the office keeps it: two stamps in a table, three title lines, the number 2 twice."""
    document = word_plans.word()
    stamps = document.add_table(rows=1, cols=2)
    for cell, (heading, post, name) in zip(
        stamps.rows[0].cells,
        [("«Согласовано»", "Руководитель департамента образования", "В.П. Зимина"),
         ("«Утверждаю»", "Руководитель Проектного офиса", "О.А. Калинин")],
        strict=True,
    ):
        word_plans.write(cell, f"{heading}\n\n{post}\n\n______________ {name}")
    word_plans.title(document, ["План", "заседаний Проектного офиса департамента образования", f"на {YEAR} год"])
    word_plans.table(document, ROWS)
    stream = io.BytesIO()
    document.save(stream)
    return {
        "name": "план.docx",
        "mimeType": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "buffer": stream.getvalue(),
    }


@pytest.fixture
def desk(demo, open_page, live_server):
    """desk(login) is a browser of that person."""
    return lambda login, **options: enter(open_page(**options), User.objects.get(username=login), live_server)


def import_plan(page, file):
    page.goto("/plans/")
    follow(page, "Загрузить из Word")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Прочитать файл").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Проверьте, что прочитано")
    expect(page.get_by_text(f"01.02–28.02.{YEAR}")).to_be_visible()
    press(page, "Импортировать")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"План заседаний на {YEAR} год")
    return Document.objects.get(year=YEAR)


def edit_topic(page, row, text):
    page.locator(f"tr:nth-child({row}) [data-cell=topics]").first.click()
    field = page.locator("[data-cell=topics] textarea").first
    field.fill(text)
    page.keyboard.press("Tab")
    expect(page.locator(".save-state").first).to_contain_text("Сохранено")


def send(page, document):
    page.goto(document.get_absolute_url())
    follow(page, "Направить на согласование")
    press(page, "Направить")
    expect(page.get_by_text("Текст закрыт, чтобы бумага и портал совпадали.")).to_be_visible()


def mine(page):
    """The row of this journey's plan in the list of what waits."""
    return page.locator("li", has_text=f"на {YEAR} год")


def read(page, name):
    with arrives(page):
        mine(page).get_by_role("link", name=name).click()


def decide(page, document, verb):
    page.goto("/")
    read(page, f"Прочитать и {verb.lower()}")
    page.locator("summary", has_text=re.compile(f"^{verb}$")).click()
    page.locator("[name=password]").fill(PASSWORD)
    press(page, verb)


def on_the_portal(page, document):
    """Both heads of this plan sign on the portal: the stamps are changed in place."""
    page.goto(document.get_absolute_url())
    for kind in ("Согласовано", "Утверждаю"):
        page.get_by_role("link", name=f"Изменить гриф «{kind}»").click()
        page.get_by_label("Как подписывает").select_option("electronic")
        page.get_by_role("button", name="Сохранить гриф").click()
        expect(page.get_by_role("button", name="Сохранить гриф")).to_have_count(0)


def download(page, address):
    answer = page.context.request.get(address)
    assert answer.ok, address
    return answer.body()


def test_from_word_to_the_approved_plan_on_the_portal(desk, word_plan, open_page):
    office, department, head = desk("sekretar"), desk("rukovoditel"), desk("ofis", width=360, height=740)
    document = import_plan(office, word_plan)
    expect(office.get_by_text("номер 2 уже есть выше").first).to_be_visible()
    office.get_by_role("button", name="Перенумеровать всё").click()
    expect(office.get_by_text("номер 2 уже есть выше")).to_have_count(0)
    edit_topic(office, 1, "Итоги сетевых проектов города и области")
    on_the_portal(office, document)
    send(office, document)

    decide(department, document, "Согласовать")
    head.goto("/")
    read(head, "Прочитать и утвердить")
    assert faults_of(head) == []
    head.locator("summary", has_text="Вернуть с замечанием").click()
    head.locator("[name=reason]").fill("Строка 1: без области")
    press(head, "Вернуть с замечанием")

    office.goto("/")
    expect(office.get_by_text("Возвращён", exact=True).first).to_be_visible()
    expect(office.get_by_text("«Строка 1: без области»").first).to_be_visible()
    office.goto(document.get_absolute_url())
    expect(office.get_by_text("Строка 1: без области").first).to_be_visible()
    edit_topic(office, 1, "Итоги сетевых проектов города")
    send(office, document)
    decide(department, document, "Согласовать")
    decide(head, document, "Утвердить")

    document.refresh_from_db()
    assert document.state == "issued"
    pdf = download(office, f"/documents/{document.pk}/pdf/")
    assert hashlib.sha256(pdf).hexdigest() == document.in_force.sha256
    check_by_code(open_page(), document, pdf)
    change_in_mid_year(office, document)


def check_by_code(visitor, document, pdf):
    visitor.goto(f"/v/{document.in_force.public_code}/")
    expect(visitor.get_by_text("Действует").first).to_be_visible()
    for content, answer in ((pdf, "message-done"), (pdf[:-1] + b"!", "message-alert")):
        visitor.set_input_files("input[type=file]", {"name": "p.pdf", "mimeType": "application/pdf", "buffer": content})
        visitor.get_by_role("button", name="Сравнить").click()
        expect(visitor.locator(f".{answer}")).to_be_visible()


def change_in_mid_year(page, document):
    page.goto(document.get_absolute_url())
    page.get_by_text("Внести изменения").first.click()
    page.locator("[name=basis]").fill("приказа департамента образования")
    page.locator("[name=basis_number]").fill("84")
    press(page, "Внести изменения")
    expect(page.get_by_text("Вы правите редакцию 2").first).to_be_visible()
    edit_topic(page, 3, "Подготовка августовского совещания и выставки")
    page.goto(f"/documents/{document.pk}/compare/")
    expect(page.get_by_text("выставки").first).to_be_visible()
    assert faults_of(page) == []


def test_from_word_to_the_approved_plan_in_ink(desk, word_plan):
    office = desk("sekretar")
    document = import_plan(office, word_plan)
    send(office, document)
    sheet = download(office, f"/documents/{document.pk}/sheet/")
    office.goto("/")
    read(office, "Отметить подписанное")
    boxes = office.locator("input[type=checkbox][name$=signed]")
    expect(boxes).to_have_count(2)
    for place in range(2):
        boxes.nth(place).check()
    press(office, "Отметить подписанное")
    expect(office.get_by_text("Утверждён").first).to_be_visible()
    assert download(office, f"/documents/{document.pk}/pdf/") == sheet
    office.goto("/documents/")
    expect(office.get_by_role("row").filter(has_text=str(YEAR)).get_by_text("Скана нет")).to_be_visible()
