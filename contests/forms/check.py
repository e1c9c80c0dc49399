"""Forms of the technical check and of the list of entries."""
from django import forms

from projectoffice.accounts.forms.fields import InstitutionFilterField, MomentField, OfficeForm

from ..models import Entry, Nomination, TechnicalCheck

Outcome = TechnicalCheck.Outcome


class CheckForm(OfficeForm):
    """One of four outcomes; words and a term where they are needed."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32_000)
    outcome = forms.ChoiceField(label="Исход", choices=Outcome.choices, widget=forms.RadioSelect,
                                error_messages={"required": "Выберите исход.", "invalid_choice": "Выберите исход из списка."})
    words = forms.CharField(label="Замечания или причина", max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 5}),
                            help_text="Уйдут команде письмом слово в слово. Для «Допущена» можно не писать.")
    correct_until = MomentField(label="Исправить до", required=False, help_text="Только если возвращаете. Можно и после конца приёма.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("words", "correct_until"):
            self.fields[name].needed_later = True  # by the outcome chosen

    def clean(self):
        words = super().clean()
        if words.get("outcome") == Outcome.RETURNED and not words.get("correct_until") and "correct_until" not in self.errors:
            self.add_error("correct_until", "Укажите день и час, до которых ждёте исправления.")
        return words


class EntryFilter(OfficeForm):
    """What of the list to show; every field may be left out, and an unknown value counts as not chosen."""

    q = forms.CharField(label="Поиск: работа, автор, номер", max_length=200, required=False, widget=forms.TextInput(attrs={"type": "search"}))
    nomination = forms.ModelChoiceField(label="Номинация", queryset=Nomination.objects.none(), required=False, empty_label="Все")
    state = forms.ChoiceField(label="Состояние", required=False, choices=[("", "Все"), *Entry.State.choices])
    outcome = forms.ChoiceField(label="Техническая экспертиза", required=False, choices=[("", "Любая"), ("none", "Не проверена"), *Outcome.choices])
    institution = InstitutionFilterField(label="Учреждение", required=False)

    def __init__(self, *args, contest, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["nomination"].queryset = contest.nominations.all()
