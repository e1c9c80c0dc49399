from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.utils.cache import add_never_cache_headers
from django_htmx.http import HttpResponseClientRedirect

from projectoffice.common.office_time import office_time
from projectoffice.common.policy import PUBLIC, SIGNED_IN

from . import second_key
from .access import may
from .models import OfficeProfile


class OfficeMiddleware:
    """Puts the office's profile on the request and its time zone into force."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.office = OfficeProfile.load()
        with office_time(request.office.time_zone):
            response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class PolicyMiddleware:
    """Deny by default: a view without a declared policy answers 403 to everybody."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        rule = getattr(view, "policy", None)
        if rule is None:
            raise PermissionDenied("This view declares no policy.")
        if rule == PUBLIC:
            return None
        if not request.user.is_authenticated:
            return led_to(request)
        if rule != SIGNED_IN and not may(request.user, rule):
            raise PermissionDenied(rule)
        return None


class SecondKeyMiddleware:
    """Leads to the second key before anything else, once per session."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if getattr(view, "before_second_key", False) or not second_key.is_due(request):
            return None
        return led_to(request, "accounts:second_key")


def led_to(request, login_url=None):
    """To the way in and afterwards back: to the page one is on where htmx asked for a piece of it."""
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(redirect_to_login(request.htmx.current_url_abs_path or "/", login_url).url)
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/", login_url)
