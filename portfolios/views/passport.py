"""The passport: its page with what is missing, the steps of filling it in, saved as typed, its rows."""
import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.accounts.access import may, require
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.documents.models import Document
from projectoffice.documents.panel import panel_of
from projectoffice.documents.route import with_papers
from projectoffice.documents.snapshot import take_snapshot

from .. import passports, workflow
from ..forms.passport import StepForm, after, before
from ..models import Passport, TeamMember
from ..passports import BY_CODE, STEPS
from ..services import passport as verbs
from ..services.typed import Collision, dumped, read_marks
from .common import find_project
from .typed import asks_json, field_values, put_collision

MOST_TOLD = 3
GONE = "Эту строку тем временем убрали. Верните её или перенесите текст в другую."


@policy(SIGNED_IN)
@require_POST
def passport_start(request, pk):
    """Begin the passport, or go on with the one that is there."""
    project = find_project(request, pk)
    passport = verbs.start_passport(project, by=request.user)
    return redirect(step_address(passport, STEPS[0]))


def find_passport(request, pk):
    """The passport this person may read in some form; 404 otherwise."""
    passports_seen = Passport.objects.visible_to(request.user).select_related(
        "document", "project__portfolio", "project__model", "project__head")
    return get_object_or_404(with_papers(passports_seen), project=pk)


def for_filling(request, pk):
    """The passport of somebody who may change it; 403 for readers."""
    passport = find_passport(request, pk)
    require(request.user, workflow.CHANGE, passport.project)
    return passport


@policy(SIGNED_IN)
@require_safe
def passport(request, pk):
    """The sheet with its route; for who fills it in, the steps and what is missing before it can be sent."""
    found = find_passport(request, pk)
    document = found.document
    panel = panel_of(document, request.user)
    filling = document.is_draft and may(request.user, workflow.CHANGE, found.project)
    lacking = passports.missing(found) if filling else []
    return render(request, "portfolios/passport.html", {
        "passport": found, "project": found.project, "document": document, "panel": panel, "editable": filling,
        "snapshot": readable_snapshot(document, panel.reads_working), "filling": filling, **passports.standing(lacking),
        "steps": passports.progress(lacking), "next_step": passports.next_step(lacking) or STEPS[0],
        "as_paper": "paper" in request.GET,
    })


def readable_snapshot(document, working):
    """What this reader sees: what goes round or is being written only with the right to it, else what is in force."""
    if not working or document.state in (Document.State.ISSUED, Document.State.ANNULLED):
        if document.in_force is None:
            raise Http404
        return document.in_force.snapshot
    return document.current_sheet.snapshot if document.current_sheet_id else take_snapshot(document)


def step_address(passport, step, anchor=""):
    return reverse("portfolios:passport_step", args=[passport.project_id, step.code]) + anchor


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def passport_step(request, pk, code):
    """One step: shown, saved as typed (the script asks for JSON), or saved by its buttons, which also add and move rows."""
    step = BY_CODE.get(code)
    if step is None:
        raise Http404
    found = for_filling(request, pk)
    if not found.document.is_draft:
        messages.info(request, "Паспорт сейчас не правят: он на подписи или уже действует.")
        return redirect(found)
    if request.method == "POST":
        return save_as_typed(request, found, step) if asks_json(request) else save_by_button(request, found, step)
    return step_page(request, found, step, StepForm(passport=found, step=step))


def step_page(request, passport, step, form, status=200):
    document = passport.document
    panel = panel_of(document, request.user)
    lacking = passports.missing(passport)
    return render(request, "portfolios/passport_step.html", {
        "passport": passport, "project": passport.project, "document": document, "panel": panel, "step": step, "form": form,
        "steps": passports.progress(lacking), "total": len(STEPS), "before": before(step), "after": after(step),
        "here": lacks_of_step(lacking, step), "removed": removed_row(request, passport, step),
        "members": passport.project.team.current().select_related("person") if step.code == "team" else [],
        "head_role": TeamMember.Role.HEAD,
    }, status=status)


def lacks_of_step(lacking, step):
    return [each for each in lacking if each.code == step.code]


def store(request, passport, form):
    """Save what of the form may be stored. Raises what the verb raises."""
    form.is_valid()
    return verbs.save_step(passport, form.typed, read_marks(form.cleaned_data.get("version", "")), by=request.user)


