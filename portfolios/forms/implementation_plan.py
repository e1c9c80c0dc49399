from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from projectoffice.accounts.forms.fields import DateField, OfficeForm
from projectoffice.common.idempotency import KeyedForm
from projectoffice.common.uploads import CheckedFileField
from projectoffice.common.wordfile import check_docx
from projectoffice.documents.table.content import FIRST_YEAR, LAST_YEAR, period_of

from ..models import ActivityMark, Project
from ..services.implementation_plan import NAME_LIMIT
from .project import ProjectChoice

YEAR_WORDS = dict.fromkeys(
    ("min_value", "max_value", "invalid"), f"Проверьте год: это число от {FIRST_YEAR} до {LAST_YEAR}."
)
PERIODS = [("school", "Учебный год, который начинается в этом году"), ("calendar", "Календарный год")]
NO_FILE = "Файл не дошёл. Выберите его ещё раз."


def year_field(**more):
    return forms.IntegerField(label="Год", min_value=FIRST_YEAR, max_value=LAST_YEAR, error_messages=YEAR_WORDS, **more)


class PeriodForm(OfficeForm):
    """Which year, school or calendar."""

    year = year_field()
    period = forms.ChoiceField(label="Период", choices=PERIODS, widget=forms.RadioSelect, initial="school")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["year"].initial = today.year if today.month < 10 else today.year + 1

    @property
    def is_school_year(self):
        return self.cleaned_data["period"] == "school"


class MissingYearForm(PeriodForm):
    """Asked when the file names no year."""

    def period(self):
        return period_of(self.cleaned_data["year"], self.is_school_year)


class CopyPlanForm(KeyedForm, PeriodForm):
    pass


class NewPlanForm(KeyedForm, PeriodForm):
    """A project of the portal, or the name of one the portal does not keep."""

    project = ProjectChoice(label="Проект портала", queryset=Project.objects.none(), required=False,
                            empty_label="Проекта на портале нет")
    name = forms.CharField(label="Название проекта", max_length=NAME_LIMIT, required=False,
                           help_text="Если проекта на портале нет. Кавычки поставим сами.")
    field_order = ["project", "name", "year", "period"]

    def __init__(self, *args, projects, needs_project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = projects
        self.fields["project"].required = needs_project
        if needs_project:
            self.fields["project"].empty_label = None
            del self.fields["name"]

    def clean(self):
        data = super().clean()
        if "name" in self.fields and not data.get("project") and not data.get("name") and "name" not in self.errors:
            self.add_error("name", "Впишите название проекта или выберите проект портала.")
        return data


class WordPlanForm(OfficeForm):
    """A Word file with a plan; it is looked into before anything reads it."""

    file = forms.FileField(label="Файл Word (.docx)", widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
                           error_messages={"required": "Выберите файл.", "empty": "Файл пустой. Выберите другой.",
                                           "invalid": NO_FILE, "missing": NO_FILE})
    project = ProjectChoice(label="Проект портала", queryset=Project.objects.none(), required=False,
                            empty_label="Проекта на портале нет")
    year = year_field(required=False, help_text="Если не указать, возьмём из заголовка.")

    def __init__(self, *args, projects, needs_project, plan=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = projects
        self.fields["project"].required = needs_project
        if needs_project:
            self.fields["project"].empty_label = None
        if plan:
            del self.fields["project"], self.fields["year"]

    def clean_file(self):
        uploaded = self.cleaned_data["file"]
        check_docx(uploaded)
        return uploaded


class MarkForm(OfficeForm):
    """What became of an activity."""

    state = forms.ChoiceField(label="Что стало", choices=ActivityMark.State.choices, widget=forms.RadioSelect)
    date = DateField(label="Когда", required=False, help_text="День, когда выполнено, или новый срок, если перенесено.")
    note = forms.CharField(label="Примечание", max_length=500, required=False, help_text="Если не выполнено – почему.", widget=forms.Textarea(attrs={"rows": 3}))
    link = forms.URLField(label="Ссылка на подтверждение", max_length=500, required=False, assume_scheme="https",
                          error_messages={"invalid": "Введите адрес целиком: https://…"})
    evidence = CheckedFileField(label="Файл-подтверждение", required=False)
    drops_evidence = forms.BooleanField(label="Убрать прежний файл", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def clean(self):
        data = super().clean()
        if data.get("state") == ActivityMark.State.MOVED and data.get("date") == timezone.localdate():
            self.add_error("date", "Укажите новый срок: сегодняшний день стоит здесь для «Выполнено».")
        return data

    def clean_link(self):
        link = self.cleaned_data["link"]
        if link and not link.startswith(("http://", "https://")):
            raise ValidationError("Введите адрес сайта: https://…")
        return link
