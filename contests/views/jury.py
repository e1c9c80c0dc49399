"""The public jury: its list and log for the office, the ballot for a member."""
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from projectoffice.common.db import now
from projectoffice.common.policy import policy

from ..contest import workflow
from ..forms.jury import AnnulForm, BallotForm, JurorForm
from ..models import JuryMember
from ..services import jury as verbs
from ..tally.jury import JuryPage, ballots, told_of, votes_of
from .common import ask, attempt, attempt_with_message, find_contest

RUNS = workflow.RUNS


def sent(request):
    """What a form was sent with, even when that is nothing."""
    return request.POST if request.method == "POST" else None


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def jury(request, pk):
    """The closed list with who voted, one more member, the log."""
    found = find_contest(request, pk)
    page = JuryPage(found, request.user)
    form = JurorForm(sent(request))
    if request.method == "POST" and attempt(form, lambda: verbs.add_juror(found, by=request.user, person=form.cleaned_data["person"])):
        messages.success(request, f"В жюри: {form.cleaned_data['person'].full_name}.")
        return redirect("contests:jury", found.pk)
    return render(request, "contests/jury.html", {"contest": found, "page": page, "form": form}, status=422 if form.errors else 200)


@policy(RUNS)
@require_POST
def juror_remove(request, pk):
    member = get_object_or_404(JuryMember.objects.visible_to(request.user).select_related("contest", "person"), pk=pk)
    attempt_with_message(request, lambda: verbs.remove_juror(member, by=request.user), f"{member.person.full_name} больше не в жюри. Голоса остались.")
    return redirect("contests:jury", member.contest_id)


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def vote_annul(request, pk):
    """One vote out of the count, with the reason; whose it was and when, never for whom while the window is open."""
    vote = get_object_or_404(votes_of(JuryMember.objects.visible_to(request.user)), pk=pk)
    contest, form = vote.member.contest, AnnulForm(request.POST or None)
    back = reverse("contests:jury", args=[contest.pk])
    if vote.annulled_at:
        messages.info(request, "Этот голос уже аннулирован.")
        return redirect(back)
    return ask(request, contest, form, lambda: verbs.annul_vote(vote, by=request.user, reason=form.cleaned_data["reason"]),
               heading="Аннулировать голос", button="Аннулировать", back=back, done="Голос аннулирован.", verb="annul", danger=True, back_word="Общественное жюри",
               words=f"Голос: {vote.member.person.full_name}. Он останется в журнале и будет назван в протоколе; вернуть его нельзя.")


@policy("contests.vote")
@require_http_methods(["GET", "HEAD", "POST"])
def jury_vote(request, pk):
    """The ballot of one member: chosen, looked at once more, given."""
    contest = find_contest(request, pk)
    member = JuryMember.objects.visible_to(request.user).filter(contest=contest, person=request.user.pk, left_at__isnull=True).select_related(
        "person").first()
    if member is None:
        raise PermissionDenied
    closed, own = workflow.refusal(contest, "vote", now()), ballots(member, contest)
    stage = workflow.stages_of(contest).get("jury")
    form = BallotForm(sent(request), ballots=own)
    sure = request.method == "POST" and request.POST.get("sure") == "on"
    if sure and attempt(form, lambda: verbs.vote(member, by=request.user, entries=form.cleaned_data["entries"])):
        messages.success(request, "Голос принят. Спасибо!")
        return redirect("contests:jury_vote", contest.pk)
    if request.method == "POST" and not sure and form.is_valid():
        form = check(form, own)
    if request.method == "POST" and not sure and not form.errors:
        return render(request, "contests/jury_vote_sure.html", {
            "contest": contest, "chosen": by_nomination(own, contest, form.cleaned_data["entries"]), "stage": stage})
    picked = set(request.POST.getlist("entries"))
    return render(request, "contests/jury_vote.html", {
        "contest": contest, "closed": closed, "ballots": shown(own, contest, picked), "form": form,
        "left": sum(each.left for each in own), "stage": stage,
    }, status=422 if form.errors else 200)


def check(form, own):
    """Too many in a nomination is said before the question, beside the ballot."""
    for ballot in own:
        fresh = [entry for entry in form.cleaned_data["entries"] if entry.nomination_id == ballot.nomination.pk and entry.pk not in ballot.chosen]
        if len(fresh) > ballot.left:
            form.add_error(None, verbs.TOO_MANY.format(ballot.nomination, ballot.left))
    return form


def by_nomination(own, contest, chosen):
    keys = {entry.pk for entry in chosen}
    rows = [(ballot.nomination, [(entry, told_of(entry, contest.is_blind)[0]) for entry in ballot.entries if entry.pk in keys - ballot.chosen])
            for ballot in own]
    return [(nomination, entries) for nomination, entries in rows if entries]


def shown(own, contest, picked):
    """Nominations with their works, what each says of itself, whether it is chosen or ticked."""
    return [{
        "nomination": ballot.nomination, "left": ballot.left, "spent": len(ballot.chosen),
        "rows": [{"entry": entry, "chosen": entry.pk in ballot.chosen, "picked": str(entry.pk) in picked, "title": title, "texts": texts}
                 for entry in ballot.entries for title, texts in [told_of(entry, contest.is_blind)]],
    } for ballot in own]
