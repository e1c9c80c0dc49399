"""The technical check: the queue of the office, one entry with its outcome."""
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projectoffice.accounts.access import require
from projectoffice.common.policy import policy

from ..entry.page import EntryPage
from ..entry.workflow import RUNS
from ..forms.check import CheckForm
from ..models import Entry
from ..services.checking import check_entry
from .entry_common import attempt, find_contest, find_entry


def to_check(user, contest):
    """Entries that wait, the first sent first."""
    return Entry.objects.visible_to(user).filter(contest=contest, state=Entry.State.SUBMITTED).order_by("number")


@policy(RUNS)
@require_safe
def entries_check(request, pk):
    """To the next entry that waits; when none does, back to the list."""
    contest = find_contest(request, pk)
    after = request.GET.get("after", "")
    queue = to_check(request.user, contest)
    if after.isascii() and after.isdigit() and len(after) < 9:
        found = queue.filter(number__gt=int(after)).first() or queue.exclude(number=int(after)).first()
    else:
        found = queue.first()
    if found is None:
        messages.success(request, "Проверять больше нечего.")
        return redirect("contests:entries", contest.pk)
    return redirect("contests:entry_check", found.pk)


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def entry_check(request, pk):
    """What was sent, beside the four outcomes; after a decision the next entry."""
    found = find_entry(request, pk)
    require(request.user, RUNS, found)
    page = EntryPage(found, request.user, request.office)
    if page.submission is None:
        messages.info(request, "Эту заявку ещё не отправляли.")
        return redirect(found)
    if request.method != "POST" and not page.may("check"):
        messages.info(request, "Исход этой заявки больше не меняют.")
        return redirect(found)
    form = CheckForm(request.POST or None, initial={"number": page.submission.number})
    if request.method == "POST" and attempt(form, lambda: decide(request, found, form)):
        messages.success(request, f"{page.number}: исход записан, команде ушло письмо.")
        if request.POST.get("do") == "next":
            return redirect(f"{reverse('contests:entries_check', args=[found.contest_id])}?after={found.number}")
        return redirect(found)
    if request.method == "POST":
        form.data = form.data.copy()
        form.data["number"] = page.submission.number
    left = to_check(request.user, found.contest).exclude(pk=found.pk).count()
    return render(request, "contests/entry_check.html", {
        "page": page, "entry": found, "submission": page.submission, "form": form, "left": left,
    }, status=422 if form.errors else 200)


def decide(request, entry, form):
    words = form.cleaned_data
    return check_entry(entry, by=request.user, number=words["number"], outcome=words["outcome"], words=words["words"],
                       correct_until=words["correct_until"])
