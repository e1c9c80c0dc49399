"""Signing on paper: what is out for signature by signer, the folder, the marks, the scan, another signer."""
from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from projectoffice.common.filenames import clean_name
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.common.uploads import SCANS, store_upload

from .. import inbox, paper, printing, route
from ..forms import InkForm, OptionalScanForm, RecordReturnForm, ReplaceSignerForm, ScanForm
from ..models import Document
from ..panel import panel_of
from ..services import ink as verbs
from ..services.stamps import replace_signer as replace
from ..workflow import is_moment
from .common import attempt, for_verb, posted
from .pdf import PDF, answer


@policy("documents.print_folder")
@require_safe
def to_sign(request):
    """«На подпись»: who must sign which sheets on paper."""
    return render(request, "documents/to_sign.html", {"folders": paper.folders(request.user)})


@policy("documents.print_folder")
@require_safe
def folder(request, key):
    """«Папка на подпись» of one signer: a cover list and the sheets, one PDF."""
    found = next((each for each in paper.folders(request.user) if each.key == key), None)
    if found is None:
        raise Http404
    name = clean_name(f"На подпись, {found.name}.pdf", "pdf")
    return answer(printing.folder(found.name, [line.document for line in found.lines]), PDF, name, inline=True)


@policy(SIGNED_IN)
@require_safe
def my_folder(request):
    """Everything the reader signs on paper, in one file."""
    documents = inbox.on_paper(request.user)
    if not documents:
        raise Http404
    name = request.user.short_name
    return answer(printing.folder(name, documents), PDF, clean_name(f"На подпись, {name}.pdf", "pdf"), inline=True)


@policy("documents.record_ink")
def ink(request, pk):
    """«Отметить подписанное»: several stamps of one sheet in one form, the scan now or later."""
    document = for_verb(request, pk, "record_ink")
    if document.state != Document.State.IN_APPROVAL:
        messages.info(request, "Документ сейчас не на подписи.")
        return redirect(document)
    if is_of_another_sheet(request, document):
        return redirect("documents:ink", pk)
    rows = ink_rows(request, document)
    scan_form = OptionalScanForm(*posted(request))
    if request.method == "POST" and right(scan_form, rows) and record_signed(request, document, rows, scan_form):
        return redirect(document)
    context = {"document": document, "panel": panel_of(document, request.user), "rows": rows, "scan_form": scan_form,
               "shown_hash": shown_hash(request, document)}
    return render(request, "documents/ink.html", context, status=422 if request.method == "POST" else 200)


