"""The brief of a meeting («оргпроект встречи»): edited in place as paper, saved as it is typed."""
from types import SimpleNamespace

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.accounts.access import may, require
from projectoffice.accounts.views.refusals import attempt, attempt_with_message
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.documents.panel import panel_of
from projectoffice.documents.route import load_route, with_papers
from projectoffice.documents.services.route import stamp_problems
from projectoffice.documents.snapshot import readable_snapshot
from projectoffice.documents.table.answers import asks_json, local_time, whole_number

from ..forms.brief import BriefForm
from ..meeting import brief_fields
from ..models import Meeting, MeetingBrief
from ..services import brief as verbs

CLOSED = "Текст закрыт или вход закончился. Скопируйте свой текст и обновите страницу."


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def brief_new(request, pk):
    """Begin the brief of a meeting; where there is one it is opened."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user).select_related("body"), pk=pk)
    if request.method != "POST":
        require(request.user, verbs.CHANGE, meeting)
        there = MeetingBrief.objects.visible_to(request.user).filter(meeting=meeting).first()
        back = {"meeting": meeting, "back_url": meeting.get_absolute_url()}
        return redirect(there) if there else render(request, "meetings/brief_new.html", back)
    try:
        return redirect(verbs.create_brief(meeting, by=request.user))
    except TransitionNotAllowed as refusal:
        messages.warning(request, str(refusal))
        return redirect(meeting)


def find(request, pk):
    """The brief this person may read; 404 otherwise. No frozen bytes are read."""
    briefs = MeetingBrief.objects.visible_to(request.user).select_related("document", "meeting__body")
    return get_object_or_404(with_papers(briefs), pk=pk)


@policy(SIGNED_IN)
@require_safe
def brief(request, pk):
    """The draft as a form for those who may change it; otherwise the sheet, to the reader's right."""
    found = find(request, pk)
    document = found.document
    load_route(document)
    if document.is_draft and may(request.user, verbs.CHANGE, document):
        return edited(request, found, form_of(found))
    panel = panel_of(document, request.user)
    return render(request, "meetings/brief.html", {
        "brief": found,
        "document": document,
        "panel": panel,
        "snapshot": readable_snapshot(document, panel.reads_working),
    })


def form_of(brief):
    texts = {field: brief_fields.typed(brief, field) for field in brief_fields.FIELDS}
    return BriefForm(initial=texts | {"version": brief.version})


def edited(request, brief, form, status=200):
    document = brief.document
    panel = panel_of(document, request.user)
    told = verbs.from_meeting(brief.meeting)
    return render(request, "meetings/brief_edit.html", {
        "brief": brief,
        "document": document,
        "panel": panel,
        "form": form,
        "problems": [*document.spec.check(document), *stamp_problems(document, panel.stamps)],
        "fields": [form[name] for name in brief_fields.FIELDS],
        "other_plan": told["plan"] and told["plan"] != brief.plan,
        "other_when": [told[field] for field in ("when", "place") if told[field] and told[field] != getattr(brief, field)],
        "taken": request.GET.get("taken", "") if request.GET.get("taken", "").isdecimal() else "",
    }, status=status)


@policy(SIGNED_IN)
@require_POST
def brief_save(request, pk):
    """Save what was typed: JSON for the script, a redirect or the form with remarks for everybody else."""
    found = find(request, pk)
    form = BriefForm(request.POST)
    if asks_json(request):
        return saved(request, found, form)
    kept = attempt(form, lambda: save_beside(request, found, form))
    if kept is None:
        load_route(found.document)
        return edited(request, found, form, status=422)
    messages.success(request, "Сохранено.")
    return redirect(found)


def save(request, brief, form):
    return verbs.save_brief(brief, form.texts, version=form.cleaned_data["version"], by=request.user)


def save_beside(request, brief, form):
    """``save`` for a form that lays what is stored now beside what was typed, both as texts."""
    try:
        return save(request, brief, form)
    except StaleVersion as stale:
        current, texts = stale.current, form.texts
        now = {field: texts[field] if brief_fields.says(current, field, texts[field]) else brief_fields.typed(current, field)
               for field in brief_fields.FIELDS}
        raise StaleVersion(SimpleNamespace(version=current.version, **now)) from stale


def saved(request, brief, form):
    """The answer to the script (static/js/autosave.js)."""
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    try:
        kept = save(request, brief, form)
    except StaleVersion as stale:
        values = {field: [brief_fields.typed(stale.current, field)] for field in brief_fields.FIELDS}
        return JsonResponse({"version": stale.current.version, "values": values}, status=409)
    except ValidationError as refusal:
        return JsonResponse({"errors": refusal.message_dict}, status=422)
    except TransitionNotAllowed as refusal:
        return JsonResponse({"message": str(refusal), "values": {}}, status=409)
    except PermissionDenied:
        return JsonResponse({"message": CLOSED}, status=403)
    return JsonResponse({"version": kept.version, "saved_at": local_time(timezone.now())})


@policy(SIGNED_IN)
@require_POST
def brief_take(request, pk):
    """Take the plan, or when and where, from the meeting; what was replaced can be brought back."""
    found, event = find(request, pk), None

    def take():
        nonlocal event
        event = verbs.take_from_meeting(found, request.POST.get("what", ""), by=request.user)

    if not attempt_with_message(request, take, "Взято из заседания.") or event is None:
        return redirect(found)
    return redirect(f"{found.get_absolute_url()}?taken={event.pk}")


@policy(SIGNED_IN)
@require_POST
def brief_return(request, pk):
    """«Вернуть прежний текст» after something was taken from the meeting."""
    found = find(request, pk)

    def put_back():
        event = whole_number(request.POST.get("event"), "Возвращать нечего. Обновите страницу.")
        verbs.return_text(found, event, by=request.user)

    attempt_with_message(request, put_back, "Прежний текст возвращён.")
    return redirect(found)
