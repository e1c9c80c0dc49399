"""Scoring: the own queue, one work, saved as it is marked, handed in."""
from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portfolios.services.typed import Collision, dumped, read_marks
from projectoffice.accounts.views.refusals import attempt
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.common.russian import plural

from ..forms.sheet import HandInForm, read_typed
from ..models import Review
from ..services import sheet as verbs
from ..sheet.page import ReviewPage
from ..sheet.queue import empty_words, next_review, queue_of
from ..sheet.reading import criteria_of, fingerprint, sheet_of, texts_of
from ..sheet.table import tables_of
from ..sheet.workflow import IN
from .common import find_contest
from .entry import asks_json
from .sheet_common import find_in_queue, find_review


@policy("contests.score")
@require_safe
def scoring(request):
    """Everything this person is to score, with how far it is."""
    parts = queue_of(request.user)
    done, total = sum(part.done for part in parts), sum(len(part.rows) for part in parts)
    return render(request, "contests/scoring.html", {
        "parts": parts, "done": done, "total": total, "left": total - done,
        "is_open": any(part.is_open for part in parts), "empty_words": "" if parts else empty_words(request.user),
    })


@policy("contests.score")
@require_safe
def scoring_next(request):
    """To the work that has the fewest sheets so far; back to the queue when nothing is left."""
    found = next_review(request.user)
    return redirect(found or "contests:scoring")


@policy("contests.score")
@require_safe
def review_table(request, pk):
    """All that is still to be scored in a contest as a table."""
    contest = find_contest(request, pk)
    return render(request, "contests/review_table.html", {"contest": contest, "tables": tables_of(request.user, contest)})


@policy(SIGNED_IN)
@require_safe
def review(request, pk):
    """The scoring screen; a sheet that is in has a page of its own."""
    found, queue = find_in_queue(request, pk)
    page = ReviewPage(found, request.user, queue=queue)
    if page.sheet and page.sheet.state == IN:
        return redirect(page.sheet)
    return shown(request, page)


def shown(request, page, status=200, **more):
    return render(request, "contests/review.html", {"page": page, "review": page.review, "entry": page.entry, **more}, status=status)


# ── saved ─────────────────────────────────────────────────────────────────────────────────────────────────

@policy(SIGNED_IN)
@require_POST
def review_save(request, pk):
    """Saved as it is marked (the script asks for JSON), or by a button, which may also go on to handing in."""
    found = find_review(request, pk)
    typed, raw, errors = read_typed(request.POST, found)
    began = read_marks(request.POST.get("version", ""))
    if asks_json(request):
        return save_as_typed(request, found, typed, began, errors)
    return save_by_button(request, found, typed, began, raw, errors)


def save_as_typed(request, review, typed, began, errors):
    """The answer of a save while somebody marks (static/js/autosave.js)."""
    try:
        saved = verbs.save_sheet(review, typed, began, by=request.user)
    except Collision as stale:
        return JsonResponse({"version": dumped(stale.shown), "values": {name: [text] for name, text in stale.values.items()}}, status=409)
    except TransitionNotAllowed as refusal:
        return JsonResponse({"errors": {}, "message": str(refusal)}, status=409)
    if errors:
        return JsonResponse({"errors": errors, "version": dumped(saved.shown)}, status=422)
    return JsonResponse({"version": dumped(saved.shown), "saved_at": f"{timezone.localtime():%H:%M}"})


def save_by_button(request, review, typed, began, raw, errors):
    """«Сохранить» and «Сдать лист» without a script; what was typed stays whatever happens."""
    try:
        verbs.save_sheet(review, typed, began, by=request.user)
    except Collision as stale:
        for name in stale.names:
            errors.setdefault(name, []).append(f"В другом окне здесь стоит: «{stale.values[name] or 'пусто'}». Проверьте и сохраните ещё раз.")
        return once_more(request, review, raw, errors, 409)
    except TransitionNotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect(review)
    if errors:
        return once_more(request, review, raw, errors, 422)
    if request.POST.get("do") == "submit":
        return redirect("contests:review_submit", review.pk)
    messages.success(request, "Сохранено.")
    return redirect(f"{reverse('contests:review_table', args=[review.entry.contest_id])}#r-{review.pk}" if from_table(request) else review)


def once_more(request, review, raw, errors, status):
    """What was typed with what is to be mended, on the page it was sent from."""
    if not from_table(request):
        return shown(request, ReviewPage(review, request.user, raw, errors), status)
    contest = review.entry.contest
    return render(request, "contests/review_table.html", {
        "contest": contest, "tables": tables_of(request.user, contest, {review.pk: (raw, errors)}), "refused": review}, status=status)


def from_table(request):
    return request.POST.get("back") == "table"


# ── handed in ─────────────────────────────────────────────────────────────────────────────────────────────

@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def review_submit(request, pk):
    """Marks and total once more, then the sheet is in; with marks missing, to the first of them."""
    found = find_review(request, pk)
    form = HandInForm(request.POST or None, initial={"shown": fingerprint(texts_of(found, sheet_of(found), criteria_of(found)))})
    if request.method == "POST" and (sheet := attempt(form, lambda: verbs.submit_sheet(found, by=request.user, shown=form.cleaned_data["shown"]))):
        messages.success(request, done_words(request.user, found))
        return redirect(sheet)
    page = ReviewPage(found, request.user)
    if page.sheet and page.sheet.state == IN:
        return redirect(page.sheet)
    if page.closed:
        return redirect(found)
    if page.lacks:
        messages.warning(request, page.left)
        return redirect(f"{found.get_absolute_url()}#{page.lacks[0].anchor}")
    if request.method == "POST":
        form.data = form.data.copy()
        form.data["shown"] = fingerprint(page.stored)
    return render(request, "contests/review_submit.html", {"page": page, "review": found, "form": form}, status=422 if form.errors else 200)


def done_words(user, review):
    """«Лист сдан. Осталось 8 работ.»"""
    left = Review.objects.to_score(user).filter(entry__contest=review.entry.contest_id, round=review.round).exclude(sheets__state=IN).count()
    if not left:
        return "Лист сдан. Все листы сданы. Спасибо!"
    return f"Лист сдан. {plural(left, 'Осталась,Осталось,Осталось')} {left} {plural(left, 'работа,работы,работ')}."
