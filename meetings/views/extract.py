"""The extract: choose decisions of a protocol in force, read it as paper."""
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from projectoffice.accounts.access import may, require
from projectoffice.accounts.views.refusals import attempt
from projectoffice.common.idempotency import once
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.documents.models import Document
from projectoffice.documents.panel import panel_of
from projectoffice.documents.route import load_route, with_papers
from projectoffice.documents.snapshot import readable_snapshot

from ..forms.protocol import ExtractForm
from ..kinds.extract import edition_of
from ..models import Protocol, ProtocolExtract
from ..protocol.extract import choices_of, questions_of_choice
from ..services import extract as verbs
from .protocol import CHANGE

RELATED = ("document__body", "protocol__document__in_force", "protocol__meeting__body")


def find(request, pk):
    found = ProtocolExtract.objects.visible_to(request.user).select_related(*RELATED)
    return get_object_or_404(with_papers(found), pk=pk)


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def extract_new(request, pk):
    """Which decisions of the protocol in force go into the extract, and for whom."""
    readable = Protocol.objects.visible_to(request.user).select_related("document__in_force", "meeting__body")
    protocol = get_object_or_404(readable, pk=pk)
    require(request.user, CHANGE, protocol.document)
    in_force = protocol.document.in_force
    if in_force is None or protocol.document.state == Document.State.ANNULLED:
        messages.warning(request, verbs.NOT_IN_FORCE)
        return redirect(protocol)
    source = in_force.snapshot["source"]
    form = ExtractForm(request.POST if request.method == "POST" else None, choices=choices_of(source))

    def create():
        data = form.cleaned_data
        return once(request.user, "create_extract", data["form_key"], lambda: verbs.create_extract(
            protocol, data["chosen"], by=request.user, addressee=data["addressee"], original=data["original"],
        ).get_absolute_url())

    address = attempt(form, create) if request.method == "POST" else None
    if address:
        return redirect(address)
    return render(request, "meetings/extract_new.html", {
        "protocol": protocol, "document": protocol.document, "form": form,
        "questions": questions_of_choice(source, form["chosen"].value() or ()),
    }, status=422 if form.errors else 200)


@policy(SIGNED_IN)
@require_safe
def extract(request, pk):
    found = find(request, pk)
    document = found.document
    load_route(document)
    panel = panel_of(document, request.user)
    return render(request, "meetings/extract.html", {
        "extract": found,
        "document": document,
        "panel": panel,
        "snapshot": readable_snapshot(document, panel.reads_working),
        "as_paper": "paper" in request.GET,
        "may_change": document.is_draft and may(request.user, CHANGE, document),
        "reads_protocol": Protocol.objects.visible_to(request.user).filter(pk=found.protocol_id).exists(),
    })


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def extract_form(request, pk):
    """Another choice of decisions while the extract is a draft."""
    found = find(request, pk)
    if not may(request.user, CHANGE, found.document):
        raise PermissionDenied(CHANGE)
    source = edition_of(found).snapshot["source"]
    initial = {"chosen": found.chosen, "addressee": found.addressee, "original": found.original, "version": found.version}
    form = ExtractForm(request.POST if request.method == "POST" else None, choices=choices_of(source), initial=initial)

    def save():
        data = form.cleaned_data
        return verbs.save_extract(found, data["chosen"], by=request.user, version=data["version"] or 0,
                                  addressee=data["addressee"], original=data["original"])

    if request.method == "POST" and attempt(form, save):
        return redirect(found)
    return render(request, "meetings/extract_new.html", {
        "protocol": found.protocol, "extract": found, "document": found.document, "form": form,
        "questions": questions_of_choice(source, form["chosen"].value() or ()),
    }, status=422 if form.errors else 200)