@policy("documents.record_ink")
def record_return(request, pk):
    """«Внести возврат»: a signer gave the sheet back by phone, in a letter or with marks on the paper."""
    document = for_verb(request, pk, "record_ink")
    if document.current_sheet and is_of_another_sheet(request, document):
        return redirect("documents:record_return", pk)
    form = RecordReturnForm(*posted(request), stamps=route.open_stamps(document) if is_moment(document, "record_ink") else [],
                            initial={"source_date": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        @transaction.atomic
        def act():
            sent = data["source_file"]
            stored = store_upload(sent, by=request.user, allowed=SCANS) if sent else None
            facts = {name: data[name] for name in ("reason", "source", "source_date")}
            facts["shown_hash"] = request.POST.get("shown_hash", "")
            verbs.record_return(data["stamp"], by=request.user, source_file=stored, **facts)

        if attempt(request, act, form):
            messages.success(request, "Возврат внесён. Документ снова можно править.")
            return redirect(document)
    context = {"document": document, "panel": panel_of(document, request.user), "form": form,
               "shown_hash": shown_hash(request, document)}
    return render(request, "documents/record_return.html", context, status=422 if request.method == "POST" else 200)


def shown_hash(request, document):
    """The content this page is about: of the form sent, so that a mended mistake stays about the sheet first shown."""
    now = document.current_sheet.content_hash if document.current_sheet else ""
    return request.POST.get("shown_hash", "") if request.method == "POST" else now


def is_of_another_sheet(request, document):
    """Whether a form was opened on a sheet that no longer goes round; the page is then shown anew."""
    now = document.current_sheet.content_hash if document.current_sheet else ""
    stale = request.method == "POST" and request.POST.get("shown_hash", "") != now
    if stale:
        messages.warning(request, verbs.OTHER_SHEET)
    return stale


def right(scan_form, rows):
    """Every part of the page is asked, so that all that is wrong is told at once."""
    return all([scan_form.is_valid(), *(form.is_valid() for _, form in rows)])


def ink_rows(request, document):
    """Each stamp not yet signed with its part of the form; the first turn is ticked already."""
    open_now = set(route.open_stamps(document))
    rows = []
    for standing in route.standings(document):
        if standing.state in (route.OPEN, route.LATER):
            initial = {"signed": standing.stamp in open_now, "signed_on": timezone.localdate()}
            rows.append((standing, InkForm(
                posted(request)[0], initial=initial, prefix=f"stamp-{standing.stamp.pk}", why_not_on=partial(verbs.why_not_on, document))))
    return rows


def record_signed(request, document, rows, scan_form):
    signed = [entry(standing.stamp, form.cleaned_data) for standing, form in rows if form.cleaned_data["signed"]]
    if not signed:
        scan_form.add_error(None, "Отметьте, кто подписал.")
        return False

    @transaction.atomic
    def act():
        uploaded = scan_form.cleaned_data["scan"]
        scan = store_upload(uploaded, by=request.user, allowed=SCANS) if uploaded else None
        verbs.record_all_ink(document, signed, by=request.user, scan=scan, shown_hash=request.POST.get("shown_hash", ""))

    if not attempt(request, act, scan_form):
        return False
    document.refresh_from_db()
    done = document.state == Document.State.ISSUED
    messages.success(request, f"{document.spec.issued_word}: все подписи отмечены." if done else "Подписи отмечены.")
    return True


def entry(stamp, data):
    """What the form says, with the actual signer's name and post where they are not typed."""
    signer = data["signer"]
    acting = verbs.acting_on(data["signed_on"], signer, stamp)
    name = data["name"] or (signer.signature_name if signer and signer.pk != stamp.signer_id else "")
    post = data["post"] or (acting.post if acting else "")
    basis = data["basis"] or (acting.basis if acting else "")
    return verbs.Signed(stamp, data["signed_on"], name=name, post=post, basis=basis, signer=signer)


@policy("documents.record_ink")
def scan(request, pk):
    """The scan of a sheet signed on paper, for the edition it belongs to."""
    document = for_verb(request, pk, "attach")
    numbers = sorted({*document.editions.values_list("number", flat=True), document.edition_number}, reverse=True)
    form = ScanForm(*posted(request), numbers=numbers)
    if request.method == "POST" and form.is_valid():
        @transaction.atomic
        def act():
            stored = store_upload(form.cleaned_data["file"], by=request.user, allowed=SCANS)
            verbs.add_scan(document, stored, by=request.user, edition_number=form.cleaned_data["edition"])

        if attempt(request, act, form):
            messages.success(request, "Скан загружен.")
            return redirect(document)
    context = {"document": document, "panel": panel_of(document, request.user), "form": form}
    return render(request, "documents/scan.html", context)


@policy(SIGNED_IN)
def replace_signer(request, pk):
    """Ask somebody else instead of a signer who is away, while the document waits."""
    document = for_verb(request, pk, "replace_signer")
    waiting = [s.stamp.pk for s in route.standings(document) if s.state in (route.OPEN, route.LATER)]
    form = ReplaceSignerForm(posted(request)[0], stamps=document.stamps.active().filter(pk__in=waiting))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(request, lambda: replace(data["stamp"], by=request.user, signer=data["signer"], method=data["method"]), form):
            messages.success(request, f"Теперь подписывает {data['signer']}.")
            return redirect(document)
    context = {"document": document, "panel": panel_of(document, request.user), "form": form, "waiting": waiting}
    return render(request, "documents/replace_signer.html", context)
