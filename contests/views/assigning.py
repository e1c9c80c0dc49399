"""Who scores what: the portal's proposal with its loads, works one by one, a nomination to a panel."""
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projectoffice.common.db import now
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.idempotency import key_from
from projectoffice.common.policy import policy

from ..assigning.desk import ONSITE, REMOTE, Desk
from ..assigning.listing import Works
from ..assigning.words import shortage_words, spread_words
from ..contest.reading import has_round
from ..contest.workflow import RUNS, can, refusal
from ..expert.words import load_words, nomination_words
from ..forms.assignment import GiveForm, PanelForm, TakeForm
from ..models import Criterion, Entry, Review
from ..rules import scores_here
from ..services import assignment as verbs
from ..services.assignment_job import under_way
from .common import ask, attempt, find_contest, find_part, once

MOST_SHOWN = 100
ROUND_NAMES = dict(Criterion.Round.choices)


def find_open_contest(request, pk):
    """The contest; its works and whose they are stay closed to an organiser who scores where authors are hidden."""
    contest = find_contest(request, pk)
    if contest.is_blind and scores_here(request.user, contest):
        raise PermissionDenied
    return contest


def round_of(request):
    """The round of the address; the remote one when none or a strange one is named."""
    return ONSITE if request.GET.get("round") == ONSITE else REMOTE


def place(contest, code, name="assignment"):
    return reverse(f"contests:{name}", args=[contest.pk]) + ("?round=onsite" if code == ONSITE else "")


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def assignment(request, pk):
    """What the portal proposes, with everybody's load before and after; one button gives it."""
    contest, code = find_open_contest(request, pk), round_of(request)
    if request.method == "POST":
        return apply(request, contest, code)
    desk, moment = Desk(contest, code), now()
    proposal, job = desk.proposal, under_way(contest)
    rows = [{"expert": each, "now": desk.loads[each.pk], "then": proposal.loads[each.pk], "limit": load_words(proposal.loads[each.pk], each.most_entries),
             "nominations": nomination_words(each), "conflicts": len(desk.conflicts[each.pk])} for each in desk.experts]
    return render(request, "contests/assignment.html", {
        "contest": contest, "desk": desk, "code": code, "round": ROUND_NAMES[code], "proposal": proposal, "rows": rows, "job": job,
        "spread": spread_words([row["then"] for row in rows]), "lacking": desk.lacking(),
        "shortages": [(desk.by_entry[each.entry], shortage_words(desk, each)) for each in proposal.shortages[:MOST_SHOWN]],
        "closed": refusal(contest, "assign", moment), "may": can(contest, "assign", request.user, moment),
        "nominations": list(contest.nominations.all()), "has_onsite": has_round(contest, ONSITE)})


def apply(request, contest, code):
    """Give what was shown; a large proposal leads to the page of its job."""
    back = place(contest, code)

    def act():
        job = verbs.distribute(contest, code, by=request.user, shown=request.POST.get("shown", "")[:64], back=back)
        return job.get_absolute_url() if job else back

    try:
        url = once(request.user, f"assignment:{contest.pk}", key_from(request), act)
    except (StaleVersion, TransitionNotAllowed) as error:
        messages.error(request, str(error))
        return redirect(back)
    if url == back:
        messages.success(request, "Работы назначены, экспертам ушли письма.")
    return redirect(url)


@policy(RUNS)
@require_safe
def assignment_works(request, pk):
    """Every work with its experts; which lack somebody."""
    contest, code = find_open_contest(request, pk), round_of(request)
    return render(request, "contests/assignment_works.html", {
        "contest": contest, "code": code, "round": ROUND_NAMES[code], "listing": Works(request.GET, request.user, contest, code)})


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def assignment_entry(request, pk):
    """Who scores one work; one more by hand, with the reasons why others may not."""
    entry = get_object_or_404(Entry.objects.visible_to(request.user).select_related("contest", "nomination"), pk=pk)
    contest, code = entry.contest, round_of(request)
    desk = Desk(contest, code)
    offered, barred = offers(desk, entry)
    form = GiveForm(request.POST or None, contest=contest, offered=offered)
    here = reverse("contests:assignment_entry", args=[entry.pk]) + ("?round=onsite" if code == ONSITE else "")
    if request.method == "POST" and attempt(form, lambda: verbs.give(entry, form.cleaned_data["expert"], code, by=request.user) or True):
        messages.success(request, f"Работа отдана: {form.cleaned_data['expert']}.")
        return redirect(here)
    reviews = Review.objects.visible_to(request.user).filter(entry=entry, round=code).select_related("expert__person", "given_by")
    return render(request, "contests/assignment_entry.html", {
        "entry": entry, "contest": contest, "code": code, "round": ROUND_NAMES[code], "form": form, "offered": offered, "barred": barred,
        "reviews": reviews, "back": place(contest, code, "assignment_works"), "may": can(contest, "assign", request.user) and entry.pk in desk.by_entry,
    }, status=422 if form.errors else 200)


