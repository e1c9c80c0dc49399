"""Forms of reporting periods: what is asked for, which project more, whom to show."""
from django import forms

from projectoffice.accounts.forms.fields import DateField, InstitutionFilterField, OfficeForm

from ..models import Portfolio, Project, ReportingPeriod
from ..report.standing import CHOICES
from .due import DueFields
from .filters import FilterForm
from .portfolio import VersionedForm
from .project import ProjectChoice


class PeriodForm(DueFields, VersionedForm):
    """What is asked for, for which days, until which moment."""

    field_order = ["portfolio", "title", "start", "end", "due_at", "due_hour", "accepts_late"]
    portfolio = forms.ModelChoiceField(label="Портфель", queryset=Portfolio.objects.none(), empty_label="Выберите портфель",
                                       error_messages={"required": "Выберите портфель."})
    title = forms.CharField(label="За что отчёт", max_length=200, help_text="Например: за первое полугодие 2027 года",
                            error_messages={"required": "Напишите, за что отчёт."})
    start = DateField(label="Начало периода", error_messages={"required": "Укажите первый день периода."})
    end = DateField(label="Конец периода", error_messages={"required": "Укажите последний день периода."})
    accepts_late = forms.BooleanField(label="Принимать и после срока, с отметкой «с опозданием»", required=False, initial=True)

    def __init__(self, *args, portfolios=None, **kwargs):
        super().__init__(*args, **kwargs)
        if portfolios is None:
            del self.fields["portfolio"]
        else:
            self.fields["portfolio"].queryset = portfolios

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean(self):
        words = super().clean()
        if words.get("start") and words.get("end") and words["end"] < words["start"]:
            self.add_error("end", "Конец периода раньше его начала.")
        return words


class AddProjectForm(OfficeForm):
    """One more project whose report is asked for: by its title, of those that have none in this period."""

    project = ProjectChoice(label="Проект", queryset=Project.objects.none(), empty_label="Выберите проект",
                            error_messages={"required": "Выберите проект."})

    def __init__(self, *args, projects, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = projects


class PeriodChoice(forms.ModelChoiceField):
    """Periods with their portfolios."""

    def label_from_instance(self, period):
        return f"{period.title} ({period.portfolio.name})"


class ReportFilter(FilterForm):
    """What of the reports to show; every field may be left out, and an unknown value counts as not chosen."""

    q = forms.CharField(label="Поиск по проекту", max_length=200, required=False, widget=forms.TextInput(attrs={"type": "search"}))
    period = PeriodChoice(label="За что", queryset=ReportingPeriod.objects.none(), required=False, empty_label="За всё время")
    portfolio = forms.ModelChoiceField(label="Портфель", queryset=Portfolio.objects.none(), required=False, empty_label="Все")
    state = forms.ChoiceField(label="Состояние", required=False, choices=[("", "Все"), *CHOICES])
    institution = InstitutionFilterField(label="Учреждение", required=False)
    late = forms.BooleanField(label="Сдан с опозданием", required=False)
    mine = forms.BooleanField(label="Только мои", required=False)

    main_names = ("q", "period", "portfolio", "state")

    def __init__(self, *args, user, period=None, **kwargs):
        super().__init__(*args, **kwargs)
        if period:
            del self.fields["period"], self.fields["portfolio"], self.fields["mine"]
            return
        self.fields["period"].queryset = ReportingPeriod.objects.visible_to(user).select_related("portfolio")
        self.fields["portfolio"].queryset = Portfolio.objects.visible_to(user)
