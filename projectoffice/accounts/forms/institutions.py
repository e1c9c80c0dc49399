from django import forms

from projectoffice.common.idempotency import new_key

from .fields import DateField, OfficeForm
from .people import EMAIL_WRONG, PHONE

NUMBER_WRONG = {"invalid": "Номер – целое число, например 12.", "min_value": "Номер не может быть отрицательным.",
                "max_value": "Проверьте номер: он слишком большой."}


class InstitutionForm(OfficeForm):
    legal_form = forms.CharField(label="Форма", max_length=60, help_text="МБОУ, МАОУ ДО, МКОУ ДПО…",
                                 error_messages={"required": "Впишите форму, например МБОУ."})
    kind = forms.CharField(label="Вид", max_length=60, required=False, help_text="Школа, детский сад, лицей…")
    number = forms.IntegerField(label="Номер", required=False, min_value=0, max_value=99999, error_messages=NUMBER_WRONG)
    own_name = forms.CharField(label="Собственное имя", max_length=200, required=False, help_text="Без кавычек")
    full_name = forms.CharField(label="Полное наименование", max_length=500, required=False,
                                widget=forms.Textarea(attrs={"rows": 2}))
    email = forms.EmailField(label="Почта", max_length=254, required=False, error_messages=EMAIL_WRONG)
    phone = forms.CharField(label="Телефон", max_length=60, required=False, widget=PHONE)
    address = forms.CharField(label="Адрес", max_length=300, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, initial=1)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_key)

    def clean_own_name(self):
        return self.cleaned_data["own_name"].strip("«»\"„“ ")

    def clean(self):
        words = super().clean()
        if "number" in words and "own_name" in words and words["number"] is None and not words["own_name"]:
            self.add_error("number", "Укажите номер или собственное имя учреждения.")
        return words


class ClosingForm(OfficeForm):
    closed_on = DateField(label="Закрыто с", error_messages={"required": "Укажите день."})


class InstitutionFilter(OfficeForm):
    q = forms.CharField(label="Поиск", max_length=200, required=False, widget=forms.TextInput(attrs={"type": "search"}))
    kind = forms.CharField(label="Вид", max_length=60, required=False)
    closed = forms.ChoiceField(label="Состояние", required=False, choices=[("", "Работают"), ("yes", "Закрыты"), ("all", "Все")])

    def __init__(self, *args, kinds=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(
            label="Вид", required=False, choices=[("", "Все"), *((kind, kind) for kind in kinds)]
        )
