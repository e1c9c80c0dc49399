"""Forms of the list of participants."""
from django import forms

from projectoffice.accounts.forms.fields import OfficeForm, PersonInput
from projectoffice.common.idempotency import KeyedForm

from ..models import Participant
from .agenda import person_suggested

# A list to choose from says what a person is: «Приглашённый», not «Приглашение».
ALL_ROLES = [(role, "Приглашённый" if role == Participant.Role.INVITED else name) for role, name in Participant.Role.choices]
ROLES = [choice for choice in ALL_ROLES if choice[0] != Participant.Role.GUEST]


class NewParticipantForm(KeyedForm, OfficeForm):
    """Somebody of the list of people, or a typed name."""

    who = forms.CharField(label="Кто", max_length=500, widget=PersonInput,
                          help_text="Выберите из подсказки или впишите фамилию и инициалы",
                          error_messages={"required": "Выберите человека или впишите фамилию и инициалы."})
    post = forms.CharField(label="Должность и организация", max_length=300, required=False,
                           help_text="Пусто – возьмём из списка людей")
    role = forms.ChoiceField(label="Роль", choices=ROLES, initial=Participant.Role.INVITED)

    def __init__(self, *args, suggests=True, **kwargs):
        super().__init__(*args, **kwargs)
        if not suggests:
            self.fields["who"].widget = forms.TextInput()

    def clean_who(self):
        """(person or None, printed name)."""
        text = self.cleaned_data["who"]
        person = person_suggested(text)
        return person, person.short_name if person else text[:200]


class ParticipantForm(OfficeForm):
    name = forms.CharField(label="Фамилия и инициалы", max_length=200, help_text="Как напечатать",
                           error_messages={"required": "Впишите фамилию и инициалы."})
    post = forms.CharField(label="Должность и организация", max_length=300, required=False)
    role = forms.ChoiceField(label="Роль", choices=ALL_ROLES)
    votes = forms.BooleanField(label="Голосует и входит в кворум", required=False)
    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
