"""Answers of the table editor: JSON for its script, a way back to the page for ordinary forms."""
import json
import uuid
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.text import clean_text

from ..route import with_papers
from . import editor
from .spec import table_of

# Who wrote the other text, when it was the same person.
YOURSELF = "вы, в другом окне"


def asks_json(request):
    return request.headers.get("Accept", "").startswith("application/json")


def find_content(request, table, pk):
    """The content this person may read, with what a page shows of its document; 404 otherwise."""
    return get_object_or_404(with_papers(visible(request, table, "document", *table.related)), pk=pk)


def find_for_a_verb(request, table, pk):
    """The same for a verb: it reads no frozen copies, they may be long, and saving a cell must be quick."""
    return get_object_or_404(visible(request, table, "document", *table.related), pk=pk)


def visible(request, table, *related):
    return table.content.objects.visible_to(request.user).select_related(*related)


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


def verb_of(table):
    """A verb of the editor of this table: ``view(request, content, …)`` does it and returns what to add to the answer.

    Every refusal is told in words: beside the cell for the script, as a message for a form.
    """

    def verb(view):
        @wraps(view)
        def answer(request, pk, **kwargs):
            content = find_for_a_verb(request, table, pk)
            try:
                request.sent = sent(request)
                more = view(request, content, **kwargs) or {}
            except StaleVersion as stale:
                return refused(request, content, 409, message=str(stale),
                               stale=both_texts(stale.current, request.sent.get("cell", ""), reader=request.user))
            except ValidationError as refusal:
                errors = refusal.message_dict if hasattr(refusal, "error_dict") else {}
                return refused(request, content, 422, errors=errors, message=" ".join(refusal.messages))
            except TransitionNotAllowed as refusal:
                return refused(request, content, 409, closed=True, message=str(refusal))
            except PermissionDenied:
                return refused(request, content, 403, closed=True, message=table.not_yours)
            return done(request, table, content, more)

        return answer

    return verb


def done(request, table, content, more):
    if asks_json(request):
        # A cell of a row is no part of the content's own record, so that is read anew after other verbs alone.
        if not more.pop("content_is_same", False):
            content = find_for_a_verb(request, table, content.pk)
        return JsonResponse(editor.answer(content, seen=seen(request), person=request.user, **more))
    if more.get("message"):
        messages.success(request, more["message"])
    return redirect(more.get("back") or content.get_absolute_url())


def refused(request, content, status, *, message, **more):
    if asks_json(request):
        return JsonResponse({"message": message, **more}, status=status)
    if status == 403:
        raise PermissionDenied
    messages.error(request, message)
    return redirect(content.get_absolute_url())


def both_texts(current, key, *, reader):
    """What the other one wrote, for laying beside one's own text."""
    person = getattr(current, "changed_by", None)
    at = getattr(current, "changed_at", None)
    table = table_of(current)
    is_cell = isinstance(current, table.row) and key in table.typed
    return {"text": table.cell(key).source(current) if is_cell else getattr(current, "title", ""),
            "who": who_wrote(person, reader), "at": local_time(at), "version": current.version}


def who_wrote(person, reader):
    """The writer in words; empty when nobody knows."""
    if person is None:
        return ""
    return YOURSELF if person.pk == reader.pk else person.short_name


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


def read_uid(value):
    try:
        return uuid.UUID(str(value)[:40])
    except ValueError:
        return None
