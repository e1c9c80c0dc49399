"""Choosing a person by a typed name: the field offers names, the server finds whose it is."""
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from projectoffice.accounts.models import User
from projectoffice.common.text import CleanCharField


def found(typed):
    """People on the list with this surname whose name, in any usual form, is the typed one."""
    words = key(typed).replace(".", " ").split()
    if not words:
        return []
    surnames = Q()
    for word in words:
        surnames |= Q(surname__iexact=word)
    people = User.objects.active().filter(surnames)[:50]
    return [person for person in people if key(typed) in forms_of(person)]


def forms_of(person):
    return {key(form) for form in (person.full_name, person.short_name, person.signature_name, person.surname)}


def key(text):
    return " ".join(str(text).lower().replace("ё", "е").replace("\xa0", " ").replace(". ", ".").split())


class PersonField(CleanCharField):
    """A typed name that must be one of the people; cleans to the User or None."""

    def __init__(self, **kwargs):
        kwargs.setdefault("max_length", 300)
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "list": "people-list"}))
        super().__init__(**kwargs)

    def prepare_value(self, value):
        return value.full_name if isinstance(value, User) else value

    def clean(self, value):
        typed = super().clean(value)
        if not typed:
            return None
        people = found(typed)
        if len(people) > 1:
            raise ValidationError("Так зовут нескольких человек. Напишите фамилию, имя и отчество полностью.")
        if not people:
            raise ValidationError("Такого человека нет в списке людей. Выберите имя из подсказки или сначала добавьте человека.")
        return people[0]
