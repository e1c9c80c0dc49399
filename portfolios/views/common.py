"""What the views of this app share."""
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect

from projectoffice.accounts.views.person import form_page, way_back
from projectoffice.accounts.views.refusals import attempt, attempt_with_message
from projectoffice.common.idempotency import once

from ..models import Portfolio, Project

__all__ = ["ask", "attempt", "attempt_with_message", "find_portfolio", "find_project", "form_page", "once"]


def find_portfolio(request, pk):
    return get_object_or_404(Portfolio.objects.visible_to(request.user).select_related("head"), pk=pk)


def find_project(request, pk):
    """The project this person may see; 404 otherwise."""
    seen = Project.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("portfolio__head", "model", "head", "copied_from"), pk=pk)


def ask(request, form, verb, *, heading, button, back, done, **more):
    """A page with one form and one verb: asked, refused in words, or done and back.

    ``verb()`` returns an address to go to, or anything else to go ``back``: to an object, or to an address with its title.
    """
    if request.method == "POST":
        found = attempt(form, verb)
        if found:
            messages.success(request, done)
            return redirect(found if isinstance(found, str) else way_back(back)[0])
    return form_page(request, form, heading, button, back, **more)
