"""What the portal writes for Excel, read back by openpyxl."""
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
from openpyxl.utils.escape import unescape

from projectoffice.common.sheets import write_xlsx
from projectoffice.common.wordfile import check_xlsx

HEADINGS = ["Проект", "Сумма", "День", "Когда"]
ODD = ["=1+1", "+7 900", "-5", "@имя", "a <b> & \"c\"", "_x0041_", "две\nстроки", "  пробелы  ", "знак\x07\ud800конец", "ёж\u202e.exe"]
PLAIN = [*ODD[:8], "знакконец", "ёж.exe"]


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content)).active


def test_text_stays_text_and_what_xml_cannot_hold_is_left_out():
    sheet = opened(write_xlsx(["Текст"], [[text] for text in ODD]))
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [unescape(cell.value) for cell in cells] == PLAIN
    assert cells[5].value == "_x005F_x0041_"  # as the format has it, so that Excel shows what was typed and not «A»
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.quotePrefix for cell in cells] == [True] * 4 + [False] * 6  # stays text after somebody edits the cell


def test_numbers_days_and_moments_are_what_they_are():
    moment = datetime(2027, 5, 14, 13, 30, tzinfo=UTC)
    row = opened(write_xlsx(HEADINGS, [[None, Decimal("12.5"), date(2027, 5, 14), moment]]))[2]
    assert [cell.value for cell in row[:2]] == [None, 12.5]
    assert [f"{cell.value:%d.%m.%Y %H:%M}" for cell in row[2:]] == ["14.05.2027 00:00", "14.05.2027 17:30"]
    assert row[2].number_format == r"dd\.mm\.yyyy" and row[2].is_date and row[3].is_date


def test_the_head_is_bold_and_stays_in_view_and_long_texts_are_wrapped():
    sheet = opened(write_xlsx(HEADINGS, [["слово " * 30, 1], ["короче", "длиннее головы", "ещё", "и", "больше граф, чем у головы"]], title="Проекты: 1/2 «все»"))
    assert [cell.font.bold for cell in sheet[1]] == [True] * 4 + [False]
    assert (sheet.freeze_panes, sheet.title) == ("A2", "Проекты 12 «все»")
    assert sheet["A2"].alignment.wrap_text and sheet["A2"].alignment.vertical == "top"
    assert sheet.column_dimensions["A"].width == 60 and sheet.column_dimensions["B"].width == len("длиннее головы") + 2
    assert sheet["E3"].value == "больше граф, чем у головы"


def test_a_text_longer_than_a_cell_may_be_is_cut():
    assert len(opened(write_xlsx(["Т"], [["я" * 40_000]]))["A2"].value) == 32_767


def test_the_same_rows_are_the_same_bytes_and_pass_our_own_checks():
    content = write_xlsx(HEADINGS, [["а", 1]])
    assert content == write_xlsx(HEADINGS, [["а", 1]])
    check_xlsx(io.BytesIO(content))
