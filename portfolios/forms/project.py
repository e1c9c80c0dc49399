from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from projectoffice.accounts.access import may
from projectoffice.accounts.forms.fields import (
    DateField,
    InstitutionField,
    InstitutionFilterField,
    OfficeForm,
    PersonField,
)
from projectoffice.accounts.models import Post, User

from ..models import ManagementModel, Portfolio, Project, ProjectInstitution, TeamMember
from ..words import COURSE_LOOKS, NO_DATA, named_with_year
from .filters import FilterForm
from .portfolio import VersionedForm

FIRST_YEAR, LAST_YEAR = 2000, 2100
REASON = {"required": "Напишите причину: её увидят в истории проекта."}


class ModelChoice(forms.ModelChoiceField):
    """Models under the names of their portfolios."""

    def label_from_instance(self, model):
        return f"{model.name} ({model.portfolio.name})"


class ProjectChoice(forms.ModelChoiceField):
    """Projects with their years."""

    def label_from_instance(self, project):
        return named_with_year(project)


class ProjectForm(VersionedForm):
    """The card of a project; the place in a portfolio is the office's alone."""

    title = forms.CharField(label="Название", max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
                            error_messages={"required": "Впишите название проекта."})
    kind = forms.ChoiceField(label="Вид", choices=Project.Kind.choices)
    portfolio = forms.ModelChoiceField(label="Портфель", queryset=Portfolio.objects.none(), empty_label="Выберите портфель",
                                       error_messages={"required": "Выберите портфель."})
    model = ModelChoice(label="Управленческая модель", queryset=ManagementModel.objects.none(), required=False,
                        empty_label="Не указана")
    start = DateField(label="Начало", required=False)
    end = DateField(label="Окончание", required=False)

    def __init__(self, *args, places=True, current=None, **kwargs):
        super().__init__(*args, **kwargs)
        if not places:
            del self.fields["portfolio"], self.fields["model"]
            return
        portfolios = Portfolio.objects.open()
        if current:
            portfolios = portfolios | Portfolio.objects.filter(pk=current.pk)
        self.fields["portfolio"].queryset = portfolios
        self.fields["model"].queryset = ManagementModel.objects.filter(portfolio__in=portfolios).select_related("portfolio")

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean(self):
        words = super().clean()
        start, end = words.get("start"), words.get("end")
        if start and end and end < start:
            self.add_error("end", "Окончание проекта раньше его начала.")
        model, portfolio = words.get("model"), words.get("portfolio")
        if model and portfolio and model.portfolio_id != portfolio.pk:
            self.add_error("model", f"Эта модель относится к портфелю «{model.portfolio}». Выберите модель своего портфеля.")
        return words


class NewProjectForm(ProjectForm):
    field_order = ["title", "kind", "portfolio", "model", "institution", "head", "start", "end"]
    institution = InstitutionField(label="Ведущее учреждение", required=False)
    head = PersonField(label="Руководитель проекта", required=False)


class HeadForm(VersionedForm):
    head = PersonField(label="Новый руководитель")
    reason = forms.CharField(label="Основание", max_length=200, required=False,
                             help_text="Например: приказ директора от 01.09.2027 № 12")


class ReasonForm(OfficeForm):
    reason = forms.CharField(label="Причина", max_length=500, widget=forms.Textarea(attrs={"rows": 3}), error_messages=REASON)


class ResultForm(OfficeForm):
    result = forms.CharField(label="С каким результатом завершён проект", max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
                             help_text="Что получилось, какие продукты остались, что стоит продолжить.",
                             error_messages={"required": "Напишите, с каким результатом завершён проект."})


class CopyForm(VersionedForm):
    """The same project in the next year."""

    start = DateField(label="Начало", error_messages={"required": "Укажите, когда начинается продолжение."})
    end = DateField(label="Окончание", required=False)

    def clean(self):
        words = super().clean()
        if words.get("start") and words.get("end") and words["end"] < words["start"]:
            self.add_error("end", "Окончание проекта раньше его начала.")
        return words


class InstitutionForm(OfficeForm):
    institution = InstitutionField(label="Учреждение", error_messages={"required": "Выберите учреждение."})
    role = forms.ChoiceField(label="Роль", choices=ProjectInstitution.Role.choices, initial=ProjectInstitution.Role.PARTNER)


ROLES = [choice for choice in TeamMember.Role.choices if choice[0] != TeamMember.Role.HEAD]


