"""The production calendar as staff keep it: moved days off and working Saturdays."""
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from projectoffice.common.models import CalendarDay
from projectoffice.common.policy import policy

from ..forms.plan import CalendarForm, YearForm
from ..services.calendar import days_of, forget_day, set_days

CHANGE = "meetings.change_calendar"


@policy(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request):
    """Days of a year that differ from the law's calendar; a form adds some."""
    asked = YearForm(request.GET)
    year = asked.cleaned_data["year"] if asked.is_valid() else timezone.localdate().year
    form = CalendarForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            set_days(data["days"], by=request.user, is_off=data["is_off"] == "off", note=data["note"])
            messages.success(request, f"Записано дней: {len(set(data['days']))}.")
            return redirect(f"{reverse('meetings:calendar')}?year={data['days'][0].year}")
        except ValidationError as refusal:
            for name, sentences in refusal.message_dict.items():
                form.add_error(name, sentences)
    page = {"form": form, "year": year, "days": days_of(year), "years": range(year - 1, year + 2)}
    return render(request, "meetings/calendar.html", page, status=422 if form.errors else 200)


@policy(CHANGE)
@require_POST
def calendar_forget(request, pk):
    row = get_object_or_404(CalendarDay, pk=pk)
    year = row.date.year
    forget_day(row, by=request.user)
    messages.success(request, f"{row.date:%d.%m.%Y} – снова как в календаре.")
    return redirect(f"{reverse('meetings:calendar')}?year={year}")
