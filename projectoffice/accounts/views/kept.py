"""Pages that things kept in a list have in common (institutions, bodies): new, edit, closing, opening again."""
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone

from projectoffice.common.idempotency import once

from ..forms.institutions import ClosingForm
from .person import form_page
from .refusals import attempt, attempt_with_message


@dataclass(frozen=True)
class Kept:
    """One kind of thing: its form and fields, its verbs, its words."""

    name: str  # names the action for a form sent twice
    form: type
    fields: tuple[str, ...]
    add: Callable
    change: Callable
    close: Callable
    open: Callable
    back: tuple[str, str]  # the list it belongs to: address and title
    words: dict[str, str]

    def values(self, form):
        return {name: form.cleaned_data[name] for name in self.fields}


def new_page(request, kept):
    form = kept.form(request.POST or None)
    address = None
    if request.method == "POST":
        address = attempt(form, lambda: once(
            request.user, f"{kept.name}_new", form.cleaned_data["key"],
            lambda: kept.add(by=request.user, **kept.values(form)).get_absolute_url(),
        ))
    if address:
        messages.success(request, kept.words["created"])
        return redirect(address)
    return form_page(request, form, kept.words["new"], kept.words["create"], kept.back)


def edit_page(request, kept, found):
    initial = {name: getattr(found, name) for name in (*kept.fields, "version")}
    form = kept.form(request.POST or None, initial=initial)
    if request.method == "POST" and attempt(form, lambda: kept.change(
        found, by=request.user, version=form.cleaned_data["version"], **kept.values(form)
    )):
        messages.success(request, "Сохранено.")
        return redirect(found)
    return form_page(request, form, f"{found}: изменить", "Сохранить", found)


def close_page(request, kept, found):
    form = ClosingForm(request.POST or None, initial={"closed_on": timezone.localdate()})
    form.fields["closed_on"].label = kept.words["closed_on"]
    if request.method == "POST" and attempt(form, lambda: kept.close(
        found, by=request.user, closed_on=form.cleaned_data["closed_on"]
    )):
        messages.success(request, kept.words["closed"])
        return redirect(found)
    return form_page(request, form, f"{found}: {kept.words['closing']}", kept.words["close"], found,
                     words=kept.words["consequence"])


def open_again(request, kept, found):
    attempt_with_message(request, lambda: kept.open(found, by=request.user), kept.words["opened"])
    return redirect(found)
