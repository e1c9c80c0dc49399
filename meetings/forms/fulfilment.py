"""The form that says what became of a line of the plan."""
from django import forms

from projectoffice.accounts.forms.fields import DateField, OfficeForm

from ..models import PlanLineMark


class MarkForm(OfficeForm):
    """The office's word about a line; what each verdict needs is told by the verb."""

    verdict = forms.ChoiceField(label="Что стало с вопросом", choices=[("", "Выберите"), *PlanLineMark.Verdict.choices])
    date = DateField(label="Когда рассмотрели", required=False, help_text="Для проведённого и рассмотренного частично.")
    moved_to = forms.CharField(label="На когда перенесено", max_length=100, required=False, help_text="Например: март, 12.03.2027, следующий год")
    reason = forms.CharField(label="Причина", max_length=500, required=False,
                             help_text="Нужна, если вопрос перенесён, снят или не проведён. Её напечатают в информации о выполнении.")
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def values(self):
        return {name: self.cleaned_data[name] for name in ("verdict", "date", "moved_to", "reason", "version", "edition")}


class UnmarkForm(forms.Form):
    """What the page showed when the mark was taken back."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    edition = forms.IntegerField(min_value=0, max_value=2**31 - 1)
