"""What the views of this app share."""
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect

from projectoffice.accounts.views.person import form_page, way_back
from projectoffice.accounts.views.refusals import attempt, attempt_with_message, put_errors
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.idempotency import once
from projectoffice.common.uploads import store_upload

from ..models import Portfolio, Project

__all__ = ["ask", "attempt", "attempt_plainly", "attempt_with_message", "entered_source", "find_portfolio", "find_project", "form_page",
           "number_in", "once"]


def attempt_plainly(form, verb):
    """``verb()`` of a valid form whose refusals are sentences above it; None when it was refused.

    For decisions: what changed meanwhile is shown by the page itself, not beside the fields.
    """
    try:
        return verb()
    except (StaleVersion, TransitionNotAllowed) as error:
        form.add_error(None, str(error))
    except ValidationError as error:
        put_errors(form, error)
    return None


def entered_source(form, by):
    """What a valid form tells of where it is known from, for a verb that enters for somebody; the file is stored."""
    source = {name: form.cleaned_data[name] for name in ("source", "source_date") if name in form.fields}
    if form.cleaned_data.get("source_file"):
        source["source_file"] = store_upload(form.cleaned_data["source_file"], by=by)
    return source


def find_portfolio(request, pk):
    return get_object_or_404(Portfolio.objects.visible_to(request.user).select_related("head"), pk=pk)


def find_project(request, pk):
    """The project this person may see; 404 otherwise."""
    seen = Project.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("portfolio__head", "model", "head", "copied_from"), pk=pk)


def number_in(request, name):
    """A number of the address, an id mostly; None for nothing and for nonsense."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


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
