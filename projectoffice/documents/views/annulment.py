"""«Отменить документ»: proposed and confirmed by two people, or recorded by the act that annuls it."""
from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.common.uploads import SCANS, store_upload

from ..forms import AnnulByActForm, ReasonForm
from ..panel import panel_of
from ..services import annulment as verbs
from ..workflow import can
from .common import attempt, for_verb

VERBS = ("propose_annulment", "record_annulment", "confirm_annulment", "withdraw_annulment")


@policy(SIGNED_IN)
def annul(request, pk, forms=None):
    """What this person may do about annulling: propose, record by an act, confirm or leave in force."""
    document = for_verb(request, pk, *VERBS)
    user = request.user
    annulment = document.annulments.filter(confirmed_at=None, declined_at=None).select_related("proposed_by").first()
    context = {
        "document": document,
        "panel": panel_of(document, user),
        "annulment": annulment,
        "may_propose": can(document, "propose_annulment", user),
        "may_record": can(document, "record_annulment", user),
        "may_confirm": can(document, "confirm_annulment", user) and annulment.proposed_by_id != user.pk,
        "may_withdraw": can(document, "withdraw_annulment", user) and annulment.proposed_by_id == user.pk,
        "propose_form": ReasonForm(auto_id="propose_%s"),
        "decline_form": ReasonForm(auto_id="decline_%s"),
        "act_form": AnnulByActForm(auto_id="act_%s"),
        **(forms or {}),
    }
    return render(request, "documents/annul.html", context, status=422 if forms else 200)


def answered(request, document, name, form, act, word):
    if form.is_valid() and attempt(request, act, form):
        messages.success(request, word)
        return redirect(document)
    return annul(request, document.pk, forms={name: form})


@policy(SIGNED_IN)
@require_POST
def annul_propose(request, pk):
    document = for_verb(request, pk, "propose_annulment")
    form = ReasonForm(request.POST, auto_id="propose_%s")
    return answered(request, document, "propose_form", form,
                    lambda: verbs.propose_annulment(document, by=request.user, reason=form.cleaned_data["reason"]),
                    "Предложение записано. Документ действует, пока отмену не подтвердят.")


@policy(SIGNED_IN)
@require_POST
def annul_withdraw(request, pk):
    document = for_verb(request, pk, "withdraw_annulment")
    if attempt(request, lambda: verbs.withdraw_annulment(document, by=request.user)):
        messages.success(request, "Предложение отозвано. Документ действует.")
    return redirect(document)


@policy(SIGNED_IN)
@require_POST
def annul_confirm(request, pk):
    document = for_verb(request, pk, "confirm_annulment")
    if attempt(request, lambda: verbs.confirm_annulment(document, by=request.user)):
        messages.success(request, "Документ отменён.")
    return redirect(document)


@policy(SIGNED_IN)
@require_POST
def annul_decline(request, pk):
    document = for_verb(request, pk, "confirm_annulment")
    form = ReasonForm(request.POST, auto_id="decline_%s")
    return answered(request, document, "decline_form", form,
                    lambda: verbs.decline_annulment(document, by=request.user, reason=form.cleaned_data["reason"]),
                    "Документ оставлен в силе.")


@policy(SIGNED_IN)
@require_POST
def annul_by_act(request, pk):
    document = for_verb(request, pk, "record_annulment")
    form = AnnulByActForm(request.POST, request.FILES, auto_id="act_%s")

    @transaction.atomic
    def act():
        data = form.cleaned_data
        stored = store_upload(data["scan"], by=request.user, allowed=SCANS)
        verbs.record_annulment(document, by=request.user, act=data["act"], scan=stored, reason=data["reason"])

    return answered(request, document, "act_form", form, act, "Документ отменён.")
