"""Forms of the protocol and of its extract."""
from django import forms

from projectoffice.accounts.forms.fields import OfficeForm
from projectoffice.common.idempotency import KeyedForm
from projectoffice.common.text import CleanCharField

from ..models import Protocol

MOST_LISTED, MOST_ENTRIES = 1000, 100
AS_PRINTED = "Как напечатать, по строкам."


class EntriesField(forms.CharField):
    """A list of texts, one a line; what is stored is the list."""

    widget = forms.Textarea

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value):
        entries = [line.strip() for line in super().clean(value).split("\n") if line.strip()]
        if len(entries) > MOST_ENTRIES:
            raise forms.ValidationError(f"Здесь помещается не больше {MOST_ENTRIES} строк.")
        return entries


class ProtocolForm(OfficeForm):
    """What the protocol adds to the minutes."""

    heading = forms.CharField(
        label="Чего протокол", max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Под словом ПРОТОКОЛ, в родительном падеже: «заседания Проектного офиса».",
    )
    organization = forms.CharField(label="Организация", max_length=600, required=False, help_text=AS_PRINTED,
                                   widget=forms.Textarea(attrs={"rows": 2}))
    number_text = forms.CharField(label="Номер по внешнему журналу", max_length=60, required=False)
    decided_word = forms.ChoiceField(label="Слово решения", choices=Protocol.DecidedWord, widget=forms.RadioSelect)
    attendance_limit = forms.IntegerField(
        label="Перечислять присутствующих до", min_value=0, max_value=MOST_LISTED,
        error_messages=dict.fromkeys(("min_value", "max_value", "invalid"), f"Введите число от 0 до {MOST_LISTED}."),
        help_text="Если людей больше, печатается «N человек (список прилагается)», а список – первым приложением.",
    )
    attachments = EntriesField(
        label="Приложения", max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Каждое с новой строки: «Текст доклада Беловой С.И. на 3 л.»",
    )
    opinions = EntriesField(
        label="Особое мнение", max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Каждое с новой строки: «Белова С.И. – считает срок слишком коротким».",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class WordingForm(OfficeForm):
    """How one question and its speakers are written in the protocol."""

    formula = forms.CharField(label="В повестке и протоколе", max_length=1000, required=False,
                              widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.CharField(max_length=16, widget=forms.HiddenInput)

    def __init__(self, *args, speakers=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.speakers = list(speakers)
        for speaker in self.speakers:
            self.fields[f"declined-{speaker.pk}"] = CleanCharField(
                label=f"После «Слушали»: {speaker.text}", max_length=300, required=False, initial=speaker.declined
            )

    @property
    def declined(self):
        return {speaker.pk: self.cleaned_data[f"declined-{speaker.pk}"] for speaker in self.speakers}


class RemarkForm(OfficeForm, KeyedForm):
    text = forms.CharField(label="Замечание", max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
                           error_messages={"required": "Напишите, что исправить."})
    item = forms.ChoiceField(label="О каком вопросе", required=False,
                             error_messages={"invalid_choice": "Этого вопроса в протоколе уже нет. Обновите страницу."})

    def __init__(self, *args, questions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = questions


class AnswerForm(OfficeForm):
    answer = forms.CharField(label="Ответ", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class ExtractForm(OfficeForm, KeyedForm):
    """Which decisions, for whom."""

    chosen = forms.MultipleChoiceField(label="Решения", widget=forms.CheckboxSelectMultiple,
                                       error_messages={"required": "Отметьте хотя бы одно решение.",
                                                       "invalid_choice": "Такого решения в протоколе нет. Обновите страницу."})
    addressee = forms.CharField(label="Кому", max_length=300, required=False,
                                help_text="Для себя: на выписке не печатается. Например: школа № 12.")
    original = forms.CharField(
        label="Где хранится подлинник", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Только для другой организации, печатается под «Верно»: «Подлинник протокола находится "
                  "в департаменте образования в деле № 01-12 за 2027 год». Своим сотрудникам не нужно.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = choices
