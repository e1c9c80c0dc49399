"""The results: what the office sees before and after publication, awards by hand, letters, diplomas, corrections."""
from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from portfolios.models import ManagementModel
from projectoffice.accounts.access import require
from projectoffice.common.mail import dressed
from projectoffice.common.models import MailState, OutgoingMail
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.common.uploads import SCANS, store_upload

from ..contest.workflow import RUNS, refusal
from ..forms.outcome import NONE, AwardForm, BlankForm, CorrectionForm, DiplomasForm, ProjectForm, ShownForm
from ..models import Entry, Result
from ..outcome.page import ResultsPage
from ..services import outcome as verbs
from .common import ask, attempt, attempt_with_message, find_contest

SEES = "contests.see_tally"
LETTERS_SHOWN = 100


def find_results(request, pk, **how):
    """The page of a contest for who may see what comes of it; an organiser who scores here may not yet."""
    found = find_contest(request, pk)
    require(request.user, SEES, found)
    return ResultsPage(found, request.user, **how)


def find_result(request, pk):
    """The last published result of a contest, for who keeps it; 404 before there is one."""
    found = find_contest(request, pk)
    require(request.user, SEES, found)
    return get_object_or_404(Result.objects.visible_to(request.user).select_related("contest").filter(contest=found).order_by("-number")[:1])


@policy(SIGNED_IN)
@require_safe
def results(request, pk):
    """What bars the publication, who gets what; afterwards what is published, letters, papers."""
    page = find_results(request, pk, anew=False)
    return render(request, "contests/results.html", {"page": page, "contest": page.contest})


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def results_publish(request, pk):
    """The last question before everybody sees the results."""
    page = find_results(request, pk)
    back = reverse("contests:results", args=[pk])
    if request.method == "POST":
        form = ShownForm(request.POST)
        if form.is_valid() and attempt_with_message(
                request, lambda: verbs.publish(page.contest, by=request.user, shown=form.cleaned_data["shown"]),
                "Итоги опубликованы. Письма готовятся: посмотрите их и отправьте."):
            return redirect(back)
        return redirect("contests:results_publish", pk)
    words = refusal(page.contest, "publish", page.moment)
    if words:
        return render(request, "contests/closed.html", {"heading": "Опубликовать итоги", "words": words, "back": back})
    return render(request, "contests/results_publish.html", {"page": page, "contest": page.contest})


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def results_correct(request, pk):
    """What a correction would change; the next published result with its protocol and reason."""
    page = find_results(request, pk)
    back = reverse("contests:results", args=[pk])
    words = refusal(page.contest, "correct", page.moment)
    if words and request.method != "POST":
        return render(request, "contests/closed.html", {"heading": "Исправить итоги", "words": words, "back": back})
    form = CorrectionForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and attempt(form, lambda: correct(request, page.contest, form)):
        messages.success(request, "Итоги исправлены. Прежние остались видны, письма готовятся. Новые дипломы нужны только тем, у кого награда изменилась.")
        return redirect(back)
    if form.is_bound:
        form.data = form.data.copy()
        form.data["shown"] = page.shown
    return render(request, "contests/results_correct.html", {"page": page, "contest": page.contest, "form": form, "back": back},
                  status=422 if form.errors else 200)


