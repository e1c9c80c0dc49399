"""The printed paper: what stands on it, that it is archival and accessible, and that the same content is the same file."""
import io
import re

import page as validator
import pdfplumber
import pypdf
import pytest

from projectoffice.documents.sheet.pdf import draw_pdf
from tests.documents.sheet_samples import ADDRESS, COLUMNS, line, long_plan, mark, plan, real_plan, row, stamp

MM = 72 / 25.4


def text_of(rendered):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(rendered.pdf)).pages]


def squeeze(text):
    return re.sub(r"\s+", " ", text).strip()


def table_rows(rendered):
    """Rows of the printed table as a reader sees them: pieces of a row cut by a page end joined, headings left out."""
    rows = []
    with pdfplumber.open(io.BytesIO(rendered.pdf)) as document:
        for page in document.pages:
            for table in page.extract_tables():
                for cells in table:
                    cells = [squeeze(cell or "") for cell in cells]
                    if cells[0] == "№ п/п":
                        continue
                    if "прод." in cells[0]:
                        rows[-1] = [squeeze(f"{old} {new}") for old, new in zip(rows[-1], ["", *cells[1:]], strict=True)]
                    else:
                        rows.append(cells)
    return rows


def expected_rows(snapshot):
    return [
        [squeeze(cells["label"]), squeeze(" ".join(("- " if item["marker"] == "dash" else "") + item["text"] for item in cells["topics"])),
         cells["term"], squeeze(" ".join(cells["responsible"]))]
        for section in snapshot["sections"] for cells in (row["cells"] for row in section["rows"])
    ]


def assert_archival(rendered):
    for profile in ("3a", "ua1"):
        report = validator.validate_pdf_bytes(rendered.pdf, profile=profile)
        assert report.is_compliant, [(failure.rule_id, failure.message) for failure in report.failures]


@pytest.mark.parametrize("mode", ["draft", "ink", "issued"])
def test_every_kind_of_sheet_is_pdf_a_and_pdf_ua(mode):
    snapshot = plan(stamps=[stamp("agree", "agree"), stamp("approve"), stamp("s", "sign", place="foot", post="Председатель")])
    assert_archival(draw_pdf(snapshot, mode=mode, marks=[mark()], check_url=ADDRESS))


def test_the_file_claims_its_language_title_and_both_standards():
    reader = pypdf.PdfReader(io.BytesIO(draw_pdf(plan(), mode="ink").pdf))
    assert reader.metadata.title == "План заседаний Проектного офиса на 2027 год"
    assert reader.metadata.author is None and reader.metadata.creation_date is None
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "ru"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712  a PDF boolean
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_data()


def test_the_real_plan_prints_row_for_row():
    snapshot = real_plan()
    rendered = draw_pdf(snapshot, mode="ink", check_url=ADDRESS)
    # Lines also end after a hyphen inside a word, so blanks are left out of the comparison.
    tight = [[[cell.replace(" ", "") for cell in cells] for cells in rows] for rows in (table_rows(rendered), expected_rows(snapshot))]
    assert tight[0] == tight[1]
    first = squeeze(text_of(rendered)[0])
    for heading, stamp_ in zip(("«Согласовано»", "«Утверждаю»"), snapshot["stamps"], strict=True):
        assert squeeze(f"{heading} {stamp_['post']}") in first
        assert f"______________ {stamp_['name']}" in first
    assert squeeze(" ".join(snapshot["head"]["title"])) in first


def test_a_hundred_rows_lose_nothing_at_the_page_ends():
    snapshot = long_plan(100)
    rendered = draw_pdf(snapshot, mode="ink", check_url=ADDRESS)
    assert rendered.pages > 5
    assert table_rows(rendered) == expected_rows(snapshot)


def test_a_row_longer_than_two_pages_repeats_its_number_on_each():
    snapshot = plan([row(7, [line(f"Вопрос {number}. Обсуждение хода работы.") for number in range(200)])])
    rendered = draw_pdf(snapshot, mode="ink")
    texts = text_of(rendered)
    assert rendered.pages >= 4
    assert all(squeeze(text).count("7. прод.") == 1 for text in texts[1:])
    assert table_rows(rendered) == expected_rows(snapshot)
    assert_archival(rendered)


