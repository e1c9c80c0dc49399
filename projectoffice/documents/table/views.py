"""The verbs of a table editor, the ordinary forms of a row and of the title; each takes the table it is for.

``urls.table_urls`` gives them addresses and policies.
"""
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render

from projectoffice.accounts.access import may, require
from projectoffice.accounts.models import User
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.lines import from_word_clipboard, to_text
from projectoffice.common.templatetags.office import STAMP_VERBS
from projectoffice.common.terms import parse_term, reading
from projectoffice.common.text import scrub

from ..panel import panel_of
from . import content as contents
from . import editor
from . import rows as verbs
from .answers import both_texts, find_content, read_uid, sent, short_text, whole_number
from .clipboard import rows_of_table
from .forms import RowForm
from .spec import table_of

FEWEST_LETTERS, MOST_PEOPLE = 2, 10
NO_PLACE = "Не видно, куда переставить строку."
NO_VERSION = "Не видно, с какого места вы правите. Обновите страницу."


def find_row(content, uid):
    return get_object_or_404(table_of(content).rows(content).select_related("changed_by"), uid=uid)


def named_row(content, value):
    """The row a request names by its uid; None when it names none."""
    uid = read_uid(value)
    return table_of(content).rows(content).filter(uid=uid).first() if uid else None


def editor_page(request, content):
    """The context of the page ``components/table_editor/page.html``."""
    panel = panel_of(content.document, request.user)
    return editor.page(content, panel, request.user) | {
        "content": content,
        "document": content.document,
        "panel": panel,
        "stamps_line": [(STAMP_VERBS.get(stamp.kind, stamp.get_kind_display()), stamp.name or stamp.basis) for stamp in panel.stamps],
        "removed_row": removed_row(request, content),
        "as_paper": "paper" in request.GET,
    }


def removed_row(request, content):
    """The row just removed without the script, so that it can be brought back."""
    uid = read_uid(request.GET.get("removed"))
    row = table_of(content).rows(content).filter(uid=uid, position__isnull=True).first() if uid else None
    place = request.GET.get("place", "")
    return {"uid": row.uid, "place": place if place.isdecimal() and len(place) < 6 else ""} if row else None


# ── verbs: (request, content, …) → what to add to the answer ──────────────────────────────────────────────

def row_add(request, content):
    data = request.sent
    section = data.get("section")
    values = {"section": short_text(section)} if section else None
    row = verbs.add_row(content, by=request.user, after=named_row(content, data.get("after")), uid=read_uid(data.get("uid")),
                        values=values)
    return {"row": str(row.uid), "back": f"{table_of(content).base(content)}{row.uid}/"}


def row_cell(request, content, uid):
    data = request.sent
    base = data.get("base")
    version = whole_number(data.get("version"), NO_VERSION)
    row = verbs.save_cell(find_row(content, uid), str(data.get("cell")), data.get("value"), version=version, by=request.user,
                          base=base if isinstance(base, str) else None)
    return {"row": str(row.uid), "content_is_same": True}


def row_duplicate(request, content, uid):
    row = verbs.duplicate_row(find_row(content, uid), by=request.user, uid=read_uid(request.sent.get("uid")))
    return {"row": str(row.uid), "message": "Строка скопирована."}


def row_remove(request, content, uid):
    row = find_row(content, uid)
    place = row.position
    verbs.remove_row(row, by=request.user)
    return {"removed": str(uid), "back": f"{content.get_absolute_url()}?removed={uid}&place={place or ''}"}


def row_return(request, content, uid):
    place = request.sent.get("place")
    place = whole_number(place, "Не видно, куда вернуть строку.") if place else None
    row = verbs.return_row(find_row(content, uid), by=request.user, place=place)
    return {"row": str(row.uid), "back": f"{content.get_absolute_url()}#row-{row.uid}"}


def row_move(request, content, uid):
    row = find_row(content, uid)
    step = request.sent.get("step")
    place = (row.position or 0) + whole_number(step, NO_PLACE) if step else whole_number(request.sent.get("position"), NO_PLACE)
    verbs.move_row(row, by=request.user, position=place)
    return {"row": str(row.uid), "back": f"{content.get_absolute_url()}#row-{row.uid}"}


def rows_paste(request, content):
    rows = rows_of_table(table_of(content), request.sent.get("table"))
    added, given_way = verbs.paste_rows(content, rows, by=request.user, after=named_row(content, request.sent.get("after")))
    return {"pasted": [str(row.uid) for row in added], "given_way": str(given_way or ""),
            "message": f"Вставлено строк: {len(added)}."}


