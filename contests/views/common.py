"""What the views of this app share."""
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render

from projectoffice.accounts.views.refusals import attempt, attempt_with_message
from projectoffice.common.db import now
from projectoffice.common.idempotency import once

from ..contest.workflow import refusal
from ..models import AwardLevel, Contest, Criterion, EntryField, Nomination, TieRule

__all__ = ["ask", "attempt", "attempt_with_message", "find_contest", "find_part", "once", "values"]


def find_contest(request, pk):
    """The contest this person may see; 404 otherwise."""
    return get_object_or_404(Contest.objects.visible_to(request.user).select_related("regulation", "copied_from"), pk=pk)


PARTS = {
    "nomination": (Nomination, ("contest",)), "field": (EntryField, ("nomination__contest",)),
    "criterion": (Criterion, ("nomination__contest",)), "tie_rule": (TieRule, ("contest",)), "award_level": (AwardLevel, ("contest",)),
}


def find_part(request, kind, pk):
    """A nomination, a question, a criterion, an award level, a rule of ties of a contest this person may see."""
    model, related = PARTS[kind]
    return get_object_or_404(model.objects.visible_to(request.user).select_related(*related), pk=pk)


def values(form, names):
    return {name: form.cleaned_data[name] for name in names}


def ask(request, contest, form, act, *, heading, button, back, done, verb="edit", template="contests/form.html", **more):
    """A page with one form and one verb: asked, refused in words, or done and back.

    At the wrong moment the page says so instead of asking; ``act()`` returns an address to go to, or anything else to
    go ``back``. ``contest`` is None while there is none.
    """
    if request.method == "POST":
        found = attempt(form, act)
        if found:
            messages.success(request, done)
            return redirect(found if isinstance(found, str) else back)
    elif contest and (words := refusal(contest, verb, now())):
        return render(request, "contests/closed.html", {"heading": heading, "words": words, "back": back})
    return render(request, template, {
        "form": form, "heading": heading, "button": button, "back": back, "contest": contest, **more})
