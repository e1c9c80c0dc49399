"""Forms of the public jury: who is on the list, what a member chooses, why a vote is annulled."""
from django import forms

from projectoffice.accounts.forms.fields import OfficeForm, PersonField


class JurorForm(OfficeForm):
    person = PersonField(label="Кто входит в жюри", help_text="Человек из списка людей портала; голосует он сам, под своим входом")


class AnnulForm(OfficeForm):
    reason = forms.CharField(label="Почему голос аннулирован", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
                             help_text="Причина войдёт в протокол.")


class BallotForm(OfficeForm):
    """The works a member ticked in all nominations; whether they fit the limits is the verb's to say."""

    entries = forms.MultipleChoiceField(required=False)
    sure = forms.BooleanField(required=False)

    def __init__(self, *args, ballots, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = {str(entry.pk): entry for ballot in ballots for entry in ballot.entries}
        field = self.fields["entries"]
        field.choices = [(key, entry.title) for key, entry in self.known.items()]
        field.error_messages["invalid_choice"] = "Одной из отмеченных работ больше нет в списке. Отметьте ещё раз."

    def clean_entries(self):
        chosen = [self.known[key] for key in self.cleaned_data["entries"]]
        if not chosen:
            raise forms.ValidationError("Отметьте работу, за которую голосуете.")
        return chosen
