"""The implementation plan in the browser: the real file is imported, its two terms mended, issued and printed; the editor; a phone."""
import io
import os
import re
from pathlib import Path

import pdfplumber
import pytest
from playwright.sync_api import expect

from portfolios.models import ImplementationPlan
from portfolios.services.implementation_plan import create_plan
from projectoffice.documents.services.route import send
from projectoffice.documents.table.rows import add_row
from tests.browser.seeing import enter, faults_of, follow, press
from tests.browser.test_plan_editor import cell, opened, saved
from tests.cast import make_cast

REAL = Path(os.environ.get("SHARED_DOCUMENTS", Path(__file__).resolve().parents[2] / "../shared/documents"))
REAL /= "plan-realizatsii-gorodskogo-proekta-2021-2022.docx"


@pytest.fixture
def cast(transactional_db):
    return make_cast()


@pytest.fixture
def plan(cast):
    plan = create_plan(by=cast.secretary, year=2026, name="Наставник рядом")
    for place, section in enumerate(("Методическая деятельность", "Информационная деятельность"), start=1):
        add_row(plan, by=cast.secretary, values={
            "section": section, "activity": f"Дело {place}", "term": "октябрь", "participants": "Все", "count": "5",
            "responsible": "Орлова А.И., директор, т. 22-78-18", "result": "Итог"})
    return plan


@pytest.mark.skipif(not REAL.exists(), reason="the real document is not beside the project")
def test_the_real_plan_is_imported_mended_issued_and_printed(page, cast, live_server):
    enter(page, cast.secretary, live_server)
    page.goto("/implementation-plans/")
    follow(page, "Загрузить из Word")
    page.set_input_files("[name=file]", REAL)
    page.get_by_role("button", name="Прочитать файл").click()
    page.wait_for_selector("text=Проверьте, что прочитано")
    assert faults_of(page) == []
    press(page, "Импортировать")
    expect(page.locator("tr.opens-section")).to_have_count(6)
    page.get_by_text("Замечания:").click()
    for words in ("Исправить «Апрель 2021 г.» на «Апрель 2022 г.»", "Исправить «Январь 2021 г.» на «Январь 2022 г.»"):
        page.get_by_role("button", name=words).click()
        page.get_by_role("button", name=words).wait_for(state="detached")
    expect(page.locator("[data-remarks]")).not_to_contain_text("выходит за период")
    page.get_by_text("Выпустить документ").first.click()
    press(page, "Выпустить", exact=False)
    page.wait_for_selector("text=Утверждён")
    plan = ImplementationPlan.objects.get()
    assert plan.activities.present().count() == 14
    assert faults_of(page) == []
    printed = page.request.get(page.get_by_role("link", name=re.compile("PDF")).first.get_attribute("href"))
    assert printed.body() == bytes(plan.document.in_force.file.pdf)
    with pdfplumber.open(io.BytesIO(printed.body())) as paper:
        assert all(sheet.width > sheet.height and "Деятельность" in sheet.extract_text() for sheet in paper.pages)
        assert "Апрель 2022" in "".join(sheet.extract_text() for sheet in paper.pages)


def test_seven_columns_are_written_by_keyboard_and_a_section_is_added(page, cast, plan, live_server):
    opened(page, cast.secretary, plan, live_server)
    assert faults_of(page) == []
    cell(page, 1, "activity").locator(".cell-link").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    for text in ("Мастерская", "ноябрь", "Педагоги", "около 10", "Зимин А.И., т. 33-44-55"):
        page.keyboard.press("Control+a")
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    saved(page)
    page.wait_for_selector("text=Число не распознано")
    first = plan.activities.get(position=1)
    assert (first.activity[0]["text"], first.term, first.participants, first.count) == ("Мастерская", "ноябрь", "Педагоги", "около 10")
    assert first.responsibles.get().phone == "33-44-55"
    page.get_by_label("Новый раздел").fill("Мониторинг")
    page.get_by_role("button", name="Добавить раздел").click()
    expect(page.locator("tr[data-section='Мониторинг'] .cell-field")).to_be_focused()
    page.keyboard.type("Опрос")
    page.keyboard.press("Escape")
    expect(cell(page, 3, "label").locator(".cell-view")).to_have_text("1.")


def test_on_a_phone_every_cell_stands_under_its_caption(phone, cast, plan, live_server):
    opened(phone, cast.secretary, plan, live_server)
    assert faults_of(phone) == []
    heading = phone.locator(".opens-section .row-section").first.bounding_box()
    text = cell(phone, 1, "activity").locator(".cell-view").bounding_box()
    assert heading["y"] + heading["height"] <= text["y"] + 1


def test_an_activity_is_marked_done_and_its_section_counts_it(page, cast, plan, live_server):
    send(plan.document, by=cast.secretary)
    opened(page, cast.secretary, plan, live_server)
    follow(page, "Отметить выполненное")
    follow(page, re.compile("^Отметить.*Дело 1"))
    assert faults_of(page) == []
    page.get_by_label("Выполнено", exact=True).check()
    press(page, "Сохранить отметку")
    page.wait_for_selector("text=1 из 1, 100")
    assert faults_of(page) == []
