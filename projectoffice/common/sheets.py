"""Tables of Excel, out and in: every cell is written as text, a number or a date, never as a formula; what
strangers made is checked first and parsed in a child process with limits of its own."""
import io
from copy import copy

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from .filenames import clean_name
from .text import scrub
from .wordfile import check_xlsx, read_in_child

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60
READER = "projectoffice.common.sheets_reader:read_rows"


def write_xlsx(headings, rows, *, title="Лист"):
    """One sheet with a bold head that stays in view; returns the bytes. ``rows`` are lists of text, numbers, dates."""
    book = Workbook()
    sheet = book.active
    sheet.title = "".join(sign for sign in title if sign not in r"\/*?:[]")[:31] or "Лист"
    styles = Styles(sheet)
    widths = [len(heading) for heading in headings]
    for place, values in enumerate([headings, *rows], start=1):
        for column, value in enumerate(values, start=1):
            if value in (None, ""):
                continue  # no cell at all: an empty one costs as much as a full one
            put(sheet.cell(place, column), value, styles)
            widths[column - 1] = max(widths[column - 1], len(str(value or "")))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = min(width + 2, WIDEST)
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class Styles:
    """The two looks of a cell, made once for a sheet: ten thousand rows would make them a hundred thousand times."""

    def __init__(self, sheet):
        self.kept = {}
        for quoted in (False, True):
            cell = Cell(sheet)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            cell.quotePrefix = quoted
            self.kept[quoted] = cell._style

    def dress(self, cell, quoted):
        cell._style = copy(self.kept[quoted])


def put(cell, value, styles):
    """Text stays text even when it begins with «=»: here and after somebody edits the cell."""
    if isinstance(value, str):
        text = scrub(value)
        cell.value = text
        cell.data_type = "s"
        styles.dress(cell, text.startswith(("=", "+", "-", "@", "\t", "\r")))
    else:
        cell.value = value
        if not cell.has_style:
            styles.dress(cell, False)


def xlsx_response(name, headings, rows):
    """The table as a file to save."""
    response = HttpResponse(write_xlsx(headings, rows, title=name), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, clean_name(f"{name}.xlsx", "xlsx"))
    return response


def read_xlsx(uploaded):
    """Rows of the first visible sheet as ``[(number in the file, [text, …])]``, empty rows left out.

    Raises ValidationError with one sentence when the file is not a table, is too big or does not open.
    """
    check_xlsx(uploaded)
    rows = [(number, [scrub(text) for text in texts]) for number, texts in read_in_child(uploaded, READER)]
    if not rows:
        raise ValidationError("В таблице нет ни одной строки.")
    return rows
