"""The entrance for the PDF: light to import, the drawing libraries live in the child process."""
import hashlib
from dataclasses import dataclass

from .renderer import RENDERER, WALL_SECONDS

MODES = ("draft", "ink", "issued")


@dataclass(frozen=True)
class Rendered:
    """A finished PDF: its bytes, the number of pages, SHA-256 in hex."""

    pdf: bytes
    pages: int
    sha256: str

    @classmethod
    def of(cls, pdf, pages):
        return cls(pdf, pages, hashlib.sha256(pdf).hexdigest())


def render_pdf(snapshot, *, mode, marks=(), code="", check_url="", seconds=None):
    """Draw a snapshot (docs/architecture.md § Snapshot) and return the Rendered sheet; same input, same bytes.

    mode     "draft": outlined «ПРОЕКТ», no code; "ink": blank signature lines and the code, the sheet that goes to be signed;
             "issued": the same with the marks of electronic decisions. With no electronic mark it is the ink sheet, byte for byte.
    marks    decisions to print, dicts {"stamp": uid, "method": "simple" | "ink", "name", "post", "moment", "record", "system"};
             all texts as printed, ink ones leave their lines blank
    check_url, code   address behind the QR code of the first sheet, and the public code if the address does not show it
    seconds  time limit for a background job; the default suits a request

    Raises SheetNotRendered with a Russian sentence when the sheet cannot be drawn.
    """
    if mode not in MODES:
        raise ValueError(f"unknown mode {mode!r}")
    request = {"snapshot": snapshot, "mode": mode, "marks": list(marks), "code": code, "check_url": check_url}
    if seconds:
        request["cpu_seconds"] = seconds
    facts, content = RENDERER.draw(request, seconds=seconds or WALL_SECONDS)
    return Rendered.of(content, facts["pages"])


def render_awards(awards, *, title, shift=None, seconds=None):
    """Draw diplomas, a sheet each, into one file and return it Rendered; same input, same bytes.

    awards   dicts {"heading": «Диплом», "above", "number", "lines": [{"role", "text"}], "post", "name", "date", "address"}: the
             address stands behind the QR code; roles are ``award-name``, ``who-gets``, ``work``, ``quiet``, ``plain`` (award.css)
    shift    None: our own layout; (right, down) in millimetres: the text alone, for a ready blank

    Raises SheetNotRendered with a Russian sentence.
    """
    request = {"what": "awards", "awards": list(awards), "title": title, "shift": shift}
    if seconds:
        request["cpu_seconds"] = seconds
    facts, content = RENDERER.draw(request, seconds=seconds or WALL_SECONDS)
    return Rendered.of(content, facts["pages"])


def warm():
    """Start the drawing process of this web worker, so that the first reader does not wait for it. Returns at once."""
    RENDERER.start()
