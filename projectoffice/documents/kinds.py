"""Kinds of documents. Content apps register them in ``AppConfig.ready``; this app knows none by name."""
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_kinds: dict[str, "Kind"] = {}


def _nothing(*args):
    return None


@dataclass(frozen=True)
class Problem:
    """What bars a document from being sent: a sentence with its cure, and where it is (anchor of the page)."""

    message: str
    where: str = ""


@dataclass(frozen=True)
class Kind:
    """What a content app tells about its paper.

    ``content(document)`` gives the content part of the snapshot: ``head``, ``columns``, ``sections``
    (docs/architecture.md); ``check`` the problems that bar sending; ``readable(user)`` a Q over Document;
    ``restore(document, snapshot)`` puts the live rows back to what is in force when a revision is abandoned;
    ``default_stamps(document)`` the first stamps as dictionaries of Stamp fields; ``responsibles(document)``
    the people named in what is in force, to whom it can be sent; ``reads_working(user, document)`` who else reads
    what is being prepared, beside the office, those asked to sign and those who may change it;
    ``public_content(document, snapshot)`` what visitors may read of the snapshot, before names are hidden;
    ``stamps_permission`` whose right it is to say who signs, when not of all who may change the content;
    ``bars_public_pdf(document)`` a sentence why its PDF is not for visitors, or nothing; ``drafts(user)`` a Q over
    drafts this person may go on with, for the start page; None: all, to who has the permission in general;
    ``remarks(document)`` sentences to read before sending, none of which bars it; ``bars_signature_on(document, day)``
    a sentence why this paper cannot have been signed that day, or nothing.
    """

    code: str
    name: str
    gender: str  # m, f, n or p (plural): УТВЕРЖДЁН, УТВЕРЖДЕНА, УТВЕРЖДЕНО, УТВЕРЖДЕНЫ
    issued_word: str  # «Утверждён», «Подписан», «Готов»
    change_permission: str
    content: Callable[[Any], dict]
    check: Callable[[Any], list[Problem]]
    readable: Callable[[Any], Any]
    url: Callable[[Any], str]
    restore: Callable[[Any, dict], None]
    default_stamps: Callable[[Any], list[dict]] = lambda document: []
    on_issued: Callable[[Any, Any], None] = _nothing
    on_annulled: Callable[[Any], None] = _nothing
    date: Callable[[Any], Any] = _nothing
    prints_number: bool = False
    public_url: Callable[[Any], str] = lambda document: ""
    responsibles: Callable[[Any], list] = lambda document: []
    reads_working: Callable[[Any, Any], bool] = lambda user, document: False
    public_content: Callable[[Any, dict], dict] = lambda document, snapshot: snapshot
    bars_public_pdf: Callable[[Any], str] = lambda document: ""
    stamps_permission: str = ""
    drafts: Callable[[Any], Any] | None = None
    remarks: Callable[[Any], list[str]] = lambda document: []
    bars_signature_on: Callable[[Any, Any], str] = lambda document, day: ""


def register(kind):
    _kinds[kind.code] = kind
    return kind


def kind(code):
    return _kinds[code]


def all_kinds():
    return list(_kinds.values())
