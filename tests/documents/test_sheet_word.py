"""The working copy in Word: the same sheet, editable, with real lists, and nobody's name in it."""
import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from projectoffice.documents.sheet import render_docx
from tests.documents.sheet_samples import line, plan, real_plan, row, stamp

ODD = "\ud800 a\x00b\x0b c\x1b \ufffe <w:p/> & ]]> \u202e"


def opened(snapshot, **options):
    return docx.Document(io.BytesIO(render_docx(snapshot, **options)))


def table_of(document):
    return document.tables[1]


def cells(row):
    return [cell.text for cell in row.cells]


def test_the_real_plan_keeps_its_text_row_for_row():
    snapshot = real_plan()
    printed = [cells(row) for row in table_of(opened(snapshot)).rows[1:]]
    assert printed == [
        [part["label"], "\n".join(item["text"] for item in part["topics"]), part["term"], "\n".join(part["responsible"])]
        for part in (row["cells"] for row in snapshot["sections"][0]["rows"])
    ]


def test_stamps_stand_above_the_bold_centred_title():
    document = opened(plan(stamps=[stamp("a", "agree", name="К.А. Орлова"), stamp("b", style="gost")]))
    left, right = document.tables[0].rows[0].cells
    assert left.text.split("\n") == ["«Согласовано»", "Руководитель", "отдела", "", "______________ К.А. Орлова", ""]
    assert right.text.split("\n")[0] == "УТВЕРЖДАЮ" and "«___» ______________ 20__ г." in right.text
    title = [paragraph for paragraph in document.paragraphs if paragraph.text][:3]
    assert [paragraph.text for paragraph in title] == ["План", "заседаний Проектного офиса", "на 2027 год"]
    assert all(paragraph.runs[0].bold and paragraph.alignment == 1 for paragraph in title)


def test_list_lines_are_lists_of_word_with_their_levels():
    topics = [line("Повестка:"), line("первое", "bullet"), line("внутри", "dash", 1), line("счёт", "number"), line("дальше", "number")]
    document = opened(plan([row(1, topics), row(2, [line("снова", "number")])]))
    paragraphs = table_of(document).rows[1].cells[1].paragraphs + table_of(document).rows[2].cells[1].paragraphs
    shapes = [_shape(document, paragraph) for paragraph in paragraphs]
    assert [shape[:3] for shape in shapes] == [(None, None, None), ("bullet", "•", 0), ("bullet", "-", 1),
                                               ("decimal", "%1.", 0), ("decimal", "%1.", 0), ("decimal", "%1.", 0)]
    assert shapes[3][3] == shapes[4][3] != shapes[5][3], "a numbered list of another row is another list"
    numbers = document.part.numbering_part.element.findall(qn("w:num"))
    [second] = [item for item in numbers if item.get(qn("w:numId")) == str(shapes[5][3])]
    assert second.find(f"{qn('w:lvlOverride')}/{qn('w:startOverride')}").get(qn("w:val")) == "1", "and counts from one"


def _shape(document, paragraph):
    facts = paragraph._p.pPr.numPr if paragraph._p.pPr is not None else None
    if facts is None:
        return (None, None, None, None)
    number, level = facts.numId.val, facts.ilvl.val
    root = document.part.numbering_part.element
    [item] = [item for item in root.findall(qn("w:num")) if item.get(qn("w:numId")) == str(number)]
    shape = item.find(qn("w:abstractNumId")).get(qn("w:val"))
    [definition] = [item for item in root.findall(qn("w:abstractNum")) if item.get(qn("w:abstractNumId")) == shape]
    layout = definition.findall(qn("w:lvl"))[level]
    return (layout.find(qn("w:numFmt")).get(qn("w:val")), layout.find(qn("w:lvlText")).get(qn("w:val")), level, number)


def test_the_heading_of_the_table_repeats_and_rows_may_split():
    table = table_of(opened(plan()))
    assert [row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows] == [True, False, False]
    assert all(row._tr.trPr is None for row in table.rows[1:])
    assert all(paragraph.runs[0].bold for cell in table.rows[0].cells for paragraph in cell.paragraphs)