def save_as_typed(request, passport, step):
    """The answer of a save while somebody types (static/js/autosave.js)."""
    form = StepForm(request.POST, passport=passport, step=step)
    try:
        saved = store(request, passport, form)
    except Collision as stale:
        return JsonResponse({"version": dumped(stale.shown), "values": stored_values(passport, step)}, status=409)
    except (TransitionNotAllowed, StaleVersion) as refusal:
        return JsonResponse({"errors": {}, "message": str(refusal)}, status=409)
    errors = {name: list(sentences) for name, sentences in form.errors.items()}
    for name in gone(request, form):
        errors.setdefault(name, [GONE])
    if errors:
        return JsonResponse({"errors": errors, "version": dumped(saved.shown)}, status=422)
    return JsonResponse({"version": dumped(saved.shown), "saved_at": f"{timezone.localtime():%H:%M}"})


def gone(request, form):
    """Names of cells whose row left the passport meanwhile."""
    return [name for name in request.POST if name.split("-", 1)[0] in verbs.ROWS and name not in form.fields]


def stored_values(passport, step):
    """What is stored now, as the fields of the form would show it: {name: [text]}."""
    return field_values(StepForm(passport=reread(passport), step=step))


def reread(passport):
    return Passport.objects.select_related("document", "project").get(pk=passport.pk)


def save_by_button(request, passport, step):
    """«Сохранить и дальше», and the buttons of rows: whatever was typed is saved first."""
    form = StepForm(request.POST, passport=passport, step=step)
    try:
        store(request, passport, form)
    except Collision as stale:
        return collided(request, passport, step, form, stale)
    except TransitionNotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect(passport)
    if form.errors:
        return step_page(request, passport, step, form, status=422)
    return act(request, passport, step)


def collided(request, passport, step, form, stale):
    """Both texts: the typed one in the field, the stored one beside it; the next «Сохранить» is a decision."""
    put_collision(form, stale, stored_values(passport, step))
    return step_page(request, passport, step, form, status=409)


def act(request, passport, step):
    """What the pressed button asks for beside saving: ``do`` is next, close, add:<kind>, remove|up|down:<kind>:<uid>."""
    do, _, what = request.POST.get("do", "").partition(":")
    try:
        if do == "add" and what in step.rows:
            row = verbs.add_row(passport, what, by=request.user, uid=read_uid(request.POST.get(f"new-{what}")) or uuid.uuid4())
            return redirect(step_address(passport, step, f"#row-{row.uid}"))
        if do in ("remove", "up", "down"):
            return change_row(request, passport, step, do, what)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(step_address(passport, step))
    messages.success(request, "Сохранено.")
    if do == "close" or after(step) is None:
        return redirect(passport)
    if here := lacks_of_step(passports.missing(reread(passport)), step):
        messages.info(request, f"Шаг {step.number} пока не закончен: {'; '.join(each.words for each in here[:MOST_TOLD])}.")
    return redirect(step_address(passport, after(step)))


def change_row(request, passport, step, do, what):
    kind, _, uid = what.partition(":")
    row = find_row(passport, kind, uid) if kind in step.rows else None
    if row is None:
        return redirect(step_address(passport, step))
    if do == "remove":
        verbs.remove_row(passport, row, by=request.user)
        return redirect(f"{step_address(passport, step)}?removed={kind}:{row.uid}")
    verbs.move_row(passport, row, by=request.user, up=do == "up")
    return redirect(step_address(passport, step, f"#row-{row.uid}"))


def find_row(passport, kind, uid):
    key = read_uid(uid)
    return getattr(passport.project, verbs.RELATED[kind]).filter(uid=key).first() if key and kind in verbs.ROWS else None


def read_uid(text):
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None


def removed_row(request, passport, step):
    """The row just removed, so that it can be brought back."""
    kind, _, uid = request.GET.get("removed", "").partition(":")
    row = find_row(passport, kind, uid) if kind in step.rows else None
    return {"row": row, "kind": kind} if row and row.position is None else None


@policy(SIGNED_IN)
@require_POST
def passport_row_return(request, pk, kind, uid):
    """Undo a removal."""
    found = for_filling(request, pk)
    row = find_row(found, kind, uid) if kind in verbs.ROWS else None
    if row is None:
        raise Http404
    step = next(each for each in STEPS if kind in each.rows)
    try:
        verbs.return_row(found, row, by=request.user)
    except TransitionNotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect(step_address(found, step, f"#row-{row.uid}"))