def offers(desk, entry):
    """``([(expert, words)], [(expert, why not)])`` for one work: the least loaded first."""
    offered, barred = [], []
    for expert in desk.experts:
        if expert.pk in desk.given.get(entry.pk, ()):
            continue
        why = desk.conflicts[expert.pk].get(entry.pk, "") or ("" if desk.is_competent(expert.pk, entry) else verbs.OTHER_NOMINATION)
        why = why or ("больше работ не берёт" if desk.room(expert.pk) == 0 else "")
        if why:
            barred.append((expert, why))
        else:
            offered.append((desk.loads[expert.pk], expert))
    offered.sort(key=lambda pair: pair[0])
    return [(expert, f"{expert.person.full_name} – работ: {load_words(load, expert.most_entries)}") for load, expert in offered], barred


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def assignment_take(request, pk):
    """One work back from an expert."""
    review = get_object_or_404(Review.objects.visible_to(request.user).select_related("entry__contest", "expert__person"), pk=pk)
    contest = review.entry.contest
    back = reverse("contests:assignment_entry", args=[review.entry_id]) + ("?round=onsite" if review.round == ONSITE else "")
    form = TakeForm(request.POST or None)
    words = "Лист по этой работе уже сдан: он будет аннулирован с этой причиной и останется в деле." if verbs.is_in(review) else \
        "Лист по этой работе ещё не сдан. Эксперт больше не увидит её в очереди."
    return ask(request, contest, form, lambda: verbs.take_away(review, by=request.user, reason=form.cleaned_data["reason"]), verb="assign",
               heading=f"Забрать работу № {review.entry.number} у эксперта: {review.expert.person}", button="Забрать работу", back=back,
               done="Работа взята у эксперта. Назначьте её другому.", words=words)


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def assignment_panel(request, pk):
    """Every work of a nomination to the chosen experts."""
    nomination, code = find_part(request, "nomination", pk), round_of(request)
    contest = find_open_contest(request, nomination.contest_id)
    desk = Desk(contest, code)
    form = PanelForm(request.POST or None, desk=desk, initial={"experts": suggested(desk, nomination)})
    found = []

    def give():
        found[:] = verbs.give_to_panel(nomination, code, form.cleaned_data["experts"], by=request.user)
        return True

    if request.method == "POST" and attempt(form, give):
        number, left_out = found
        messages.success(request, f"Назначений: {number}. Экспертам ушли письма." if number else "Всё уже было назначено.")
        if not left_out:
            return redirect(place(contest, code))
        return render(request, "contests/assignment_panel.html", {
            "nomination": nomination, "contest": contest, "left_out": left_out[:MOST_SHOWN], "left_number": len(left_out), "back": place(contest, code)})
    if request.method != "POST" and (words := refusal(contest, "assign", now())):
        return render(request, "contests/closed.html", {"heading": "Отдать комиссии", "words": words, "back": contest.get_absolute_url()})
    works = [each for each in desk.entries if each.nomination_id == nomination.pk]
    return render(request, "contests/assignment_panel.html", {
        "nomination": nomination, "contest": contest, "form": form, "works": works, "round": ROUND_NAMES[code], "back": place(contest, code),
        "nobody": not desk.experts}, status=422 if form.errors else 200)


def suggested(desk, nomination):
    """Those who named this nomination as theirs; when nobody did, nobody is ticked."""
    return [expert.pk for expert in desk.experts if nomination.pk in desk.own_nominations[expert.pk]]
