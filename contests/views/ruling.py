"""Conflicts the portal found by itself: the office decides whether a work goes to another or stays."""
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projectoffice.common.policy import policy
from projectoffice.common.russian import quoted

from ..expert.conflicts import Conflict, in_conflict
from ..expert.workflow import RUNS, can
from ..forms.expert import DecideForm, RulingForm
from ..models import ConflictRuling, Entry, Review
from ..rules import scores_here
from ..services import recusal as verbs
from ..services.giving import is_in
from .common import ask, find_contest
from .expert_common import find_expert

NAMESAKE_STAYS, SHEET_STAYS = "Это однофамилец, не автор: работа остаётся у эксперта", "Оставить: лист сдан раньше, чем появился конфликт, и остаётся в итоге"
TAKE, TAKE_WITH_SHEET = "Передать работу другому эксперту", "Передать работу другому эксперту: сданный лист будет аннулирован с этой причиной"


def place(contest):
    return reverse("contests:conflicts", args=[contest.pk])


def refuse_who_scores(request, contest):
    """Who scores here decides nothing of other experts' works, and does not read whose they are."""
    if scores_here(request.user, contest):
        raise PermissionDenied


@policy(RUNS)
@require_safe
def conflicts(request, pk):
    """Works whose experts turned out to be in conflict, and what was decided of such."""
    contest = find_contest(request, pk)
    refuse_who_scores(request, contest)
    rulings = ConflictRuling.objects.visible_to(request.user).in_force().filter(expert__contest=contest)
    goes_on = contest.state == "announced"
    return render(request, "contests/conflicts.html", {
        "contest": contest, "found": in_conflict(contest) if goes_on else [], "may_rule": goes_on, "by_expert": True,
        "rulings": rulings.select_related("entry", "by", "expert__person")})


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def conflict_decide(request, pk):
    """The work goes to another, or stays with a reason."""
    review = get_object_or_404(Review.objects.visible_to(request.user).select_related("entry__contest", "expert__person", "expert__contest"), pk=pk)
    contest = review.entry.contest
    refuse_who_scores(request, contest)
    found = next(iter(in_conflict(contest, pk=review.pk)), None)
    if found is None and request.method != "POST":
        messages.info(request, "Об этой работе уже решили.")
        return redirect(place(contest))
    review, why = found or (review, None)
    form = DecideForm(request.POST or None, choices=choices_of(review, why), initial={"shown": why and why.conflict.value})

    def act():
        words = form.cleaned_data
        return verbs.decide_conflict(review, by=request.user, keeps=words["keeps"] == "yes", reason=words["reason"], shown=words["shown"])

    return ask(request, contest, form, act, verb="experts", heading=f"Работа № {review.entry.number} и эксперт {review.expert.person}",
               button="Записать решение", back=place(contest), done="Решение записано.", words=told(review, why) if why else "")


def choices_of(review, found):
    """What can be decided; a work still to be scored stays with a namesake alone. Where somebody has decided, the verb says so."""
    sheet, conflict = is_in(review), found and found.conflict
    keeps = NAMESAKE_STAYS if conflict == Conflict.NAMESAKE else SHEET_STAYS
    may_stay = not found or conflict == Conflict.NAMESAKE or sheet and conflict != Conflict.DECLARED
    return ([("yes", keeps)] if may_stay else []) + [("no", TAKE_WITH_SHEET if sheet else TAKE)]


def told(review, found):
    sheet = "Лист по ней сдан" if review.is_in else "Лист по ней не сдан"
    lift = " Если конфликт назван по ошибке, снимите его на странице конфликтов эксперта." if found.conflict == Conflict.DECLARED else ""
    work = f"{quoted(review.entry.title)}, {review.entry.institution}"
    return f"{work}. Портал нашёл связь: {found.words}. Работа уже закрыта для эксперта. {sheet}.{lift}"


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def namesake_rule(request, pk, entry):
    """The author of the expert's name is somebody else."""
    expert = find_expert(request, pk)
    refuse_who_scores(request, expert.contest)
    entry = get_object_or_404(Entry.objects.visible_to(request.user).filter(contest=expert.contest), pk=entry)
    form = RulingForm(request.POST or None)
    back = reverse("contests:expert_conflicts", args=[expert.pk])
    return ask(request, expert.contest, form, lambda: verbs.rule_namesake(expert, entry, by=request.user, reason=form.cleaned_data["reason"]),
               verb="experts", heading=f"Однофамилец: {expert}, заявка № {entry.number}", button="Записать: это другой человек", back=back,
               done="Записано. Работа снова открыта эксперту.",
               words="Среди авторов заявки – человек с тем же именем, и портал закрыл её для эксперта. Если это другой человек, напишите, откуда это известно.")


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def ruling_withdraw(request, pk):
    """The ruling was wrong."""
    ruling = get_object_or_404(ConflictRuling.objects.visible_to(request.user).select_related("expert__person", "expert__contest", "entry"), pk=pk)
    contest = ruling.expert.contest
    refuse_who_scores(request, contest)
    form = RulingForm(request.POST or None)
    back = reverse("contests:expert_conflicts", args=[ruling.expert_id]) if can(ruling.expert, "rule", request.user) else place(contest)
    return ask(request, contest, form, lambda: verbs.withdraw_ruling(ruling, by=request.user, reason=form.cleaned_data["reason"]), verb="experts",
               heading=f"Отменить решение: {ruling.expert}, заявка № {ruling.entry.number}", button="Отменить решение", back=back,
               done="Решение отменено: работа снова закрыта для эксперта.",
               words=f"Портал нашёл связь: {ruling}. Решение было такое: {ruling.reason}")
