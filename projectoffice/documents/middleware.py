"""What stands between the views that draw a sheet and their reader, whatever the app."""
import logging
from urllib.parse import urlsplit

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from projectoffice.common.views.errors import unavailable

from .sheet import SheetNotRendered

logger = logging.getLogger(__name__)


class SheetTroubleMiddleware:
    """A sheet that could not be drawn is no fault of the page: back to where the reader came from, with a sentence."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, error):
        if not isinstance(error, SheetNotRendered):
            return None
        logger.warning("No sheet for %s: %s", request.path, error.reason)
        page = page_before(request)
        if not page or "application/json" in request.headers.get("Accept", "") or request.headers.get("HX-Request"):
            return unavailable(request, str(error))
        messages.error(request, str(error))
        return redirect(page)


def page_before(request):
    """The page of the portal that led here; empty when it is not known, or is the very address that failed."""
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return ""
    is_itself = request.method == "GET" and urlsplit(came_from).path == request.path
    return "" if is_itself else came_from
