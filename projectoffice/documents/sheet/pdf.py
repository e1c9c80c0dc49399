"""Draws a sheet in this process: for the child of renderer.py, for tests and for measurements.

Everything costly is made once per process: the fonts' configuration, the parsed style sheet, the templates.
"""
import hashlib
import json
import re
from dataclasses import asdict
from functools import lru_cache
from itertools import count
from pathlib import Path
from xml.etree import ElementTree

import cssselect2
from django.template import Context, Engine
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from .archive import finish
from .carry import carry_numbers
from .flow import flow
from .font import legible
from .layout import Section, plan_sheet
from .level import level_signatures
from .qr import place_code
from .rendering import MODES, Rendered
from .text import clean

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
LABEL = "label"
YEAR = re.compile(r"((?<!\d)\d{4} г(?:од[а-я]?\b|\.))")
CAPTION = "Проверить документ:"
VERSION = 3


class NoFetcher(URLFetcher):
    """Nothing a sheet needs lies outside it, so whatever asks for an address is an attack or a mistake."""

    def fetch(self, url, headers=None):
        raise FatalURLFetchingError(f"a sheet asked for {url[:200]}")


FETCHER = NoFetcher()
FONTS = FontConfiguration()
ENGINE = Engine(dirs=[str(TEMPLATES)], autoescape=True, loaders=[("django.template.loaders.cached.Loader", [
    ("django.template.loaders.filesystem.Loader", [str(TEMPLATES)]),
])])


class Page(HTML):
    """The printed page as a strict XML tree: no guessing parser between our templates and the layout."""

    def __init__(self, markup):
        self.base_url = None
        self.url_fetcher = FETCHER
        self.media_type = "print"
        # Our own template, every text of it escaped: no entity or document type can come from outside.
        tree = ElementTree.fromstring(markup)  # noqa: S314
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(tree, content_language=None)
        self.etree_element = self.wrapper_element.etree_element


@lru_cache(maxsize=1)
def _style():
    return CSS(string=(TEMPLATES / "print/sheet.css").read_text("utf-8"), font_config=FONTS, url_fetcher=FETCHER)


@lru_cache(maxsize=64)
def _measures(landscape, code, draft, widths):
    """The few rules that depend on the document: direction, room for the code, column widths of each table."""
    rules = [f".c{_class(number, place)} {{ width: {width}% }}" for number, table in enumerate(widths) for place, width in enumerate(table)]
    if landscape:
        # A low sheet cuts few rows well: a row goes over whole, unless it is higher than the sheet.
        rules.append("tbody tr { break-inside: avoid }")
        rules.append("@page { size: A4 landscape } .draft { width: 130mm; height: 130mm; left: 61mm; top: 20mm }")
    if code:
        rules.append("@page :first { margin-bottom: 43mm }")
    if draft:
        rules.append('@page { @top-right { content: "ПРОЕКТ"; font: 10pt "Liberation Serif"; vertical-align: bottom; padding-bottom: 4mm } }')
    return CSS(string="\n".join(rules), font_config=FONTS, url_fetcher=FETCHER)


def draw_pdf(snapshot, *, mode, marks=(), code="", check_url=""):
    """Return the Rendered sheet; rendering.render_pdf explains the parameters."""
    if mode not in MODES:
        raise ValueError(f"unknown mode {mode!r}")
    draft = mode == "draft"
    sheet = plan_sheet(snapshot, marks if mode == "issued" else ())
    address = "" if draft else clean(check_url)
    markup = legible(ENGINE.get_template("print/sheet.html").render(_context(sheet, draft, address, clean(code))))
    tables = _tables(sheet)
    measures = _measures(sheet.landscape, bool(address), draft, tuple(tuple(column.width for column in table) for table in tables))
    document = Page(markup).render(font_config=FONTS, stylesheets=[_style(), measures], pdf_variant="pdf/a-3a")
    level_signatures(document)
    carry_numbers(document, [_label(table) for table in tables])
    if address:
        place_code(document, address)
    content = document.write_pdf(finisher=finish, pdf_variant="pdf/a-3a", pdf_identifier=_identifier(sheet, draft, address))
    return Rendered.of(content, len(document.pages))


