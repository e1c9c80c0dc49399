"""Checking reports: the page that lays one beside the last accepted one, accepting, returning, another day."""
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.accounts.access import may, require
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.common.russian import moment_short

from ..forms.due import due_initial
from ..forms.review import ExtendForm, NumberForm, ReturnForm, return_initial
from ..models import ProgressReport
from ..report.review import Checked, Queue
from ..report.words import was_withdrawn
from ..report.workflow import CHECK
from ..services import report as verbs
from .common import ask, attempt_plainly, number_in

WITHDRAWN = "Команда отозвала этот отчёт: решать пока не о чем. Когда его отправят снова, он вернётся в очередь."
DECIDED = {"accepted": "принят", "returned": "возвращён на доработку"}


def find_seen(request, pk):
    seen = ProgressReport.objects.visible_to(request.user).select_related("period", "project__portfolio", "project__head", "decided_by")
    return get_object_or_404(seen, pk=pk)


def find_report(request, pk):
    """The report this person may see and is one to check; 404 or 403 otherwise."""
    found = find_seen(request, pk)
    require(request.user, CHECK, found)
    return found


def queue_of(request):
    """The queue the address asks for; nonsense asks for nothing."""
    return Queue(request.user, number_in(request, "portfolio"), number_in(request, "period"))


@policy(CHECK)
@require_safe
def review(request):
    """The first report that waits, or the one asked for, beside the last accepted one of its project."""
    queue, asked = queue_of(request), number_in(request, "report")
    if asked is None:
        asked = queue.ids[0] if queue.ids else None
    if asked is None:
        return render(request, "portfolios/review_none.html", {"queue": queue})
    found = find_seen(request, asked)
    return review_page(request, found, queue) if may(request.user, CHECK, found) else redirect(found)


def review_page(request, report, queue, form=None, *, opened=False, status=200):
    """``opened`` shows the fields of returning at once."""
    checked = Checked(report, request.user)
    if checked.submission is None:
        return redirect(report)
    number = checked.submission.number
    return render(request, "portfolios/review.html", {
        "report": report, "checked": checked, "queue": queue, "number": number, "next": queue.after(report.pk),
        "place": queue.ids.index(report.pk) + 1 if report.pk in queue.ids else 0,
        "form": form or ReturnForm(initial=return_initial(report, number)), "opened": opened or form is not None, "files": files_of(report, checked.now),
        "decided": WITHDRAWN if was_withdrawn(checked.submission, report) else decided_words(report),
    }, status=status)


def files_of(report, snapshot):
    """The files the submission names, each with its row to open it by."""
    rows = {row.pk: row for row in report.files.select_related("file")}
    return [(rows.get(each["id"]), each["name"], each["size"]) for each in snapshot["files"]]


def decided_words(report):
    """What was decided, by whom and when; empty while it waits."""
    if report.state not in DECIDED or not report.decided_at:
        return ""
    who = f"{report.decided_by.short_name}, " if report.decided_by else ""
    return f"Отчёт {DECIDED[report.state]}: {who}{moment_short(report.decided_at)}."


@policy(SIGNED_IN)
@require_POST
def report_accept(request, pk):
    """Accept the submission that was read; «Принять и дальше» leads to the next one."""
    report = find_report(request, pk)
    queue, form = queue_of(request), NumberForm(request.POST)
    follower = queue.after(pk)
    done = form.is_valid() and attempt_plainly(form, lambda: verbs.accept_report(
        report, by=request.user, number=form.cleaned_data["number"]))
    if not done:
        messages.error(request, " ".join(refusals(form)))
        return redirect(review_link(queue, pk))
    if done.decided_by_id == request.user.pk:
        messages.success(request, f"Отчёт по проекту «{report.project}» принят.")
    else:
        messages.info(request, decided_words(done))
    return redirect(review_link(queue, follower) if "next" in request.POST else done.get_absolute_url())


def refusals(form):
    """The sentences of a form that shows no fields."""
    return [sentence for sentences in form.errors.values() for sentence in sentences]


def review_link(queue, pk=None):
    """The checking page of this queue, at this report when one is given."""
    words = "&".join(part for part in (queue.query, f"report={pk}" if pk else "") if part)
    return f"{reverse('portfolios:review')}{'?' if words else ''}{words}"


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def report_return(request, pk):
    """Back to the team with a remark and a new date; then the next report that waits."""
    report, queue = find_report(request, pk), queue_of(request)
    if request.method != "POST":
        return review_page(request, report, queue, opened=True)
    form = ReturnForm(request.POST)
    follower = queue.after(pk)
    if not form.is_valid():
        return review_page(request, report, queue, form, status=422)
    words = form.cleaned_data
    if not attempt_plainly(form, lambda: verbs.return_report(
            report, by=request.user, number=words["number"], remark=words["remark"], due_at=words["due_at"])):
        return review_page(request, find_report(request, pk), queue, form, status=422)
    messages.success(request, f"Отчёт по проекту «{report.project}» возвращён. Замечание и новый срок уйдут команде письмом.")
    return redirect(review_link(queue, follower))


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def report_extend(request, pk):
    """Another day for one report."""
    report = find_report(request, pk)
    form = ExtendForm(request.POST or None, initial=due_initial(report.due_at))
    return ask(request, form, lambda: verbs.extend_report(
        report, by=request.user, due_at=form.cleaned_data["due_at"], reason=form.cleaned_data["reason"]),
        heading=f"{report.project}: перенести срок отчёта", button="Перенести срок", back=(report.get_absolute_url(), f"Отчёт {report.period.title}"),
        done="Срок перенесён. Команда узнает об этом письмом.",
        words=f"Отчёт {report.period.title}. Сейчас его ждут до {moment_short(report.due_at)}.")
