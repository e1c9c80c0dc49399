"""Forms of who checks reports: what is to be mended and until when, another day, which ones to accept."""
from datetime import timedelta

from django import forms
from django.utils import timezone

from projectoffice.accounts.forms.fields import OfficeForm

from .due import DueFields, due_initial

DAYS_TO_MEND = timedelta(days=10)
NO_REMARK = "Напишите, что исправить, – без этого автор не поймёт, за что взяться."
HIDDEN_NUMBER = {"widget": forms.HiddenInput, "min_value": 0, "max_value": 32767}


class ReturnForm(DueFields, OfficeForm):
    """What to mend; the new day is proposed ten days on at the period's hour."""

    field_order = ["remark", "due_at", "due_hour", "number"]
    remark = forms.CharField(label="Что исправить", max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
                             error_messages={"required": NO_REMARK})
    number = forms.IntegerField(**HIDDEN_NUMBER)


class NumberForm(OfficeForm):
    """Which submission was read."""

    number = forms.IntegerField(**HIDDEN_NUMBER)


class ExtendForm(DueFields, OfficeForm):
    field_order = ["due_at", "due_hour", "reason"]
    reason = forms.CharField(label="Причина", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
                             error_messages={"required": "Напишите причину: её увидят в истории отчёта."})


def return_initial(report, number):
    hour = timezone.localtime(report.period.due_at)
    due = timezone.localtime().replace(hour=hour.hour, minute=hour.minute) + DAYS_TO_MEND
    return {**due_initial(due), "number": number}
