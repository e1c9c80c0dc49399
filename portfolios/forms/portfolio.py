from django import forms
from django.core.exceptions import ValidationError

from projectoffice.accounts.forms.fields import DateField, OfficeForm, PersonField
from projectoffice.common.idempotency import new_key

from ..amounts import AmountField, unit_with_percent
from ..models import ManagementModel


class VersionedForm(OfficeForm):
    """A form of something that exists or is being made: the version it was opened on, a key for sending it twice."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, initial=1)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_key)


class PortfolioForm(VersionedForm):
    name = forms.CharField(label="Название", max_length=300, error_messages={"required": "Впишите название."})
    goal = forms.CharField(label="Цель", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    head = PersonField(label="Руководитель портфеля", required=False)


class ModelForm(VersionedForm):
    name = forms.CharField(label="Название", max_length=300, error_messages={"required": "Впишите название."})
    goal = forms.CharField(label="Цель", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    head = PersonField(label="Куратор модели", required=False)


class GoalForm(VersionedForm):
    """An indicator of a portfolio or of one of its models."""

    name = forms.CharField(label="Показатель", max_length=500, error_messages={"required": "Впишите показатель."})
    model = forms.ModelChoiceField(label="Чей показатель", queryset=ManagementModel.objects.none(), required=False,
                                   empty_label="Всего портфеля")
    unit = forms.CharField(label="Единица", max_length=60, required=False, help_text="Например: %, проектов, человек")
    baseline = AmountField(label="Исходное значение", help_text="Например: 12,5")
    target = AmountField(label="Цель")
    actual = AmountField(label="Достигнуто")

    def __init__(self, *args, portfolio, fixed=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["model"].queryset = portfolio.models.all()
        if fixed:
            del self.fields["model"]

    def clean(self):
        words = super().clean()
        typed = [self.data.get(self.add_prefix(name)) for name in ("baseline", "target", "actual")]
        try:
            words["unit"] = unit_with_percent(words.get("unit", ""), typed)
        except ValidationError as refusal:
            self.add_error("unit", refusal)
        return words


class ClosingForm(OfficeForm):
    closed_on = DateField(label="Закрыт с", error_messages={"required": "Укажите день."})
