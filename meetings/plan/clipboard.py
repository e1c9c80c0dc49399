"""Several rows pasted from a Word table: the cells of the clipboard become values of rows."""
import re

from django.core.exceptions import ValidationError

from projectoffice.common.lines import from_word_clipboard, plain

MOST_PASTED = 300
COLUMNS = {1: ("topics",), 2: ("topics", "term"), 3: ("topics", "term", "responsible"),
           4: ("label", "topics", "term", "responsible")}
_NUMBER = re.compile(r"\d{0,4}[.)]?$")
_HEADINGS = re.compile(r"^(№|тема|срок|ответствен|содержание|мероприяти|рассматриваем|месяц)", re.IGNORECASE)


def rows_of_table(table):
    """Rows as dictionaries by cell, from a list of rows of HTML cells; heading rows are left out."""
    if not isinstance(table, list) or not all(isinstance(row, list) and row for row in table):
        raise ValidationError("Во вставленном тексте не нашлось строк таблицы.")
    if len(table) > MOST_PASTED:
        raise ValidationError(f"За один раз можно вставить не больше {MOST_PASTED} строк.")
    rows = [[from_word_clipboard(cell) if isinstance(cell, str) else [] for cell in row] for row in table]
    rows = [row for row in rows if any(row) and not is_heading(row)]
    return [values_of(row, columns_of(rows)) for row in rows]


def is_heading(row):
    words = [plain(cell) for cell in row if cell]
    return len(words) > 1 and all(_HEADINGS.match(word) for word in words)


def columns_of(rows):
    """Which cell is which: by their count, and a first column of numbers is the number."""
    width = min(4, max(map(len, rows)))
    numbered = width > 1 and all(_NUMBER.match(printed(row[0])) for row in rows)
    return ("label", *COLUMNS[width - 1]) if numbered and width < 4 else COLUMNS[width]


def values_of(row, columns):
    values = {}
    for column, cell in zip(columns, row, strict=False):
        if column == "topics":
            values[column] = cell
        elif column == "responsible":
            values[column] = [line["text"] for line in cell]
        else:
            values[column] = "\n".join(line["text"] for line in cell) if column == "term" else printed(cell)
    return values


def printed(cell):
    """A number as it is printed: the reader of lines takes «1. Тема» apart, a lone «1.» stays."""
    return " ".join(line["text"] for line in cell)
