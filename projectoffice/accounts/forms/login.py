from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from projectoffice.common import throttle
from projectoffice.common.text import CleanTextMixin

from ..models import User

LOGIN_CHARACTERS = RegexValidator(
    r"^[\w.\-]+\Z", "В логине могут стоять буквы, цифры, точка, дефис и подчёркивание, без пробелов."
)


class LoginForm(CleanTextMixin, forms.Form):
    username = forms.CharField(
        label="Логин или почта", max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}),
        error_messages={"required": "Введите логин или почту."},
    )
    password = forms.CharField(
        label="Пароль", max_length=1000, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Введите пароль."},
    )

    def clean_password(self):
        password = self.cleaned_data["password"]
        if "\x00" in password:
            raise ValidationError("В пароле не может быть невидимых служебных знаков.")
        return password


class LoginLinkForm(CleanTextMixin, forms.Form):
    email = forms.EmailField(
        label="Почта", max_length=254, help_text="Та, что записана в офисе",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
        error_messages={"required": "Введите адрес почты.", "invalid": "Проверьте адрес: в нём не хватает знака @ или точки."},
    )


class NewPasswordMixin(forms.Form):
    """Two equal passwords that the validators accept for ``self.person``."""

    person = None
    new_password = forms.CharField(
        label="Новый пароль", max_length=1000, strip=False, help_text="Не короче 10 знаков и не из одних цифр",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Придумайте пароль."},
    )
    repeated = forms.CharField(
        label="Новый пароль ещё раз", max_length=1000, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Повторите пароль."},
    )

    def clean_new_password(self):
        password = self.cleaned_data["new_password"]
        if "\x00" in password:
            raise ValidationError("В пароле не может быть невидимых служебных знаков.")
        password_validation.validate_password(password, self.person)
        return password

    def clean_repeated(self):
        repeated = self.cleaned_data["repeated"]
        first = self.cleaned_data.get("new_password")
        if first is not None and repeated != first:
            raise ValidationError("Пароли не совпали. Наберите оба ещё раз.")
        return repeated


def own_password(person, password, refusal):
    """The typed password when it is this person's; wrong ones are counted and soon refused unread."""
    if throttle.no_more_passwords(person):
        raise ValidationError(throttle.WAIT)
    if not person.check_password(password):
        throttle.wrong_password(person)
        raise ValidationError(refusal)
    return password


class PasswordForm(CleanTextMixin, NewPasswordMixin):
    """A new password; the old one is asked unless the session began with a mailed link."""

    field_order = ["old_password", "new_password", "repeated"]
    old_password = forms.CharField(
        label="Нынешний пароль", max_length=1000, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Введите нынешний пароль."},
    )

    def __init__(self, *args, person, ask_old=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        if not ask_old:
            del self.fields["old_password"]

    def clean_old_password(self):
        return own_password(self.person, self.cleaned_data["old_password"],
                            "Нынешний пароль не подошёл. Если он забыт, войдите по ссылке из письма.")


class InvitationForm(CleanTextMixin, NewPasswordMixin):
    """What an invited person chooses: a login name and a password."""

    field_order = ["username", "new_password", "repeated"]
    username = forms.CharField(
        label="Логин", min_length=3, max_length=60, validators=[LOGIN_CHARACTERS],
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        error_messages={"required": "Придумайте логин."},
    )

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_username(self):
        username = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exclude(pk=self.person.pk).exists():
            raise ValidationError("Такой логин уже занят. Придумайте другой.")
        return username


class CodeForm(CleanTextMixin, forms.Form):
    """Six digits of the application, or one of the spare codes."""

    code = forms.CharField(
        label="Код", max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "autofocus": True}),
        error_messages={"required": "Введите код."},
    )

    def clean_code(self):
        return "".join(self.cleaned_data["code"].split()).lower()


class OwnPasswordForm(forms.Form):
    """A weighty action is confirmed with the password."""

    password = forms.CharField(
        label="Ваш пароль", max_length=1000, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Введите пароль."},
    )

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self):
        return own_password(self.person, self.cleaned_data["password"], "Пароль не подошёл.")
