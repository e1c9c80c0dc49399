"""Tables of Excel, out and in: every cell is written as text, a number or a date, never as a formula; what
strangers made is checked first and parsed in a child process with limits of its own."""
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from .filenames import clean_name
from .text import scrub
from .wordfile import check_xlsx, read_in_child
from .xlsx import sheet_file

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60
READER = "projectoffice.common.sheets_reader:read_rows"


def write_xlsx(headings, rows, *, title="Лист"):
    """One sheet with a bold head that stays in view; returns the bytes. ``rows`` are lists of text, numbers, dates."""
    rows = list(rows)
    name = "".join(sign for sign in scrub(title) if sign not in r"\/*?:[]'")[:31].strip() or "Лист"
    return sheet_file(headings, rows, title=name, widths=widths_of([headings, *rows]))


def widths_of(rows):
    """As wide as the longest text of a column, within reason."""
    longest = [0] * max(len(values) for values in rows)
    for values in rows:
        for place, value in enumerate(values):
            if value not in (None, ""):
                longest[place] = max(longest[place], len(str(value)))
    return [min(width + 2, WIDEST) for width in longest]


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
