"""The page «Проверьте, что прочитано» of any table: what was read waits there until somebody stores it."""
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render

from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.idempotency import once

from .preview import preview, report
from .storing import apply_import, check_importable


def preview_page(request, table, kept, *, template, year_form, target_of, create):
    """Show every cell of a KeptImport; a POST stores it.

    ``year_form`` asks for the year a file does not name and answers ``period()``; ``target_of(parsed)`` is the content the
    file is about, if there is one; ``create(parsed)`` makes a new one.
    """
    parsed = kept.parsed
    form = None if parsed.period else year_form(request.POST or None)
    if form and form.is_valid():
        parsed.period = form.period()
    target = target_of(parsed)
    problems = []
    try:
        if target:
            check_importable(target)
        if request.method == "POST" and parsed.period:
            return store(request, table, kept, parsed, target, create)
    except ValidationError as refusal:
        problems = refusal.messages
    except TransitionNotAllowed as refusal:
        problems = [str(refusal)]
    page = preview(table, parsed, target) | {"kept": kept, "plan": target, "form": form, "problems": problems}
    refused = request.method == "POST" and (problems or (form and form.errors))
    return render(request, template, page, status=422 if refused else 200)


def store(request, table, kept, parsed, target, create):
    """Sent twice, it is done once; what was read stays until its day is over, so «Назад» finds its page."""

    def act():
        if target is None:
            return create(parsed).get_absolute_url()
        apply_import(target, parsed, by=request.user, file_name=kept.file_name)
        return target.get_absolute_url()

    url = once(request.user, f"import_{table.name}", kept.key, act)
    messages.success(request, report(table, parsed))
    return redirect(url)
