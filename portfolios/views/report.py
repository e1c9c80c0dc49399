"""The report of a project for a period: its page, the parts of its partners."""
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from projectoffice.common.history import history_of
from projectoffice.common.policy import SIGNED_IN, policy

from ..models import ProgressReport, ReportPart
from ..report import words


def find_report(request, pk):
    """The report of a project this person may see; 404 otherwise."""
    seen = ProgressReport.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("period", "project__portfolio", "project__head", "decided_by"), pk=pk)


@policy(SIGNED_IN)
@require_safe
def report(request, pk):
    """What was asked, how it stands, what is written."""
    found = find_report(request, pk)
    return render(request, "portfolios/report.html", {
        "report": found, "badges": words.badges(found), "texts": words.texts_of(found), "events": history_of(found)[:10]})


@policy(SIGNED_IN)
@require_safe
def report_part(request, pk):
    """The part of one institution."""
    parts = ReportPart.objects.visible_to(request.user).select_related("institution__institution", "report__project", "report__period")
    return render(request, "portfolios/report_part.html", {"part": get_object_or_404(parts, pk=pk)})
