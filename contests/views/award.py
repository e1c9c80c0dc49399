"""Award levels of a contest and the chain of rules that parts equal totals."""
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from projectoffice.common.policy import policy
from projectoffice.common.russian import quoted

from ..contest import workflow
from ..forms.nomination import AwardForm, TieForm
from ..models import Criterion
from ..services import award as verbs
from .common import ask, attempt_with_message, find_contest, find_part, once, values
from .nomination import created, goes_up, shown

RUNS = workflow.RUNS


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def award_level_new(request, pk):
    contest = find_contest(request, pk)
    back = f"{contest.get_absolute_url()}#awards"
    form = AwardForm(request.POST or None)
    return ask(request, contest, form, lambda: once(request.user, "award_level_new", form.cleaned_data["key"], lambda: created(
        verbs.add_award_level(contest, by=request.user, **values(form, verbs.AWARD)), back)),
        heading="Новая награда", button="Добавить награду", back=back, done="Награда добавлена.")


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def award_level_edit(request, pk):
    found = find_part(request, "award_level", pk)
    form = AwardForm(request.POST or None, initial=shown(found, verbs.AWARD))
    return ask(request, found.contest, form, lambda: verbs.save_award_level(
        found, by=request.user, shown=(verbs.AWARD, form.cleaned_data["version"]), **values(form, verbs.AWARD)),
        heading=f"Награда {quoted(found)}", button="Сохранить", back=f"{found.contest.get_absolute_url()}#awards", done="Сохранено.",
        remove_url="contests:award_level_remove", remove_pk=found.pk, remove_word="Убрать награду")


@policy(RUNS)
@require_POST
def award_level_remove(request, pk):
    found = find_part(request, "award_level", pk)
    attempt_with_message(request, lambda: verbs.remove_award_level(found, by=request.user), f"Награда {quoted(found)} убрана.")
    return redirect(f"{found.contest.get_absolute_url()}#awards")


@policy(RUNS)
@require_POST
def award_level_move(request, pk):
    found = find_part(request, "award_level", pk)
    attempt_with_message(request, lambda: verbs.move_award_level(found, by=request.user, up=goes_up(request)), "Порядок изменён.")
    return redirect(f"{found.contest.get_absolute_url()}#award-{found.pk}")


# Ties

@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def tie_rules(request, pk):
    """The chain in its order, and one more rule at its end."""
    contest = find_contest(request, pk)
    criteria = Criterion.objects.visible_to(request.user).filter(nomination__contest=contest)
    titles = sorted(set(criteria.values_list("title", flat=True)))
    rules = list(contest.tie_rules.all())
    form = TieForm(request.POST or None, titles=titles, taken={(each.rule, each.criterion_title) for each in rules})
    back = request.path
    return ask(request, contest, form, lambda: once(request.user, "tie_rules", form.cleaned_data["key"], lambda: created(
        verbs.add_tie_rule(contest, by=request.user, **values(form, ("rule", "criterion_title"))), back)),
        heading="Как разводят равные работы", button="Добавить правило", back=back, done="Правило добавлено.",
        template="contests/tie_rules.html", rules=rules)


@policy(RUNS)
@require_POST
def tie_rule_remove(request, pk):
    found = find_part(request, "tie_rule", pk)
    attempt_with_message(request, lambda: verbs.remove_tie_rule(found, by=request.user), "Правило убрано.")
    return redirect("contests:tie_rules", found.contest_id)


@policy(RUNS)
@require_POST
def tie_rule_move(request, pk):
    found = find_part(request, "tie_rule", pk)
    attempt_with_message(request, lambda: verbs.move_tie_rule(found, by=request.user, up=goes_up(request)), "Порядок изменён.")
    return redirect("contests:tie_rules", found.contest_id)
