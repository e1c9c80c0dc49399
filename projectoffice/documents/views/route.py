"""The way of a document: send, withdraw, the inbox, the reading page, sign, return."""
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from projectoffice.common import throttle
from projectoffice.common.policy import SIGNED_IN, policy

from .. import inbox as desk
from .. import route
from ..forms import ReturnForm, SignForm
from ..models import Document
from ..panel import panel_of
from ..services import route as verbs
from ..services.route import stamp_problems
from .common import attempt, for_verb, readable


@policy(SIGNED_IN)
@require_safe
def document(request, pk):
    """The one address of a document leads to the page of its content."""
    return redirect(_content_url(readable(request, pk)))


def _content_url(paper):
    return paper.spec.url(paper)


@policy(SIGNED_IN)
def send(request, pk):
    """What will happen is said once more; then the document goes on its way."""
    paper = for_verb(request, pk, "send")
    if request.method == "POST":
        shown = request.POST.get("shown_hash", "")
        if attempt(request, lambda: verbs.send(paper, by=request.user, shown_hash=shown)):
            paper.refresh_from_db()
            issued = paper.state == Document.State.ISSUED
            messages.success(request, f"{paper.spec.issued_word}." if issued else "Документ направлен.")
            return redirect(paper)
        return redirect("documents:send", paper.pk)
    problems = [*paper.spec.check(paper), *stamp_problems(paper)]
    context = {
        "document": paper,
        "panel": panel_of(paper, request.user),
        "problems": problems,
        "remarks": [] if problems else paper.spec.remarks(paper),
        "shown_hash": "" if problems else verbs.hash_shown(paper),
        "turns": desk.turns(paper),
    }
    return render(request, "documents/send.html", context)


@policy(SIGNED_IN)
def withdraw(request, pk):
    paper = for_verb(request, pk, "withdraw")
    if request.method == "POST":
        if attempt(request, lambda: verbs.withdraw(paper, by=request.user)):
            messages.success(request, "Документ отозван, его можно править.")
        return redirect(paper)
    signed = [s for s in route.standings(paper) if s.state == route.SIGNED and s.decision]
    return render(request, "documents/withdraw.html", {"document": paper, "signed": signed})


@policy(SIGNED_IN)
@require_safe
def inbox(request):
    """«Ждут моего решения»: two or three blocks, what changed since, what was decided lately."""
    return render(request, "documents/inbox.html", desk.inbox(request.user, done=request.GET.get("done", "")))


@policy(SIGNED_IN)
@require_safe
def decide(request, pk):
    """The reading page: the frozen sheet, what changed since this person's decision, and the two answers."""
    paper = asked_about(request, pk)
    return reading_page(request, paper) if paper else it_is_over(request)


def asked_about(request, pk):
    """The document to decide; None for somebody who was asked and may read it no more, 404 for everybody else."""
    try:
        return readable(request, pk)
    except Http404:
        if desk.was_asked(request.user, pk):
            return None
        raise


def it_is_over(request):
    """A second click, or a letter's link after a return: that there is nothing to decide, and no word of the content."""
    return render(request, "documents/nothing_to_decide.html")


def reading_page(request, paper, sign_form=None, return_form=None, status=200):
    stamp = my_stamp(request, paper)
    if stamp is None:
        return nothing_to_decide(request, paper)
    initial = {"stamp": stamp.pk, "shown_hash": paper.current_sheet.content_hash}
    context = desk.reading(paper, stamp, request.user) | {
        "document": paper,
        "panel": panel_of(paper, request.user),
        "sign_form": sign_form or SignForm(initial=initial),
        "return_form": return_form or ReturnForm(initial=initial, auto_id="return_%s"),
    }
    return render(request, "documents/decide.html", context, status=status)


def my_stamp(request, paper):
    """The open stamp to decide: the one asked for in the address, otherwise the first of this person's."""
    if paper.state != Document.State.IN_APPROVAL:
        return None
    mine = [stamp for stamp in route.open_stamps(paper) if route.may_be_decided_by(stamp, request.user)]
    wanted = request.POST.get("stamp") or request.GET.get("stamp")
    return next((stamp for stamp in mine if str(stamp.pk) == wanted), mine[0] if mine else None)


def nothing_to_decide(request, paper):
    """A letter's link opened late: say where the document stands instead of a refusal; strangers are refused."""
    if not desk.was_asked(request.user, paper.pk):
        raise PermissionDenied("documents.decide")
    return render(request, "documents/nothing_to_decide.html", {"document": paper, "panel": panel_of(paper, request.user)})


@policy(SIGNED_IN)
@require_POST
def sign(request, pk):
    paper = asked_about(request, pk)
    if paper is None:
        return it_is_over(request)
    form = SignForm(request.POST)
    if not form.is_valid():
        return reading_page(request, paper, sign_form=form, status=422)
    stamp = get_object_or_404(paper.stamps.active(), pk=form.cleaned_data["stamp"])
    data = form.cleaned_data
    if throttle.no_more_passwords(request.user):
        form.add_error("password", throttle.WAIT)
        return reading_page(request, paper, sign_form=form, status=429)
    if attempt(request, lambda: verbs.sign(stamp, by=request.user, shown_hash=data["shown_hash"], password=data["password"]), form):
        return decided(request, paper, stamp)
    if "password" in form.errors:
        throttle.wrong_password(request.user)
    return reading_page(request, paper, sign_form=form, status=422) if form.errors else redirect("documents:decide", pk)


@policy(SIGNED_IN)
@require_POST
def return_document(request, pk):
    paper = asked_about(request, pk)
    if paper is None:
        return it_is_over(request)
    form = ReturnForm(request.POST, auto_id="return_%s")
    if not form.is_valid():
        return reading_page(request, paper, return_form=form, status=422)
    stamp = get_object_or_404(paper.stamps.active(), pk=form.cleaned_data["stamp"])
    data = form.cleaned_data
    act = lambda: verbs.return_document(stamp, by=request.user, shown_hash=data["shown_hash"], reason=data["reason"])  # noqa: E731
    if attempt(request, act, form):
        return decided(request, paper, stamp)
    return reading_page(request, paper, return_form=form, status=422) if form.errors else redirect("documents:decide", pk)


def decided(request, paper, stamp):
    """Back to the list, where the block has folded to one line."""
    decision = paper.decisions.filter(stamp=stamp, by=request.user).latest("moment")
    return redirect(f"{reverse('documents:inbox')}?done={decision.pk}")
