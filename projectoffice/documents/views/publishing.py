"""The public copy, sending out, the files beside a document, papers of past years."""
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from projectoffice.common.hashing import content_hash
from projectoffice.common.idempotency import new_key, once
from projectoffice.common.policy import PUBLIC, SIGNED_IN, policy
from projectoffice.common.uploads import send_file, store_upload

from .. import kinds
from ..distribution import recipients
from ..forms import ArchiveForm, AttachmentForm, DistributeForm, PublishForm
from ..models import Attachment, Document
from ..panel import panel_of
from ..public import copy_for_visitors, names_withdrawn, pdf_is_public
from ..services import attachments as files
from ..services.archive import register_archive
from ..services.distribution import distribute as send_out
from ..services.publishing import publish as show
from ..services.publishing import unpublish as hide
from .common import attempt, for_verb, posted, tell, working


@policy("documents.publish")
def publish(request, pk):
    """Put the edition in force on the public pages, or take it off."""
    document = for_verb(request, pk, "publish")
    form = PublishForm(posted(request)[0])
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        hiding = "hide" in request.POST
        act = (lambda: hide(document, by=request.user)) if hiding else \
            (lambda: show(document, by=request.user, with_pdf=data["with_pdf"], ground=data["ground"]))
        if attempt(request, act, form):
            messages.success(request, "Снято с публикации." if hiding else "Опубликовано.")
            return redirect(document)
    context = {"document": document, "panel": panel_of(document, request.user), "form": form}
    if document.in_force:
        context["snapshot"] = copy_for_visitors(document)
        context["withdrawn"] = names_withdrawn(document.in_force)
        context["pdf_barred"] = document.spec.bars_public_pdf(document)
    return render(request, "documents/publish.html", context)


@policy(PUBLIC)
@require_safe
def public(request, pk):
    """The public copy of a published document: the edition in force, names by consent only."""
    document = get_object_or_404(Document.objects.published().select_related("in_force"), pk=pk)
    snapshot = copy_for_visitors(document)
    context = {"document": document, "snapshot": snapshot, "pdf_is_public": pdf_is_public(document.in_force)}
    return render(request, "documents/public.html", context)


@policy("documents.distribute")
def distribute(request, pk):
    """«Разослать»: to whom and what; then the list; then the letters."""
    document = for_verb(request, pk, "distribute")
    form = DistributeForm(posted(request)[0], initial={"key": new_key()})
    found = None
    if request.method == "POST" and form.is_valid():
        found = list_of(request, document, form)
        if found and same_list_confirmed(request, found):
            return sent_out(request, document, form, found)
    context = {"document": document, "panel": panel_of(document, request.user), "form": form, "found": found,
               "digest": digest(found) if found else ""}
    return render(request, "documents/distribute.html", context)


def list_of(request, document, form):
    data = form.cleaned_data
    try:
        return recipients(document, **{name: data[name] for name in ("responsibles", "members", "institutions", "addresses")})
    except ValidationError as error:
        tell(request, error, form)
        return None


def digest(found):
    return content_hash(sorted(each.address.lower() for each in found.addressees))


def same_list_confirmed(request, found):
    """Only the very list that was shown is sent."""
    shown = request.POST.get("shown")
    if shown and shown != digest(found):
        messages.warning(request, "Список адресов изменился. Посмотрите его ещё раз.")
    return bool(found.addressees) and shown == digest(found)


def sent_out(request, document, form, found):
    data = form.cleaned_data

    def act():
        return str(send_out(document, found.addressees, by=request.user, formats=data["formats"], key=data["key"], note=data["note"]))

    counted = []
    if attempt(request, lambda: counted.append(once(request.user, "distribute", data["key"], act)), form):
        messages.success(request, f"Писем поставлено в очередь: {counted[0]}.")
    return redirect(document)


@policy(SIGNED_IN)
def attachments(request, pk):
    document = for_verb(request, pk, "attach")
    form = AttachmentForm(*posted(request))
    if request.method == "POST" and form.is_valid():
        @transaction.atomic
        def act():
            stored = store_upload(form.cleaned_data["file"], by=request.user)
            files.attach(document, stored, by=request.user, title=form.cleaned_data["title"])

        if attempt(request, act, form):
            messages.success(request, "Файл приложен.")
            return redirect("documents:attachments", document.pk)
    removed = request.GET.get("removed", "")
    context = {
        "document": document,
        "panel": panel_of(document, request.user),
        "form": form,
        "attachments": document.attachments.filter(removed=False).select_related("file"),
        "removed": document.attachments.filter(removed=True, pk=removed).first() if removed.isascii() and removed.isdigit() and len(removed) < 19 else None,
    }
    return render(request, "documents/attachments.html", context)


@policy(SIGNED_IN)
@require_POST
def detach(request, pk):
    return changed(request, pk, files.detach, removed=True)


@policy(SIGNED_IN)
@require_POST
def put_back(request, pk):
    return changed(request, pk, files.put_back)


def changed(request, pk, verb, removed=False):
    attachment = get_object_or_404(Attachment.objects.visible_to(request.user), pk=pk)
    attempt(request, lambda: verb(attachment, by=request.user))
    page = reverse("documents:attachments", args=[attachment.document_id])
    return redirect(f"{page}?removed={attachment.pk}" if removed else page)


@policy(SIGNED_IN)
@require_safe
def attachment(request, pk):
    """A file beside a document, by the right to the document: scans and what is being prepared only for the office."""
    files_seen = Attachment.objects.visible_to(request.user).filter(removed=False)
    found = get_object_or_404(files_seen.select_related("file", "document__in_force"), pk=pk)
    document = found.document
    in_force = document.in_force.number if document.in_force else 0
    if found.kind == Attachment.Kind.SCAN or found.edition_number > in_force:
        working(request, document.pk)
    return send_file(found.file)


@policy(SIGNED_IN)
@require_safe
def basis_file(request, pk):
    """The act the edition being prepared or in force rests on; ``?edition=2`` for that of an issued one."""
    document = working(request, pk)
    number = request.GET.get("edition", "")
    wanted = document.editions.filter(number=number) if number.isascii() and number.isdigit() and len(number) < 5 else ()
    holder = next(iter(wanted), None) if number else document
    if holder is None or holder.basis_file is None:
        raise Http404
    return send_file(holder.basis_file)


@policy(SIGNED_IN)
@require_safe
def annulment_scan(request, pk):
    """The act that annulled a document."""
    document = working(request, pk)
    annulment = get_object_or_404(document.annulments.select_related("scan"), scan__isnull=False)
    return send_file(annulment.scan)


@policy("documents.register_archive")
def archive_new(request):
    """A paper of a past year: its scan, kind, number, date."""
    form = ArchiveForm(*posted(request), user=request.user, initial={"key": new_key()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def create():
            document = register_archive(by=request.user, kind_text=data["kind_text"], title=data["title"], date=data["date"],
                                        files=data["pages"], number=data["number"], body=data["body"])
            return reverse("documents:history", args=[document.pk])

        addresses = []
        if attempt(request, lambda: addresses.append(once(request.user, "register_archive", data["key"], create)), form):
            messages.success(request, "Документ внесён, его можно найти в реестре.")
            return redirect(addresses[0])
    names = [kind.name for kind in kinds.all_kinds() if kind.code != "archive"]
    return render(request, "documents/archive_new.html", {"form": form, "names": names})
