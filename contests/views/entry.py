"""An entry: begun, its page, saved as it is typed, the buttons of its form."""
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portfolios.services.typed import Collision, dumped, read_marks
from projectoffice.accounts.access import require
from projectoffice.common.db import now
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.history import history_of
from projectoffice.common.idempotency import key_from
from projectoffice.common.policy import SIGNED_IN, policy

from ..contest import workflow as contest_workflow
from ..entry import words
from ..entry.page import EntryPage
from ..entry.workflow import WRITE, acceptance_of
from ..forms.entry import EntryForm, FilesForm, NewEntryForm, NominationForm, PartnerForm, ScanForm
from ..services import entry as verbs
from .entry_common import ask, find_contest, find_entry, once

GONE = "Этого автора тем временем убрали. Добавьте его снова или перенесите текст."


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def entry_new(request, pk):
    """A new entry of an institution; who works in none is told whom to call."""
    contest = find_contest(request, pk)
    if not contest_workflow.can(contest, "enter", request.user):
        return render(request, "contests/entry_closed.html", {"contest": contest, **why_closed(request, contest)})
    asked = request.GET.get("nomination", "")
    initial = {"nomination": int(asked)} if asked.isascii() and asked.isdigit() and len(asked) < 9 else {}
    form = NewEntryForm(request.POST or None, contest=contest, user=request.user, initial=initial)

    def create():
        fields = {name: form.cleaned_data[name] for name in ("nomination", "institution", "title")}
        return verbs.start_entry(contest, by=request.user, **fields).get_absolute_url()

    stage = acceptance_of(contest)
    return ask(request, form, lambda: once(request.user, f"entry_new:{contest.pk}", form.cleaned_data["form_key"], create),
               heading=f"Новая заявка: {contest.title}", button="Начать заявку", back=contest.get_absolute_url(),
               done="Черновик создан. Пишите когда удобно: всё сохраняется само.",
               words=f"Приём заявок – {words.until_words(stage.ends_at)}. Заполнить заявку можно за несколько раз.")


def why_closed(request, contest):
    """The sentence and what to do about it."""
    late = contest_workflow.refusal(contest, "enter", now())
    if late:
        return {"words": late, "call": words.call_words()}
    return {"words": "Заявку подаёт учреждение, а вы на портале не числитесь ни в одном.", "call": words.call_words()}


@policy(SIGNED_IN)
@require_safe
def entry(request, pk):
    """While it is written, the form; afterwards what was sent, its state, what comes next."""
    found = find_entry(request, pk)
    page = EntryPage(found, request.user, request.office)
    return form_shown(request, page, EntryForm(entry=found)) if page.editable else sent_shown(request, page)


def form_shown(request, page, form, status=200, **forms):
    entry = page.entry
    context = {
        "page": page, "entry": entry, "form": form,
        "partner_form": PartnerForm(auto_id="id_%s"), "files_form": FilesForm(), "scan_form": ScanForm(),
        "nomination_form": NominationForm(entry=entry, auto_id="id_other_%s"), "removed": removed_file(request, entry), **forms,
    }
    return render(request, "contests/entry_form.html", context, status=status)


def removed_file(request, entry):
    """The file just taken out, so that it can be brought back."""
    asked = request.GET.get("removed", "")
    return next((row for row in entry.files.all() if row.removed and str(row.pk) == asked), None)


def sent_shown(request, page):
    return render(request, "contests/entry.html", {"page": page, "entry": page.entry, "submission": page.submission})


@policy(SIGNED_IN)
@require_safe
def entry_history(request, pk):
    """Everything that happened to the entry, newest first."""
    found = find_entry(request, pk)
    return render(request, "contests/entry_history.html", {"entry": found, "events": history_of(found)[:500]})


# ── saved ─────────────────────────────────────────────────────────────────────────────────────────────────

def for_writing(request, pk):
    """The entry of somebody who may write it; 403 for readers."""
    found = find_entry(request, pk)
    require(request.user, WRITE, found)
    return found


def asks_json(request):
    return request.headers.get("Accept", "").startswith("application/json")


