"""Fields that several forms of the portal share: a date, a person or an institution chosen or typed."""
import re

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.urls import reverse_lazy

from projectoffice.common.markup import format_words
from projectoffice.common.text import CleanTextMixin, clean_text

from ..models import Institution, Post, User


class DateField(forms.DateField):
    """A day typed as 14.05.2027 or chosen in the browser's calendar; years nobody means are refused."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%d.%m.%Y"])
        super().__init__(**kwargs)
        self.error_messages["invalid"] = "Введите дату так: 14.05.2027."

    def clean(self, value):
        if isinstance(value, str) and "\x00" in value:
            raise ValidationError(self.error_messages["invalid"])
        day = super().clean(value)
        if day and not 1900 <= day.year <= 2200:
            raise ValidationError("Проверьте год: он должен быть от 1900 до 2200.")
        return day


class MomentField(forms.DateTimeField):
    """A day with its hour, by the office's clock: typed as 14.05.2027 18:00 or chosen in the browser's calendar."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}))
        kwargs.setdefault("input_formats", ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y, %H:%M"])
        super().__init__(**kwargs)
        self.error_messages["invalid"] = "Введите день и час так: 14.05.2027 18:00."

    def to_python(self, value):
        """Years nobody means are refused before a zone is laid on them: at the edges of time that fails."""
        typed = str(value or "")
        year = re.search(r"\d{4,}", typed)
        if "\x00" in typed or year and not 1900 <= int(year[0][:5]) <= 2200:
            raise ValidationError(self.error_messages["invalid"] if "\x00" in typed else "Проверьте год: он должен быть от 1900 до 2200.")
        return super().to_python(value)


def labelled_people(people):
    """People with what ``label_of`` reads: today's posts, in one more query."""
    return people.prefetch_related(
        Prefetch("posts", Post.objects.current().select_related("institution"), to_attr="posts_today")
    )


def label_of(person):
    """«Орлова Наталья Павловна, методист, МБОУ школа № 12»: enough to tell namesakes apart."""
    posts = getattr(person, "posts_today", None)
    post = posts[0] if posts else person.current_post if posts is None else None
    return ", ".join(filter(None, [person.full_name, str(post) if post else ""]))


class PersonInput(forms.TextInput):
    """A text field with suggestions from the list of people; without a script one types the name."""

    template_name = "accounts/person_input.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        box = context["widget"]
        box["list_id"] = f"{box['attrs'].get('id', name)}-people"
        box["suggest_url"] = reverse_lazy("accounts:people_suggest")
        return context


class PersonField(forms.CharField):
    """A person, by the words of a suggestion or by the name as typed; two of the same name must be told apart."""

    widget = PersonInput
    default_error_messages = {"required": "Укажите человека."}

    def __init__(self, *, queryset=None, **kwargs):
        kwargs.setdefault("max_length", 500)
        super().__init__(**kwargs)
        self.queryset = queryset

    def people(self):
        return User.objects.active() if self.queryset is None else self.queryset

    def prepare_value(self, value):
        if isinstance(value, User):
            return label_of(value)
        if isinstance(value, int):
            person = User.objects.filter(pk=value).first()
            return label_of(person) if person else ""
        return value

    def clean(self, value):
        text = super().clean(value)
        return self.find(clean_text(text)) if text else None

    def find(self, text):
        name = text.split(",")[0]
        people = list(labelled_people(self.people().found_by(name))[:50])
        words = len(re.findall(r"\w+", name))
        fitting = [p for p in people if same(label_of(p), text)]
        fitting = fitting or [p for p in people if same(p.full_name, name) or same(p.short_name, name)]
        fitting = fitting or (people if words >= 1 and len(people) == 1 else [])
        if not fitting:
            raise ValidationError("В списке такого человека нет. Проверьте фамилию или внесите его в список людей.")
        if len(fitting) > 1:
            raise ValidationError("Таких людей несколько. Выберите из подсказки: " + "; ".join(
                label_of(person) for person in fitting[:5]) + ".")
        return fitting[0]

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)