def test_a_narrow_column_of_numbers_says_by_a_sign_that_the_row_goes_on():
    columns = [{"key": "n", "title": "№", "width": 4}, *({"key": key, "title": key, "width": 16} for key in "абвгде")]
    long = {"uid": "1", "cells": {"n": "12", "а": "Обсуждение хода работы. " * 120}}
    texts = text_of(draw_pdf(plan(columns=columns, orientation="landscape", sections=[{"title": "", "rows": [long]}]), mode="ink"))
    # On its side a row goes over whole when it can; this one cannot, and begins on a page of its own.
    pieces = [text for text in texts if "Обсуждение" in text]
    assert len(pieces) > 1
    assert all(re.search(r"12\s*…", text) for text in pieces[1:])


def test_a_row_that_ends_with_the_page_is_not_called_continued():
    rendered = draw_pdf(plan([row(number, [line("Обсуждение.")], responsible=["Зимина А.Б."]) for number in range(1, 200)]), mode="ink")
    assert rendered.pages > 3
    assert "прод." not in "".join(text_of(rendered))


def test_the_heading_of_the_table_stands_on_every_page():
    texts = text_of(draw_pdf(long_plan(60), mode="ink"))
    assert len(texts) > 3
    assert all("Тема заседаний" in text and "Ответственный" in text for text in texts)


def test_pages_are_numbered_from_the_second_at_the_top_centre_of_the_text():
    with pdfplumber.open(io.BytesIO(draw_pdf(long_plan(60), mode="ink", check_url=ADDRESS).pdf)) as document:
        for number, page in enumerate(document.pages, 1):
            words = [word for word in page.extract_words() if word["bottom"] < 20 * MM]
            assert [word["text"] for word in words] == ([] if number == 1 else [str(number)])
            for word in words:
                assert word["top"] > 10 * MM
                assert abs((word["x0"] + word["x1"]) / 2 - (30 + 195) / 2 * MM) < 1


def test_margins_fonts_and_lines_suit_a_black_and_white_printer():
    snapshot = plan(stamps=[stamp("agree", "agree"), stamp("approve")])
    with pdfplumber.open(io.BytesIO(draw_pdf(snapshot, mode="issued", marks=[mark()], check_url=ADDRESS).pdf)) as document:
        [page] = document.pages
        assert (round(page.width / MM), round(page.height / MM)) == (210, 297)
        assert min(char["x0"] for char in page.chars) >= 30 * MM - 0.5
        assert max(char["x1"] for char in page.chars) <= 195 * MM + 0.5
        assert min(char["size"] for char in page.chars) >= 9.99
        assert all("Liberation-Serif" in char["fontname"] for char in page.chars)
        assert {tuple(char["non_stroking_color"] or ()) for char in page.chars} <= {(0,), (0, 0, 0), (0.0,), (0.0, 0.0, 0.0)}
        edges = [min(rect["width"], rect["height"]) for rect in page.rects] + [line_["linewidth"] for line_ in page.lines]
        assert edges and min(edges) >= 0.5


def test_column_widths_are_those_of_the_snapshot():
    with pdfplumber.open(io.BytesIO(draw_pdf(plan(), mode="ink").pdf)) as document:
        [table] = document.pages[0].find_tables()
        widths = [cell[2] - cell[0] for cell in table.rows[0].cells]
    shares = [round(100 * width / sum(widths)) for width in widths]
    assert shares == [7, 54, 16, 23]


