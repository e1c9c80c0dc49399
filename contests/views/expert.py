"""Experts of a contest: the list, new ones, invitations, answers, removal."""
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.common.db import now
from projectoffice.common.policy import PUBLIC, SIGNED_IN, policy
from projectoffice.common.russian import plural
from projectoffice.common.sheets import xlsx_response

from ..contest.workflow import can, refusal
from ..expert import answer as by_link
from ..expert.listing import HEADINGS, counts_of, exported, rows_of
from ..expert.workflow import INVITED, RUNS, TO_INVITE
from ..expert.workflow import can as can_with
from ..forms.expert import AnswerForm, ExpertCard, ExpertsForm, RemoveForm, ReplyForm
from ..rules import scores_here
from ..services import expert as verbs
from .common import ask, attempt, attempt_with_message, find_contest, once, values
from .expert_common import find_expert, whole_number


def list_of(contest):
    return reverse("contests:experts", args=[contest.pk])


@policy(RUNS)
@require_safe
def experts(request, pk):
    """Who scores: state, works, limits, nominations, conflicts; whom to write to."""
    contest, moment = find_contest(request, pk), now()
    rows = rows_of(contest, request.user)
    return render(request, "contests/experts.html", {
        "contest": contest, "rows": rows, "counts": counts_of(rows),
        "to_invite": sum(each.expert.state == "listed" and not each.without_mail for each in rows),
        "silent": sum(each.expert.state == INVITED for each in rows),
        "can_change": can(contest, "experts", request.user, moment), "closed": refusal(contest, "experts", moment),
        "may_rule": not scores_here(request.user, contest), "can_invite": can(contest, "invite", request.user, moment), "not_yet": refusal(contest, "invite", moment),
    })


@policy(RUNS)
@require_safe
def experts_export(request, pk):
    contest = find_contest(request, pk)
    return xlsx_response(f"Эксперты {timezone.localdate():%d.%m.%Y}", HEADINGS, exported(rows_of(contest, request.user)))


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def expert_new(request, pk):
    """One person, or a list of names."""
    contest = find_contest(request, pk)
    form = ExpertsForm(request.POST or None, contest=contest)

    def put():
        new = verbs.list_experts(contest, by=request.user, people=form.chosen_people, **values(form, ("nominations", *verbs.CARD)))
        known = len(form.chosen_people) - len(new)
        if known:
            messages.info(request, f"Уже были в списке: {known}.")
        return list_of(contest)

    return ask(request, contest, form, lambda: once(request.user, "expert_new", form.cleaned_data["key"], put), verb="experts",
               heading="Добавить экспертов", button="Добавить в список", back=list_of(contest),
               done="Список пополнен. Письма уйдут, когда вы пригласите.")


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def expert_edit(request, pk):
    """Limit, nominations, arbiter only; the ways to the rest of what the office does with this expert."""
    found = find_expert(request, pk)
    form = ExpertCard(request.POST or None, contest=found.contest, initial={
        "most_entries": found.most_entries, "is_arbiter": found.is_arbiter, "nominations": list(found.nominations.all()),
        "version": verbs.mark_of(found)})
    moment = now()
    return ask(request, found.contest, form, lambda: verbs.save_expert(
        found, by=request.user, shown=form.cleaned_data["version"], **values(form, ("nominations", *verbs.CARD))), verb="experts",
        heading=str(found), button="Сохранить", back=list_of(found.contest), done="Сохранено.", template="contests/expert_edit.html",
        expert=found, allowed={verb for verb in ("edit", "reply_for", "remove", "bring_back", "declare") if can_with(found, verb, request.user, moment)})


# Invitations

def to_write_to(request, contest):
    """Whom the page is about: one expert of the address, those who are silent, or those not invited yet."""
    rows, one = rows_of(contest, request.user), whole_number(request.GET.get("expert", ""))
    if one is not None:
        return [row for row in rows if row.expert.pk == one and row.expert.state in (*TO_INVITE, INVITED)]
    states = (INVITED,) if request.GET.get("who") == "silent" else ("listed",)
    return [row for row in rows if row.expert.state in states]


