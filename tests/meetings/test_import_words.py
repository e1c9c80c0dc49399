"""Small words of a Word plan that mean nothing, or something else than they seem."""
import pdfplumber
import pytest

from meetings.imports import read_plan
from projectoffice.documents.imports.people import split_responsibles
from projectoffice.documents.sheet import render_pdf
from tests.documents.sheet_samples import line, plan, row
from tests.meetings.word_plans import HEADINGS, ROWS, add_row, numbered, numbering, saved, table, title, word


def read(document):
    return read_plan(saved(document))


def codes(parsed):
    return [remark["code"] for remark in parsed.remarks]


@pytest.mark.parametrize("nobody", ["-", "–", "—", "нет", "Нет", "не указан", "не назначены.", "___"])
def test_a_dash_or_a_no_is_nobody_and_is_remarked(nobody):
    document = word()
    title(document)
    table(document, [["1.", "Тема", "февраль", nobody]])
    parsed = read(document)
    assert parsed.items[0].responsible == []
    assert "no_responsible" in codes(parsed)


def test_a_post_on_the_next_line_stands_behind_a_comma():
    assert split_responsibles("Пак А.А.\nдиректор МБУ «Школа № 1»") == ["Пак А.А., директор МБУ «Школа № 1»"]
    assert split_responsibles("Пак А.А.,\nдиректор") == ["Пак А.А., директор"]
    assert split_responsibles("руководители\nпортфелей департамента") == ["руководители портфелей департамента"]


def test_numbers_the_print_draws_in_another_way_are_told():
    document = word()
    title(document)
    made = table(document, [])
    cells = add_row(made, "1.", "", "февраль", "Орлова Н.П.")
    numbers = numbering(document, [("decimal", "%1)"), ("russianLower", "%2)")])
    cells[1].paragraphs[0].add_run("пункт")
    numbered(cells[1].paragraphs[0], numbers, 0)
    numbered(cells[1].add_paragraph("подпункт"), numbers, 1)
    add_row(made, "2.", "1) первое\n2) второе", "март", "Орлова Н.П.")
    add_row(made, "3.", "1. первое\n2. второе", "апрель", "Орлова Н.П.")
    parsed = read(document)
    assert [remark["row"] for remark in parsed.remarks if remark["code"] == "list_renumbered"] == [1, 2]


def test_what_stands_around_a_signature_is_no_skipped_text():
    document = word()
    for text in ("УТВЕРЖДАЮ", "Директор", "_______ П.П. Петров"):
        document.add_paragraph(text)
    title(document)
    table(document)
    for text in ("(подпись)", "(дата)", "«___» ________ 2027 г.", "М.П.", "12 января 2027 г."):
        document.add_paragraph(text)
    assert "text_skipped" not in codes(read(document))
    document.add_paragraph("Примечание: сроки уточняются")
    assert "text_skipped" in codes(read(document))


def test_a_topic_the_plan_cannot_hold_is_called_an_error():
    document = word()
    title(document)
    table(document, [["1.", "т" * 10_001, "февраль", "Орлова Н.П."], ROWS[1]], HEADINGS)
    message = next(remark["message"] for remark in read(document).remarks if remark["code"] == "topic_too_long")
    assert message.startswith("Ошибка в строке 1")


def test_a_year_is_not_torn_from_its_word_and_its_blank_stays_a_blank(tmp_path):
    path = tmp_path / "plan.pdf"
    path.write_bytes(render_pdf(plan([row(1, [line("Тема")], term="Июль 2023 г.")]), mode="draft").pdf)
    with pdfplumber.open(path) as document:
        term = document.pages[0].extract_tables()[-1][-1][2]
        assert "2023 г." in term.split("\n")[-1]
        assert "\xa0" not in document.pages[0].extract_text()


def test_a_line_above_each_of_several_tables_is_the_heading_of_its_rows():
    document = word()
    title(document)
    for name in ("Первое полугодие", "Второе полугодие"):
        document.add_paragraph(name).runs[0].bold = True
        table(document, [["1.", f"Тема: {name}", "февраль", "Орлова Н.П."]])
    parsed = read(document)
    assert [item.section for item in parsed.items] == ["Первое полугодие", "Второе полугодие"]
    assert "text_skipped" not in codes(parsed)
    assert parsed.title == ["План", "заседаний Проектного офиса", "на 2027 год"]
