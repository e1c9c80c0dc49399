"""The part of a partner institution: written as typed, sent to the coordinator, taken into the report or sent back."""
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.accounts.access import may, require
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.common.uploads import send_file

from ..forms.report import PartForm, PartReturnForm, SourceForm
from ..models import ReportPart
from ..report import words
from ..report.workflow import PART, WRITE, enters_part_for_another, is_moment
from ..services import report_parts as verbs
from ..services.typed import Collision, dumped, read_marks
from .common import ask, attempt_with_message, entered_source
from .typed import asks_json, field_values, put_collision


def find_part(request, pk):
    """The part of a report this person may see; 404 otherwise."""
    parts = ReportPart.objects.visible_to(request.user)
    return get_object_or_404(parts.select_related(
        "institution__institution", "report__project__head", "report__period", "remark_by", "sent_by", "recorded_by", "source_file"), pk=pk)


def part_page(request, part, form=None, status=200):
    report = part.report
    writing = part.sent_at is None and is_moment(report, "write_part") and may(request.user, PART, part)
    return render(request, "portfolios/report_part.html", {
        "part": part, "report": report, "project": report.project, "badge": words.part_state(part), "term": words.term(report),
        "for_another": writing and enters_part_for_another(part, request.user), "entered": words.entered_by_office(part),
        "form": (form or PartForm(part=part)) if writing else None,
        "coordinates": is_moment(report, "return_part") and may(request.user, WRITE, report),
    }, status=status)


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def report_part(request, pk):
    """The part: read, saved as typed (the script asks for JSON), saved or sent by its buttons."""
    part = find_part(request, pk)
    if request.method != "POST":
        return part_page(request, part)
    require(request.user, PART, part)
    form = PartForm(request.POST, part=part)
    try:
        form.is_valid()
        shown = read_marks(form.cleaned_data.get("version", ""))
        saved = verbs.save_part(part, form.cleaned_data["text"], shown, by=request.user) if "text" in form.cleaned_data else None
    except Collision as stale:
        return collided(request, part, form, stale)
    except TransitionNotAllowed as refusal:
        return refused(request, part, refusal)
    if form.errors:
        return JsonResponse({"errors": form.errors}, status=422) if asks_json(request) else part_page(request, part, form, 422)
    if asks_json(request):
        return JsonResponse({"version": dumped(saved.shown), "saved_at": f"{timezone.localtime():%H:%M}"})
    return send(request, part, form) if request.POST.get("do") == "send" else stored(request, part)


def stored(request, part):
    messages.success(request, "Сохранено.")
    return redirect(part)


def send(request, part, form):
    """To the coordinator; what is missing stands beside the field. The office first tells where it is known from."""
    if form.cleaned_data["text"].strip() and enters_part_for_another(part, request.user):
        return redirect("portfolios:report_part_send", pk=part.pk)
    try:
        verbs.send_part(part, by=request.user)
    except ValidationError as error:
        form.add_error("text", error.message_dict["text"])
        return part_page(request, find_part(request, part.pk), form, status=422)
    except TransitionNotAllowed as refusal:
        return refused(request, part, refusal)
    messages.success(request, "Часть отправлена координатору проекта.")
    return redirect(part)


@policy(SIGNED_IN)
@require_safe
def report_part_source(request, pk):
    """The letter the office entered the part from: for who may read the part."""
    part = find_part(request, pk)
    if part.sent_at is None or part.source_file is None:
        raise Http404
    return send_file(part.source_file)


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def report_part_send(request, pk):
    """The office sends what an institution has told: from where it is known, and when."""
    part = find_part(request, pk)
    require(request.user, PART, part)
    if not enters_part_for_another(part, request.user):
        raise PermissionDenied
    if request.method != "POST" and (part.sent_at or not part.text.strip() or not is_moment(part.report, "write_part")):
        return redirect(part)
    form = SourceForm(request.POST, request.FILES) if request.method == "POST" else SourceForm()

    @transaction.atomic
    def enter():
        source = entered_source(form, request.user)
        return verbs.send_part(part, by=request.user, **source)

    return ask(request, form, enter, heading=f"{part.place}: отправить часть за учреждение", button="Отправить координатору", back=part,
               done="Часть отправлена координатору проекта. На ней отмечено, что её внёс офис.", multipart=True,
               words=part.text)


def refused(request, part, refusal):
    if asks_json(request):
        return JsonResponse({"errors": {}, "message": str(refusal)}, status=409)
    messages.error(request, str(refusal))
    return redirect(part)


def collided(request, part, form, stale):
    values = field_values(PartForm(part=find_part(request, part.pk)))
    if asks_json(request):
        return JsonResponse({"version": dumped(stale.shown), "values": values}, status=409)
    put_collision(form, stale, values)
    return part_page(request, part, form, status=409)


@policy(SIGNED_IN)
@require_POST
def report_part_take(request, pk):
    """Into «Что сделано», under the name of the institution."""
    part = find_part(request, pk)
    require(request.user, WRITE, part.report)
    attempt_with_message(request, lambda: verbs.take_part(part, by=request.user),
                         "Текст добавлен в «Что сделано». Его можно править.")
    return redirect(f"{part.report.get_absolute_url()}#parts")


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def report_part_return(request, pk):
    """Back to the institution with what is to be mended."""
    part = find_part(request, pk)
    require(request.user, WRITE, part.report)
    form = PartReturnForm(request.POST or None)
    return ask(request, form, lambda: verbs.return_part(part, by=request.user, remark=form.cleaned_data["remark"]),
               heading=f"{part.place}: вернуть часть", button="Вернуть с замечанием", back=f"{part.report.get_absolute_url()}#parts",
               done="Часть возвращена. Письмо поставлено в очередь.")
