"""Any office paper as PDF and Word file: a frozen snapshot in, bytes out. No database, no request, no settings.

    render_pdf(snapshot, mode="draft" | "ink" | "issued", marks=…, code=…, check_url=…) -> Rendered(pdf, pages, sha256)
    render_docx(snapshot, note=…) -> bytes
    render_awards(awards, title=…, shift=…) -> Rendered: diplomas, a sheet each
    warm()      start the drawing process before the first reader waits for it
"""
from .renderer import SheetNotRendered
from .rendering import Rendered, render_awards, render_pdf, warm
from .word import render_docx

__all__ = ["Rendered", "SheetNotRendered", "render_awards", "render_docx", "render_pdf", "warm"]
