"""Conflicts of interest: what an expert declares or the office writes down, and what the portal found."""
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from projectoffice.accounts.access import may
from projectoffice.common.policy import SIGNED_IN, policy

from ..expert.conflicts import Conflict, conflicts_of, what_of
from ..expert.words import own_ground
from ..expert.workflow import RUNS, can
from ..forms.expert import ConflictForm, LiftForm
from ..models import ConflictRuling, Entry, Recusal
from ..rules import scores_here
from ..services import recusal as verbs
from .common import ask, values
from .expert_common import find_expert


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def expert_conflicts(request, pk):
    """Conflicts in force and a form for one more. What the portal found among the entries is told to the office alone."""
    found = find_expert(request, pk)
    runs = may(request.user, RUNS)
    mine = found.person_id == request.user.pk
    form = ConflictForm(request.POST or None, contest=found.contest, of_oneself=mine)
    rows = Recusal.objects.visible_to(request.user).in_force().filter(expert=found).select_related("institution", "entry", "by")

    def declare():
        verbs.declare_conflict(found, by=request.user, **values(form, ("ground", "words", "institution", "entry")))
        return request.path

    return ask(request, found.contest, form, declare, verb="experts",
        heading="Мои конфликты интересов" if mine else f"Конфликты интересов: {found}", button="Назвать конфликт",
        back=reverse("contests:expert_edit", args=[found.pk]) if runs and not mine else found.contest.get_absolute_url(),
        done="Записано: этих работ у эксперта не будет." if not mine else "Записано: этих работ у вас не будет.",
        template="contests/expert_conflicts.html", expert=found, runs=runs, mine=mine, may_lift=can(found, "lift", request.user),
        rows=[(row, what_of(row, with_title=runs and not mine), own_ground(row.ground) if mine else row.get_ground_display()) for row in rows],
        workplaces=sorted({str(post.institution) for post in found.person.posts.current().select_related("institution") if post.institution}),
        detected=detected(request, found) if runs and not mine else [], namesake=Conflict.NAMESAKE.label,
        may_rule=can(found, "rule", request.user) and not scores_here(request.user, found.contest),
        rulings=ConflictRuling.objects.visible_to(request.user).in_force().filter(expert=found).select_related("entry", "by", "expert__person"))


def detected(request, expert):
    """Entries of the contest the portal keeps from this expert by itself, with the reasons."""
    entries = Entry.objects.visible_to(request.user).filter(contest=expert.contest, number__isnull=False).order_by("number")
    entries = list(entries.only("pk", "number", "title", "institution", "created_by"))
    barred = conflicts_of([expert], entries)[expert.pk]
    return [(entry, barred[entry.pk]) for entry in entries if entry.pk in barred]


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def conflict_lift(request, pk):
    found = get_object_or_404(Recusal.objects.visible_to(request.user).select_related("expert__person", "expert__contest", "institution", "entry"), pk=pk)
    form = LiftForm(request.POST or None)
    expert = found.expert
    return ask(request, expert.contest, form, lambda: verbs.lift_conflict(found, by=request.user, reason=form.cleaned_data["reason"]),
               heading=f"Снять конфликт: {expert}, {what_of(found, with_title=True)}", button="Снять конфликт", verb="experts",
               back=reverse("contests:expert_conflicts", args=[expert.pk]), done="Конфликт снят. Работу можно назначить снова.")
