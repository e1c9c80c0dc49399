from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from projectoffice.accounts.models import Body
from projectoffice.common.calendar import parse_days
from projectoffice.common.idempotency import new_key
from projectoffice.common.text import CleanTextMixin
from projectoffice.common.wordfile import check_docx

from ..services.plan import FIRST_YEAR, LAST_YEAR, period_of

MOST_DAYS = 100

YEAR_WORDS = dict.fromkeys(
    ("min_value", "max_value", "invalid"), f"Проверьте год: это число от {FIRST_YEAR} до {LAST_YEAR}."
)


class PeriodForm(forms.Form):
    """Which year, calendar or school. The key makes a form that was sent twice do its work once."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_key, required=False)

    year = forms.IntegerField(label="Год", min_value=FIRST_YEAR, max_value=LAST_YEAR, error_messages=YEAR_WORDS)
    period = forms.ChoiceField(
        label="Период", choices=[("calendar", "Календарный год"), ("school", "Учебный год, который начинается в этом году")],
        widget=forms.RadioSelect, initial="calendar",
    )

    def clean_key(self):
        return self.cleaned_data["key"] or new_key()

    @property
    def is_school_year(self):
        return self.cleaned_data["period"] == "school"


class NewPlanForm(CleanTextMixin, PeriodForm):
    body = forms.ModelChoiceField(label="Чей план", queryset=Body.objects.none(), empty_label=None)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = Body.objects.filter(closed_on__isnull=True)
        self.fields["year"].initial = timezone.localdate().year + 1


class WordPlanForm(forms.Form):
    """A Word file with a plan; it is looked into before anything reads it."""

    file = forms.FileField(label="Файл Word (.docx)", widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
                           error_messages={"required": "Выберите файл.", "empty": "Файл пустой. Выберите другой.",
                                           "invalid": "Файл не дошёл. Выберите его ещё раз.",
                                           "missing": "Файл не дошёл. Выберите его ещё раз."})
    body = forms.ModelChoiceField(label="Чей план", queryset=Body.objects.none(), empty_label=None, required=False)
    year = forms.IntegerField(label="Год", min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False, error_messages=YEAR_WORDS,
                              help_text="Если не указать, возьмём из заголовка.")

    def __init__(self, *args, plan=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = Body.objects.filter(closed_on__isnull=True)
        if plan:
            del self.fields["body"], self.fields["year"]

    def clean_file(self):
        uploaded = self.cleaned_data["file"]
        check_docx(uploaded)
        return uploaded


class MissingYearForm(PeriodForm):
    """Asked when the file names no year."""

    key = None

    def period(self):
        return period_of(self.cleaned_data["year"], self.is_school_year)


class YearForm(forms.Form):
    year = forms.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR)


class CalendarForm(CleanTextMixin, forms.Form):
    """Days off or working days, several at once."""

    days = forms.CharField(label="Дни", max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
                           help_text="По одному в строке или через запятую: 02.11.2027, 03.11.2027")
    is_off = forms.ChoiceField(label="Какие это дни", choices=[("off", "Выходные"), ("working", "Рабочие")],
                               widget=forms.RadioSelect, initial="off")
    note = forms.CharField(label="Основание", max_length=200, required=False,
                           help_text="Например: постановление Правительства от 15.09.2026 № 1000")

    def clean_days(self):
        days, strange = parse_days(self.cleaned_data["days"])
        if strange:
            raise ValidationError(f"«{strange[0][:40]}» – не день. Пишите так: 02.11.2027.")
        if len(days) > MOST_DAYS:
            raise ValidationError(f"За один раз можно вписать не больше {MOST_DAYS} дней.")
        return days
