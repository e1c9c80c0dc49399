"""Forms of a meeting: when and where, moving, cancelling, copying, the filters of the list."""
from django import forms
from django.db.models.functions import ExtractYear

from projectoffice.accounts.forms.fields import DateField, OfficeForm
from projectoffice.accounts.models import Body
from projectoffice.common.idempotency import KeyedForm

from ..models import Meeting


class ClockField(forms.TimeField):
    """A time of day typed as 14:00 or chosen in the browser's clock."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
        super().__init__(input_formats=["%H:%M", "%H.%M", "%H:%M:%S"], **kwargs)
        self.error_messages["invalid"] = "Введите время так: 14:00."


class VersionField(forms.IntegerField):
    """The version of what the form was opened with."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(min_value=0, max_value=2**31 - 1, initial=1, **kwargs)


class WhenForm(OfficeForm):
    """Day, hours and place: all may wait until the meeting is announced."""

    date = DateField(label="День", required=False)
    start = ClockField(label="Начало", required=False)
    end = ClockField(label="Окончание", required=False)
    place = forms.CharField(label="Место", max_length=300, required=False)

    def clean(self):
        words = super().clean()
        start, end = words.get("start"), words.get("end")
        if end and not start and "start" not in self.errors:
            self.add_error("start", "Укажите и начало.")
        if start and end and end <= start:
            self.add_error("end", "Окончание должно быть позже начала.")
        return words


class TitledForm(WhenForm):
    field_order = ["title", "date", "start", "end", "place"]
    title = forms.CharField(
        label="Тема", max_length=300, required=False,
        help_text="Если заседание посвящено одному: «Итоги года». Можно не указывать – хватит повестки",
    )


class MeetingForm(TitledForm):
    version = VersionField()


class NewMeetingForm(KeyedForm, TitledForm):
    """A meeting outside the plan; rows of a plan can be taken on its agenda afterwards."""

    field_order = ["body", "title", "date", "start", "end", "place"]
    body = forms.ModelChoiceField(label="Чьё заседание", queryset=Body.objects.none(), empty_label=None)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = Body.objects.filter(closed_on__isnull=True)


class CopyMeetingForm(KeyedForm, TitledForm):
    field_order = ["title", "date", "start", "end", "place"]


class ReasonForm(OfficeForm):
    reason = forms.CharField(label="Причина", max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
                             help_text="Её увидят приглашённые",
                             error_messages={"required": "Напишите причину: её увидят приглашённые."})


class MoveForm(WhenForm, ReasonForm):
    """``warned`` is the day whose remarks the page has shown: sent again with that day, the form is a decision."""

    field_order = ["date", "start", "end", "place", "reason"]
    version = VersionField()
    warned = forms.CharField(widget=forms.HiddenInput, required=False, max_length=10)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["date"].label = "Новый день"
        self.fields["date"].help_text = "Оставьте пустым, если новый день ещё не известен"

    def warn(self, day, remarks):
        """Show what is odd about the new day, once for each day."""
        self.add_error("date", " ".join([*remarks, "Если день верный, нажмите «Перенести» ещё раз: письма уйдут сразу."]))
        self.data = self.data.copy()
        self.data["warned"] = day.isoformat()


class MeetingsFilter(OfficeForm):
    """Filters of the list; what does not fit is passed over, because an old link is not a mistake."""

    body = forms.ModelChoiceField(label="Орган", queryset=Body.objects.none(), required=False, empty_label="Любой")
    year = forms.TypedChoiceField(label="Год", required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(label="Состояние", required=False, choices=[("", "Любое"), *Meeting.State.choices])
    no_protocol = forms.BooleanField(label="Без протокола", required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = Body.objects.visible_to(user)
        years = Meeting.objects.visible_to(user).filter(date__isnull=False).annotate(
            year=ExtractYear("date")).order_by("-year").values_list("year", flat=True).distinct()
        self.fields["year"].choices = [("", "Любой"), *((year, str(year)) for year in years)]
