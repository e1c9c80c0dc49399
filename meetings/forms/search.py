"""What one may ask of the protocols."""
from django import forms

from projectoffice.accounts.forms.fields import PersonField
from projectoffice.accounts.models import Body, User
from projectoffice.common.text import CleanTextMixin

from ..models import ProtocolEntry
from ..protocol.search import Asked

YEARS = (1990, 2100)


class SearchForm(CleanTextMixin, forms.Form):
    """Words and filters. Who does not see the list of people may look for oneself alone."""

    q = forms.CharField(label="Слова", max_length=200, required=False, widget=forms.TextInput(attrs={"type": "search"}))
    kind = forms.ChoiceField(label="Что", required=False, choices=[("", "Всё"), *ProtocolEntry.Kind.choices])
    year = forms.IntegerField(label="Год", required=False, min_value=YEARS[0], max_value=YEARS[1],
                              error_messages=dict.fromkeys(("min_value", "max_value", "invalid"), "Год – это четыре цифры."))
    body = forms.ModelChoiceField(label="Орган", queryset=Body.objects.none(), required=False, empty_label="Любой",
                                  error_messages={"invalid_choice": "Такого органа нет."})
    person = PersonField(label="Человек", required=False)
    mine = forms.BooleanField(label="Где есть я", required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["body"].queryset = Body.objects.visible_to(user)
        self.fields["person"].queryset = User.objects.visible_to(user)
        del self.fields["mine" if user.roles else "person"]

    def asked(self):
        """What to look for, or None while something typed cannot be read."""
        if not self.is_valid():
            return None
        data = self.cleaned_data
        person = self.user if data.get("mine") else data.get("person")
        return Asked(data["q"], data["year"], data["body"], data["kind"], person)
