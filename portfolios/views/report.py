"""The report of a project for a period: written as typed, sent with one confirmation, its files, what was sent."""
from io import BytesIO

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import FileResponse, Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.accounts.access import may, require
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.history import history_of
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.common.uploads import send_file, store_upload
from projectoffice.documents.sheet import render_pdf

from ..forms.report import CompareForm, FileForm, ReportForm, SendForAnotherForm, SendForm
from ..models import ProgressReport, ReportFile, ReportingPeriod
from ..report import printed, words
from ..report.checking import checker_of
from ..report.missing import lacks_of
from ..report.page import ReportPage
from ..report.submission import compare, fingerprint, indicator_rows, take
from ..report.workflow import ARCHIVED, WRITE, enters_for_another, is_moment
from ..services import report as verbs
from ..services.typed import Collision, dumped, read_marks
from .common import attempt, attempt_with_message, entered_source, find_project
from .typed import asks_json, field_values, put_collision

GONE = "Этого показателя в паспорте больше нет."


def find_report(request, pk):
    """The report of a project this person may see; 404 otherwise."""
    seen = ProgressReport.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("period", "project__portfolio__head", "project__head", "decided_by")
                             .prefetch_related("values"), pk=pk)


def for_writing(request, pk):
    """The report of somebody who may write it; 403 for readers."""
    found = find_report(request, pk)
    require(request.user, WRITE, found)
    return found


def report_page(request, report, form=None, file_form=None, status=200):
    page = ReportPage(report, request.user)
    if page.is_written:
        form = form or ReportForm(report=report)
    check = "check" in request.GET and page.is_written
    return render(request, "portfolios/report.html", {
        "report": report, "project": report.project, "page": page, "form": form if page.is_written else None,
        "file_form": (file_form or FileForm()) if page.is_written else None, "lacks": page.lacks if check else [],
        "content": None if page.is_written else page.content, "rows": rows_of(report, form) if page.is_written else [],
        "removed": removed_file(request, report) if page.is_written else None,
    }, status=status)


def rows_of(report, form):
    """The table of indicators: what is told of each, the cells to write in, a remark on the value."""
    told = [words.indicator_told(row) for row in indicator_rows(report, form.indicators)]
    return [(row, *cells) for row, (_, *cells) in zip(told, form.rows(), strict=True)]


@policy(SIGNED_IN)
@require_safe
def report(request, pk):
    """What is asked, how it stands, what is written; for who keeps the project, the fields to write in."""
    return report_page(request, find_report(request, pk))


@policy(SIGNED_IN)
@require_POST
def report_start(request, pk, period):
    """Begin the report of a period this project was not asked for at first."""
    project = find_project(request, pk)
    found = get_object_or_404(ReportingPeriod.objects.visible_to(request.user), pk=period)
    try:
        return redirect(verbs.start_report(project, found, by=request.user))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(f"{project.get_absolute_url()}#reports")


# ── written ───────────────────────────────────────────────────────────────────────────────────────────────

@policy(SIGNED_IN)
@require_POST
def report_save(request, pk):
    """Saved as typed (the script asks for JSON), or by the buttons «Сохранить» and «Проверить и отправить»."""
    found = for_writing(request, pk)
    form = ReportForm(request.POST, report=found)
    try:
        saved = store(request, found, form)
    except Collision as stale:
        return collided(request, found, form, stale)
    except TransitionNotAllowed as refusal:
        if asks_json(request):
            return JsonResponse({"errors": {}, "message": str(refusal)}, status=409)
        messages.error(request, str(refusal))
        return redirect(found)
    errors = errors_of(request, form)
    if asks_json(request):
        return told_saved(form, saved, errors)
    if errors:
        put_refused(request, found, form, saved)
        return report_page(request, found, form, status=422)
    if request.POST.get("do") == "submit":
        return redirect("portfolios:report_submit", pk=found.pk)
    messages.success(request, "Сохранено.")
    return redirect(found)


def store(request, report, form):
    """Save what of the form may be stored. Raises what the verb raises."""
    form.is_valid()
    return verbs.save_draft(report, form.typed, read_marks(form.cleaned_data.get("version", "")), by=request.user)


def errors_of(request, form):
    """{name: sentences} of what was not stored; among them values of indicators that left the passport meanwhile."""
    errors = {name: list(sentences) for name, sentences in form.errors.items()}
    return errors | {name: [GONE] for name in gone_names(request, form)}


