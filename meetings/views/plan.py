"""The plan: its page, the list, a new one, the rows of last year's."""
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.accounts.access import may, require
from projectoffice.accounts.models import Body
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.idempotency import once
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.documents.models import Document
from projectoffice.documents.panel import badges, panel_of
from projectoffice.documents.route import load_route, standings, with_route
from projectoffice.documents.snapshot import readable_snapshot
from projectoffice.documents.table.answers import find_content, verb_of, whole_number
from projectoffice.documents.table.views import editor_page

from ..forms.plan import NewPlanForm, PeriodForm
from ..fulfilment import with_states
from ..models import MeetingPlan
from ..plan.in_force import is_in_force, with_meetings
from ..services import plan as verbs
from ..table import PLAN

CHANGE = "meetings.change_plan"


@policy(SIGNED_IN)
@require_safe
def plans(request):
    """All plans this person may read, newest first, each with its state."""
    papers = with_route(Document.objects.select_related("in_force"))
    found = MeetingPlan.objects.visible_to(request.user).select_related("body").prefetch_related(
        Prefetch("document", papers)
    ).order_by("-period_start", "body__name")
    working = may(request.user, "documents.read_working")
    return render(request, "meetings/plans.html", {
        "plans": [{"plan": plan, "badges": badges(plan.document, reads_working=working, standings=standings(plan.document))}
                  for plan in found],
        "may_create": may(request.user, CHANGE),
    })


@policy(SIGNED_IN)
@require_safe
def plan(request, pk):
    """The editor of a draft for those who may change it; otherwise the sheet, to the reader's right."""
    found = find_content(request, PLAN, pk)
    document = found.document
    load_route(document)
    if document.is_draft and may(request.user, CHANGE, document):
        page = editor_page(request, found)
        page |= {"plan": found, "sources": sources_for(found) if not page["rows"] else []}
        return render(request, "meetings/plan_editor.html", page)
    panel = panel_of(document, request.user)
    snapshot = readable_snapshot(document, panel.reads_working)
    shows_meetings = document.in_force_id is not None and snapshot is document.in_force.snapshot and is_in_force(found)
    shows_fulfilment = is_in_force(found) and may(request.user, "meetings.see_fulfilment")
    if shows_meetings:
        snapshot = with_meetings(snapshot, found, request.user)
    if shows_meetings and shows_fulfilment:
        snapshot = with_states(snapshot, found, request.user, timezone.localdate())
    return render(request, "meetings/plan.html", {
        "plan": found,
        "document": document,
        "panel": panel,
        "snapshot": snapshot,
        "shows_meetings": shows_meetings,
        "shows_fulfilment": shows_fulfilment,
        "may_create_meeting": shows_meetings and may(request.user, "meetings.create_meeting"),
        "as_paper": "paper" in request.GET,
        "may_change": may(request.user, CHANGE, document),
    })


def sources_for(plan):
    """Plans whose rows an empty plan may begin with: earlier ones of the same body, newest first."""
    others = MeetingPlan.objects.filter(body=plan.body, period_start__lt=plan.period_start).select_related("document")
    return others.order_by("-period_start")[:5]


@policy(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_new(request):
    """An empty plan for a year and a body."""
    require(request.user, CHANGE)
    main = Body.objects.filter(is_main=True).first()
    form = NewPlanForm(request.POST or None, initial={"body": main})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def create():
            plan = verbs.create_plan(data["body"], by=request.user, year=data["year"], is_school_year=form.is_school_year)
            return plan.get_absolute_url()

        try:
            return redirect(once(request.user, "create_plan", data["key"], create))
        except ValidationError as refusal:
            form.add_error("year", refusal.messages)
    return render(request, "meetings/plan_new.html", {"form": form}, status=422 if form.errors else 200)


@policy(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_copy(request, pk):
    """A new plan with the rows and stamps of this one."""
    source = find_content(request, PLAN, pk)
    require(request.user, CHANGE, source.document)
    period = "school" if source.is_school_year else "calendar"
    form = PeriodForm(request.POST or None, initial={"year": source.year + 1, "period": period})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def copy():
            plan = verbs.copy_plan(source, by=request.user, year=data["year"], is_school_year=form.is_school_year)
            return plan.get_absolute_url()

        try:
            return redirect(once(request.user, "copy_plan", data["key"], copy))
        except ValidationError as refusal:
            form.add_error("year", refusal.messages)
    return render(request, "meetings/plan_copy.html", {"form": form, "source": source},
                  status=422 if form.errors else 200)


@policy(CHANGE)
@require_POST
@verb_of(PLAN)
def plan_take_rows(request, plan):
    """Begin an empty plan with the rows of another one of the same body."""
    if plan.items.present().exists():
        raise TransitionNotAllowed("В плане уже есть строки.")
    number = whole_number(request.sent.get("source"), "Выберите план, из которого взять строки.")
    source = MeetingPlan.objects.visible_to(request.user).filter(body=plan.body, pk=number).exclude(pk=plan.pk).first()
    if source is None:
        raise ValidationError("Выберите план, из которого взять строки.")
    verbs.take_rows(plan, source, by=request.user)
    return {"message": f"Взяты строки: {source.document.title}. Проверьте годы в тексте."}
