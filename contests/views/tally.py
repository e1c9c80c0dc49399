"""What comes of the sheets: rankings, a third expert where experts diverge, ties by the chair, how far the experts have come."""
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from projectoffice.accounts.access import require
from projectoffice.common.db import now
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.policy import policy
from projectoffice.common.russian import quoted
from projectoffice.common.sheets import xlsx_response

from ..contest import workflow
from ..contest.words import in_order
from ..forms.tally import ArbiterForm, ChairForm, WeightsForm
from ..models import Contest, Criterion, Entry, Nomination, Review
from ..services import tally as verbs
from ..sheet.workflow import term_of
from ..tally import export
from ..tally.arbiters import diverging_rounds, free_arbiters, given_arbiters, round_of
from ..tally.board import standings
from ..tally.page import TallyPage, other_places
from ..tally.progress import Progress, to_remind
from ..tally.ties import group_with, in_chairs_order, mark_of
from ..tally.words import points_words, shown_points
from .common import ask, find_contest
from .expert_common import whole_number

RUNS, SEES, COUNTS = workflow.RUNS, verbs.SEES, "contests.see_scores"


def find_tally(request, pk):
    """A contest whose sheets this person may bring together: not who scores in it; 403 otherwise."""
    found = find_contest(request, pk)
    require(request.user, SEES, found)
    return found


def find_judged(request, pk):
    """An entry that is judged, of a contest whose sheets this person may bring together."""
    found = get_object_or_404(Entry.objects.visible_to(request.user).taken_part().select_related("contest", "nomination", "institution"), pk=pk)
    require(request.user, SEES, found.contest)
    return found


@policy(SEES)
@require_safe
def tally(request, pk):
    """Rankings with what made them, what waits for an arbiter or the chair, how far the experts agree."""
    found = find_tally(request, pk)
    nomination, number = (whole_number(request.GET.get(name, "")) for name in ("nomination", "page"))
    return render(request, "contests/tally.html", {"contest": found, "page": TallyPage(found, request.user, nomination, number or 1)})


@policy(SEES)
@require_safe
def what_if(request, pk):
    """How a nomination would stand by other weights: looked at, never stored."""
    nomination = get_object_or_404(Nomination.objects.visible_to(request.user).select_related("contest"), pk=pk)
    require(request.user, SEES, nomination.contest)
    board = next(each for each in standings(nomination.contest) if each.nomination == nomination)
    form = WeightsForm(request.GET or None, criteria=in_order(board.criteria))
    rows = other_places(board, form.weights) if form.is_valid() else []
    return render(request, "contests/what_if.html", {"nomination": nomination, "contest": nomination.contest, "form": form, "rows": rows})


@policy(SEES)
@require_safe
def sheets_export(request, pk):
    """All sheets that were handed in, as an Excel file."""
    found = find_tally(request, pk)
    return xlsx_response(f"Оценочные листы {timezone.localdate():%d.%m.%Y}", *export.table(found, request.user))


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def arbiter_give(request, pk):
    """Who decides where the experts diverge: those free, with the reason where there are none."""
    entry = find_judged(request, pk)
    contest, back = entry.contest, reverse("contests:tally", args=[entry.contest_id])
    board, row = verbs.standing_of(contest, entry)
    codes, given = diverging_rounds(row), given_arbiters(contest)
    code = next((each for each in codes if (entry.pk, each) not in given), codes[0] if codes else Criterion.Round.REMOTE)
    experts = free_arbiters(entry, code)
    form = ArbiterForm(request.POST or None, experts=experts)
    if request.method != "POST" and not codes:
        return render(request, "contests/closed.html", {"heading": "Третий эксперт", "words": verbs.AGREED, "back": back})
    is_published = contest.state == Contest.State.FINISHED
    over = "" if is_published else term_of(Review(entry=entry, round=code, is_arbiter=True), contest.stages.all()).refusal(now())
    return ask(request, contest, form, lambda: verbs.give_arbiter(
        entry, by=request.user, code=code, expert=form.cleaned_data["expert"]),
        heading="Третий эксперт", button="Назначить", back=back, verb="arbiter",
        done="Третий эксперт назначен." if is_published else "Третий эксперт назначен, ему ушло письмо.", is_published=is_published,
        template="contests/arbiter_give.html", entry=entry, experts=experts, spread=points_words(round_of(row, code).spread),
        over=over, threshold=shown_points(contest.divergence))


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def chair_decide(request, pk):
    """The equals this entry stands among, in the order the chair gives."""
    entry = find_judged(request, pk)
    contest, back = entry.contest, reverse("contests:tally", args=[entry.contest_id])
    board, _ = verbs.standing_of(contest, entry)
    group = in_chairs_order(group_with(board, entry.pk))
    if not group:
        return render(request, "contests/closed.html", {
            "heading": "Решение председателя", "words": "Эту работу с другими разводить не нужно: равных ей нет.", "back": back})
    entries = [board.entries[row.key] for row in group]
    form = ChairForm(request.POST or None, entries=entries, initial={"shown": mark_of(group)})
    return ask(request, contest, form, lambda: verbs.chair_decide(
        entry, by=request.user, order=form.order, basis=form.cleaned_data["basis"], shown=form.cleaned_data["shown"]),
        heading="Решение председателя", button="Записать решение", back=back, done="Решение председателя записано.", verb="chair", template="contests/chair_decide.html",
        words=f"Номинация {quoted(entry.nomination)}. У работ поровну – {shown_points(group[0].total)}, и другие правила их не развели. "
              "Поставьте их в том порядке, который назвал председатель.")


# How far the experts have come

def attempt_with_count(request, verb):
    """Run the verb that writes letters and say how many it wrote."""
    try:
        count = verb()
    except TransitionNotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Отправляем напоминания: {count}." if count else "Писать некому: листы сданы или сегодня уже напоминали.")


@policy(COUNTS)
@require_safe
def scoring_progress(request, pk):
    """Sheets handed in by days and by experts; counts alone, so that who scores here may see it too."""
    found = find_contest(request, pk)
    late = to_remind(found) if workflow.can(found, "remind_experts", request.user) else []
    return render(request, "contests/progress.html", {"contest": found, "page": Progress(found), "late": late})


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def scoring_remind(request, pk):
    """Whom a reminder would go to; then the letters, to exactly those who were shown and are still behind."""
    found = find_contest(request, pk)
    if request.method == "POST":
        shown = {int(each) for each in request.POST.getlist("expert") if each.isascii() and each.isdigit() and len(each) < 10}
        attempt_with_count(request, lambda: verbs.remind_experts(found, by=request.user, shown=shown))
        return redirect("contests:scoring_progress", found.pk)
    late = to_remind(found)
    return render(request, "contests/scoring_remind.html", {
        "contest": found, "letters": [each for each in late if each.gets_letter], "told": [each for each in late if each.told],
        "calls": [each for each in late if not each.expert.person.email]})
