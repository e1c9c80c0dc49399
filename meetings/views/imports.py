"""A plan from Word: the file is checked and read, every cell is shown, and only then something is stored."""
from functools import partial

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from projectoffice.accounts.access import require
from projectoffice.accounts.models import Body
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.filenames import clean_name
from projectoffice.common.policy import policy
from projectoffice.documents.imports.views import preview_page
from projectoffice.documents.table.answers import find_content

from ..forms.plan import MissingYearForm, WordPlanForm
from ..imports import read_plan
from ..models import MeetingPlan, PlanImport
from ..services import importing
from ..table import PLAN

CHANGE = "meetings.change_plan"


@policy(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_import(request):
    """Take the file, check and read it; what was read waits for the preview."""
    number = request.GET.get("plan", "")
    target = find_content(request, PLAN, int(number)) if number.isdecimal() and len(number) < 18 else None
    require(request.user, CHANGE, target.document if target else None)
    main = Body.objects.filter(is_main=True).first()
    form = WordPlanForm(request.POST or None, request.FILES or None, plan=target, initial={"body": main})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            if target:
                importing.check_importable(target)
            parsed = read_plan(data["file"], year=target.year if target else data["year"])
            if target:
                parsed.period = (target.period_start, target.period_end)
            kept = importing.keep_import(parsed, by=request.user, body=target.body if target else data["body"] or main,
                                         plan=target, file_name=clean_name(data["file"].name))
            return redirect("meetings:plan_import_preview", key=kept.key)
        except ValidationError as refusal:
            form.add_error("file", refusal.messages)
        except TransitionNotAllowed as refusal:
            form.add_error(None, str(refusal))
    return render(request, "meetings/plan_import.html", {"form": form, "plan": target}, status=422 if form.errors else 200)


@policy(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_import_preview(request, key):
    """Every cell with what was recognised; «Импортировать» stores it."""
    kept = get_object_or_404(PlanImport.objects.visible_to(request.user).select_related("body", "plan__document"), key=key)
    return preview_page(
        request, PLAN, kept, template="meetings/plan_import_preview.html", year_form=MissingYearForm,
        target_of=partial(existing, request, kept),
        create=lambda parsed: importing.import_plan(parsed, by=request.user, body=kept.body, file_name=kept.file_name))


def existing(request, kept, parsed):
    if kept.plan_id:
        return kept.plan
    found = importing.plan_for(parsed, kept.body)
    return MeetingPlan.objects.visible_to(request.user).select_related("document", "body").filter(pk=found.pk).first() if found else None