def test_the_code_stands_at_the_lower_right_of_the_first_sheet_with_its_address():
    rendered = draw_pdf(long_plan(30), mode="ink", check_url=ADDRESS)
    texts = text_of(rendered)
    assert "po.example.ru/v/4f8Kq2ZrT0mWxY7aBcDeFg" in texts[0]
    assert not any("po.example.ru" in text for text in texts[1:])
    with pdfplumber.open(io.BytesIO(rendered.pdf)) as document:
        first = document.pages[0]
        curves = [item for item in first.curves + first.rects if item["top"] > 250 * MM]
        left, right = min(item["x0"] for item in curves), max(item["x1"] for item in curves)
        top, bottom = min(item["top"] for item in curves), max(item["bottom"] for item in curves)
        assert right - left >= 22 * MM and bottom - top >= 22 * MM
        assert bottom <= 287 * MM and right <= 195 * MM + 0.5
        quiet = 4 * (right - left) / 33
        near = [word for word in first.extract_words() if word["bottom"] > top - quiet and word["x1"] > left - quiet]
        assert near == []


def test_a_draft_says_so_on_every_page_and_has_no_code():
    rendered = draw_pdf(long_plan(30), mode="draft", check_url=ADDRESS)
    texts = text_of(rendered)
    assert all("ПРОЕКТ" in text for text in texts)
    assert not any("po.example.ru" in text for text in texts)


def test_only_a_draft_says_that_it_is_one():
    assert "ПРОЕКТ" not in "".join(text_of(draw_pdf(plan(), mode="ink", check_url=ADDRESS)))


def test_an_electronic_decision_is_printed_as_what_it_is():
    text = squeeze(text_of(draw_pdf(plan(), mode="issued", marks=[mark()], check_url=ADDRESS))[0])
    assert "Утверждено в информационной системе простой электронной подписью" in text
    assert "Зимина А.Б., руководитель отдела" in text
    assert "12.01.2027, 10:12, ид. записи 1043" in text
    assert "Сертификат" not in text
    assert text.count("______________") == 1, "the one who signs in ink keeps the line"


def test_all_in_ink_is_the_very_sheet_that_was_signed():
    ink = draw_pdf(plan(), mode="ink", check_url=ADDRESS)
    issued = draw_pdf(plan(), mode="issued", marks=[mark(method="ink")], check_url=ADDRESS)
    assert issued.pdf == ink.pdf


def test_a_sheet_for_signature_carries_no_marks():
    assert draw_pdf(plan(), mode="ink", marks=[mark()]).pdf == draw_pdf(plan(), mode="ink").pdf


def test_the_same_content_is_the_same_file_and_another_content_is_another():
    assert draw_pdf(plan(), mode="ink").sha256 == draw_pdf(plan(), mode="ink").sha256
    other = plan(head={"title": ["План"], "basis": ""})
    assert draw_pdf(other, mode="ink").sha256 != draw_pdf(plan(), mode="ink").sha256


def test_stamps_stand_on_their_sides_and_in_their_steps():
    stamps = [
        stamp("1", "agree", side="left", name="А.А. Первая"), stamp("2", "agree", side="right", name="Б.Б. Второй"),
        stamp("3", "accept", side="left", step=2, name="В.В. Третья"), stamp("4", side="right", step=3, name="Г.Г. Четвёртый"),
    ]
    with pdfplumber.open(io.BytesIO(draw_pdf(plan(stamps=stamps), mode="ink").pdf)) as document:
        words = {word["text"]: word for word in document.pages[0].extract_words()}
    first, second, third, fourth = (words[name] for name in ("Первая", "Второй", "Третья", "Четвёртый"))
    assert first["x0"] < 105 * MM < second["x0"] and third["x0"] < 105 * MM < fourth["x0"]
    assert abs(first["top"] - second["top"]) < 1 < third["top"] - first["top"]


def test_signatures_side_by_side_are_on_one_level_whatever_the_posts():
    stamps = [
        stamp("1", "agree", post="Руководитель", name="А.А. Первая"),
        stamp("2", post="Исполняющий обязанности\nруководителя департамента образования администрации города\nпо проектам", name="Б.Б. Второй"),
    ]
    for marks in ((), [mark("2")], [mark("1"), mark("2")]):
        rendered = draw_pdf(plan(stamps=stamps), mode="issued", marks=marks)
        with pdfplumber.open(io.BytesIO(rendered.pdf)) as document:
            words = {word["text"]: word for word in document.pages[0].extract_words()}
        assert abs(words["Первая"]["top"] - words["Второй"]["top"]) < 0.1
        assert words["Второй"]["bottom"] < words["План"]["top"]
        assert_archival(rendered)