def shown_people(request):
    """``{pk: version}`` of those the page showed."""
    pairs = (pair.split(":") for pair in request.POST.getlist("expert")[:verbs.MOST])
    return {int(pk): int(version) for pk, version in (pair for pair in pairs if len(pair) == 2)
            if whole_number(pk) is not None and whole_number(version) is not None}


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def expert_invite(request, pk):
    """The list of whom a letter goes to, then exactly those letters."""
    contest = find_contest(request, pk)
    if request.method == "POST":
        done = []
        if attempt_with_message(request, lambda: done.extend(verbs.invite(contest, shown_people(request), by=request.user)), ""):
            number = len(done)
            messages.success(request, f"Писем поставлено в очередь: {number}." if number else "Этим экспертам уже написали или они ответили.")
        return redirect("contests:experts", contest.pk)
    if words := refusal(contest, "invite", now()):
        return render(request, "contests/closed.html", {"heading": "Пригласить экспертов", "words": words, "back": list_of(contest)})
    rows = to_write_to(request, contest)
    people = [row for row in rows if not row.without_mail]
    again = bool(people) and all(row.expert.state == INVITED for row in people)
    letters = f"{len(people)}\u00a0{plural(len(people), 'письмо,письма,писем')}"
    return render(request, "contests/expert_invite.html", {
        "contest": contest, "people": people, "without_mail": [row for row in rows if row.without_mail], "again": again, "letters": letters})


def answer_page(request, expert, verb):
    """Facts of the contest, two buttons; after an answer the same page says what was answered."""
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and attempt(form, lambda: verb(
            accepts=request.POST.get("answer") == "yes", reason=form.cleaned_data["reason"])):
        return redirect(request.path)
    context = by_link.page_of(expert)
    return render(request, "contests/expert_answer.html", context | {"form": form}, status=422 if form.errors else 200)


@policy(PUBLIC)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def expert_answer(request, token):
    """The link of the letter: opening it writes nothing, so mail scanners accept for nobody."""
    found = by_link.find(token)
    if found is None:
        return render(request, "contests/expert_outdated.html", status=410)
    return answer_page(request, found, lambda **words: verbs.answer(token, **words))


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def expert_reply(request, pk):
    """The same page for the invited person who is logged in."""
    found = find_expert(request, pk)
    verbs.own(found, request.user)
    return answer_page(request, found, lambda **words: verbs.reply(found, by=request.user, **words))


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def expert_say(request, pk):
    """What the expert said by phone or on paper, written down by the office."""
    found = find_expert(request, pk)
    form = ReplyForm(request.POST or None, initial={"source_date": timezone.localdate()})
    return ask(request, found.contest, form, lambda: verbs.reply_for(
        found, by=request.user, accepts=form.cleaned_data["answer"] == "yes", **values(form, ("reason", "source", "source_date"))),
        heading=f"Ответ эксперта: {found}", button="Записать ответ", back=list_of(found.contest), done="Ответ записан.", verb="invite")


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def expert_remove(request, pk):
    found = find_expert(request, pk)
    form = RemoveForm(request.POST or None)
    return ask(request, found.contest, form, lambda: verbs.remove_expert(
        found, by=request.user, **values(form, ("reason", "with_sheets"))) or list_of(found.contest),
        heading=f"Вывести из состава: {found}", button="Вывести из состава", back=list_of(found.contest), verb="experts", danger=True,
        done="Эксперт выведен. Несданные работы вернулись в распределение.",
        words="Работы, листы по которым не сданы, вернутся в распределение. Если эксперта уже приглашали, он прочтёт причину в письме.")


@policy(RUNS)
@require_POST
def expert_return(request, pk):
    found = find_expert(request, pk)
    attempt_with_message(request, lambda: verbs.bring_back(found, by=request.user), "Эксперт снова в списке. Пригласите его ещё раз.")
    return redirect("contests:experts", found.contest_id)
