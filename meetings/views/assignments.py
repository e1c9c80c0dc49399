"""Assignments: the list and its file, the page, giving, reporting, deciding, the discipline report."""
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.accounts.access import may, require
from projectoffice.accounts.views.refusals import attempt
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.idempotency import once
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.common.russian import date_short
from projectoffice.common.sheets import xlsx_response
from projectoffice.common.text import showable
from projectoffice.common.uploads import send_file, store_upload

from ..assignment import discipline as report
from ..assignment import listing as table
from ..assignment.page import AssignmentPage, for_page
from ..assignment.words import accepted_words, today
from ..assignment.workflow import OWN_REPORT, enters_for_another, is_moment, is_person
from ..forms import assignments as forms
from ..models import Assignment, AssignmentReport
from ..models.meeting import READS_ALL
from ..services import assignment_work as work
from ..services import assignments as verbs

MOST_EXPORTED = 5000
MOST_SHOWN = 10_000_000


# The list

def filters_of(request):
    """The form with the address in it and what of it makes sense; an unknown value of an old link is passed over."""
    form = forms.AssignmentFilter(request.GET, user=request.user, reads_all=may(request.user, READS_ALL))
    form.is_valid()
    return form, form.cleaned_data


@policy(SIGNED_IN)
@require_safe
def assignments(request):
    form, filters = filters_of(request)
    place = table.Place.read(request.GET.get("after"))
    page = table.page(request.user, filters, after_place=place, shown=shown_before(request) if place else 0)
    words = query_words(filters)
    next_words = [*words, ("after", page.next_place), ("shown", page.shown)]
    return render(request, "meetings/assignments.html", {
        "form": form,
        "page": page,
        "next_url": f"?{urlencode(next_words)}" if page.next_place else "",
        "chosen": [{"label": label(form, name, filters[name]), "url": f"?{urlencode([pair for pair in words if pair[0] != name])}"}
                   for name, _ in words],
        "export_query": urlencode(words),
        "may_give": may(request.user, "meetings.give_assignment"),
        "sees_discipline": may(request.user, "meetings.see_discipline"),
        "most_exported": MOST_EXPORTED,
    })


def shown_before(request):
    text = request.GET.get("shown", "")
    return min(int(text), MOST_SHOWN) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def query_words(filters):
    """The filters in use as pairs for an address."""
    return [(name, plain(value)) for name, value in filters.items() if value]


def plain(value):
    if value is True:
        return "on"
    return value.isoformat() if hasattr(value, "isoformat") else getattr(value, "pk", value)


def label(form, name, value):
    """How a chosen filter is named over the list."""
    title = form.fields[name].label
    if value is True:
        return title
    if value == table.NONE:
        return report.NOBODY[name]
    choices = dict(form.fields[name].choices) if name in ("scope", "state") else {}
    return f"{title}: {date_short(value) if hasattr(value, 'isoformat') else choices.get(value, value)}"


@policy(SIGNED_IN)
@require_safe
def assignments_export(request):
    """Exactly what is found, in its order, as an Excel file."""
    _, filters = filters_of(request)
    page = table.page(request.user, filters, most=MOST_EXPORTED)
    return xlsx_response(f"Поручения {date_short(page.day)}", table.HEADINGS, table.exported(page.rows))


# The page

def found(request, pk):
    return get_object_or_404(for_page(Assignment.objects.visible_to(request.user)), pk=pk)


def for_verb(request, pk, verb):
    """The assignment, when this person is one who may do this to it at some moment; 403 otherwise."""
    assignment = found(request, pk)
    if not is_person(assignment, verb, request.user):
        raise PermissionDenied(verb)
    return assignment


@policy(SIGNED_IN)
@require_safe
def assignment(request, pk):
    return shown(request, found(request, pk))


