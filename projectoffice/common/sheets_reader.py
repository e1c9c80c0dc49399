"""The part of reading an Excel table that runs in the child process: it parses what strangers made."""
from datetime import date, datetime, time
from io import BytesIO
from zipfile import BadZipFile

from .text import group_thousands
from .wordfile import FileRefused

MOST_ROWS = 5_000
MOST_COLUMNS = 60
MOST_CHARACTERS = 10_000
HEADINGS = 20  # rows above the table that do not count
DAMAGED = "Таблица не открылась. Откройте её в Excel, сохраните заново в формате .xlsx и загрузите снова."
LONG = f"В таблице больше {group_thousands(MOST_ROWS)} строк. Разделите её на несколько файлов."


def read_rows(file):
    """``[[number in the file, [text, …]], …]`` of the first visible sheet, empty rows left out."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(BytesIO(file.read()), read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not sheets:
            raise FileRefused(DAMAGED, "damaged")
        return rows_of(sheets[0])
    except (BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError) as error:
        raise FileRefused(DAMAGED, "damaged") from error


def rows_of(sheet):
    sheet.reset_dimensions()  # what the file says about its size may be a lie
    rows = []
    for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), start=1):
        texts = [text_of(cell) for cell in cells]
        if any(texts):
            rows.append([number, texts])
        if len(rows) > MOST_ROWS + HEADINGS or number > 20 * MOST_ROWS:
            raise FileRefused(LONG, "too_long")
    return rows


def text_of(value):
    """A cell as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, datetime | date):
        return f"{value:%d.%m.}{value.year:04d}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)[:MOST_CHARACTERS].strip()
