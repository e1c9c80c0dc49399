"""An implementation plan from Word: the file is checked and read, every cell is shown, and only then something is stored."""
from functools import partial

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from projectoffice.accounts.access import require
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.filenames import clean_name
from projectoffice.common.policy import policy
from projectoffice.documents.imports.views import preview_page
from projectoffice.documents.table.answers import find_content

from ..forms.implementation_plan import MissingYearForm, WordPlanForm
from ..imports import read_plan
from ..models import ImplementationImport, ImplementationPlan
from ..services import implementation_importing as importing
from ..table import IMPLEMENTATION_PLAN
from .implementation_plan import makes_city_plans, projects_of

CHANGE = "portfolios.change_implementation_plan"


@policy(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def implementation_plan_import(request):
    """Take the file, check and read it; what was read waits for the preview."""
    number = request.GET.get("plan", "")
    target = find_content(request, IMPLEMENTATION_PLAN, int(number)) if number.isdecimal() and len(number) < 18 else None
    require(request.user, CHANGE, target.document if target else None)
    form = WordPlanForm(request.POST or None, request.FILES or None, plan=target, projects=projects_of(request.user),
                        needs_project=not makes_city_plans(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("portfolios:implementation_plan_import_preview", key=read_and_keep(request, form, target).key)
        except ValidationError as refusal:
            form.add_error("file", refusal.messages)
        except TransitionNotAllowed as refusal:
            form.add_error(None, str(refusal))
    return render(request, "portfolios/implementation_plan_import.html", {"form": form, "plan": target},
                  status=422 if form.errors else 200)


def read_and_keep(request, form, target):
    data = form.cleaned_data
    if target:
        importing.check_importable(target)
    parsed = read_plan(data["file"], year=target.year if target else data["year"])
    if target:
        parsed.period = (target.period_start, target.period_end)
    return importing.keep_import(parsed, by=request.user, plan=target, file_name=clean_name(data["file"].name),
                                 project=target.project if target else data["project"])


@policy(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def implementation_plan_import_preview(request, key):
    """Every cell with what was recognised; «Импортировать» stores it."""
    found = ImplementationImport.objects.visible_to(request.user).select_related("project", "plan__document", "plan__project")
    kept = get_object_or_404(found, key=key)
    return preview_page(
        request, IMPLEMENTATION_PLAN, kept, template="portfolios/implementation_plan_import_preview.html", year_form=MissingYearForm,
        target_of=partial(existing, request, kept),
        create=lambda parsed: importing.import_plan(parsed, by=request.user, project=kept.project, file_name=kept.file_name))


def existing(request, kept, parsed):
    if kept.plan_id:
        return kept.plan
    found = importing.plan_for(parsed, kept.project)
    visible = ImplementationPlan.objects.visible_to(request.user).select_related("document", "project")
    return visible.filter(pk=found.pk).first() if found else None
