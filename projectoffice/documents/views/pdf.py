"""Sheets and files: the issued PDF, the sheet for signature, the draft, the Word copy."""
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header, parse_etags
from django.views.decorators.http import require_safe

from projectoffice.accounts.access import may
from projectoffice.common.filenames import clean_name
from projectoffice.common.policy import PUBLIC, SIGNED_IN, policy

from .. import printing
from ..models import Document, Edition
from ..models.document import kind_of
from ..public import pdf_is_public
from ..snapshot import take_snapshot
from .common import readable, working

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def file_name(title, number, ending, word=""):
    return clean_name(f"{title}, редакция {number}{word}.{ending}", ending)


def answer(content, content_type, name, *, inline=False):
    """Our own file: shown in place (a PDF) or saved; never guessed at, never with rights of the site."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(not inline, name)
    response["Content-Security-Policy"] = "sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def issued(request, edition, *, cache="private, no-cache"):
    """The bytes of an issued edition, or 304: they never change, so their hash is their tag."""
    tag = f'"{edition.sha256}"'
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if tag in known or "*" in known:
        response = HttpResponseNotModified()
    else:
        # An archive paper is somebody's upload: saved, never opened in place.
        inline = not edition.document.is_archive
        response = answer(bytes(edition.file.pdf), PDF, file_name(edition.title, edition.number, "pdf"), inline=inline)
    response["ETag"] = tag
    response["Cache-Control"] = cache
    return response


EDITION_FACTS = ("id", "sha256", "title", "number", "document__is_archive")


@policy(SIGNED_IN)
@require_safe
def pdf(request, pk):
    """The PDF in force: three short queries, two when the reader has it already."""
    found = Edition.objects.visible_to(request.user, *kind_of(pk)).in_force().filter(document=pk).select_related("document").only(*EDITION_FACTS)
    return issued(request, get_object_or_404(found))


@policy(SIGNED_IN)
@require_safe
def edition_pdf(request, pk, number):
    """The PDF of an edition by its number, replaced ones too."""
    found = Edition.objects.visible_to(request.user, *kind_of(pk)).filter(document=pk, number=number).select_related("document").only(*EDITION_FACTS)
    return issued(request, get_object_or_404(found))


@policy(PUBLIC)
@require_safe
def public_pdf(request, code):
    """The PDF of a published document whose publisher recorded a ground for showing it, while every consent holds."""
    if "\x00" in code:
        raise Http404
    found = Edition.objects.published().filter(public_code=code).select_related("document").defer("snapshot", "stamps")
    edition = get_object_or_404(found)
    if not pdf_is_public(edition):
        raise Http404
    return issued(request, edition, cache="public, no-cache")


@policy(SIGNED_IN)
@require_safe
def sheet(request, pk):
    """The sheet that goes to be signed in ink, for those who sign it and for the office."""
    document = working(request, pk)
    if document.state != Document.State.IN_APPROVAL:
        raise Http404("Документ сейчас не на подписи.")
    name = file_name(document.title, document.edition_number, "pdf", ", на подпись")
    return answer(bytes(document.current_sheet.pdf), PDF, name, inline=True)


@policy(SIGNED_IN)
@require_safe
def draft_pdf(request, pk):
    """The text as it is being prepared, with «ПРОЕКТ» across it."""
    document = working(request, pk)
    if not document.is_draft:
        raise Http404("Документ сейчас не черновик.")
    name = file_name(document.title, document.edition_number, "pdf", ", проект")
    return answer(printing.draft_sheet(document).pdf, PDF, name, inline=True)


@policy(SIGNED_IN)
@require_safe
def docx(request, pk):
    """The same layout in Word, «рабочая копия»: what is in force for a reader, what is being prepared for the office."""
    document = readable(request, pk)
    if document.is_archive:
        raise Http404("У архивного документа есть только скан.")
    snapshot, title, number = shown_snapshot(request, document)
    name = file_name(title, number, "docx", ", рабочая копия")
    return answer(printing.word_copy(snapshot), DOCX, name)


def shown_snapshot(request, document):
    """The newest state this person may read, with its title and number of edition."""
    prepared = document.state in (Document.State.DRAFT, Document.State.IN_APPROVAL)
    if prepared and may(request.user, "documents.read_working", document):
        frozen = document.current_sheet
        return (frozen.snapshot if frozen else take_snapshot(document)), document.title, document.edition_number
    if document.in_force is None:
        raise Http404
    edition = document.in_force
    return edition.snapshot, edition.title, edition.number
