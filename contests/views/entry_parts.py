"""What is done to a part of an entry: partners, nomination, files, the paper for the signature and its scan."""
from django.contrib import messages
from django.core.files.base import ContentFile
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.common.uploads import SCANS, send_file, store_upload
from projectoffice.documents.scans import as_pdf
from projectoffice.documents.views.pdf import PDF, answer

from ..entry.page import EntryPage
from ..entry.printing import entry_pdf, file_name
from ..forms.entry import EntryForm, FilesForm, NominationForm, PartnerForm, ScanForm
from ..models import Entry, EntryFile
from ..services import entry as verbs
from .entry import for_writing, form_shown
from .entry_common import attempt, attempt_with_message, find_entry, form_page

DONE = {"add": "Партнёр добавлен.", "remove": "Партнёр убран."}


def shown_again(request, entry, **forms):
    """The page of the entry with a form that was refused."""
    return form_shown(request, EntryPage(entry, request.user, request.office), EntryForm(entry=entry), status=422, **forms)


@policy(SIGNED_IN)
@require_POST
def entry_partner_add(request, pk):
    found = for_writing(request, pk)
    form = PartnerForm(request.POST, auto_id="id_%s")
    if attempt(form, lambda: verbs.add_partner(found, form.cleaned_data["partner"], by=request.user)):
        messages.success(request, DONE["add"])
        return redirect(f"{found.get_absolute_url()}#partners")
    return shown_again(request, found, partner_form=form)


@policy(SIGNED_IN)
@require_POST
def entry_partner_remove(request, pk, institution):
    found = for_writing(request, pk)
    partner = next((each for each in found.partners.all() if each.pk == institution), None)
    if partner:
        attempt_with_message(request, lambda: verbs.remove_partner(found, partner, by=request.user), DONE["remove"])
    return redirect(f"{found.get_absolute_url()}#partners")


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def entry_nomination(request, pk):
    """Another nomination: first asked with what goes over, then done."""
    found = for_writing(request, pk)
    form = NominationForm(request.POST or request.GET or None, entry=found)
    if request.method == "POST" and attempt(form, lambda: verbs.change_nomination(found, form.cleaned_data["nomination"], by=request.user)):
        messages.success(request, "Номинация изменена. Проверьте вопросы: у новой номинации они могут быть другими.")
        return redirect(found)
    words = "Ответы перейдут туда, где вопрос назван так же. Остальные сохранятся и вернутся, если вернуть прежнюю номинацию."
    if form.is_bound and form.is_valid():
        fits, aside = verbs.fitting_words(found, form.cleaned_data["nomination"])
        words = f"Перейдут ответов: {fits}. Отложены до возвращения: {aside}."
    return form_page(request, form, "Сменить номинацию", "Сменить номинацию", found.get_absolute_url(), words=words)


# ── files ─────────────────────────────────────────────────────────────────────────────────────────────────

@policy(SIGNED_IN)
@require_POST
def entry_file_add(request, pk):
    """Some files at once, all of them or none; a refusal names the file."""
    found = for_writing(request, pk)
    form = FilesForm(request.POST, request.FILES)

    def verb():
        with transaction.atomic():
            for each in form.cleaned_data["files"]:
                verbs.add_file(found, store_upload(each, by=request.user), by=request.user)

    if attempt(form, verb):
        messages.success(request, "Файлы приложены." if len(form.cleaned_data["files"]) > 1 else "Файл приложен.")
        return redirect(f"{found.get_absolute_url()}#files")
    return shown_again(request, found, files_form=form)


def find_file(request, pk):
    seen = Entry.objects.visible_to(request.user).written_by(request.user)
    rows = EntryFile.objects.visible_to(request.user).filter(entry__in=seen)
    return get_object_or_404(rows.select_related("entry__contest", "file"), pk=pk)


@policy(SIGNED_IN)
@require_safe
def entry_file(request, pk):
    """The file itself; one that was taken out too: a submission may name it."""
    return send_file(find_file(request, pk).file)


@policy(SIGNED_IN)
@require_POST
def entry_file_remove(request, pk):
    row = find_file(request, pk)
    removed = attempt_with_message(request, lambda: verbs.remove_file(row, by=request.user), f"Файл «{row.file}» убран.")
    return redirect(f"{row.entry.get_absolute_url()}{f'?removed={row.pk}' if removed else ''}#files")


@policy(SIGNED_IN)
@require_POST
def entry_file_return(request, pk):
    row = find_file(request, pk)
    attempt_with_message(request, lambda: verbs.remove_file(row, by=request.user, back=True), f"Файл «{row.file}» снова приложен.")
    return redirect(f"{row.entry.get_absolute_url()}#files")


# ── the paper ─────────────────────────────────────────────────────────────────────────────────────────────

@policy(SIGNED_IN)
@require_safe
def entry_print(request, pk):
    """The entry as PDF, with a line for the signature and room for the seal."""
    found = find_entry(request, pk)
    return answer(entry_pdf(found), PDF, file_name(found), inline=True)


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def entry_scan(request, pk):
    """The signed paper: shown, or uploaded as one PDF or as photographs of its pages in their order."""
    if request.method != "POST":
        found = find_entry(request, pk)
        if found.signed_scan is None:
            raise Http404
        return send_file(found.signed_scan)
    found = for_writing(request, pk)
    form = ScanForm(request.POST, request.FILES)

    def verb():
        content, _ = as_pdf(form.cleaned_data["pages"])
        paper = ContentFile(content, name="Заявка с подписью.pdf")
        with transaction.atomic():
            return verbs.put_scan(found, store_upload(paper, by=request.user, allowed=SCANS), by=request.user)

    if attempt(form, verb):
        messages.success(request, "Скан загружен.")
        return redirect(f"{found.get_absolute_url()}#scan")
    return shown_again(request, found, scan_form=form)