def gone_names(request, form):
    return [name for name, typed in request.POST.items() if name.startswith("value-") and name not in form.fields and typed.strip()]


def put_refused(request, report, form, saved):
    """Above the page, which has no fields for them: indicators that left the passport, with what was typed; the rest is saved."""
    known = {str(row.uid): row.name for row in report.project.indicators.all()}
    for name in gone_names(request, form):
        indicator = known.get(name.removeprefix("value-").rsplit("-", 1)[0], "")
        form.add_error(None, f"{indicator}: {GONE} Не сохранено: «{request.POST[name].strip()[:500]}».".removeprefix(": "))
    form.data = form.data.copy()
    form.data["version"] = dumped(saved.shown)


def told_saved(form, saved, errors):
    """The answer of a save while somebody types (static/js/autosave.js)."""
    if errors:
        return JsonResponse({"errors": errors, "version": dumped(saved.shown)}, status=422)
    return JsonResponse({"version": dumped(saved.shown), "saved_at": f"{timezone.localtime():%H:%M}", "remarks": form.remarks})


def collided(request, report, form, stale):
    """Both texts: the typed one in the field, the stored one beside it; the next save is a decision."""
    stored = field_values(ReportForm(report=find_report(request, report.pk)))
    if asks_json(request):
        return JsonResponse({"version": dumped(stale.shown), "values": stored}, status=409)
    put_collision(form, stale, stored)
    return report_page(request, report, form, status=409)


# ── sent and taken back ───────────────────────────────────────────────────────────────────────────────────

@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def report_submit(request, pk):
    """The one confirmation: it repeats what goes where, and what is missing leads back to its field."""
    found = for_writing(request, pk)
    if request.method == "POST":
        return submit(request, found)
    if not is_moment(found, "submit"):
        messages.info(request, ARCHIVED if found.is_to_write else "Этот отчёт уже отправлен.")
        return redirect(found)
    if lacks_of(found):
        return redirect(f"{found.get_absolute_url()}?check")
    return confirm_page(request, found)


def send_form(request, report, shown=""):
    kind = SendForAnotherForm if enters_for_another(report, request.user) else SendForm
    return kind(request.POST, request.FILES) if request.method == "POST" else kind(initial={"shown": shown})


def confirm_page(request, report, form=None, status=200):
    page, snapshot = ReportPage(report, request.user), take(report)
    form = form or send_form(request, report, fingerprint(snapshot))
    return render(request, "portfolios/report_submit.html", {
        "report": report, "project": report.project, "page": page, "content": words.told(snapshot), "form": form,
        "checker": checker_of(report)}, status=status)


def submit(request, report):
    form = send_form(request, report)

    @transaction.atomic
    def send():
        source = entered_source(form, request.user)
        return verbs.submit_report(report, by=request.user, shown=form.cleaned_data["shown"], **source)

    try:
        if attempt_stale(form, send):
            messages.success(request, "Отчёт отправлен. Когда его проверят, придёт письмо.")
            return redirect(report)
    except StaleVersion as refusal:
        messages.error(request, str(refusal))
        return redirect(report)
    found = find_report(request, report.pk)
    if not is_moment(found, "submit"):
        messages.info(request, " ".join(form.non_field_errors()))
        return redirect(found)
    return confirm_page(request, found, form, status=422)


def attempt_stale(form, verb):
    """``attempt`` for a page that has no fields of its own to show what is stored: StaleVersion goes on."""
    refused = []

    def run():
        try:
            return verb()
        except StaleVersion as error:
            refused.append(error)
            return False

    done = attempt(form, run)
    if refused:
        raise refused[0]
    return done


@policy(SIGNED_IN)
@require_POST
def report_withdraw(request, pk):
    """«Отозвать», while nobody has decided."""
    found = for_writing(request, pk)
    attempt_with_message(request, lambda: verbs.withdraw_report(found, by=request.user),
                         "Отчёт отозван. Исправьте его и отправьте снова.")
    return redirect(found)


# ── files ─────────────────────────────────────────────────────────────────────────────────────────────────

@policy(SIGNED_IN)
@require_POST
def report_file_add(request, pk):
    """One more file with the report."""
    found = for_writing(request, pk)
    form = FileForm(request.POST, request.FILES)

    @transaction.atomic
    def add():
        return verbs.add_file(found, store_upload(form.cleaned_data["file"], by=request.user), by=request.user)

    if attempt(form, add):
        messages.success(request, "Файл приложен.")
        return redirect(f"{found.get_absolute_url()}#files")
    if not ReportPage(found, request.user).is_written:
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return redirect(found)
    return report_page(request, found, file_form=form, status=422)