@policy(SIGNED_IN)
@require_POST
def entry_save(request, pk):
    """Saved as typed (the script asks for JSON), or by a button of the form, which may also add and move authors."""
    found = for_writing(request, pk)
    return save_as_typed(request, found) if asks_json(request) else save_by_button(request, found)


def store(request, entry, form):
    """Save what of the form may be stored. Raises what the verb raises."""
    form.is_valid()
    return verbs.save_draft(entry, form.typed, read_marks(form.cleaned_data.get("version", "")), by=request.user)


def save_as_typed(request, entry):
    """The answer of a save while somebody types (static/js/autosave.js)."""
    form = EntryForm(request.POST, entry=entry)
    try:
        saved = store(request, entry, form)
    except Collision as stale:
        return JsonResponse({"version": dumped(stale.shown), "values": field_values(request, entry)}, status=409)
    except (TransitionNotAllowed, StaleVersion) as refusal:
        return JsonResponse({"errors": {}, "message": str(refusal)}, status=409)
    errors = {name: list(sentences) for name, sentences in form.errors.items()}
    for name in gone(request, form):
        errors.setdefault(name, [GONE])
    if errors:
        return JsonResponse({"errors": errors, "version": dumped(saved.shown)}, status=422)
    return JsonResponse({"version": dumped(saved.shown), "saved_at": f"{timezone.localtime():%H:%M}"})


def gone(request, form):
    """Names of cells whose author left the entry meanwhile."""
    return [name for name in request.POST if name.startswith("author-") and name not in form.fields]


def field_values(request, entry):
    """What is stored now, as the fields of the form would show it: {name: [text]}."""
    form = EntryForm(entry=find_entry(request, entry.pk))
    values = {name: [form[name].value() or ""] for name in form.own_names}
    return values if values["contact"][0] else {name: value for name, value in values.items() if name != "contact"}


def save_by_button(request, entry):
    """«Сохранить», and the buttons of authors: whatever was typed is saved first."""
    form = EntryForm(request.POST, entry=entry)
    try:
        store(request, entry, form)
    except Collision as stale:
        return collided(request, entry, form, stale)
    except TransitionNotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect(entry)
    if form.errors:
        return form_shown(request, EntryPage(entry, request.user, request.office), form, status=422)
    try:
        return act(request, entry)
    except (TransitionNotAllowed, ValidationError) as refusal:
        messages.error(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
        return redirect(entry)


def collided(request, entry, form, stale):
    """Both texts: the typed one in the field, the stored one beside it; the next «Сохранить» is a decision."""
    stored = field_values(request, entry)
    for name in stale.names:
        if name in form.fields:
            there = "".join(stored.get(name, [])) or "пусто"
            form.add_error(name, "Автора для связи тем временем выбрали другого." if name == "contact" else
                           f"Это только что изменил кто-то другой. Сейчас записано: «{there}».")
    form.data = form.data.copy()
    form.data["version"] = dumped(stale.shown)
    return form_shown(request, EntryPage(entry, request.user, request.office), form, status=409)


def act(request, entry):
    """What the pressed button asks for beside saving: ``do`` is send, add_author, remove|up|down:<author>."""
    do, _, key = request.POST.get("do", "").partition(":")
    if do == "send":
        return redirect("contests:entry_submit", entry.pk)
    if do == "add_author":
        def create():
            return f"{entry.get_absolute_url()}#author-{verbs.add_author(entry, by=request.user).pk}"
        return redirect(once(request.user, f"entry_author:{entry.pk}", key_from(request), create))
    author = next((each for each in entry.authors.all() if str(each.pk) == key), None)
    if author and do == "remove":
        verbs.remove_author(entry, author, by=request.user)
        messages.success(request, f"Автор убран: {author.name or 'пустая строка'}.")
        return redirect(f"{entry.get_absolute_url()}#authors")
    if author and do in ("up", "down"):
        verbs.move_author(entry, author, by=request.user, up=do == "up")
        return redirect(f"{entry.get_absolute_url()}#author-{author.pk}")
    messages.success(request, "Сохранено.")
    return redirect(entry)
