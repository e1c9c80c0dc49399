"""The pages for a fault of ours and for a database that is busy or away. Neither asks anybody for anything."""
import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, HttpResponseServerError, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse

from projectoffice.common.appearance import Appearance

AGAIN_AFTER = 60  # seconds
# Waited for a lock, caught in a deadlock, beaten by another transaction, ran out of time.
BUSY = {"55P03", "40P01", "40001", "57014"}
BUSY_WORDS = "Эти данные сейчас сохраняет другой человек."
AWAY_WORDS = "База портала сейчас недоступна."
# No connection, no resources, shutting down or starting up; without a code the server was not reached at all.
AWAY_CLASSES = ("08", "53", "57")
logger = logging.getLogger(__name__)


def server_error(request):
    """The office is the one the request already carries, if it got that far."""
    trouble = database_trouble(request, sys.exc_info()[1])
    return trouble or HttpResponseServerError(render_to_string("500.html", context_of(request)))


def database_trouble(request, error):
    """The answer 503 to an error of the database that passes by itself; None for any other error."""
    words = words_for(error)
    if not words:
        return None
    logger.warning("503 for %s: %s", request.path, str(error).strip())
    response = unavailable(request, words)
    response["Retry-After"] = str(AGAIN_AFTER)
    response["Cache-Control"] = "no-store"
    return response


def words_for(error):
    if isinstance(error, InterfaceError):
        return AWAY_WORDS
    if not isinstance(error, OperationalError):
        return ""
    code = getattr(error.__cause__, "pgcode", None)
    if code in BUSY:
        return BUSY_WORDS
    return AWAY_WORDS if code is None or code.startswith(AWAY_CLASSES) else ""


def unavailable(request, words):
    """In the form that was asked for: a watchman and a script read JSON, htmx a sentence, people a page."""
    if request.path == reverse("common:health"):
        return JsonResponse({"status": "fault", "database": "fault"}, status=503)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"error": words}, status=503)
    if request.headers.get("HX-Request"):
        return HttpResponse(f"{words} Текст на экране цел: повторите через минуту.", status=503,
                            content_type="text/plain; charset=utf-8")
    context = context_of(request) | {"words": words, "sent_something": request.method == "POST"}
    return HttpResponse(render_to_string("503.html", context), status=503)


def context_of(request):
    return {"office": getattr(request, "office", None), "appearance": Appearance.read(request)}