def shown(request, assignment, *, status=200, **more):
    """The page, with the forms of what can be done on it; a form that came back with remarks stands in its place."""
    page = AssignmentPage(assignment, request.user)
    context = {"page": page, "assignment": assignment}
    if page.may_decide:
        context["accept_form"] = forms.AcceptForm(initial={"report": page.report_on_check.pk})
    if page.may_tick:
        context["tick_form"] = forms.TickForm(initial={"done_on": page.day})
        context["ticks_for_others"] = len(page.own_ticks) > 1
    return render(request, "meetings/assignment.html", context | more, status=status)


@policy(SIGNED_IN)
@require_safe
def assignment_file(request, pk, file):
    """A file of a report, or the letter the office entered it by, for those who may read the report."""
    told = get_object_or_404(AssignmentReport.objects.visible_to(request.user).select_related("source_file"), pk=pk)
    stored = told.source_file if told.source_file_id == file else told.files.filter(pk=file).first()
    if stored is None:
        raise Http404
    return send_file(stored)


# Giving

@policy("meetings.give_assignment")
@require_http_methods(["GET", "HEAD", "POST"])
def assignment_new(request):
    """An assignment without a protocol."""
    require(request.user, "meetings.give_assignment")
    form = forms.NewAssignmentForm(request.POST if request.method == "POST" else None)

    def give():
        data = form.cleaned_data
        names = ("text", "ground", "executor", "co_executors", "controller", "due")
        text = "" if data["executor"] else form.group_words()
        return once(request.user, "give_assignment", data["form_key"], lambda: verbs.give_assignment(
            by=request.user, institutions=data["places"], executor_text=text, **{name: data[name] for name in names},
        ).get_absolute_url())

    address = attempt(form, give) if request.method == "POST" else None
    if address:
        messages.success(request, "Поручение дано. Письма отправим сейчас.")
        return redirect(address)
    return render(request, "meetings/assignment_new.html", {"form": form}, status=422 if form.errors else 200)


# What is done with one

def answered(request, assignment, form, action, verb, done):
    """Run a verb once for the form's key. The way back to the page when done, None when the form has remarks."""
    def act():
        verb(form.cleaned_data)
        return assignment.get_absolute_url()

    def run():
        try:
            return once(request.user, f"{action}:{assignment.pk}", form.cleaned_data["form_key"], act)
        except StaleVersion as refusal:
            raise moved_on(form, refusal) from refusal

    address = attempt(form, run)
    if address:
        messages.success(request, done)
        return redirect(address)
    return None


def moved_on(form, refusal):
    """The form of a page opened before the last change: what was typed stays, the next sending is about what is there now."""
    now = refusal.current
    form.data = form.data.copy()
    form.data["version"] = now.version
    form.data["report"] = next((each.pk for each in now.reports.all() if not each.verdict), "")
    return ValidationError(str(refusal))


def form_page(request, assignment, form, *, heading, button, **more):
    """The page of one form; after a refusal the assignment is told as it is by now."""
    assignment = found(request, assignment.pk) if form.errors else assignment
    context = {"assignment": assignment, "page": AssignmentPage(assignment, request.user), "form": form, "heading": heading,
               "button": button}
    return render(request, "meetings/assignment_form.html", context | more, status=422 if form.errors else 200)


def begins(request):
    """The page of a form is opened; ``begin`` opens it with words already written elsewhere."""
    return request.method != "POST" or "begin" in request.POST


def too_late(request, assignment, verb):
    """For a page opened at the wrong moment: say so on the page of the assignment."""
    if begins(request) and not is_moment(assignment, verb):
        messages.info(request, "Сейчас этого сделать нельзя: посмотрите, что с поручением теперь.")
        return redirect(assignment)
    return None


