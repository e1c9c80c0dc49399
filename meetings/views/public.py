"""What visitors read: the list of published plans; a plan itself is the public copy every document has."""
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from projectoffice.common.policy import PUBLIC, policy
from projectoffice.documents.models import Document

from ..models import MeetingPlan


def published():
    return MeetingPlan.objects.filter(document__in=Document.objects.published()).select_related("document__in_force", "body")


@policy(PUBLIC)
@require_safe
def public_plans(request):
    """«Планы» for visitors, newest first."""
    plans = published().order_by("-period_start", "body__name")
    return render(request, "meetings/public_plans.html", {"plans": plans})


@policy(PUBLIC)
@require_safe
def public_plan(request, pk):
    """The public copy of one plan; 404 unless it is published."""
    return redirect(get_object_or_404(published(), pk=pk).document.public_url)
