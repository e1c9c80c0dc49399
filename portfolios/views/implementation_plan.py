"""Implementation plans: the list, the page, a new one, the rows of last year's, how it goes."""
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.accounts.access import may, require
from projectoffice.accounts.views.refusals import attempt
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.idempotency import once
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.common.uploads import send_file, store_upload
from projectoffice.documents.models import Document
from projectoffice.documents.panel import badges, panel_of
from projectoffice.documents.route import load_route, standings, with_route
from projectoffice.documents.snapshot import readable_snapshot
from projectoffice.documents.table import content
from projectoffice.documents.table.answers import find_content, verb_of, whole_number
from projectoffice.documents.table.views import editor_page

from ..forms.implementation_plan import CopyPlanForm, MarkForm, NewPlanForm
from ..fulfilment import marks_by_row, sections_of, whole
from ..models import ImplementationPlan, Project
from ..services import implementation_plan as verbs
from ..services.activities import mark_activity
from ..table import IMPLEMENTATION_PLAN

CHANGE = "portfolios.change_implementation_plan"


@policy(SIGNED_IN)
@require_safe
def implementation_plans(request):
    """All plans this person may read, newest first, each with its state and how far it is."""
    papers = with_route(Document.objects.select_related("in_force"))
    found = ImplementationPlan.objects.visible_to(request.user).select_related("project").prefetch_related(
        Prefetch("document", papers), "marks").order_by("-period_start", "document__title", "pk")
    working = may(request.user, "documents.read_working")
    rows = [{
        "plan": plan,
        "badges": badges(plan.document, reads_working=working, standings=standings(plan.document)),
        "whole": whole(sections_of(plan, marks_by_row(plan.marks.all()))) if plan.document.in_force else None,
    } for plan in found]
    return render(request, "portfolios/implementation_plans.html", {"plans": rows, "may_create": may(request.user, CHANGE)})


@policy(SIGNED_IN)
@require_safe
def implementation_plan(request, pk):
    """The editor of a draft for those who may change it; otherwise the sheet, to the reader's right."""
    found = find_content(request, IMPLEMENTATION_PLAN, pk)
    document = found.document
    load_route(document)
    changes = may(request.user, CHANGE, document)
    if document.is_draft and changes:
        page = editor_page(request, found)
        page["sources"] = sources_for(request.user, found) if not page["rows"] else []
        return render(request, "portfolios/implementation_plan_editor.html", page)
    panel = panel_of(document, request.user)
    return render(request, "portfolios/implementation_plan.html", {
        "plan": found,
        "document": document,
        "panel": panel,
        "snapshot": readable_snapshot(document, panel.reads_working),
        "as_paper": "paper" in request.GET,
        "may_change": changes,
        "may_create": may(request.user, CHANGE),
        "parts": sections_of(found, marks_by_row(found.marks.all())),
    })


def sources_for(user, plan):
    """Plans whose rows an empty plan may begin with: those of the same project, or other city plans; newest first."""
    others = ImplementationPlan.objects.visible_to(user).filter(project=plan.project).exclude(pk=plan.pk)
    return others.select_related("document").order_by("-period_start", "-pk")[:5]


def projects_of(user):
    """Projects whose plans this person may make."""
    visible = Project.objects.visible_to(user).going_on().order_by("title", "-start", "pk")
    return visible if makes_city_plans(user) else visible.kept_by(user)


def makes_city_plans(user):
    return may(user, "portfolios.create_city_plan")