def sent(request):
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def assignment_report(request, pk):
    """«Отчитаться»: what was done, when, with files; the office enters it for the executor."""
    assignment = for_verb(request, pk, "report")
    if back := too_late(request, assignment, "report"):
        return back
    for_another = enters_for_another(assignment, request.user)
    returned = AssignmentPage(assignment, request.user).returned_report
    ready = {"text": returned.text} if returned else ready_words(assignment)
    form = (forms.ReportForAnotherForm if for_another else forms.ReportForm)(*sent(request), initial=ready)

    @transaction.atomic
    def tell(data):
        source = {name: data[name] for name in ("source", "source_date") if for_another}
        if for_another and data["source_file"]:
            source["source_file"] = store_upload(data["source_file"], by=request.user)
        files = [store_upload(each, by=request.user) for each in data["files"]]
        work.report_done(assignment, by=request.user, text=data["text"], done_on=data["done_on"], files=files, **source)

    if request.method == "POST" and (back := answered(request, assignment, form, "report_assignment", tell, "Отчёт отправлен.")):
        return back
    return form_page(request, assignment, form, heading="Отчёт об исполнении", button="Отправить отчёт", for_another=for_another,
                     returned=returned)


def ready_words(assignment):
    """When every institution has ticked, the report says so already."""
    ticks = list(assignment.ticks.all())
    done = bool(ticks) and all(tick.done_on for tick in ticks)
    return {"text": f"Исполнили все учреждения: {len(ticks)} из {len(ticks)}."} if done else {}


def report_named(assignment, data):
    return get_object_or_404(assignment.reports.all(), pk=data["report"])


@policy(SIGNED_IN)
@require_POST
def assignment_accept(request, pk):
    """«Принять отчёт», with a few words if one likes."""
    assignment = for_verb(request, pk, "accept")
    form = forms.AcceptForm(request.POST)

    def accept(data):
        work.accept_report(assignment, by=request.user, report=report_named(assignment, data), answer=data["answer"])

    done = answered(request, assignment, form, "accept_report", accept, f"{accepted_words(assignment)}.")
    return done or shown(request, found(request, pk), status=422, accept_form=form)


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def assignment_return(request, pk):
    """«Вернуть на доработку», with what is missing; words already written beside «Принять отчёт» come along (``begin``)."""
    assignment = for_verb(request, pk, "return")
    if back := too_late(request, assignment, "return"):
        return back
    page = AssignmentPage(assignment, request.user)
    if begins(request) and not page.may_decide:
        raise PermissionDenied(OWN_REPORT)
    form = forms.ReturnForm(None if begins(request) else request.POST, initial={
        "report": page.report_on_check.pk if page.report_on_check else None, "reason": showable(request.POST.get("answer", ""))})

    def give_back(data):
        work.return_report(assignment, by=request.user, report=report_named(assignment, data), reason=data["reason"])

    if not begins(request) and (back := answered(request, assignment, form, "return_report", give_back, "Отчёт возвращён исполнителю.")):
        return back
    return form_page(request, assignment, form, heading="Вернуть отчёт", button="Вернуть исполнителю")


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def assignment_extend(request, pk):
    """«Попросить перенести срок», with a reason."""
    assignment = for_verb(request, pk, "extend")
    if back := too_late(request, assignment, "extend"):
        return back
    form = forms.ExtendForm(sent(request)[0])

    def ask(data):
        work.ask_extension(assignment, by=request.user, due_after=data["due_after"], reason=data["reason"])

    if request.method == "POST" and (back := answered(request, assignment, form, "ask_extension", ask, "Просьба о переносе срока отправлена.")):
        return back
    return form_page(request, assignment, form, heading="Перенести срок", button="Попросить о переносе")


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def assignment_extension_decide(request, pk, extension):
    """Grant a later date, perhaps another one than asked, or refuse with words."""
    assignment = for_verb(request, pk, "decide_extension")
    asked = get_object_or_404(assignment.extensions.all(), pk=extension)
    if request.method != "POST" and asked.verdict:
        messages.info(request, "На эту просьбу уже ответили.")
        return redirect(assignment)
    if back := too_late(request, assignment, "decide_extension"):
        return back
    form = forms.DecideExtensionForm(sent(request)[0], initial={"due_after": asked.due_after})
    granted = "refuse" not in request.POST

    def decide(data):
        work.decide_extension(assignment, by=request.user, extension=asked, granted=granted, due_after=data["due_after"],
                              answer=data["answer"])

    done = "Срок перенесён." if granted else "В переносе срока отказано, исполнитель узнает почему."
    if request.method == "POST" and (back := answered(request, assignment, form, "decide_extension", decide, done)):
        return back
    return form_page(request, assignment, form, heading="Просьба о переносе срока", button="Перенести срок", asked=asked)