def rows_unpaste(request, content):
    uids = request.sent.get("rows")
    uids = [uid for value in uids if (uid := read_uid(value))] if isinstance(uids, list) else []
    verbs.unpaste_rows(content, uids, by=request.user, given_way=read_uid(request.sent.get("given_way")))
    return {"message": "Вставка отменена."}


def rows_sync(request, content):
    """Tell which row one has open, hear what others changed."""
    if not may(request.user, table_of(content).permission, content.document):
        raise PermissionDenied
    contents.note_presence(content, read_uid(request.sent.get("editing")), by=request.user)
    return {"closed": not content.document.is_draft}


def renumber(request, content):
    return {"message": f"Перенумеровано строк: {len(verbs.renumber(content, by=request.user))}."}


def acknowledge(request, content):
    """Leave what a warning is about as it is."""
    if not may(request.user, table_of(content).permission, content.document):
        raise PermissionDenied
    contents.acknowledge_remark(
        content, code=short_text(request.sent.get("code"), 40), row_uid=read_uid(request.sent.get("row")),
        fingerprint=short_text(request.sent.get("fingerprint"), 64), by=request.user,
    )


def title(request, content):
    value = request.sent.get("value")
    contents.save_title(content, value if isinstance(value, str) else "",
                        version=whole_number(request.sent.get("version"), NO_VERSION), by=request.user)


# ── reads and ordinary forms: (request, table, pk, …) → answer ────────────────────────────────────────────

def rows_reading(request, table, pk):
    """What a typed term means, or what pasted HTML is as typed lines; keeps nothing."""
    content = find_content(request, table, pk)
    try:
        data = sent(request)
    except ValidationError as refusal:
        return JsonResponse({"message": " ".join(refusal.messages)}, status=422)
    if "term" in data:
        term = parse_term(scrub(data["term"])[:400], table.period(content))
        return JsonResponse({"reading": reading(term), "unclear": not term.understood})
    return JsonResponse({"text": to_text(from_word_clipboard(data.get("html", "")))})


def rows_people(request, table, pk):
    """Active people whose surname begins with the typed letters."""
    find_content(request, table, pk)
    try:
        typed = short_text(request.GET.get("q", ""), limit=100).split(" ")[0]
    except ValidationError:
        typed = ""
    if len(typed) < FEWEST_LETTERS:
        return JsonResponse({"people": []})
    found = User.objects.active().filter(surname__istartswith=typed).in_order()[:MOST_PEOPLE]
    return JsonResponse({"people": [{"id": one.pk, "text": one.short_name.replace("\xa0", " ")} for one in found]})


def title_form(request, table, pk):
    """The title as an ordinary form, for those without the script."""
    content = find_content(request, table, pk)
    require(request.user, table.permission, content.document)
    return render(request, "components/table_editor/title_page.html", {
        "content": content, "title_url": table.url("title", content.pk)})


def row(request, table, pk, uid):
    """The ordinary form of a row, for those without the script and for small mends on a phone."""
    content = find_content(request, table, pk)
    found = find_row(content, uid)
    if not may(request.user, table.permission, content.document):
        raise PermissionDenied
    if request.method != "POST":
        form = RowForm(table=table, initial={"version": found.version,
                                             **{key: cell.source(found) for key, cell in table.typed.items()}})
        return render(request, "components/table_editor/row_page.html", row_page(table, content, found, form))
    form = RowForm(request.POST, table=table)
    theirs = None
    if form.is_valid():
        try:
            verbs.save_row(found, typed_values(request, table, form), version=form.cleaned_data["version"], by=request.user)
            return redirect(f"{content.get_absolute_url()}#row-{found.uid}")
        except ValidationError as refusal:
            form.add_refusal(refusal)
        except TransitionNotAllowed as refusal:
            form.add_error(None, str(refusal))
        except StaleVersion as stale:
            theirs = their_row(table, stale.current, request.user)
            form.data = form.data.copy()
            form.data["version"] = stale.current.version
    return render(request, "components/table_editor/row_page.html", row_page(table, content, found, form, theirs),
                  status=409 if theirs else 422)


def typed_values(request, table, form):
    """Texts by cell; a form without the field of the heading leaves the heading as it is."""
    return {key: form.cleaned_data[key] for key, cell in table.typed.items() if cell is not table.section or key in request.POST}


def their_row(table, current, reader):
    shown = [{"title": cell.noun, "text": cell.source(current)} for cell in table.typed.values()]
    return {"cells": shown, **both_texts(current, table.main, reader=reader)}


def row_page(table, content, found, form, theirs=None):
    return {"content": content, "row": found, "form": form, "theirs": theirs, "base": table.base(content)}
