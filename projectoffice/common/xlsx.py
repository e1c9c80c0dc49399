"""One sheet of Excel as a file: the few parts the format asks for, the rows written as text into the archive.

A library makes an object of every cell; ten thousand rows of eleven columns then take as long as all the rest of the
request three times over. What is written here: text (never a formula), numbers, days and moments; a bold head that
stays in view; widths; long texts wrapped.
"""
import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from html import escape

from .russian import as_local
from .text import scrub

NEWEST_ZIP_DAY = (1980, 1, 1, 0, 0, 0)  # the same rows are the same bytes
EPOCH = date(1899, 12, 30)
MOST_SIGNS = 32_767  # of a cell
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
# Looks of cells, by their place among ``cellXfs`` below.
HEAD, TEXT, QUOTED, DAY, MOMENT = 1, 2, 3, 4, 5
# «_x0041_» in a text means the sign itself to Excel; its line is written so that it stays what was typed.
_CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PLACES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_WRAP = '<alignment vertical="top" wrapText="1"/>'
_LOOK = '<xf numFmtId="{}" fontId="{}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyAlignment="1"{}>{}</xf>'

_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy"/>'
    '<numFmt numFmtId="165" formatCode="dd\\.mm\\.yyyy\\ hh:mm"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="6">'
    + '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    + _LOOK.format(0, 1, "", _WRAP) + _LOOK.format(0, 0, "", _WRAP) + _LOOK.format(0, 0, ' quotePrefix="1"', _WRAP)
    + _LOOK.format(164, 0, "", _WRAP) + _LOOK.format(165, 0, "", _WRAP)
    + '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_FRAME = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_PLACES}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_PLACES}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_PLACES}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": _STYLES,
}
_BOOK = f'<workbook xmlns="{_MAIN}" xmlns:r="{_PLACES}"><bookViews><workbookView/></bookViews><sheets><sheet name="{{}}" sheetId="1" r:id="rId1"/></sheets></workbook>'


def sheet_file(headings, rows, *, title, widths):
    """The bytes of a workbook of one sheet. ``rows``: lists of text, numbers, dates, moments or None, read once."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in {**_FRAME, "xl/workbook.xml": _BOOK.format(escape(title))}.items():
            with part(archive, name) as stream:
                stream.write(content.encode())
        with part(archive, "xl/worksheets/sheet1.xml") as stream:
            write_rows(stream, headings, rows, widths)
    return out.getvalue()


def part(archive, name):
    info = zipfile.ZipInfo(name, NEWEST_ZIP_DAY)
    info.compress_type = zipfile.ZIP_DEFLATED
    stream = archive.open(info, "w")
    stream.write(b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n')
    return stream


def write_rows(stream, headings, rows, widths):
    columns = [letters(place) for place in range(len(widths))]
    sizes = "".join(f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>' for place, width in enumerate(widths, 1))
    stream.write((
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
        f'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>{sizes}</cols><sheetData>').encode())
    stream.write(row_of(1, columns, headings, HEAD).encode())
    for number, values in enumerate(rows, start=2):
        stream.write(row_of(number, columns, values).encode())
    stream.write(b"</sheetData></worksheet>")


def row_of(number, columns, values, look=None):
    """An empty cell is no cell: it would cost as much as a full one."""
    cells = [cell(f"{column}{number}", value, look) for column, value in zip(columns, values, strict=False) if value not in (None, "")]
    return f'<row r="{number}">{"".join(cells)}</row>'


def cell(place, value, look=None):
    """Text stays text even when it begins with «=»: here, and by its look after somebody edits the cell."""
    if isinstance(value, bool):
        return f'<c r="{place}" s="{look or TEXT}" t="b"><v>{value:d}</v></c>'
    if isinstance(value, int | float | Decimal):
        return f'<c r="{place}" s="{look or TEXT}"><v>{value}</v></c>'
    if isinstance(value, date):
        return f'<c r="{place}" s="{MOMENT if isinstance(value, datetime) else DAY}"><v>{serial(value)}</v></c>'
    text = scrub(value)[:MOST_SIGNS]
    quoted = QUOTED if text.startswith(FORMULA_SIGNS) else TEXT
    words = escape(_CODED.sub("_x005F_", text), quote=False)
    return f'<c r="{place}" s="{look or quoted}" t="inlineStr"><is><t xml:space="preserve">{words}</t></is></c>'


def serial(value):
    """Days since Excel's first day; the hour, the office's own, is their fraction."""
    if not isinstance(value, datetime):
        return (value - EPOCH).days
    local = as_local(value)
    return (local.date() - EPOCH).days + (local.hour * 3600 + local.minute * 60 + local.second) / 86_400


def letters(place):
    """A, B … Z, AA: the name of a column by its place from nought."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name
