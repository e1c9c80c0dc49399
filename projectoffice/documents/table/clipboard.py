"""Several rows pasted from a Word table: the cells of the clipboard become values of rows."""
import re

from django.core.exceptions import ValidationError

from projectoffice.common.lines import from_word_clipboard, plain

MOST_PASTED = 300
_NUMBER = re.compile(r"\d{0,4}[.)]?$")


def rows_of_table(table, pasted):
    """Rows as dictionaries by cell, from a list of rows of HTML cells; heading rows are left out.

    ``table`` says by the count of the cells which column is which.
    """
    if not isinstance(pasted, list) or not all(isinstance(row, list) and row for row in pasted):
        raise ValidationError("Во вставленном тексте не нашлось строк таблицы.")
    if len(pasted) > MOST_PASTED:
        raise ValidationError(f"За один раз можно вставить не больше {MOST_PASTED} строк.")
    rows = [[from_word_clipboard(cell) if isinstance(cell, str) else [] for cell in row] for row in pasted]
    rows = [row for row in rows if any(row) and not is_heading(table, row)]
    return [values_of(table, row, columns_of(table, rows)) for row in rows]


def is_heading(table, row):
    words = [plain(cell) for cell in row if cell]
    return len(words) > 1 and all(re.match(table.paste_headings, word, re.IGNORECASE) for word in words)


def columns_of(table, rows):
    """Which cell is which: by their count, and a first column of numbers is the number."""
    most = len(table.cells)
    width = min(most, max(map(len, rows)))
    numbered = width > 1 and all(_NUMBER.match(printed(row[0])) for row in rows)
    return ("label", *paste_columns(table, width - 1)) if numbered and width < most else paste_columns(table, width)


def paste_columns(table, width):
    """Columns without their number, or the whole row."""
    keys = tuple(cell.key for cell in table.cells)
    return keys if width == len(keys) else keys[1:width + 1]


def values_of(table, row, columns):
    return {key: table.cell(key).pasted(cell) for key, cell in zip(columns, row, strict=False)}


def printed(cell):
    """A number as it is printed: the reader of lines takes «1. Тема» apart, a lone «1.» stays."""
    return " ".join(line["text"] for line in cell)