@transaction.atomic
def correct(request, contest, form):
    words = form.cleaned_data
    scan = words["protocol_file"]
    return verbs.correct(contest, by=request.user, shown=words["shown"], reason=words["reason"], protocol=words["protocol"],
                         protocol_file=store_upload(scan, by=request.user, allowed=SCANS) if scan else None)


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def award_change(request, pk):
    """Another award for one entry, with a reason; or again the one its place brings."""
    entry = get_object_or_404(Entry.objects.visible_to(request.user).written_by(request.user).select_related("contest", "award_change"), pk=pk)
    require(request.user, SEES, entry.contest)
    back = reverse("contests:results", args=[entry.contest_id])
    if "reset" in request.POST:
        attempt_with_message(request, lambda: verbs.reset_award(entry, by=request.user) or True, "Награда снова по месту.")
        return redirect(back)
    before = getattr(entry, "award_change", None)
    form = AwardForm(request.POST or None, contest=entry.contest, initial={
        "level": (str(before.level_id) if before.level_id else NONE) if before else None, "reason": before.reason if before else ""})
    return ask(request, entry.contest, form, lambda: verbs.change_award(entry, by=request.user, level=form.chosen, reason=form.cleaned_data["reason"])
               and back, heading=f"Награда: {entry.title}", button="Сохранить", back=back, done="Награда изменена.", verb="award",
               template="contests/award_change.html", before=before, back_word="Итоги")


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def results_letters(request, pk):
    """The letters as they were prepared, looked at before they go."""
    result = find_result(request, pk)
    if request.method == "POST":
        attempt_with_message(request, lambda: verbs.send_letters(result, by=request.user) or True, "Письма отправляются.")
        return redirect("contests:results_letters", pk)
    letters = OutgoingMail.objects.visible_to(request.user).about(result).select_related("person").order_by("pk")
    return render(request, "contests/results_letters.html", {
        "contest": result.contest, "letters": [dressed(letter) for letter in letters[:LETTERS_SHOWN]], "total": letters.count(),
        "held": letters.filter(state=MailState.HELD).count(), "shown": LETTERS_SHOWN})


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def diplomas(request, pk):
    """Order the diplomas of the last result: a job one can watch."""
    result = find_result(request, pk)
    awards = result.awards.count()
    made = result.awards.filter(diplomas__isnull=False).distinct().count()
    form = DiplomasForm(request.POST or None, made=made, left=awards - made)
    return ask(request, result.contest, form, lambda: verbs.make_diplomas(
        result, by=request.user, **form.cleaned_data).get_absolute_url(), heading="Дипломы и сертификаты", button="Сделать дипломы",
        back=reverse("contests:results", args=[pk]), back_word="Итоги", done="Дипломы делаются.", verb="papers",
        words=f"Бумаг: {awards}, готово: {made}. На каждой номер и код для проверки. "
              "В конце получится общий файл для печати.")


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def diplomas_blank(request, pk):
    """The text alone for ready blanks, moved as the printer needs it."""
    result = find_result(request, pk)
    form = BlankForm(request.POST or None)
    return ask(request, result.contest, form, lambda: verbs.print_on_blanks(
        result, by=request.user, **form.cleaned_data).get_absolute_url(), heading="Напечатать на готовом бланке", button="Подготовить файл",
        back=reverse("contests:results", args=[pk]), back_word="Итоги", done="Файл готовится.", verb="papers",
        words="Получится файл только с текстом: без рамки и слова «Диплом». Напечатайте сначала один лист на простой бумаге, "
              "приложите к бланку и поправьте сдвиг.")


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def entry_project(request, pk):
    """A winner goes on as a project of a model of management."""
    entry = get_object_or_404(Entry.objects.visible_to(request.user).written_by(request.user).select_related("contest", "project"), pk=pk)
    if entry.project and request.method != "POST":
        return redirect(entry.project)
    form = ProjectForm(request.POST or None, models=ManagementModel.objects.visible_to(request.user).filter(
        portfolio__closed_on__isnull=True).select_related("portfolio").order_by("portfolio__name", "position"))
    return ask(request, entry.contest, form, lambda: verbs.make_project(
        entry, by=request.user, model=form.cleaned_data["model"]).get_absolute_url(), heading=f"Сделать проектом: {entry.title}",
        button="Сделать проектом", back=reverse("contests:results", args=[entry.contest_id]), back_word="Итоги", done="Проект создан.", verb="project",
        words="Появится проект, который готовится: с учреждениями и командой заявки, её файлы лягут к паспорту. Руководителем станет "
              "тот, с кем просили связываться, если он есть на портале.")
