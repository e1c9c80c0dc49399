"""The one kind of this app itself: a paper of a past year, known by its scan."""
from django.urls import reverse

from .kinds import Kind, register
from .reading import office_paper

CODE = "archive"


def content(document):
    return {"head": {"title": [document.title], "period": []}, "columns": [], "sections": []}


def url(document):
    return reverse("documents:history", args=[document.pk])


ARCHIVE = register(
    Kind(
        code=CODE,
        name="Архивный документ",
        gender="m",
        issued_word="Действует",
        change_permission="documents.register_archive",
        content=content,
        check=lambda document: [],
        readable=office_paper,
        url=url,
        public_url=lambda document: reverse("documents:public", args=[document.pk]),
        restore=lambda document, snapshot: None,
    )
)
