"""Changes of what is in force: begin, give up, compare."""
from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.common.uploads import SCANS, store_upload

from ..compare import compare as lay_side_by_side
from ..forms import CompareForm, ReviseForm
from ..panel import panel_of
from ..services import revision as verbs
from ..snapshot import take_snapshot
from .common import attempt, for_verb, posted, readable

DRAFT = 0


@policy(SIGNED_IN)
def revise(request, pk):
    """«Внести изменения»: by which order or protocol; then the next edition opens."""
    document = for_verb(request, pk, "revise")
    form = ReviseForm(*posted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        @transaction.atomic
        def act():
            uploaded = data["basis_file"]
            stored = store_upload(uploaded, by=request.user, allowed=SCANS) if uploaded else None
            verbs.revise(document, by=request.user, basis=data["basis"], basis_number=data["basis_number"],
                         basis_date=data["basis_date"], basis_file=stored)

        if attempt(request, act, form):
            document.refresh_from_db()
            messages.success(request, f"Готовится редакция {document.edition_number}. Прежняя действует, пока новую не подпишут.")
            return redirect(document)
    return render(request, "documents/revise.html", {"document": document, "panel": panel_of(document, request.user), "form": form})


@policy(SIGNED_IN)
def abandon(request, pk):
    document = for_verb(request, pk, "abandon")
    if request.method == "POST":
        if attempt(request, lambda: verbs.abandon_revision(document, by=request.user)):
            messages.success(request, "Изменения отменены, текст снова как в действующей редакции.")
        return redirect(document)
    return render(request, "documents/abandon.html", {"document": document, "panel": panel_of(document, request.user)})


@policy(SIGNED_IN)
@require_safe
def compare(request, pk):
    """Any two editions, or what is being prepared against what is in force, row by row."""
    document = readable(request, pk)
    panel = panel_of(document, request.user)
    choices = states_of(document, panel.reads_working)
    if len(choices) < 2:
        return render(request, "documents/compare.html", {"document": document, "panel": panel})
    initial = {"old": choices[1][0], "new": choices[0][0]}
    form = CompareForm({**initial, **request.GET.dict()}, choices=choices)
    if not form.is_valid():
        raise Http404("Такой редакции нет.")
    old, new = (snapshot_of(document, form.cleaned_data[name]) for name in ("old", "new"))
    context = {"document": document, "panel": panel, "form": form, "comparison": lay_side_by_side(old, new),
               "snapshot": new}
    return render(request, "documents/compare.html", context)


def states_of(document, reads_working):
    """What can be laid side by side, newest first: ``(number, words)``; 0 is the text being prepared."""
    numbers = document.editions.order_by("-number").values_list("number", flat=True)
    found = [(number, f"Редакция {number}") for number in numbers]
    if reads_working and document.is_revision:
        found.insert(0, (DRAFT, f"Готовится редакция {document.edition_number}"))
    return found


def snapshot_of(document, number):
    if number == DRAFT:
        return document.current_sheet.snapshot if document.current_sheet else take_snapshot(document)
    return document.editions.get(number=number).snapshot