def same(first, second):
    def key(text):
        return re.sub(r"\W+", "", text.lower().replace("ё", "е"))

    return key(first) == key(second)


class InstitutionInput(forms.TextInput):
    """A text field that fetches the names of institutions when somebody comes to it: most pages are read without."""

    template_name = "accounts/institution_input.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"list_id": f"{context['widget']['attrs'].get('id', name)}-institutions", **self.proposed()}
        return context

    def proposed(self):
        """``names_url``, where the names are, or ``options``, the names themselves."""
        return {"names_url": reverse_lazy("accounts:institution_names")}


def options_of(names):
    """Options of a list of suggestions, drawn in one go: there may be hundreds."""
    names = list(names)
    return format_words('<option value="{}"></option>' * len(names), names)


class InstitutionField(forms.CharField):
    """An institution by its name as the list shows it, or by a part that fits only one: «школа 12»."""

    widget = InstitutionInput

    def __init__(self, **kwargs):
        kwargs.setdefault("max_length", 500)
        super().__init__(**kwargs)

    def prepare_value(self, value):
        if isinstance(value, int):
            value = Institution.objects.filter(pk=value).first()
        return str(value) if isinstance(value, Institution) else value

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        found = InstitutionFinder().find(clean_text(text))
        if isinstance(found, str):
            raise ValidationError(found)
        return found


class NamedInstitutions(str):
    """What was typed of a name, with ``pks`` of the institutions it fits; none where it fits none."""

    __slots__ = ("pks",)

    def __new__(cls, text, pks):
        found = super().__new__(cls, text)
        found.pks = pks
        return found


class InstitutionFilterField(InstitutionField):
    """For filters of lists: all institutions whose name has what was typed, «лицей» or «12». Gives ``NamedInstitutions``."""

    def clean(self, value):
        text = forms.CharField.clean(self, value)
        if not text:
            return None
        text = clean_text(text)
        return NamedInstitutions(text, InstitutionFinder().fitting(text))


class InstitutionFinder:
    """Finds institutions by what people write; one query for any number of questions."""

    def __init__(self):
        self.known = {}
        for institution in Institution.objects.all():
            for key in self.keys_of(institution):
                self.known.setdefault(key, set()).add(institution)

    def keys_of(self, institution):
        number = "" if institution.number is None else str(institution.number)
        kind, name = institution.kind, institution.own_name
        spoken = [str(institution), institution.full_name, f"{kind} {number}" if number else "",
                  f"{kind} {name}" if name else "", f"{kind} {number} {name}", name,
                  f"{institution.legal_form} {number}" if number else ""]
        return {key_of_name(text) for text in spoken if key_of_name(text)}

    def find(self, text):
        """The Institution, or a sentence why none."""
        fitting = self.known.get(key_of_name(text), set())
        if len(fitting) == 1:
            return next(iter(fitting))
        if fitting:
            return "Так называются несколько учреждений: " + "; ".join(sorted(map(str, fitting))[:4]) + ". Напишите полностью."
        return f"Учреждения «{text[:80]}» в списке нет."

    def fitting(self, text):
        """Keys of the institution that is called so, otherwise of all whose names have every word of the text."""
        asked = key_of_name(text)
        everybody = set().union(*self.known.values())
        called = [each.pk for each in everybody if key_of_name(str(each)) == asked]
        return called or sorted(each.pk for each in everybody if asked and has_words(each, asked))


def has_words(institution, asked):
    """Whether each word begins a word of the name; a number is meant whole: «12» is not «123»."""
    words = key_of_name(f"{institution} {institution.full_name}").split()
    return all(any(word == each if each.isdigit() else word.startswith(each) for word in words) for each in asked.split())


def key_of_name(text):
    return " ".join(re.findall(r"\w+", text.lower().replace("ё", "е")))


class OfficeForm(CleanTextMixin, forms.Form):
    """A form of the office: cleaned text, Russian sentences for what is missing."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.required and field.error_messages.get("required") in (None, forms.Field.default_error_messages["required"]):
                field.error_messages["required"] = "Заполните это поле."
