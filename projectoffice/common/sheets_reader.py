"""Reads the first sheet of an .xlsx from standard input and prints its rows as JSON; run as a child process.

It parses what strangers made, so it has its own limits of time and memory and knows nothing of the portal.
"""
import json
import resource
import sys
from datetime import date, datetime, time
from io import BytesIO

CPU_SECONDS = 20
MEMORY = 1024 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 60
MOST_CHARACTERS = 10_000
TOO_MANY = 3  # exit code


def main():
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(sys.stdin.buffer.read()), read_only=True, data_only=True, keep_links=False)
    sheet = next(sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
    sheet.reset_dimensions()  # what the file says about its size may be a lie
    rows = []
    for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), start=1):
        texts = [text_of(cell) for cell in cells]
        if any(texts):
            rows.append([number, texts])
        if len(rows) > MOST_ROWS + 10 or number > 20 * MOST_ROWS:
            sys.exit(TOO_MANY)
    sys.stdout.write(json.dumps(rows))


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


if __name__ == "__main__":
    main()
