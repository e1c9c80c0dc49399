"""What comes of a contest for those it concerns: the own result of a team, the winners, the page behind a diploma's code."""
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from projectoffice.common.policy import PUBLIC, SIGNED_IN, policy
from projectoffice.common.uploads import send_file
from projectoffice.documents.public import consented_names, shown

from ..models import Award, Contest, Entry, Result
from ..outcome.mine import outcome_of
from ..outcome.public import award_by_code, checked, winners_of


def published(contest, number=None):
    """``(the asked or the last result, all of them)``, read for pages that show a part of it; 404 for a number never given."""
    found = list(Result.objects.filter(contest=contest).order_by("-number").select_related("protocol_file"))
    chosen = next((each for each in found if number is None or each.number == number), None)
    if number is not None and chosen is None:
        raise Http404
    return chosen, found


@policy(SIGNED_IN)
@require_safe
def my_result(request, pk, number=None):
    """The own profile beside the mean, comments without names, method; for the team, from the published result alone."""
    entry = get_object_or_404(Entry.objects.visible_to(request.user).written_by(request.user).select_related("contest"), pk=pk)
    result, versions = published(entry.contest, number)
    outcome = outcome_of(result, entry) if result else None
    if result and outcome is None:
        raise Http404
    award = Award.objects.visible_to(request.user).filter(result=result, entry=entry).prefetch_related("diplomas__file").first() if result else None
    return render(request, "contests/my_result.html", {
        "entry": entry, "contest": entry.contest, "result": result, "versions": versions, "mine": outcome, "award": award,
        "is_latest": result and result == versions[0]})


@policy(SIGNED_IN)
@require_safe
def award_paper(request, pk):
    """The diploma to print: for the team it belongs to and the office."""
    award = get_object_or_404(Award.objects.visible_to(request.user).prefetch_related("diplomas__file"), pk=pk)
    if award.diploma is None:
        raise Http404
    return send_file(award.diploma.file)


@policy(PUBLIC)
@require_safe
def public_results(request, pk, number=None):
    """Who was awarded; an earlier result stays readable beside the correction."""
    contest = Contest.objects.public().filter(pk=pk).first()
    if contest is None:
        raise Http404
    result, versions = published(contest, number)
    if result is None:
        raise Http404
    names = consented_names()
    return render(request, "contests/public_results.html", {
        "contest": contest, "title": shown(contest.title, names), "result": result, "versions": versions, "is_latest": result == versions[0],
        "nominations": winners_of(result), "reason": shown(result.reason, names), "protocol": shown(result.protocol, names)})


@policy(PUBLIC)
@require_safe
def public_award(request, code):
    """Whether a paper is what it says it is, and still holds."""
    award = award_by_code(code)
    if award is None:
        raise Http404
    contest = award.result.contest
    return render(request, "contests/public_award.html", {
        "award": award, "contest": contest, "title": shown(contest.title, consented_names()), **checked(award)})