def find_file(request, pk):
    """A file this person may open: one taken out before anybody was sent it is its writers' alone."""
    files = ReportFile.objects.visible_to(request.user).select_related("file", "report__project", "report__period")
    row = get_object_or_404(files, pk=pk)
    if row.removed and not may(request.user, WRITE, row.report) and not was_sent(row):
        raise Http404
    return row


def was_sent(row):
    """Whether a submission names the file."""
    return row.report.submissions.filter(snapshot__files__contains=[{"id": row.pk}]).exists()


@policy(SIGNED_IN)
@require_safe
def report_file(request, pk):
    """The file itself, always as an attachment; one taken out stays for the submissions that name it."""
    return send_file(find_file(request, pk).file)


@policy(SIGNED_IN)
@require_POST
def report_file_remove(request, pk):
    """Out of the report, or with ``back`` into it again."""
    row = find_file(request, pk)
    require(request.user, WRITE, row.report)
    back = "back" in request.POST
    done = attempt_with_message(request, lambda: verbs.remove_file(row, by=request.user, back=back),
                                f"Файл «{row.file}» {'возвращён' if back else 'убран'}.")
    return redirect(f"{row.report.get_absolute_url()}{f'?removed={row.pk}' if done and not back else ''}#files")


def removed_file(request, report):
    """The file just taken out, so that it can be brought back."""
    pk = request.GET.get("removed", "")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 10):
        return None
    return report.files.filter(pk=int(pk), removed=True).select_related("file").first()


# ── what was sent ─────────────────────────────────────────────────────────────────────────────────────────

def find_submission(report, number):
    found = report.submissions.select_related("by", "recorded_by", "source_file").filter(number=number).first()
    if found is None:
        raise Http404
    return found


@policy(SIGNED_IN)
@require_safe
def report_submission(request, pk, number):
    """What was sent on that day, as it was."""
    found = find_report(request, pk)
    submission = find_submission(found, number)
    newest = verbs.newest(found)
    return render(request, "portfolios/report_submission.html", {
        "report": found, "project": found.project, "submission": submission, "content": words.told(submission.snapshot),
        "fate": words.fate(submission, found, newest), "entered": words.entered_by_office(submission), "before": number - 1})


@policy(SIGNED_IN)
@require_safe
def report_submission_source(request, pk, number):
    """The letter the office entered the report from: for who may read the report."""
    submission = find_submission(find_report(request, pk), number)
    if submission.source_file is None:
        raise Http404
    return send_file(submission.source_file)


@policy(SIGNED_IN)
@require_safe
def report_pdf(request, pk, number):
    """The submission on paper with the mark of its receipt."""
    found = find_report(request, pk)
    submission = find_submission(found, number)
    mark = printed.mark_of(submission, found, number == verbs.newest(found))
    sheet = render_pdf(printed.sheet_of(submission, mark), mode="ink")
    return FileResponse(BytesIO(sheet.pdf), content_type="application/pdf", as_attachment=True,
                        filename=f"Отчёт {found.period.title[:100].strip()}, отправка {number}.pdf")


@policy(SIGNED_IN)
@require_safe
def report_compare(request, pk):
    """Two submissions side by side, field by field; at first the last two."""
    found = find_report(request, pk)
    numbers = list(found.submissions.order_by("number").values_list("number", flat=True))
    last = {"old": numbers[-2], "new": numbers[-1]} if len(numbers) > 1 else {}
    form = CompareForm({**last, **{name: request.GET[name] for name in last if name in request.GET}}, numbers=numbers)
    pair = form.cleaned_data if last and form.is_valid() else last
    chosen = [find_submission(found, pair.get(name) or last[name]) for name in ("old", "new")] if last else []
    return render(request, "portfolios/report_compare.html", {
        "report": found, "form": form if last else None, "chosen": chosen,
        "changes": compare(*(each.snapshot for each in chosen)) if chosen else None})


@policy(SIGNED_IN)
@require_safe
def report_history(request, pk):
    """Everything that happened to the report, newest first."""
    found = find_report(request, pk)
    return render(request, "portfolios/history.html", {
        "subject": found, "heading": "История отчёта", "events": history_of(found)[:500]})