def test_the_page_is_that_of_the_printed_sheet():
    section = opened(plan()).sections[0]
    assert [round(value.mm) for value in (section.page_width, section.page_height)] == [210, 297]
    assert [round(value.mm) for value in (section.left_margin, section.right_margin, section.top_margin, section.bottom_margin)] == [30, 15, 20, 20]
    wide = opened(plan(orientation="landscape")).sections[0]
    assert wide.page_width > wide.page_height
    shares = [int(column.get(qn("w:w"))) for column in table_of(opened(plan()))._tbl.tblGrid]
    assert [round(100 * share / sum(shares)) for share in shares] == [7, 54, 16, 23]


def test_fonts_are_those_of_the_office():
    style = opened(plan()).styles["Normal"]
    assert (style.font.name, style.font.size) == ("Times New Roman", Pt(12))


def test_the_number_of_the_page_stands_at_the_top_from_the_second_page_and_the_note_on_all():
    section = opened(plan()).sections[0]
    assert section.different_first_page_header_footer
    assert section.first_page_header.paragraphs[0].text == "рабочая копия"
    later = section.header.paragraphs[0]
    assert "PAGE" in later._p.xml and "рабочая копия" in later.text
    assert "PAGE" not in section.first_page_header.paragraphs[0]._p.xml
    assert section.header_distance >= Mm(10)
    assert "черновик" in opened(plan(), note="черновик").sections[0].header.paragraphs[0].text


def test_sections_and_a_seven_column_table_print_across():
    columns = [{"key": key, "title": key, "width": 14} for key in "абвгдеж"]
    rows = [{"uid": "1", "cells": dict.fromkeys("абвгдеж", "текст")}]
    document = opened(plan(columns=columns, orientation="landscape", sections=[{"uid": "s", "title": "Методическая деятельность", "rows": rows}]))
    table = table_of(document)
    assert {cell.text for cell in table.rows[1].cells} == {"Методическая деятельность"}
    assert cells(table.rows[2]) == ["текст"] * 7


def test_signatures_stand_under_the_text():
    document = opened(plan(stamps=[stamp("s", "sign", place="foot", post="Председатель\nкомиссии"), stamp("c", "certify", place="foot")]))
    chair = document.tables[-2].rows[0].cells
    assert [cell.text.split("\n") for cell in chair] == [["Председатель", "комиссии"], ["______________"], ["А.Б. Зимина"]]
    assert [paragraph.text for paragraph in document.paragraphs if paragraph.text][-2:] == ["Верно", "«___» ______________ 20__ г."]


def test_free_text_and_two_ends_of_a_line_are_paragraphs():
    sections = [{"kind": "pair", "left": "04.06.2027", "right": "№ 5"}, {"kind": "text", "title": "1. Итоги", "lines": [line("СЛУШАЛИ:"), line("о проектах", "dash")]}]
    texts = [paragraph.text for paragraph in opened(plan(columns=[], sections=sections)).paragraphs if paragraph.text]
    assert texts[-4:] == ["04.06.2027\t№ 5", "1. Итоги", "СЛУШАЛИ:", "о проектах"]


def test_a_free_text_begins_with_its_bold_word():
    sections = [{"kind": "text", "lead": "Цель:", "lines": [line("согласовать")]},
                {"kind": "text", "lead": "Задачи:", "lines": [line("обсудить", "bullet")]}]
    printed = [paragraph for paragraph in opened(plan(columns=[], sections=sections)).paragraphs if paragraph.text][-3:]
    assert [paragraph.text for paragraph in printed] == ["Цель: согласовать", "Задачи:", "обсудить"]
    assert [[run.bold for run in paragraph.runs] for paragraph in printed] == [[True, None], [True], [None]]


def test_the_same_content_is_the_same_file_without_a_name_or_a_date():
    first = render_docx(plan())
    assert first == render_docx(plan())
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    facts = docx.Document(io.BytesIO(first)).core_properties
    assert (facts.author, facts.last_modified_by, facts.comments) == ("", "", "")
    assert facts.title == "План заседаний Проектного офиса на 2027 год"


@pytest.mark.parametrize("text", [ODD, "Ж" * 5000, "=HYPERLINK(1)", ""])
def test_odd_text_is_text(text):
    snapshot = plan(
        [row(1, [line(text), line(text, "bullet", 5), {}], text, [text]), {"uid": "2"}],
        head={"title": [text], "basis": text}, stamps=[stamp("a", post=text, name=text), stamp("b", "sign", place="foot", basis=text)],
    )
    document = opened(snapshot)
    if text == ODD:
        assert "<w:p/> & ]]>" in table_of(document).rows[1].cells[1].text


def test_almost_nothing_is_a_file_too():
    assert opened({}).paragraphs
