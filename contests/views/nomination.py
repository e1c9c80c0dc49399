"""Nominations of a contest: one of them with its questions and criteria, and what is changed while it is set up."""
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.accounts.services.people import fingerprint
from projectoffice.common.db import now
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.common.russian import quoted

from ..contest import workflow
from ..contest.words import in_order, totals_of
from ..forms.nomination import CriterionForm, FieldForm, NominationForm
from ..models import Criterion
from ..services import nomination as verbs
from .common import ask, attempt_with_message, find_contest, find_part, once, values

RUNS = workflow.RUNS
# The words of the levels stand in rows of their own and are changed with the criterion.
CRITERION_SHOWN = (*verbs.CRITERION, "words")


@policy(SIGNED_IN)
@require_safe
def nomination(request, pk):
    """For which works it is, what the entry asks, how works are marked."""
    found = find_part(request, "nomination", pk)
    criteria = in_order(found.criteria.prefetch_related("levels"))
    return render(request, "contests/nomination.html", {
        "nomination": found, "contest": found.contest, "fields": list(found.fields.all()), "criteria": criteria,
        "rounds": [(name, [each for each in criteria if each.round == code]) for code, name in Criterion.Round.choices],
        "totals": totals_of(criteria), "can_edit": workflow.can(found.contest, "edit", request.user, now()),
    })


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def nomination_new(request, pk):
    contest = find_contest(request, pk)
    form = NominationForm(request.POST or None)
    return ask(request, contest, form, lambda: once(request.user, "nomination_new", form.cleaned_data["key"], lambda: verbs.add_nomination(
        contest, by=request.user, **values(form, verbs.NOMINATION)).get_absolute_url()),
        heading="Новая номинация", button="Добавить номинацию", back=f"{contest.get_absolute_url()}#nominations",
        done="Номинация добавлена. Впишите вопросы заявки и критерии.")


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def nomination_edit(request, pk):
    found = find_part(request, "nomination", pk)
    form = NominationForm(request.POST or None, initial=shown(found, verbs.NOMINATION))
    return ask(request, found.contest, form, lambda: verbs.save_nomination(
        found, by=request.user, shown=(verbs.NOMINATION, form.cleaned_data["version"]), **values(form, verbs.NOMINATION)),
        heading=f"Номинация {quoted(found)}", button="Сохранить", back=found.get_absolute_url(), done="Сохранено.",
        remove_url="contests:nomination_remove", remove_pk=found.pk, remove_word="Убрать номинацию с её вопросами и критериями")


def shown(row, names):
    """What a form shows of a row, and the mark of it."""
    return {name: getattr(row, name) for name in names} | {"version": fingerprint(row, names)}


def goes_up(request):
    """Which of the two buttons moved the row."""
    return request.POST.get("way") == "up"


@policy(RUNS)
@require_POST
def nomination_remove(request, pk):
    found = find_part(request, "nomination", pk)
    attempt_with_message(request, lambda: verbs.remove_nomination(found, by=request.user), f"Номинация {quoted(found)} убрана.")
    return redirect(f"{found.contest.get_absolute_url()}#nominations")


@policy(RUNS)
@require_POST
def nomination_move(request, pk):
    found = find_part(request, "nomination", pk)
    attempt_with_message(request, lambda: verbs.move_nomination(found, by=request.user, up=goes_up(request)), "Порядок изменён.")
    return redirect(f"{found.contest.get_absolute_url()}#nomination-{found.pk}")


# Questions

@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def field_new(request, pk):
    owner = find_part(request, "nomination", pk)
    back = f"{owner.get_absolute_url()}#fields"
    form = FieldForm(request.POST or None)
    return ask(request, owner.contest, form, lambda: once(request.user, "field_new", form.cleaned_data["key"], lambda: created(
        verbs.add_field(owner, by=request.user, **values(form, verbs.FIELD)), back)),
        heading=f"Новый вопрос заявки: {quoted(owner)}", button="Добавить вопрос", back=back, done="Вопрос добавлен.")


def created(_, address):
    """The address to go to once something was created."""
    return address


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def field_edit(request, pk):
    found = find_part(request, "field", pk)
    form = FieldForm(request.POST or None, initial=shown(found, verbs.FIELD))
    return ask(request, found.nomination.contest, form, lambda: verbs.save_field(
        found, by=request.user, shown=(verbs.FIELD, form.cleaned_data["version"]), **values(form, verbs.FIELD)),
        heading="Вопрос заявки", button="Сохранить", back=f"{found.nomination.get_absolute_url()}#fields", done="Сохранено.",
        remove_url="contests:field_remove", remove_pk=found.pk, remove_word="Убрать вопрос")


@policy(RUNS)
@require_POST
def field_remove(request, pk):
    found = find_part(request, "field", pk)
    attempt_with_message(request, lambda: verbs.remove_field(found, by=request.user), "Вопрос убран.")
    return redirect(f"{found.nomination.get_absolute_url()}#fields")


@policy(RUNS)
@require_POST
def field_move(request, pk):
    found = find_part(request, "field", pk)
    attempt_with_message(request, lambda: verbs.move_field(found, by=request.user, up=goes_up(request)), "Порядок изменён.")
    return redirect(f"{found.nomination.get_absolute_url()}#field-{found.pk}")


# Criteria

def criterion_values(form):
    return values(form, verbs.CRITERION) | {"levels": form.cleaned_data["levels"]}


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def criterion_new(request, pk):
    owner = find_part(request, "nomination", pk)
    back = f"{owner.get_absolute_url()}#criteria"
    form = CriterionForm(request.POST or None, initial={"round": request.GET.get("round", "")[:10]})
    return ask(request, owner.contest, form, lambda: once(request.user, "criterion_new", form.cleaned_data["key"], lambda: created(
        verbs.add_criterion(owner, by=request.user, **criterion_values(form)), back)),
        heading=f"Новый критерий: {quoted(owner)}", button="Добавить критерий", back=back, done="Критерий добавлен.",
        template="contests/criterion.html")


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def criterion_edit(request, pk):
    found = find_part(request, "criterion", pk)
    form = CriterionForm(request.POST or None, initial=shown(found, CRITERION_SHOWN))
    return ask(request, found.nomination.contest, form, lambda: verbs.save_criterion(
        found, by=request.user, shown=(CRITERION_SHOWN, form.cleaned_data["version"]), **criterion_values(form)),
        heading=f"Критерий {quoted(found)}", button="Сохранить", back=f"{found.nomination.get_absolute_url()}#criteria", done="Сохранено.",
        template="contests/criterion.html", remove_url="contests:criterion_remove", remove_pk=found.pk, remove_word="Убрать критерий")


@policy(RUNS)
@require_POST
def criterion_remove(request, pk):
    found = find_part(request, "criterion", pk)
    attempt_with_message(request, lambda: verbs.remove_criterion(found, by=request.user), f"Критерий {quoted(found)} убран.")
    return redirect(f"{found.nomination.get_absolute_url()}#criteria")


@policy(RUNS)
@require_POST
def criterion_move(request, pk):
    found = find_part(request, "criterion", pk)
    attempt_with_message(request, lambda: verbs.move_criterion(found, by=request.user, up=goes_up(request)), "Порядок изменён.")
    return redirect(f"{found.nomination.get_absolute_url()}#criterion-{found.pk}")