def test_one_stamp_keeps_its_side():
    with pdfplumber.open(io.BytesIO(draw_pdf(plan(stamps=[stamp("1")]), mode="ink").pdf)) as document:
        [heading] = [word for word in document.pages[0].extract_words() if word["text"] == "«Утверждаю»"]
    assert heading["x0"] > 105 * MM


def test_the_standard_stamp_has_a_blank_for_the_date_and_the_office_stamp_has_none():
    gost = text_of(draw_pdf(plan(stamps=[stamp("1", style="gost")]), mode="ink"))[0]
    assert re.search(r"УТВЕРЖДАЮ.*_+ А\.Б\. Зимина\s+«___» _+ 20__ г\.", gost, re.S)
    assert "20__" not in text_of(draw_pdf(plan(), mode="ink"))[0]


def test_a_stamp_by_an_act_names_it_and_leaves_nothing_to_sign():
    basis = stamp("1", style="gost", post="", name="", basis="приказом департамента от 12.01.2027 № 15")
    text = squeeze(text_of(draw_pdf(plan(stamps=[basis]), mode="ink"))[0])
    assert "УТВЕРЖДЕН приказом департамента от 12.01.2027 № 15" in text
    assert "___" not in text
    programme = text_of(draw_pdf(plan(stamps=[basis | {"gender": "f", "style": "office"}]), mode="ink"))[0]
    assert "«Утверждена»" in programme


def test_number_and_date_are_printed_when_the_snapshot_has_them():
    head = {"title": ["ПРОТОКОЛ", "заседания"], "number": "5", "date": "2027-06-04"}
    assert "04.06.2027 № 5" in squeeze(text_of(draw_pdf(plan(head=head), mode="ink"))[0])
    assert "№ 5" not in text_of(draw_pdf(plan(), mode="ink"))[0]


def test_signatures_stand_at_the_foot_with_the_name_on_the_level_of_the_last_line():
    foot = [
        stamp("1", "sign", place="foot", post="Председатель\nкомиссии", name="А.Б. Зимина"),
        stamp("2", "certify", place="foot", step=2, post="Секретарь", name="К.А. Орлова"),
    ]
    rendered = draw_pdf(plan(stamps=foot), mode="ink")
    with pdfplumber.open(io.BytesIO(rendered.pdf)) as document:
        words = {word["text"]: word for word in document.pages[0].extract_words()}
        [table] = document.pages[0].find_tables()
    assert words["Председатель"]["top"] > table.bbox[3]
    assert abs(words["комиссии"]["bottom"] - words["Зимина"]["bottom"]) < 1
    assert words["Верно"]["top"] < words["Секретарь"]["top"]
    assert "«___»" in words


def test_sections_stand_across_the_table():
    columns = [{"key": key, "title": f"{key}", "width": width} for key, width in zip("абвгдеж", (5, 25, 12, 14, 8, 18, 18), strict=True)]
    rows = [{"uid": "1", "cells": dict(zip("абвгдеж", ["1", "Семинар", "май", "учителя", "25", "Орлов Н.П.", "Сборник"], strict=True))}]
    sections = [{"uid": "a", "title": "Методическая деятельность", "rows": rows}, {"uid": "b", "title": "Мониторинг", "rows": rows}]
    rendered = draw_pdf(plan(columns=columns, sections=sections, orientation="landscape"), mode="draft")
    with pdfplumber.open(io.BytesIO(rendered.pdf)) as document:
        [page] = document.pages
        assert page.width > page.height
        table = page.extract_table()
    assert [row[0] for row in table] == ["а", "Методическая деятельность", "1", "Мониторинг", "1"]
    assert_archival(rendered)


