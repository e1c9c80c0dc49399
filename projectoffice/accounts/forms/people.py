import re

from django import forms

from projectoffice.common.idempotency import new_key

from ..models import Institution, Role, User
from .fields import DateField, InstitutionField, OfficeForm, PersonField

EMAIL_WRONG = {"invalid": "Проверьте адрес: в нём не хватает знака @ или точки."}
PHONE = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"})


class NamesForm(OfficeForm):
    surname = forms.CharField(label="Фамилия", max_length=100, error_messages={"required": "Впишите фамилию."})
    given_name = forms.CharField(label="Имя", max_length=100, required=False)
    patronymic = forms.CharField(label="Отчество", max_length=100, required=False)
    email = forms.EmailField(label="Почта", max_length=254, required=False, error_messages=EMAIL_WRONG,
                             help_text="Одним ящиком могут пользоваться несколько человек")
    phone = forms.CharField(label="Телефон", max_length=60, required=False, widget=PHONE)


class DatesMixin(forms.Form):
    """From a day to a day; the database refuses the wrong order too."""

    def clean(self):
        words = super().clean()
        since, until = words.get("since"), words.get("until")
        if since and until and until < since:
            self.add_error("until", "Дата «по» раньше даты «с».")
        return words


class PersonForm(NamesForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class PersonNewForm(NamesForm):
    post_title = forms.CharField(label="Должность", max_length=300, required=False)
    institution = InstitutionField(label="Учреждение", required=False)
    since = DateField(label="В должности с", required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_key)
    knows_doubles = forms.BooleanField(
        label="Это другой человек, внести всё равно", required=False
    )

    def clean(self):
        words = super().clean()
        if words.get("institution") and not words.get("post_title"):
            self.add_error("post_title", "Впишите должность в этом учреждении.")
        return words

    def doubles(self):
        """People who may be the same one: the same surname and initial, or the same mail."""
        words = self.cleaned_data
        surname, given = words["surname"].lower().replace("ё", "е"), words["given_name"]
        alike = User.objects.found_by(f"{surname} {given[:1]}").filter(surname__iregex=pattern(surname))
        mailbox = User.objects.filter(email__iexact=words["email"]) if words["email"] else User.objects.none()
        return list(User.objects.filter(pk__in=[*alike.values_list("pk", flat=True)[:5],
                                                *mailbox.values_list("pk", flat=True)[:5]]).in_order())


def pattern(surname):
    """The surname as an exact pattern in which е and ё are one letter."""
    return "^" + re.escape(surname).replace("е", "[её]") + "$"


class PostForm(DatesMixin, OfficeForm):
    title = forms.CharField(label="Должность", max_length=300, error_messages={"required": "Впишите должность."})
    institution = InstitutionField(label="Учреждение", required=False,
                                   help_text="Пусто для сотрудников департамента и офиса")
    since = DateField(label="С", required=False)
    until = DateField(label="По", required=False, help_text="Последний день; пусто – по сей день")
    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class RoleForm(DatesMixin, OfficeForm):
    role = forms.ChoiceField(label="Роль", choices=Role.choices)
    since = DateField(label="С", required=False)
    until = DateField(label="По", required=False)


class CloseForm(OfficeForm):
    left_on = DateField(label="Человек ушёл, последний день", required=False,
                        help_text="Пусто – доступ закрывается, но человек остаётся в списках")


class PaperConsentForm(OfficeForm):
    given_on = DateField(label="Дата согласия на бумаге", error_messages={"required": "Укажите дату на бумаге."})


class OwnContactsForm(OfficeForm):
    email = forms.EmailField(label="Почта", max_length=254, error_messages={
        **EMAIL_WRONG, "required": "Впишите адрес: на него приходят ссылки для входа и письма."})
    phone = forms.CharField(label="Телефон", max_length=60, required=False, widget=PHONE)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        if not person.email:
            self.fields["email"].required = False


class HandoverForm(OfficeForm):
    successor = PersonField(label="Кому передать")
    left_on = DateField(label="Последний день уходящего", required=False,
                        help_text="Впишите, если человек уходит совсем: доступ закроется")
    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_key)

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = User.objects.active().exclude(pk=person.pk)


class PeopleFilter(OfficeForm):
    """The filters of the list; whatever is wrong in the address counts as not chosen."""

    STATUSES = [
        ("", "Любое"), ("login", "Входит на портал"), ("none", "Без входа"),
        ("invited", "Приглашение отправлено"), ("closed", "Доступ закрыт"), ("left", "Выбыли"),
    ]
    q = forms.CharField(label="Поиск", max_length=200, required=False,
                        widget=forms.TextInput(attrs={"type": "search"}))
    institution = forms.ModelChoiceField(label="Учреждение", queryset=Institution.objects.all(), required=False,
                                         empty_label="Все")
    role = forms.ChoiceField(label="Роль", required=False, choices=[("", "Все"), *Role.choices])
    status = forms.ChoiceField(label="Состояние", required=False, choices=STATUSES)
