"""Forms of the panel's protocol."""
from django import forms

from projectoffice.accounts.forms.fields import DateField, OfficeForm, PersonField


class StartForm(OfficeForm):
    held_on = DateField(label="Дата заседания", error_messages={"required": "Укажите дату заседания."})
    chair = PersonField(label="Председатель экспертной комиссии")
    secretary = PersonField(label="Секретарь")


class ProtocolForm(OfficeForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    held_on = DateField(label="Дата заседания", error_messages={"required": "Укажите дату заседания."})
    place = forms.CharField(label="Место", max_length=300, required=False)
    present = forms.CharField(label="Присутствовали", max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 8}),
                              help_text="Каждый с новой строки.")
    notes = forms.CharField(label="Что ещё решили", max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 5}),
                            help_text="Каждое решение с новой строки. Итоги, награды, самоотводы и голоса жюри впишутся сами.")

    @property
    def values(self):
        return {name: self.cleaned_data[name] for name in ("version", "held_on", "place", "present", "notes")}
