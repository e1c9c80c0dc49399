"""The on-site round of a contest: who advances, the order of speaking and its paper."""
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from projectoffice.common.db import now
from projectoffice.common.policy import policy
from projectoffice.documents.views.pdf import PDF, answer

from ..assigning.desk import ONSITE, Desk
from ..assigning.onsite import halls, sees_totals
from ..assigning.printing import file_name, order_pdf
from ..contest.workflow import RUNS, can, refusal, stages_of
from ..forms.assignment import AdvanceForm
from ..models import ContestStage, Entry
from ..services import onsite as verbs
from .common import attempt_with_message, find_contest, find_part
from .expert_common import whole_number
from .nomination import goes_up


def back_to(contest_pk, nomination_pk=None):
    return reverse("contests:onsite", args=[contest_pk]) + (f"#hall-{nomination_pk}" if nomination_pk else "")


def shown(request):
    return request.POST.get("shown", "")[:64]


@policy(RUNS)
@require_safe
def onsite(request, pk):
    """Every nomination: those who could go on with their points, those who do in their order."""
    contest, moment = find_contest(request, pk), now()
    remote = stages_of(contest).get(ContestStage.Kind.REMOTE)
    found, desk = halls(contest, request.user), Desk(contest, ONSITE)
    sees = sees_totals(request.user, contest)
    return render(request, "contests/onsite.html", {
        "contest": contest, "halls": [(hall, AdvanceForm(auto_id=f"id_{hall.nomination.pk}_%s")) for hall in found],
        "stage": stages_of(contest).get(ContestStage.Kind.ONSITE), "speakers": sum(len(hall.speakers) for hall in found), "lacking": desk.lacking(),
        "sees": sees, "going": remote is not None and remote.is_open(moment),
        "may": sees and can(contest, "onsite", request.user, moment), "closed": refusal(contest, "onsite", moment)})


@policy(RUNS)
@require_POST
def onsite_advance(request, pk):
    """Those ticked, or the first so many by points."""
    nomination = find_part(request, "nomination", pk)
    form = AdvanceForm(request.POST)
    if request.POST.get("do") == "first":
        if not form.is_valid() or not form.cleaned_data["most"]:
            messages.error(request, "Впишите, сколько работ проходит: целое число от 1 до 200.")
        else:
            attempt_with_message(request, lambda: verbs.advance_first(
                nomination, form.cleaned_data["most"], by=request.user, shown=shown(request)), "Работы с лучшими баллами проходят в очный тур.")
    else:
        chosen = {int(each) for each in request.POST.getlist("entry")[:1000] if whole_number(each) is not None}
        attempt_with_message(request, lambda: verbs.advance(nomination, chosen, by=request.user, shown=shown(request)), "Состав очного тура записан.")
    return redirect(back_to(nomination.contest_id, nomination.pk))


@policy(RUNS)
@require_POST
def onsite_draw(request, pk):
    nomination = find_part(request, "nomination", pk)
    attempt_with_message(request, lambda: verbs.draw_lots(nomination, by=request.user, shown=shown(request)),
                         "Порядок определён жребием. Он записан в историю конкурса.")
    return redirect(back_to(nomination.contest_id, nomination.pk))


@policy(RUNS)
@require_POST
def onsite_move(request, pk):
    """One place sooner or later by a button, or to the turn it was dragged to."""
    entry = get_object_or_404(Entry.objects.visible_to(request.user).select_related("nomination__contest"), pk=pk)
    turn = whole_number(request.POST["position"]) or 0 if "position" in request.POST else None
    attempt_with_message(request, lambda: verbs.move_speaker(entry, by=request.user, up=goes_up(request)) if turn is None else
                         verbs.place_speaker(entry, turn, by=request.user, shown=shown(request)), "Порядок изменён.")
    return redirect(back_to(entry.contest_id, entry.nomination_id))


@policy(RUNS)
@require_POST
def onsite_tell(request, pk):
    contest = find_contest(request, pk)
    attempt_with_message(request, lambda: verbs.tell_speakers(contest, by=request.user), "Письма командам поставлены в очередь.")
    return redirect(back_to(contest.pk))


@policy(RUNS)
@require_safe
def onsite_order(request, pk):
    """The order of speaking as PDF, for the hall."""
    contest = find_contest(request, pk)
    return answer(order_pdf(contest, halls(contest, request.user)), PDF, file_name(contest), inline=True)
