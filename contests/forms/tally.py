"""Forms of those who bring the sheets together: the third expert, the chair's order of equals."""
from django import forms
from django.core.exceptions import ValidationError

from portfolios.amounts import typed_amount
from projectoffice.accounts.forms.fields import OfficeForm
from projectoffice.common.russian import person_short, plural

from .fields import PointsField


def load_words(expert):
    return f"{expert.load}\u00a0{plural(expert.load, 'работа,работы,работ')}"


class ArbiterForm(OfficeForm):
    """Who of those free decides; ``experts`` carry their load."""

    expert = forms.ChoiceField(label="Кто решит", widget=forms.RadioSelect)

    def __init__(self, *args, experts, **kwargs):
        super().__init__(*args, **kwargs)
        self.experts = {str(each.pk): each for each in experts}
        self.fields["expert"].choices = [
            (key, f"{person_short(each.person)} – {'только третий эксперт, ' if each.is_arbiter else ''}сейчас {load_words(each)}")
            for key, each in self.experts.items()]
        self.fields["expert"].error_messages |= {"required": "Выберите эксперта.", "invalid_choice": "Этот эксперт больше не свободен. Выберите другого."}

    def clean_expert(self):
        return self.experts[self.cleaned_data["expert"]]


class WeightsForm(OfficeForm):
    """Other weights of the criteria that count; nothing of it is stored."""

    def __init__(self, *args, criteria, **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria = [each for each in criteria if each.counts]
        for each in self.criteria:
            words = f"{each.title} ({each.get_round_display().lower()})" if len({one.round for one in criteria}) > 1 else each.title
            self.fields[f"weight-{each.pk}"] = PointsField(least=0, most=100, label=words, required=True, initial=typed_amount(each.weight))

    @property
    def weights(self):
        return {each.pk: self.cleaned_data[f"weight-{each.pk}"] for each in self.criteria}


class ChairForm(OfficeForm):
    """A place for each of the equals, all different, and what the decision rests on."""

    shown = forms.CharField(widget=forms.HiddenInput, max_length=4000)
    basis = forms.CharField(label="На чём основано решение", max_length=200, help_text="Например: протокол жюри № 2 от 14.05.2027")

    def __init__(self, *args, entries, **kwargs):
        super().__init__(*args, **kwargs)
        self.entries = entries
        places = [("", "–"), *((place, str(place)) for place in range(1, len(entries) + 1))]
        for entry in entries:
            self.fields[f"place-{entry.pk}"] = forms.TypedChoiceField(
                label=f"№ {entry.number}. {entry.title}", choices=places, coerce=int,
                error_messages={"required": "Выберите, какая по счёту эта работа.", "invalid_choice": "Выберите число из списка."})
        self.order_fields([*(f"place-{entry.pk}" for entry in entries), "basis"])

    def clean(self):
        cleaned = super().clean()
        places = [cleaned.get(f"place-{entry.pk}") for entry in self.entries]
        if None not in places and len(set(places)) < len(places):
            raise ValidationError("У двух работ стоит одно и то же место. Разведите их.")
        return cleaned

    @property
    def order(self):
        """Ids of the entries, the better first."""
        return [entry.pk for entry in sorted(self.entries, key=lambda entry: self.cleaned_data[f"place-{entry.pk}"])]
