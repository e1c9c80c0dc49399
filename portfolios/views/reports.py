"""The list of progress reports with its filters, and its Excel."""
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from projectoffice.accounts.access import may
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.common.sheets import xlsx_response

from ..report.checking import checked_by
from ..report.listing import HEADINGS, ReportListing, exported
from ..report.workflow import CHECK

OVERVIEW = "portfolios.see_overview"


@policy(SIGNED_IN)
@require_safe
def reports(request):
    """The reports this person may see."""
    checks = may(request.user, CHECK)
    return render(request, "portfolios/reports.html", {
        "listing": ReportListing(request.GET, request.user), "oversees": may(request.user, OVERVIEW),
        "to_check": checked_by(request.user).count() if checks else 0, "may_check": checks,
    })


@policy(SIGNED_IN)
@require_safe
def reports_export(request):
    """Exactly what is found, as an Excel file."""
    listing = ReportListing(request.GET, request.user)
    return xlsx_response(f"Отчёты {timezone.localdate():%d.%m.%Y}", HEADINGS, exported(listing.every_row()))
