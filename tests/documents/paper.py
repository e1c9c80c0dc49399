"""A kind of document that exists in tests alone: `documents` stands on no content app."""
from django.db.models import Q

from projectoffice.documents.kinds import Kind, Problem, register
from projectoffice.documents.models import Document
from projectoffice.documents.reading import office_paper

TEXTS = {}


def content(document):
    topics = [{"text": TEXTS.get(document.pk, "Текст"), "level": 0, "marker": "paragraph"}]
    row = {"uid": f"row-{document.pk}", "cells": {"label": "1.", "topics": topics, "term": "", "responsible": []}}
    return {
        "head": {"title": [document.title], "period": ["2027-01-01", "2027-12-31"]},
        "columns": [
            {"key": "label", "title": "№ п/п", "width": 10},
            {"key": "topics", "title": "Тема", "width": 50},
            {"key": "term", "title": "Срок", "width": 20},
            {"key": "responsible", "title": "Ответственный", "width": 20},
        ],
        "sections": [{"uid": "", "title": "", "rows": [row]}],
    }


def check(document):
    return [] if TEXTS.get(document.pk, "Текст") else [Problem("Впишите тему в строке 1.", "row-1")]


def restore(document, snapshot):
    TEXTS[document.pk] = snapshot["sections"][0]["rows"][0]["cells"]["topics"][0]["text"]


def strictly_office(user):
    return Q() if user.is_authenticated and user.roles else Q(pk__in=[])


PAPER = dict(
    name="Положение",
    gender="n",
    issued_word="Утверждено",
    change_permission="documents.register_archive",
    content=content,
    check=check,
    url=lambda document: f"/documents/{document.pk}/history/",
    restore=restore,
)
register(Kind(code="paper", readable=office_paper, **PAPER))
register(Kind(code="numbered_paper", readable=strictly_office, prints_number=True, **PAPER))


def make_paper(by, kind="paper", year=2027, title="Положение о смотре"):
    return Document.objects.create(kind=kind, title=title, year=year, created_by=by)