@policy(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def implementation_plan_new(request):
    """An empty plan of a project for a year."""
    require(request.user, CHANGE)
    form = NewPlanForm(request.POST or None, projects=projects_of(request.user), needs_project=not makes_city_plans(request.user))
    if request.method == "POST":
        def create():
            data = form.cleaned_data
            plan = verbs.create_plan(by=request.user, year=data["year"], is_school_year=form.is_school_year,
                                     project=data.get("project"), name=data.get("name", ""))
            return plan.get_absolute_url()

        url = attempt(form, lambda: once(request.user, "create_implementation_plan", form.cleaned_data["form_key"], create))
        if url:
            return redirect(url)
    return render(request, "portfolios/implementation_plan_new.html", {"form": form}, status=422 if form.errors else 200)


@policy(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def implementation_plan_copy(request, pk):
    """A new plan for another year with the rows and stamps of this one."""
    source = find_content(request, IMPLEMENTATION_PLAN, pk)
    require(request.user, CHANGE, source.document)
    period = "school" if source.is_school_year else "calendar"
    form = CopyPlanForm(request.POST or None, initial={"year": source.year + 1, "period": period})
    if request.method == "POST":
        def copy():
            plan = verbs.copy_plan(source, by=request.user, year=form.cleaned_data["year"], is_school_year=form.is_school_year)
            return plan.get_absolute_url()

        url = attempt(form, lambda: once(request.user, "copy_implementation_plan", form.cleaned_data["form_key"], copy))
        if url:
            return redirect(url)
    return render(request, "portfolios/implementation_plan_copy.html", {"form": form, "source": source},
                  status=422 if form.errors else 200)


@policy(CHANGE)
@require_POST
@verb_of(IMPLEMENTATION_PLAN)
def implementation_plan_take_rows(request, plan):
    """Begin an empty plan with the rows of another one."""
    if IMPLEMENTATION_PLAN.rows(plan).present().exists():
        raise TransitionNotAllowed("В плане уже есть строки.")
    number = whole_number(request.sent.get("source"), "Выберите план, из которого взять строки.")
    source = ImplementationPlan.objects.visible_to(request.user).filter(project=plan.project, pk=number).exclude(pk=plan.pk).first()
    if source is None:
        raise ValidationError("Выберите план, из которого взять строки.")
    content.take_rows(plan, source, by=request.user)
    return {"message": f"Взяты строки: {source.document.title}. Проверьте сроки."}


@policy(CHANGE)
@require_POST
def implementation_plan_phones(request, pk):
    """Hide the phones from visitors, or show them."""
    plan = find_content(request, IMPLEMENTATION_PLAN, pk)
    hides = request.POST.get("hides") == "yes"
    verbs.hide_phones(plan, hides, by=request.user)
    messages.success(request, "Посетители сайта не увидят телефонов." if hides else "Посетители сайта увидят телефоны тех, чьи имена показаны.")
    return redirect(plan)


# ── how it goes ───────────────────────────────────────────────────────────────────────────────────────────

@policy(SIGNED_IN)
@require_safe
def implementation_plan_fulfilment(request, pk):
    """Every activity in force with what became of it, counted by section."""
    plan = find_content(request, IMPLEMENTATION_PLAN, pk)
    sections = sections_of(plan, marks_by_row(plan.marks.select_related("by", "evidence")))
    return render(request, "portfolios/implementation_plan_fulfilment.html", {
        "plan": plan,
        "parts": sections,
        "whole": whole(sections),
        "overdue": sum(row.is_overdue for section in sections for row in section.rows),
        "may_mark": may(request.user, CHANGE, plan.document),
    })


@policy(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def activity_mark(request, pk, uid):
    """Say what became of an activity."""
    plan = find_content(request, IMPLEMENTATION_PLAN, pk)
    require(request.user, CHANGE, plan.document)
    mark = plan.marks.select_related("evidence", "by").filter(row_uid=uid).first()
    found = [row for section in sections_of(plan, {}) for row in section.rows if row.uid == f"{uid}"]
    if not found:
        raise Http404("В действующей редакции этой строки нет.")
    form = MarkForm(request.POST or None, request.FILES or None, initial=shown_mark(mark))
    if request.method == "POST" and attempt(form, lambda: keep_mark(request, plan, uid, form)):
        messages.success(request, "Отмечено.")
        return redirect(f"{fulfilment_url(plan)}#row-{uid}")
    page = {"plan": plan, "activity": found[0], "mark": mark, "form": form}
    return render(request, "portfolios/activity_mark.html", page, status=422 if form.errors else 200)


def shown_mark(mark):
    if mark is None:
        return {"version": 0, "date": timezone.localdate()}
    return {"state": mark.state, "date": mark.date, "note": mark.note, "link": mark.link, "version": mark.version}


@transaction.atomic
def keep_mark(request, plan, uid, form):
    data = dict(form.cleaned_data)
    uploaded = data.pop("evidence")
    stored = store_upload(uploaded, by=request.user) if uploaded else None
    return mark_activity(plan, uid, by=request.user, evidence=stored, **data)


def fulfilment_url(plan):
    return IMPLEMENTATION_PLAN.url("fulfilment", plan.pk)


@policy(SIGNED_IN)
@require_safe
def activity_evidence(request, pk, uid):
    """The file that proves an activity, for everybody who reads the plan."""
    plan = find_content(request, IMPLEMENTATION_PLAN, pk)
    mark = get_object_or_404(plan.marks.select_related("evidence"), row_uid=uid, evidence__isnull=False)
    return send_file(mark.evidence)
