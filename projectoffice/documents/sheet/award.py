"""Diplomas, certificates and letters of thanks: one or many on sheets of their own, on our layout or as text on a ready blank.

Like every paper here: tagged, archival, same input – same bytes. The fonts are read and cut once for the whole file, so
five hundred in one file cost far less than five hundred files.
"""
import hashlib
import json
from functools import lru_cache

from django.template import Context
from weasyprint import CSS
from weasyprint.formatting_structure import boxes

from .archive import finish
from .font import legible
from .pdf import ENGINE, FETCHER, FONTS, TEMPLATES, Page
from .qr import CLASS, Code
from .rendering import Rendered
from .text import clean

VERSION = 2
LONG, LONGER = 420, 800  # signs on a sheet from which the letters grow smaller


def draw_awards(awards, *, title, shift=None):
    """Return the Rendered file, a sheet for each award; rendering.render_awards explains the parameters."""
    sheets = [_sheet(award) for award in awards]
    markup = ENGINE.get_template("print/award.html").render(
        Context({"title": clean(title), "sheets": sheets, "blank": shift is not None}, use_l10n=False, use_tz=False))
    document = Page(legible(markup)).render(font_config=FONTS, stylesheets=_styles(shift), pdf_variant="pdf/a-3a")
    _place_codes(document, [sheet["address"] for sheet in sheets if sheet["address"]])
    content = document.write_pdf(finisher=finish, pdf_variant="pdf/a-3a", pdf_identifier=_identifier(sheets, title, shift))
    return Rendered.of(content, len(document.pages))


@lru_cache(maxsize=1)
def _style():
    return CSS(string=(TEMPLATES / "print/award.css").read_text("utf-8"), font_config=FONTS, url_fetcher=FETCHER)


def _styles(shift):
    if shift is None:
        return [_style()]
    right, down = (float(each) for each in shift)
    return [_style(), CSS(string=f".award {{ left: {right:.1f}mm; top: {down:.1f}mm }}", font_config=FONTS, url_fetcher=FETCHER)]


def _sheet(award):
    lines = [{"role": line["role"], "parts": clean(line["text"]).split("\n")} for line in award["lines"]]
    signs = sum(len(part) for line in lines for part in line["parts"])
    address = clean(award.get("address"))
    return {
        "size": "longer" if signs > LONGER else "long" if signs > LONG else "",
        "above": clean(award.get("above")).split("\n"), "heading": clean(award["heading"]), "number": clean(award.get("number")), "lines": lines,
        "post": clean(award.get("post")), "name": clean(award.get("name")), "date": clean(award.get("date")),
        "address": address, "short": address.split("://", 1)[-1],
    }


def _place_codes(document, addresses):
    places = [box for page in document.pages for box in page._page_box.descendants(placeholders=True)
              if isinstance(box, boxes.ReplacedBox) and box.element is not None and box.element.get("class") == CLASS]
    for box, address in zip(places, addresses, strict=True):
        box.replacement = Code(address)


def _identifier(sheets, title, shift):
    content = json.dumps([VERSION, sheets, title, shift], ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:32].encode()
