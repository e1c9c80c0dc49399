"""Forms about experts: new ones, their limits, what they answered, why they go."""
from django import forms
from django.core.exceptions import ValidationError

from projectoffice.accounts.forms.fields import DateField, InstitutionField, OfficeForm, PersonField

from ..expert.words import own_grounds
from ..models import Nomination, Recusal
from .fields import StepForm, WholeField

MOST_LINES = 100


class ExpertCard(StepForm):
    """Limit, nominations, whether called for divergence alone."""

    most_entries = WholeField(label="Работ не больше", least=1, most=1000, required=False, help_text="Пусто – без предела.")
    nominations = forms.ModelMultipleChoiceField(
        label="В каких номинациях", queryset=Nomination.objects.none(), required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Ничего не отмечено – во всех.", error_messages={"invalid_choice": "Этой номинации в конкурсе нет.",
                                                                 "invalid_pk_value": "Этой номинации в конкурсе нет."})
    is_arbiter = forms.BooleanField(label="Только третий эксперт", required=False,
                                    help_text="При распределении работ не получает: его зовут, когда оценки разошлись.")

    def __init__(self, *args, contest, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["nominations"].queryset = contest.nominations.all()


class ExpertsForm(ExpertCard):
    """One person by a suggestion, or many, a name a line."""

    person = PersonField(label="Эксперт", required=False, help_text="Начните с фамилии. Человек должен быть в списке людей.")
    people = forms.CharField(label="Или сразу несколько", required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}),
                             help_text="По одному в строке: фамилия, имя, отчество.")
    field_order = ("person", "people", "most_entries", "nominations", "is_arbiter")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("person", "people"):
            self.fields[name].needed_later = True  # one of the two

    def clean_people(self):
        finder, found, wrong = PersonField(), [], []
        lines = [line.strip() for line in self.cleaned_data["people"].split("\n") if line.strip()]
        if len(lines) > MOST_LINES:
            raise ValidationError(f"За один раз – не больше {MOST_LINES} строк.")
        for number, line in enumerate(lines, start=1):
            try:
                found.append(finder.clean(line))
            except ValidationError as error:
                wrong.append(f"Строка {number}: {' '.join(error.messages)}")
        if wrong:
            raise ValidationError(wrong[:5] + ([f"И ещё строк: {len(wrong) - 5}."] if len(wrong) > 5 else []))
        return found

    def clean(self):
        words = super().clean()
        if not self.errors and not words.get("person") and not words.get("people"):
            self.add_error("person", "Укажите человека или впишите список ниже.")
        return words

    @property
    def chosen_people(self):
        one = [self.cleaned_data["person"]] if self.cleaned_data["person"] else []
        return list(dict.fromkeys([*one, *self.cleaned_data["people"]]))


class AnswerForm(OfficeForm):
    reason = forms.CharField(label="Если отказываетесь – почему", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
                             help_text="Можно не писать. Причину увидит только Проектный офис.")


class ReplyForm(OfficeForm):
    """What an expert told the office."""

    answer = forms.ChoiceField(label="Что ответил эксперт", choices=[("yes", "Согласие"), ("no", "Отказ")], widget=forms.RadioSelect,
                               error_messages={"required": "Выберите ответ.", "invalid_choice": "Выберите ответ."})
    reason = forms.CharField(label="Причина отказа", max_length=500, required=False)
    source = forms.CharField(label="Откуда известно", max_length=200, help_text="Например: звонок, письмо № 84, приказ.",
                             error_messages={"required": "Напишите, откуда это известно."})
    source_date = DateField(label="Когда", error_messages={"required": "Укажите день."})


class RemoveForm(OfficeForm):
    reason = forms.CharField(label="Причина", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    with_sheets = forms.BooleanField(
        label="Аннулировать и сданные листы", required=False,
        help_text="Отметьте, если эксперт не должен был оценивать. Без отметки сданные листы остаются в итоге.")


class ConflictForm(OfficeForm):
    """An institution, or a work by its number: whoever declares need not know its title."""

    institution = InstitutionField(label="Учреждение", required=False, help_text="Все его работы не попадут к эксперту, в том числе где оно партнёр.")
    number = WholeField(label="Или номер заявки", least=1, most=32_000, required=False)
    ground = forms.ChoiceField(label="Почему", choices=Recusal.Ground.choices, widget=forms.RadioSelect,
                               error_messages={"required": "Выберите причину.", "invalid_choice": "Выберите причину из списка."})
    words = forms.CharField(label="Пояснение", max_length=500, required=False, help_text="Обязательно, если выбрано «Другое».")

    def __init__(self, *args, contest, of_oneself=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.contest = contest
        if of_oneself:
            self.fields["ground"].choices = own_grounds()
        for name in ("institution", "number", "words"):
            self.fields[name].needed_later = True

    def clean(self):
        words = super().clean()
        if self.errors:
            return words
        words["entry"] = None
        if bool(words["institution"]) == (words["number"] is not None):
            self.add_error("institution", "Укажите одно: учреждение или номер заявки.")
        elif words["number"] is not None:
            words["entry"] = self.contest.entries.filter(number=words["number"]).first()
            if words["entry"] is None:
                self.add_error("number", "Заявки с таким номером в конкурсе нет.")
        return words


class DecideForm(OfficeForm):
    """What becomes of a work whose expert is in conflict; ``shown`` names the conflict the page told of."""

    shown = forms.CharField(max_length=9, widget=forms.HiddenInput)
    keeps = forms.ChoiceField(label="Что решили", widget=forms.RadioSelect, error_messages={"required": "Выберите, что решили.",
                                                                                          "invalid_choice": "Выберите, что решили."})
    reason = forms.CharField(label="Почему", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
                             error_messages={"required": "Напишите, почему так решили."})

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["keeps"].choices = choices


class RulingForm(OfficeForm):
    reason = forms.CharField(label="Почему", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
                             error_messages={"required": "Напишите, почему так решили."})


class LiftForm(OfficeForm):
    reason = forms.CharField(label="Почему конфликта нет", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
                             error_messages={"required": "Напишите, почему конфликта нет."})
