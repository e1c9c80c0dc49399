"""The page for a fault of ours."""
from django.http import HttpResponseServerError
from django.template.loader import render_to_string

from projectoffice.common.appearance import Appearance


def server_error(request):
    """Asks nobody for anything: the office is the one the request already carries, if it got that far."""
    context = {"office": getattr(request, "office", None), "appearance": Appearance.read(request)}
    return HttpResponseServerError(render_to_string("500.html", context))
