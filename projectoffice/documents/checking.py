"""The public check page: what a code on a paper means today. Reads only."""
from dataclasses import dataclass

from . import route
from .models import Decision, Document, Edition, Sheet
from .panel import DONE_WORDS, gendered


@dataclass(frozen=True)
class Answer:
    """What anybody may know about a paper by its code."""

    document: Document
    title: str
    family: str
    status: str
    edition: Edition | None = None
    newer: Edition | None = None
    approved_by: tuple = ()


def answer_to(code):
    """The Answer, or None for a code nobody printed."""
    if "\x00" in code:
        return None
    edition = Edition.objects.filter(public_code=code).select_related("document__in_force").first()
    if edition:
        return of_edition(edition)
    sheet = Sheet.objects.filter(code=code).select_related("document").defer("pdf").order_by("-pk").first()
    return of_sheet(sheet) if sheet else None


def of_edition(edition):
    document = edition.document
    if edition.status == "annulled":
        family, status, newer = "closed", gendered(document, "Отменён"), None
    elif edition.status == "superseded":
        newer = document.in_force
        family, status = "closed", f"{gendered(document, 'Заменён')} редакцией {newer.number}"
    else:
        family, status, newer = "done", "Действует", None
    return Answer(document, edition.title, family, status, edition, newer, approvals(edition))


def of_sheet(sheet):
    """A sheet that was printed but never became an edition: it is signed by nobody, or not by all.

    Its title is the one printed on it: the document's own may already be that of a draft.
    """
    document = sheet.document
    waits = document.state == Document.State.IN_APPROVAL and document.coming_code == sheet.code
    title = " ".join(sheet.snapshot["head"].get("title", []))
    return Answer(document, title, "wait", "На подписи, не действует" if waits else "Не действует: этот лист не подписан")


def approvals(edition):
    """Posts (never names) of those whose signatures made this edition, with the day."""
    decisions = Decision.objects.filter(
        document=edition.document_id, code=edition.public_code, content_hash=edition.content_hash,
        verdict=Decision.Verdict.SIGNED,
    ).select_related("stamp")
    latest = {decision.stamp_id: decision for decision in decisions}
    return tuple(
        (DONE_WORDS[decision.stamp.kind], decision.post, decision.signed_on)
        for decision in sorted(latest.values(), key=lambda each: route.turn(each.stamp))
    )


def comparison_with(answer, digest):
    """``(family, sentence)``: whether the file is byte for byte ours, and what it is worth then."""
    if answer.edition and digest == answer.edition.sha256:
        return "done", "Файл совпадает байт в байт с документом, который хранится на портале."
    others = Edition.objects.filter(document=answer.document, sha256=digest).first()
    if others:
        return "wait", f"Это подлинный файл, но другой редакции: {others.number}. Проверьте код на её первом листе."
    return "alert", (
        "Файл не совпадает с тем, что хранится на портале. Его могли изменить или сохранить заново; "
        "скан бумаги тоже не совпадёт никогда. Сверьте текст с этой страницей или спросите офис."
    )
