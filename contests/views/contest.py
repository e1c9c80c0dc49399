"""Contests: the list, one contest, its card, rules and dates, what leads it from one state to another."""
import re

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.accounts.access import may, require
from projectoffice.accounts.services.people import fingerprint
from projectoffice.common.db import now
from projectoffice.common.history import history_of
from projectoffice.common.policy import PUBLIC, SIGNED_IN, policy
from projectoffice.common.uploads import send_file, store_upload

from ..contest import page, workflow
from ..contest.checking import problems_of
from ..contest.dates import ORDER
from ..contest.reading import whole, with_stages
from ..contest.words import badge_of, inner_words, scoring_words
from ..forms.contest import ContestForm, CopyForm, ProlongForm, ReasonForm, RulesForm, StagesForm
from ..models import Contest
from ..services import contest as verbs
from ..services.copying import copy_contest
from .common import ask, attempt_with_message, find_contest, once, values

RUNS = workflow.RUNS
FILES = ("pdf", "docx")
LAST_EVENTS = 8


@policy(SIGNED_IN)
@require_safe
def contests(request):
    """The contests this person may see, the newest year first."""
    moment = now()
    rows = []
    for found in with_stages(Contest.objects.visible_to(request.user)):
        going, coming = page.now_and_next(found, moment) if found.state == Contest.State.ANNOUNCED else ([], "")
        rows.append({"contest": found, "badge": badge_of(found, moment, found.results_count), "going": going, "coming": coming})
    return render(request, "contests/contests.html", {"rows": rows, "may_run": may(request.user, RUNS)})


@policy(SIGNED_IN)
@require_safe
def contest(request, pk):
    """What it is, what goes on, what comes next and when, its nominations, what one can do."""
    found, moment = get_object_or_404(whole(Contest.objects.visible_to(request.user)), pk=pk), now()
    runs = may(request.user, RUNS)
    going, coming = page.now_and_next(found, moment)
    return render(request, "contests/contest.html", {
        "contest": found, "badge": badge_of(found, moment, found.results.count()), "runs": runs,
        "actions": page.actions(found, request.user, moment), "ways": page.ways_on(found, request.user, moment),
        **by_weight(problems_of(found, moment) if runs and found.is_setup else []),
        "going": going, "coming": coming, "stages": page.stage_rows(found, moment), "nominations": page.nomination_rows(found),
        "awards": list(found.award_levels.all()), "ties": list(found.tie_rules.all()),
        "rules": [*scoring_words(found), *(inner_words(found) if runs else ())],
        "copies": list(Contest.objects.visible_to(request.user).filter(copied_from=found)),
        "events": list(history_of(found)[:LAST_EVENTS]) if may(request.user, "contests.see_scores") else [],
    })


def by_weight(problems):
    """What bars the announcement, and what is only worth a look."""
    return {"stops": [each for each in problems if each.stops], "remarks": [each for each in problems if not each.stops]}


@policy(SIGNED_IN)
@require_safe
def contest_history(request, pk):
    """Everything that happened to the contest, newest first; what was set up and taken back is the organisers' own."""
    found = find_contest(request, pk)
    require(request.user, "contests.see_scores")
    return render(request, "contests/history.html", {"contest": found, "events": history_of(found)[:500]})


@policy(PUBLIC)
@require_safe
def regulation(request, pk):
    """The file of the regulation: for everybody once the contest is announced, for the office before."""
    found = find_contest(request, pk)
    if found.regulation is None:
        raise Http404
    return send_file(found.regulation)


# Set-up

@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def contest_new(request):
    """A new contest from nothing; a copy of last year's is a button on that one's page."""
    form = ContestForm(request.POST or None, request.FILES or None, initial={"year": timezone.localdate().year})

    def create():
        card = card_of(form, request.user)
        return verbs.create_contest(by=request.user, **card).get_absolute_url()

    return ask(request, None, form, lambda: once(request.user, "contest_new", form.cleaned_data["key"], create),
               heading="Новый конкурс", button="Создать конкурс", back="/contests/", multipart=True,
               done="Конкурс создан. Его видит только офис, пока вы его не объявите.",
               previous=Contest.objects.visible_to(request.user).public().first())


def card_of(form, user, before=None):
    """The fields of the card; a new file is stored in the transaction the caller stands in."""
    words = values(form, ("title", "year", "about"))
    upload = form.cleaned_data["regulation"]
    if upload:
        return words | {"regulation": store_upload(upload, by=user, allowed=FILES)}
    return words | {"regulation": None if form.cleaned_data.get("no_regulation") else before}


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def contest_edit(request, pk):
    """Title, year, what it is about, the regulation."""
    found = find_contest(request, pk)
    form = ContestForm(request.POST or None, request.FILES or None, has_regulation=found.regulation is not None, initial={
        "title": found.title, "year": found.year, "about": found.about, "version": fingerprint(found, verbs.CARD)})

    @transaction.atomic
    def save():
        card = card_of(form, request.user, found.regulation)
        return verbs.save_contest(found, by=request.user, shown=(verbs.CARD, form.cleaned_data["version"]), **card).get_absolute_url()

    return ask(request, found, form, save, heading="Главное о конкурсе", button="Сохранить", back=found.get_absolute_url(),
               done="Сохранено.", multipart=True)


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def contest_rules(request, pk):
    """How works are scored and who sees what."""
    found = find_contest(request, pk)
    form = RulesForm(request.POST or None, initial={name: getattr(found, name) for name in verbs.RULES} | {
        "version": fingerprint(found, verbs.RULES)})
    return ask(request, found, form, lambda: verbs.save_contest(
        found, by=request.user, shown=(verbs.RULES, form.cleaned_data["version"]), **values(form, verbs.RULES)).get_absolute_url() + "#rules",
        heading="Правила оценивания", button="Сохранить", back=f"{found.get_absolute_url()}#rules", done="Правила сохранены.",
        template="contests/rules.html")


