"""The stamps of a draft, edited where they stand. Every answer is the whole block, so that it is always true."""
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from projectoffice.accounts.access import require
from projectoffice.common.errors import StaleVersion
from projectoffice.common.policy import SIGNED_IN, policy

from ..forms import StampForm
from ..models import Stamp
from ..panel import panel_of
from ..services import stamps as verbs
from ..workflow import is_person, stamps_permission
from .common import attempt, posted, readable


def editable(request, pk):
    document = readable(request, pk)
    if not is_person(document, "edit", request.user):
        raise PermissionDenied("edit")
    require(request.user, stamps_permission(document), document)
    return document


def stamp_of(request, pk, **state):
    stamps_seen = Stamp.objects.visible_to(request.user).filter(**state)
    stamp = get_object_or_404(stamps_seen.select_related("document", "signer"), pk=pk)
    stamp.document = editable(request, stamp.document_id)
    return stamp


def block(request, document, **context):
    """The block in place, or on a page of its own without a script."""
    context |= {"document": document, "panel": panel_of(document, request.user)}
    template = "documents/_stamps.html" if request.htmx else "documents/stamps.html"
    return render(request, template, context)


def shown(request, document, **context):
    """After a change: the block in place; without a script back to the content, unless something is to be said."""
    if request.htmx or context:
        return block(request, document, **context)
    return redirect(document)


@policy(SIGNED_IN)
def stamps(request, pk):
    """The block as it stands: «Не менять» returns here."""
    return block(request, editable(request, pk))


@policy(SIGNED_IN)
def stamp_add(request, pk):
    document = editable(request, pk)
    approved = document.stamps.active().filter(kind=Stamp.Kind.APPROVE).exists()
    fresh = Stamp(document=document, kind=Stamp.Kind.AGREE if approved else Stamp.Kind.APPROVE, side=Stamp.Side.LEFT if approved else Stamp.Side.RIGHT)
    form = StampForm(posted(request)[0], instance=fresh)
    if request.method == "POST" and form.is_valid() and attempt(
        request, lambda: verbs.add_stamp(document, by=request.user, **form.values()), form
    ):
        return shown(request, document)
    return block(request, document, form=form, editing="new")


@policy(SIGNED_IN)
def stamp_edit(request, pk):
    """Change one stamp; when somebody changed it meanwhile both texts are shown and saving again keeps one's own."""
    stamp = stamp_of(request, pk, removed=False)
    form = StampForm(posted(request)[0], instance=stamp)
    stale = None
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            if attempt_save(request, stamp, form, version):
                return shown(request, stamp.document)
        except StaleVersion as refusal:
            stale = refusal.current
            form.data = form.data.copy()
            form.data["version"] = stale.version
    return block(request, stamp.document, form=form, editing=stamp.pk, stale=stale)


def attempt_save(request, stamp, form, version):
    """As ``attempt``, but an outdated version goes on to the caller, who shows both texts."""
    refusals = []

    def save():
        try:
            verbs.save_stamp(stamp, by=request.user, version=version, **form.values())
        except StaleVersion as refusal:
            refusals.append(refusal)

    done = attempt(request, save, form)
    if refusals:
        raise refusals[0]
    return done


@policy(SIGNED_IN)
@require_POST
def stamp_remove(request, pk):
    stamp = stamp_of(request, pk, removed=False)
    attempt(request, lambda: verbs.remove_stamp(stamp, by=request.user))
    return shown(request, stamp.document, removed=stamp)


@policy(SIGNED_IN)
@require_POST
def stamp_return(request, pk):
    stamp = stamp_of(request, pk)
    attempt(request, lambda: verbs.return_stamp(stamp, by=request.user))
    return shown(request, stamp.document)


@policy(SIGNED_IN)
@require_POST
def stamp_swap(request, pk):
    document = editable(request, pk)
    attempt(request, lambda: verbs.swap_sides(document, by=request.user))
    return shown(request, document)


@policy(SIGNED_IN)
@require_POST
def stamp_acting(request, pk):
    """Put who acts for the signer today into the stamp: name, post and signer."""
    stamp = stamp_of(request, pk, removed=False)
    attempt(request, lambda: verbs.put_acting(stamp, by=request.user))
    return shown(request, stamp.document)
