"""Rows of a plan: the verbs of the table editor and the ordinary form of one row."""
import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.accounts.access import may
from projectoffice.accounts.models import User
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.lines import from_word_clipboard, to_text
from projectoffice.common.policy import policy
from projectoffice.common.terms import parse_term, reading
from projectoffice.common.text import scrub

from ..forms.plan import RowForm
from ..plan import cells
from ..plan.clipboard import rows_of_table
from ..services import rows as verbs
from ..services.plan import note_presence
from .answers import both_texts, find_plan, sent, short_text, verb, whole_number

CHANGE = "meetings.change_plan"
FEWEST_LETTERS, MOST_PEOPLE = 2, 10


def find_row(plan, uid):
    return get_object_or_404(plan.items.select_related("changed_by"), uid=uid)


def named_row(plan, value):
    """The row a request names by its uid; None when it names none."""
    uid = read_uid(value)
    return plan.items.filter(uid=uid).first() if uid else None


def read_uid(value):
    try:
        return uuid.UUID(str(value)[:40])
    except ValueError:
        return None


@policy(CHANGE)
@require_POST
@verb
def plan_row_add(request, plan):
    row = verbs.add_row(plan, by=request.user, after=named_row(plan, request.sent.get("after")),
                        uid=read_uid(request.sent.get("uid")))
    return {"row": str(row.uid), "back": f"{plan.get_absolute_url()}rows/{row.uid}/"}


@policy(CHANGE)
@require_POST
@verb
def plan_row_cell(request, plan, uid):
    data = request.sent
    base = data.get("base")
    version = whole_number(data.get("version"), "Не видно, с какого места вы правите. Обновите страницу.")
    row = verbs.save_cell(find_row(plan, uid), str(data.get("cell")), data.get("value"), version=version, by=request.user,
                          base=base if isinstance(base, str) else None)
    return {"row": str(row.uid), "plan_is_same": True}


@policy(CHANGE)
@require_POST
@verb
def plan_row_duplicate(request, plan, uid):
    row = verbs.duplicate_row(find_row(plan, uid), by=request.user, uid=read_uid(request.sent.get("uid")))
    return {"row": str(row.uid), "message": "Строка скопирована."}


@policy(CHANGE)
@require_POST
@verb
def plan_row_remove(request, plan, uid):
    row = find_row(plan, uid)
    place = row.position
    verbs.remove_row(row, by=request.user)
    return {"removed": str(uid), "back": f"{plan.get_absolute_url()}?removed={uid}&place={place or ''}"}


@policy(CHANGE)
@require_POST
@verb
def plan_row_return(request, plan, uid):
    place = request.sent.get("place")
    place = whole_number(place, "Не видно, куда вернуть строку.") if place else None
    row = verbs.return_row(find_row(plan, uid), by=request.user, place=place)
    return {"row": str(row.uid), "back": f"{plan.get_absolute_url()}#row-{row.uid}"}


@policy(CHANGE)
@require_POST
@verb
def plan_row_move(request, plan, uid):
    row = find_row(plan, uid)
    step = request.sent.get("step")
    sentence = "Не видно, куда переставить строку."
    place = (row.position or 0) + whole_number(step, sentence) if step else whole_number(request.sent.get("position"), sentence)
    verbs.move_row(row, by=request.user, position=place)
    return {"row": str(row.uid), "back": f"{plan.get_absolute_url()}#row-{row.uid}"}


@policy(CHANGE)
@require_POST
@verb
def plan_rows_paste(request, plan):
    rows = rows_of_table(request.sent.get("table"))
    added, given_way = verbs.paste_rows(plan, rows, by=request.user, after=named_row(plan, request.sent.get("after")))
    return {"pasted": [str(row.uid) for row in added], "given_way": str(given_way or ""),
            "message": f"Вставлено строк: {len(added)}."}


@policy(CHANGE)
@require_POST
@verb
def plan_rows_unpaste(request, plan):
    uids = request.sent.get("rows")
    uids = [uid for value in uids if (uid := read_uid(value))] if isinstance(uids, list) else []
    verbs.unpaste_rows(plan, uids, by=request.user, given_way=read_uid(request.sent.get("given_way")))
    return {"message": "Вставка отменена."}


@policy(CHANGE)
@require_POST
@verb
def plan_rows_sync(request, plan):
    """Tell which row one has open, hear what others changed."""
    if not may(request.user, CHANGE, plan.document):
        raise PermissionDenied
    uid = read_uid(request.sent.get("editing"))
    note_presence(plan, uid, by=request.user)
    return {"closed": not plan.document.is_draft}


@policy(CHANGE)
@require_POST
def plan_rows_reading(request, pk):
    """What a typed term means, or what pasted HTML is as typed lines; keeps nothing."""
    plan = find_plan(request, pk)
    try:
        data = sent(request)
    except ValidationError as refusal:
        return JsonResponse({"message": " ".join(refusal.messages)}, status=422)
    if "term" in data:
        term = parse_term(scrub(data["term"])[:400], (plan.period_start, plan.period_end))
        return JsonResponse({"reading": reading(term), "unclear": not term.understood})
    return JsonResponse({"text": to_text(from_word_clipboard(data.get("html", "")))})


@policy(CHANGE)
@require_safe
def plan_rows_people(request, pk):
    """Active people whose surname begins with the typed letters."""
    find_plan(request, pk)
    try:
        typed = short_text(request.GET.get("q", ""), limit=100).split(" ")[0]
    except ValidationError:
        typed = ""
    if len(typed) < FEWEST_LETTERS:
        return JsonResponse({"people": []})
    found = User.objects.active().filter(surname__istartswith=typed).in_order()[:MOST_PEOPLE]
    return JsonResponse({"people": [{"id": one.pk, "text": one.short_name.replace("\xa0", " ")} for one in found]})


@policy(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_row(request, pk, uid):
    """The ordinary form of a row, for those without the script and for small mends on a phone."""
    plan = find_plan(request, pk)
    row = find_row(plan, uid)
    if not may(request.user, CHANGE, plan.document):
        raise PermissionDenied
    if request.method != "POST":
        form = RowForm(initial={"version": row.version, **{cell: cells.source(row, cell) for cell in cells.NAMES}})
        return render(request, "meetings/row.html", row_page(plan, row, form))
    form = RowForm(request.POST)
    theirs = None
    if form.is_valid():
        values = dict(form.cleaned_data)
        version = values.pop("version")
        if "section" not in request.POST:  # a form without this field leaves the heading as it is
            values.pop("section")
        try:
            verbs.save_row(row, values, version=version, by=request.user)
            return redirect(f"{plan.get_absolute_url()}#row-{row.uid}")
        except ValidationError as refusal:
            form.add_error(None, refusal) if not hasattr(refusal, "error_dict") else form.add_error_dict(refusal)
        except TransitionNotAllowed as refusal:
            form.add_error(None, str(refusal))
        except StaleVersion as stale:
            theirs = {"cells": [{"title": title, "text": cells.source(stale.current, cell)}
                                for cell, title in cells.NAMES.items()], **both_texts(stale.current, "topics")}
            form.data = form.data.copy()
            form.data["version"] = stale.current.version
    status = 409 if theirs else 422
    return render(request, "meetings/row.html", row_page(plan, row, form, theirs=theirs), status=status)


def row_page(plan, row, form, theirs=None):
    return {"plan": plan, "row": row, "form": form, "theirs": theirs, "base": f"{plan.get_absolute_url()}rows/"}