def test_a_section_title_is_not_left_alone_at_the_end_of_a_page():
    """Some number of rows before the section puts its title on the last line of a page: one of many must."""
    row_ = {"uid": "1", "cells": {"label": "1.", "topics": "Обсуждение"}}
    for count in range(28, 40):
        sections = [{"title": "", "rows": [row_] * count}, {"title": "Методическая деятельность", "rows": [row_] * 3}]
        rendered = draw_pdf(plan(sections=sections, stamps=[]), mode="ink")
        for text in text_of(rendered):
            assert not re.search(r"Методическая деятельность\s*$", text), f"{count} rows before"


def test_free_text_with_nested_lists_prints_without_a_table():
    lines = [line("СЛУШАЛИ:"), line("о проектах;", "bullet"), line("первый", "number", 1), line("второй", "number", 1), line("о планах.", "bullet")]
    sections = [
        {"uid": "d", "kind": "pair", "left": "04.06.2027", "right": "№ 5"},
        {"uid": "t", "kind": "text", "title": "1. Итоги года", "lines": lines},
    ]
    rendered = draw_pdf(plan(columns=[], sections=sections), mode="ink")
    assert squeeze(text_of(rendered)[0]).endswith("04.06.2027 № 5 1. Итоги года СЛУШАЛИ: • о проектах; 1. первый 2. второй • о планах.")
    assert_archival(rendered)


def test_a_free_text_begins_with_its_bold_word_on_the_same_line():
    sections = [
        {"uid": "g", "kind": "text", "lead": "Цель мероприятия:", "lines": [line("согласовать сроки.")]},
        {"uid": "t", "kind": "text", "lead": "Задачи:", "lines": [line("обсудить план;", "bullet"), line("утвердить.", "bullet")]},
        {"uid": "e", "kind": "text", "lead": "Место:", "lines": []},
    ]
    rendered = draw_pdf(plan(columns=[], sections=sections), mode="ink")
    with pdfplumber.open(io.BytesIO(rendered.pdf)) as document:
        words = document.pages[0].extract_words(extra_attrs=["fontname"])
    bold = " ".join(word["text"] for word in words if "Bold" in word["fontname"])
    assert bold.endswith("Цель мероприятия: Задачи: Место:")
    assert squeeze(text_of(rendered)[0]).endswith("Цель мероприятия: согласовать сроки. Задачи: • обсудить план; • утвердить. Место:")
    goal = [word for word in words if word["text"] in ("Цель", "согласовать")]
    assert goal[0]["top"] == goal[1]["top"]
    assert_archival(rendered)


def test_lists_and_headings_are_tagged_for_a_screen_reader():
    content = draw_pdf(plan(), mode="ink").pdf
    kinds = [item["/S"] for item in walk(pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]["/StructTreeRoot"])]
    assert kinds.count("/H1") == 1 and kinds.count("/Table") == 1
    assert kinds.count("/TH") == len(COLUMNS) + 2, "headings of the columns and numbers of the rows"
    assert kinds.count("/LI") == 2 and kinds.count("/L") == 1


def walk(node):
    children = node.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        child = child.get_object()
        if isinstance(child, dict) and "/S" in child:
            yield child
            yield from walk(child)


def test_the_basis_of_a_change_is_printed_under_the_title():
    head = {"title": ["План", "на 2027 год"], "basis": "(в редакции приказа от 01.06.2027 № 84)"}
    assert "на 2027 год (в редакции приказа от 01.06.2027 № 84)" in squeeze(text_of(draw_pdf(plan(head=head), mode="ink"))[0])


def test_an_empty_plan_prints_its_heading():
    rendered = draw_pdf(plan([]), mode="draft")
    assert "Тема заседаний" in text_of(rendered)[0]
    assert_archival(rendered)


def test_every_size_of_plan_passes_the_validator():
    """A byte pattern at the end of a stream once failed one file in fifty: many different files must pass."""
    for count in range(1, 40):
        assert_archival(draw_pdf(plan([row(count, [line(f"Вопрос {count * 37}")])]), mode="draft"))