def _tables(sheet):
    """The columns of the big table, then those of each table that has its own."""
    return [sheet.columns, *(part[0].columns for part in (*sheet.parts, *sheet.after) if part[0].columns)]


def _class(number, place):
    """The name of a column: the big table's are called by their place alone."""
    return f"{number}-{place}" if number else str(place)


def _label(columns):
    """The place of the column with the row's number: the one called so, or a first column headed «№»."""
    named = [place for place, column in enumerate(columns) if column.key == LABEL]
    return named[0] if named else 0 if columns and columns[0].title.startswith("№") else None


def _identifier(sheet, draft, address):
    content = json.dumps([VERSION, asdict(sheet), draft, address], ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:32].encode()


def _numbered(parts):
    """Which of ``_tables`` each part prints."""
    own = count(1)
    return [next(own) if part[0].columns else 0 for part in parts]


def _context(sheet, draft, address, code):
    numbers = _numbered([*sheet.parts, *sheet.after])
    # Only text goes in: numbers would ask Django's localisation, which the child process does not set up.
    return Context({
        "sheet": sheet,
        "title": sheet.plain_title,
        "draft": draft,
        "parts": [_part(part, sheet.columns, number) for part, number in zip(sheet.parts, numbers, strict=False)],
        "after": [_part(part, sheet.columns, number) for part, number in zip(sheet.after, numbers[len(sheet.parts):], strict=True)],
        "caption": CAPTION,
        "address": _short(address, code) if address else "",
    }, use_l10n=False, use_tz=False)


def _short(address, code):
    shown = address.split("://", 1)[-1]
    return shown if not code or code in shown else f"{shown}, код {code}"


def _part(sections, columns, number):
    first = sections[0]
    columns = first.columns or columns
    classes = _classes(first)
    if first.kind == "text":
        return {"kind": "text", "title": first.title, "lead": first.lead, "number": first.number, "classes": classes,
                "steps": _led(flow(first.lines), first.lead or first.number)}
    if first.kind == "pair":
        return {"kind": "pair", "left": first.ends[0], "right": first.ends[1], "classes": classes}
    label = _label(columns)
    tags = ["th" if place == label else "td" for place in range(len(columns))]
    if not any(section.title and not first.columns or section.rows for section in sections):
        # A table without a row is no table for a screen reader; on paper an empty row shows where rows will be.
        sections = [Section("table", "", rows=[[[]] * len(columns)])]
    own = bool(first.columns)
    return {"kind": "table", "classes": classes + (f" own t{number}" if own else ""), "heading": first.title if own else "",
            "columns": [{"title": column.title, "place": _class(number, place)} for place, column in enumerate(columns)],
            "width": str(len(columns)), "sections": [
        {"title": "" if own else section.title, "rows": [
            [_cell(tag, lines) for tag, lines in zip(tags, row, strict=True)] for row in section.rows
        ]} for section in sections
    ]}


def _classes(section):
    """Names of the style sheet for what the section asks for."""
    asked = {"new-page": section.new_page, "numbered": section.number, "indented": section.indent and not section.number,
             "bare": section.title and not section.lines, section.align: section.align}
    return "".join(f" {name}" for name, wanted in asked.items() if wanted)


def _led(steps, lead):
    """A leading word or number needs a paragraph to stand in: one of its own when the text begins with a list."""
    return [("text", "0", []), *steps] if lead and (not steps or steps[0][0] != "text") else steps


def _cell(tag, lines):
    """Plain lines go into the cell itself, which is cheaper than a paragraph each; lists get their structure."""
    if any(line["marker"] != "paragraph" or line["level"] for line in lines):
        return {"tag": tag, "steps": flow(lines)}
    return {"tag": tag, "lines": [_bound(part) for line in lines for part in line["text"].split("\n")]}


def _bound(text):
    """Pieces of a line, the odd ones («2027 г.») not to be torn apart; the text itself stays as it was typed."""
    return YEAR.split(text)