class MemberForm(OfficeForm):
    post = forms.CharField(label="Должность и учреждение", max_length=300, required=False)
    role = forms.ChoiceField(label="Роль", choices=ROLES, initial=TeamMember.Role.MEMBER,
                             help_text="Кто ведёт проект на портале, заполняет паспорт и отчёты вместе с руководителем.")
    duty = forms.CharField(label="За что отвечает", max_length=300, required=False)
    since = DateField(label="С", required=False)
    until = DateField(label="По", required=False, help_text="Последний день; пусто – по сей день")
    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args, is_head=False, **kwargs):
        super().__init__(*args, **kwargs)
        if is_head:
            del self.fields["role"]

    def clean(self):
        words = super().clean()
        if words.get("since") and words.get("until") and words["until"] < words["since"]:
            self.add_error("until", "Дата «по» раньше даты «с».")
        return words


class Colleague(forms.ModelChoiceField):
    def label_from_instance(self, person):
        return person.full_name


class NewMemberForm(MemberForm):
    """Somebody of the portal or a typed name. A school chooses among its own people, the office among all."""

    field_order = ["person", "name", "post", "role", "duty", "since", "until"]
    name = forms.CharField(label="Или фамилия и инициалы", max_length=200, required=False,
                           help_text="Для тех, кого нет в списке людей портала.")
    person = PersonField(label="Человек", required=False)
    key = VersionedForm.base_fields["key"]

    def __init__(self, *args, project, whole_town, **kwargs):
        super().__init__(*args, **kwargs)
        if not whole_town:
            here = Post.objects.current().filter(institution__in=project.institutions.values("institution"))
            self.fields["person"] = Colleague(label="Человек", required=False, empty_label="Нет в списке", queryset=User.objects.active().filter(
                pk__in=here.values("person")).in_order())

    def clean(self):
        words = super().clean()
        if not words.get("person") and not words.get("name") and "person" not in self.errors:
            self.add_error("name", "Выберите человека из списка или впишите фамилию и инициалы.")
        return words


class ReachForm(OfficeForm):
    on = DateField(label="Когда достигнута", error_messages={"required": "Укажите день."})
    evidence = forms.CharField(label="Чем подтверждается", max_length=500, required=False,
                               help_text="Ссылка, номер приказа, название документа")

    def clean_on(self):
        if self.cleaned_data["on"] > timezone.localdate():
            raise ValidationError("Эта дата ещё не наступила.")
        return self.cleaned_data["on"]


class ProjectFilter(FilterForm):
    """What of the list to show; every field may be left out, and an unknown value counts as not chosen."""

    q = forms.CharField(label="Поиск по названию и руководителю", max_length=200, required=False,
                        widget=forms.TextInput(attrs={"type": "search"}))
    portfolio = forms.ModelChoiceField(label="Портфель", queryset=Portfolio.objects.none(), required=False, empty_label="Все")
    model = forms.ModelChoiceField(label="Модель", queryset=ManagementModel.objects.none(), required=False, empty_label="Все")
    status = forms.ChoiceField(label="Состояние", required=False, choices=[("", "Все"), *Project.Status.choices])
    course = forms.ChoiceField(label="Ход", required=False, choices=[
        ("", "Любой"), *((code or NO_DATA, word) for code, (_, word) in COURSE_LOOKS.items())])
    kind = forms.ChoiceField(label="Вид", required=False, choices=[("", "Все"), *Project.Kind.choices])
    institution = InstitutionFilterField(label="Учреждение", required=False)
    year = forms.IntegerField(label="Год", required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR,
                              error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "Год – четыре цифры."))
    mine = forms.BooleanField(label="Только мои", required=False)
    to_check = forms.BooleanField(label="Только мои на проверке", required=False)
    archive = forms.BooleanField(label="И из архива", required=False)

    main_names = ("q", "portfolio", "status", "course", "to_check")
    MAIN_OF_PORTFOLIO = ("q", "model", "kind", "status", "to_check")

    def __init__(self, *args, user, portfolio=None, models=None, **kwargs):
        """``models``: those of the portfolio when the page has read them anyway."""
        super().__init__(*args, **kwargs)
        if portfolio:
            self.main_names = self.MAIN_OF_PORTFOLIO
        seen = ManagementModel.objects.visible_to(user)
        self.fields["portfolio"].queryset = Portfolio.objects.visible_to(user)
        self.fields["model"].queryset = seen.filter(portfolio=portfolio) if portfolio else seen
        if models is not None:
            self.fields["model"].choices = [("", "Все"), *((model.pk, model) for model in models)]
        if portfolio:
            del self.fields["portfolio"]
        if not may(user, "portfolios.check_report", portfolio):
            del self.fields["to_check"]
