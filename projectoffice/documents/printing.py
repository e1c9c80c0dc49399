"""Between a document and the renderer: which code, address and marks go on which sheet."""
import io

from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader, PdfWriter

from projectoffice.common.mail import absolute
from projectoffice.common.russian import plural

from . import sheet as drawing
from .models import Stamp
from .sheet import Rendered, render_pdf
from .snapshot import SCHEMA, take_snapshot


def check_url(code):
    return absolute(reverse("check", args=[code]))


def draft_sheet(document):
    """The live content with the watermark «ПРОЕКТ»."""
    return render_pdf(take_snapshot(document), mode="draft")


def word_copy(snapshot):
    """The same layout as a Word file, «рабочая копия»."""
    return drawing.render_docx(snapshot)


def ink_sheet(document, snapshot):
    """The sheet that goes to be signed in ink: empty signature lines, QR, short address."""
    return render_pdf(snapshot, mode="ink", code=document.coming_code, check_url=check_url(document.coming_code))


def issued_sheet(document, snapshot, decisions):
    """The sheet with the marks of electronic decisions; stamps signed in ink keep their blank lines."""
    marks = [mark(decision) for decision in decisions if decision.method == Stamp.Method.ELECTRONIC]
    code = document.coming_code
    return render_pdf(snapshot, mode="issued", marks=marks, code=code, check_url=check_url(code))


def mark(decision):
    """What a simple electronic signature leaves on paper; it is not the frame of a qualified certificate."""
    return {
        "stamp": str(decision.stamp.uid),
        "name": decision.name,
        "post": decision.post,
        "moment": f"{timezone.localtime(decision.moment):%d.%m.%Y %H:%M}",
        "record": f"{decision.pk}",
    }


def stored(sheet):
    """The bytes of a sheet for signature, as they are."""
    return Rendered.of(bytes(sheet.pdf), sheet.pages)


def folder(name, documents):
    """«Папка на подпись» of one signer: a cover list and the sheets, one PDF. Only PDFs made here are read."""
    writer = PdfWriter()
    for pdf in [cover(name, documents), *(bytes(document.current_sheet.pdf) for document in documents)]:
        writer.append(PdfReader(io.BytesIO(pdf)))
    writer.add_metadata({"/Title": f"На подпись: {name}"})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def cover(name, documents):
    """The list that lies on top of the folder, printed like any other paper."""
    pages = sum(document.current_sheet.pages for document in documents)
    rows = [cover_row(place, document) for place, document in enumerate(documents, start=1)]
    total = f"{len(documents)} {plural(len(documents), 'документ,документа,документов')}, " \
            f"{pages} {plural(pages, 'страница,страницы,страниц')}"
    snapshot = {
        "schema": SCHEMA,
        "head": {"title": ["На подпись", name, f"{timezone.localdate():%d.%m.%Y}: {total}"]},
        "stamps": [],
        "columns": [
            {"key": "label", "title": "№ п/п", "width": 8},
            {"key": "title", "title": "Документ", "width": 62},
            {"key": "pages", "title": "Страниц", "width": 12},
            {"key": "done", "title": "Подписано", "width": 18},
        ],
        "sections": [{"uid": "", "title": "", "rows": rows}],
    }
    return render_pdf(snapshot, mode="ink").pdf


def cover_row(place, document):
    return {
        "uid": str(document.pk),
        "cells": {
            "label": f"{place}.",
            "title": f"{document.title}, редакция {document.edition_number}",
            "pages": str(document.current_sheet.pages),
            "done": "",
        },
    }
