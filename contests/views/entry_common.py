"""What the views of entries share."""
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect

from projectoffice.accounts.views.person import form_page
from projectoffice.accounts.views.refusals import attempt, attempt_with_message
from projectoffice.common.idempotency import once

from ..entry.page import for_page
from ..models import Entry
from .common import find_contest

__all__ = ["ask", "attempt", "attempt_with_message", "find_contest", "find_entry", "form_page", "once"]


def find_entry(request, pk):
    """An entry whose working text this person may read: the office's or the own team's; 404 for everybody else, experts too."""
    return get_object_or_404(for_page(Entry.objects.visible_to(request.user).written_by(request.user)), pk=pk)


def ask(request, form, verb, *, heading, button, back, done, **more):
    """A page with one form and one verb: asked, refused in words, or done and back.

    ``verb()`` returns an address to go to, or anything else to go ``back``.
    """
    if request.method == "POST":
        found = attempt(form, verb)
        if found:
            messages.success(request, done)
            return redirect(found if isinstance(found, str) else back)
    return form_page(request, form, heading, button, back, **more)
