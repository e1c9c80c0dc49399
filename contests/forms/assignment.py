"""Forms of the assignment: what of the works to show, who gets a nomination, one work by hand."""
from django import forms

from projectoffice.accounts.forms.fields import OfficeForm

from ..models import Expert, Nomination
from .fields import WholeField


class WorksFilter(OfficeForm):
    """Every field may be left out, and an unknown value counts as not chosen."""

    q = forms.CharField(label="Поиск: работа или номер", max_length=200, required=False, widget=forms.TextInput(attrs={"type": "search"}))
    nomination = forms.ModelChoiceField(label="Номинация", queryset=Nomination.objects.none(), required=False, empty_label="Все")
    lacking = forms.BooleanField(label="Не хватает экспертов", required=False)

    def __init__(self, *args, contest, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["nomination"].queryset = contest.nominations.all()


NO_EXPERT = "Этот эксперт работ сейчас не получает. Обновите страницу."


class PanelForm(OfficeForm):
    """Who gets every work of a nomination."""

    experts = forms.ModelMultipleChoiceField(
        label="Комиссия", queryset=Expert.objects.none(), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Отметьте хотя бы одного эксперта.", "invalid_choice": NO_EXPERT, "invalid_pk_value": NO_EXPERT})

    def __init__(self, *args, desk, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["experts"].queryset = desk.contest.experts.accepted().filter(is_arbiter=False)
        self.fields["experts"].choices = [(each.pk, f"{each.person.full_name} – работ: {desk.loads[each.pk]}") for each in desk.experts]

    def clean_experts(self):
        return list(self.cleaned_data["experts"])


class GiveForm(OfficeForm):
    """One of those who may have the work."""

    expert = forms.ModelChoiceField(label="Кому отдать", queryset=Expert.objects.none(), empty_label="Выберите эксперта",
                                    error_messages={"required": "Выберите эксперта.", "invalid_choice": NO_EXPERT})

    def __init__(self, *args, contest, offered, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["expert"].queryset = contest.experts.accepted().filter(is_arbiter=False)
        self.fields["expert"].choices = [("", "Выберите эксперта"), *((each.pk, words) for each, words in offered)]


class TakeForm(OfficeForm):
    reason = forms.CharField(label="Почему", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
                             error_messages={"required": "Напишите, почему работу забирают."})


class AdvanceForm(OfficeForm):
    """How many of a nomination go on to the on-site round."""

    most = WholeField(label="Сколько первых", least=1, most=200, required=False)
    most.needed_later = True
