"""Answers of the table editor: JSON for its script, a way back to the plan for ordinary forms."""
import json
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.text import clean_text

from ..models import MeetingPlan
from ..plan import cells, editor

NOT_YOURS = "Править этот план могут сотрудники Проектного офиса."


def asks_json(request):
    return request.headers.get("Accept", "").startswith("application/json")


def find_plan(request, pk):
    """The plan this person may read, with what a page shows of its document; 404 otherwise."""
    return readable(request, pk, "document__in_force", "document__current_sheet", "document__sent_by", "body")


def readable(request, pk, *related):
    plans = MeetingPlan.objects.visible_to(request.user).select_related(*related)
    if "document__current_sheet" in related:
        plans = plans.defer("document__current_sheet__pdf")
    return get_object_or_404(plans, pk=pk)


def sent(request):
    """The data of a verb: JSON of the script or fields of a form; always a dictionary."""
    if request.content_type != "application/json":
        return request.POST.dict()
    try:
        data = json.loads(request.body)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise ValidationError("Запрос пришёл не в том виде. Обновите страницу и повторите.")
    return data


def verb(view):
    """A verb of the editor: ``view(request, plan, …)`` does it and returns what to add to the answer.

    Every refusal is told in words: beside the cell for the script, as a message for a form.
    """

    @wraps(view)
    def answer(request, pk, **kwargs):
        # A verb reads no frozen copies: they may be long, and saving a cell must be quick.
        plan = readable(request, pk, "document", "body")
        try:
            request.sent = sent(request)
            more = view(request, plan, **kwargs) or {}
        except StaleVersion as stale:
            return refused(request, plan, 409, stale=both_texts(stale.current, request.sent.get("cell", "")),
                           message=str(stale))
        except ValidationError as refusal:
            errors = refusal.message_dict if hasattr(refusal, "error_dict") else {}
            return refused(request, plan, 422, errors=errors, message=" ".join(refusal.messages))
        except TransitionNotAllowed as refusal:
            return refused(request, plan, 409, closed=True, message=str(refusal))
        except PermissionDenied:
            return refused(request, plan, 403, closed=True, message=NOT_YOURS)
        if asks_json(request):
            # A cell of a row is no part of the plan's own record, so the plan is read anew after other verbs alone.
            if not more.pop("plan_is_same", False):
                plan = readable(request, plan.pk, "document", "body")
            return JsonResponse(editor.answer(plan, seen=seen(request), person=request.user, **more))
        if more.get("message"):
            messages.success(request, more["message"])
        return redirect(more.get("back") or plan.get_absolute_url())

    return answer


def refused(request, plan, status, *, message, **more):
    if asks_json(request):
        return JsonResponse({"message": message, **more}, status=status)
    if status == 403:
        raise PermissionDenied
    messages.error(request, message)
    return redirect(plan.get_absolute_url())


def both_texts(current, cell):
    """What the other one wrote, for laying beside one's own text."""
    person = getattr(current, "changed_by", None)
    at = getattr(current, "changed_at", None)
    text = cells.source(current, cell) if cell in cells.CELLS else getattr(current, "title", "")
    return {"text": text, "who": person.short_name if person else "", "at": local_time(at), "version": current.version}


def local_time(moment):
    return f"{timezone.localtime(moment):%H:%M}" if moment else ""


def seen(request):
    """{uid: version} of the rows the page shows, so that only what changed is sent."""
    known = request.sent.get("seen")
    return known if isinstance(known, dict) else {}


def whole_number(value, sentence):
    """A number from a form or from JSON; ValidationError with the sentence otherwise."""
    try:
        number = int(str(value)[:20])
    except ValueError as error:
        raise ValidationError(sentence) from error
    if not -(2**31) < number < 2**31:
        raise ValidationError(sentence)
    return number


def short_text(value, limit=2000):
    return clean_text(value if isinstance(value, str) else "", multiline=True, limit=limit)
