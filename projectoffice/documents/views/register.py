"""The register of all documents, its export, and the card of one document with its history."""
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from projectoffice.accounts.access import may
from projectoffice.common.history import history_of
from projectoffice.common.policy import policy
from projectoffice.common.sheets import xlsx_response

from .. import register as table
from ..forms import RegisterForm
from ..models import Attachment
from ..panel import panel_of
from .common import readable

STEP = 50
MOST_EXPORTED = 5000


def filters_of(request):
    """The bound form and what of it makes sense; an unknown value of an old link is passed over."""
    form = RegisterForm(request.GET, user=request.user)
    form.is_valid()
    return form, form.cleaned_data


@policy("documents.view_register")
@require_safe
def register(request):
    form, filters = filters_of(request)
    found = table.found(request.user, filters)
    total = Paginator(found, STEP).count
    page = page_number(request, total)
    rows = table.rows(request.user, found[(page - 1) * STEP:page * STEP])
    words = query_words(filters)
    shown = min(page * STEP, total)
    context = {
        "form": form,
        "rows": rows,
        "total": total,
        "shown": shown,
        "next_url": f"?{urlencode([*words, ('page', page + 1)])}" if shown < total else "",
        "chosen": [{"label": label(form, name, filters[name]), "url": f"?{urlencode([pair for pair in words if pair[0] != name])}"}
                   for name, _ in words],
        "export_query": urlencode(words),
        "registers_archive": may(request.user, "documents.register_archive"),
    }
    return render(request, "documents/register.html", context)


def page_number(request, total):
    text = request.GET.get("page", "1")
    last = max(1, -(-total // STEP))
    return min(max(int(text), 1), last) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def query_words(filters):
    """The filters in use as pairs for an address."""
    return [(name, getattr(value, "pk", "on" if value is True else value)) for name, value in filters.items() if value]


def label(form, name, value):
    if value is True:
        return form.fields[name].label
    choices = dict(getattr(form.fields[name], "choices", ())) if name in ("kind", "state") else {}
    return f"{form.fields[name].label}: {choices.get(value, value)}"


@policy("documents.view_register")
@require_safe
def register_export(request):
    """Exactly what is found, as an Excel file."""
    form, filters = filters_of(request)
    rows = table.rows(request.user, table.found(request.user, filters)[:MOST_EXPORTED])
    return xlsx_response(f"Реестр документов {timezone.localdate():%d.%m.%Y}", table.HEADINGS, table.exported(rows))


@policy("documents.view_register")
@require_safe
def history(request, pk):
    """The card of a document: facts, editions, files; for the office the whole history."""
    document = readable(request, pk)
    panel = panel_of(document, request.user)
    editions = document.editions.defer("snapshot", "text", "stamps").select_related("document")
    attachments = document.attachments.filter(removed=False).select_related("file")
    if not panel.reads_working:
        attachments = attachments.filter(kind=Attachment.Kind.ATTACHMENT, edition_number__lte=document.in_force.number)
    context = {
        "document": document,
        "panel": panel,
        "editions": editions,
        "attachments": attachments,
        "events": history_of(document) if panel.reads_working else None,
        "may_add_scan": may(request.user, "documents.record_ink"),
        "no_scan": table.rows(request.user, [document.pk])[0].no_scan,
    }
    return render(request, "documents/history.html", context)