@policy(SIGNED_IN)
@require_POST
def assignment_tick(request, pk):
    """Mark institutions as having done their part, or take one mark back."""
    assignment = for_verb(request, pk, "tick")
    ticks = {f"{tick.pk}": tick for tick in assignment.ticks.all()}
    if undone := ticks.get(request.POST.get("undo", "")):
        return told(request, assignment, lambda: work.untick_institution(assignment, undone.institution, by=request.user),
                    "Отметка снята.")
    form = forms.TickForm(request.POST)
    chosen = [ticks[key].institution for key in request.POST.getlist("tick") if key in ticks]

    def tick():
        return work.tick_institutions(assignment, chosen, by=request.user, done_on=form.cleaned_data["done_on"],
                                      note=form.cleaned_data["note"]) or "part"

    whole = attempt(form, tick)
    if whole is None:
        return shown(request, found(request, pk), status=422, tick_form=form)
    if whole is True and is_person(found(request, pk), "report", request.user):
        messages.success(request, "Отметили все учреждения. Осталось отправить отчёт.")
        return redirect("meetings:assignment_report", pk)
    messages.success(request, "Отметили все учреждения." if whole is True else "Отмечено.")
    return redirect(assignment)


def told(request, assignment, verb, done):
    """For a button: run the verb, tell the outcome in a message, go back to the page."""
    try:
        verb()
    except (StaleVersion, TransitionNotAllowed) as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(assignment)


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def assignment_cancel(request, pk):
    """«Снять с контроля», with a reason everybody concerned reads."""
    assignment = for_verb(request, pk, "cancel")
    if back := too_late(request, assignment, "cancel"):
        return back
    form = forms.CancelForm(sent(request)[0], initial={"version": assignment.version})

    def cancel(data):
        verbs.cancel_assignment(assignment, by=request.user, reason=data["reason"], version=data["version"])

    if request.method == "POST" and (back := answered(request, assignment, form, "cancel_assignment", cancel, "Поручение снято с контроля.")):
        return back
    return form_page(request, assignment, form, heading="Снять с контроля", button="Снять с контроля")


# The discipline report

def period_of(request):
    """The form and the days it asks for: this year's when the address says nothing."""
    day = today()
    first = {"since": day.replace(month=1, day=1), "until": day}
    form = forms.PeriodForm(request.GET if "since" in request.GET or "until" in request.GET else {
        name: value.isoformat() for name, value in first.items()})
    period = {name: form.cleaned_data.get(name) for name in ("since", "until")} if form.is_valid() else first
    return form, period, day


def group_of(request):
    asked = request.GET.get("group")
    return asked if asked in dict(report.GROUPS) else "person"


@policy("meetings.see_discipline")
@require_safe
def discipline(request):
    """Who keeps due dates: by person, institution or meeting; every number leads to its rows."""
    form, period, day = period_of(request)
    group = group_of(request)
    words = [(name, value.isoformat()) for name, value in period.items() if value]
    tabs = [(title, f"?{urlencode([('group', code), *words])}", code == group) for code, title in report.GROUPS]
    return render(request, "meetings/discipline.html", {
        "form": form, "group": group, "tabs": tabs, "first_head": report.FIRST_HEAD[group], "columns": report.COLUMNS,
        "lines": report.lines(request.user, group, period, day), "total": report.total(request.user, period, day), "day": day,
        "export_url": f"{reverse('meetings:discipline_export')}?{urlencode([('group', group), *words])}",
    }, status=422 if form.errors else 200)


@policy("meetings.see_discipline")
@require_safe
def discipline_export(request):
    """The same table as an Excel file."""
    _, period, day = period_of(request)
    group = group_of(request)
    rows = [*report.lines(request.user, group, period, day), report.total(request.user, period, day)]
    return xlsx_response(f"Исполнительская дисциплина {timezone.localdate():%d.%m.%Y}", report.headings(group), report.exported(rows))