def initial_dates(stages):
    shown = {"version": verbs.mark_of_stages(stages)}
    for kind, stage in stages.items():
        shown |= {f"{kind}_starts": stage.starts_at, f"{kind}_ends": stage.ends_at}
    return shown


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def contest_stages(request, pk):
    """The dates of a contest being set up."""
    found = find_contest(request, pk)
    stages = verbs.stages_of(found)
    form = StagesForm(request.POST or None, initial=initial_dates(stages))
    return ask(request, found, form, lambda: verbs.save_stages(
        found, by=request.user, shown=form.cleaned_data["version"], dates=form.dates).get_absolute_url() + "#stages",
        heading="Сроки этапов", button="Сохранить", back=f"{found.get_absolute_url()}#stages", done="Сроки сохранены.",
        template="contests/stages.html",
        words="Этап без дат в конкурсе не проводится. Права открываются и закрываются по часам портала; срок включает названную минуту.")


# From state to state

@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def contest_announce(request, pk):
    """What is missing, with the ways to mend it; or the last question before everybody sees the contest."""
    found = get_object_or_404(whole(Contest.objects.visible_to(request.user)), pk=pk)
    if request.method == "POST":
        accepts = workflow.stages_of(found).get("acceptance")
        when = "приём заявок уже идёт" if accepts and accepts.is_open(now()) else "заявки примут в назначенный час"
        done = attempt_with_message(request, lambda: verbs.announce(found, by=request.user), f"Конкурс объявлен. Его видят все, {when}.")
        return redirect(found if done else "contests:contest_announce", *([] if done else [found.pk]))
    moment = now()
    words = workflow.refusal(found, "announce", moment)
    if words:
        return render(request, "contests/closed.html", {"heading": "Объявить конкурс", "words": words, "back": found.get_absolute_url()})
    return render(request, "contests/announce.html", {
        "contest": found, **by_weight(problems_of(found, moment)), "stages": page.stage_rows(found, moment), "nominations": page.nomination_rows(found)})


@policy(RUNS)
@require_POST
def contest_back(request, pk):
    found = find_contest(request, pk)
    attempt_with_message(request, lambda: verbs.back_to_setup(found, by=request.user),
                         "Конкурс снова готовится: его видит только офис, всё можно править.")
    return redirect(found)


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def contest_prolong(request, pk):
    """Later dates of an announced contest, with the reason everybody concerned reads in a letter."""
    found = find_contest(request, pk)
    stages = verbs.stages_of(found)
    kinds = [kind for kind in ORDER if kind in stages]
    moment = now()
    begun = [kind for kind in kinds if stages[kind].starts_at <= moment]
    form = ProlongForm(request.POST or None, kinds=kinds, begun=begun, initial=initial_dates(stages))
    return ask(request, found, form, lambda: verbs.prolong(
        found, by=request.user, shown=form.cleaned_data["version"], dates=form.dates, reason=form.cleaned_data["reason"]),
        heading="Продлить сроки", button="Продлить и разослать письма", back=f"{found.get_absolute_url()}#stages",
        done="Сроки продлены. Письма поставлены в очередь.", verb="prolong", template="contests/stages.html",
        words="Объявленный срок можно сделать только позже. Письмо получат те, кто на этот срок рассчитывает: при продлении приёма – "
              "у кого заявка ещё не отправлена, при переносе туров – эксперты, при переносе голосования – общественное жюри.")


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def contest_cancel(request, pk):
    found = find_contest(request, pk)
    form = ReasonForm(request.POST or None)
    words = ("Заявки и оценки сохранятся, но ничего подать и оценить будет нельзя. Причину прочтут команды, эксперты и общественное жюри. "
             "Вернуть отменённый конкурс нельзя – его можно повторить." if found.announced_at else
             "Конкурс не объявлен, поэтому никто ничего не узнает. Вернуть отменённый конкурс нельзя – его можно повторить.")
    return ask(request, found, form, lambda: verbs.cancel(found, by=request.user, reason=form.cleaned_data["reason"]),
               heading="Отменить конкурс", button="Отменить конкурс", back=found.get_absolute_url(), done="Конкурс отменён.",
               verb="cancel", words=words, danger=True)


def in_the_next_year(title, year):
    """The title with the years in it moved on by one."""
    return re.sub(rf"\b({year}|{year + 1})\b", lambda found: str(int(found[0]) + 1), title)


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def contest_copy(request, pk):
    """The same contest in the next year."""
    found = find_contest(request, pk)
    form = CopyForm(request.POST or None, initial={"title": in_the_next_year(found.title, found.year), "year": found.year + 1})
    return ask(request, found, form, lambda: once(request.user, "contest_copy", form.cleaned_data["key"], lambda: copy_contest(
        found, by=request.user, **values(form, ("title", "year"))).get_absolute_url()),
        heading="Повторить в следующем году", button="Создать конкурс", back=found.get_absolute_url(), verb="copy",
        done="Конкурс создан по образцу прежнего. Проверьте сроки и загрузите новое положение.",
        words="Перейдут номинации с вопросами и критериями, награды, правила и сроки – на столько же лет позже. "
              "Заявки, эксперты, оценки и файл положения останутся у прежнего конкурса.")
