"""Forms of a progress report: what the team writes, what the office enters for it, files, a partner's part."""
from django import forms

from projectoffice.accounts.forms.fields import DateField, OfficeForm
from projectoffice.common.uploads import CheckedFileField

from ..models import IndicatorValue, Project
from ..report.measured import indicators_of, remark_on
from ..report.submission import TEXTS
from ..services.report import stored_texts
from ..services.report_parts import TEXT_LIMIT
from ..services.typed import shown_marks

HELP = {
    "done": "Что сделано за период: встречи, занятия, продукты, сколько людей.",
    "problems": "Что задерживает проект и какая помощь нужна. Нужно, если есть отставание; если всё идёт по плану, оставьте пустым.",
    "plans": "Что будет сделано до следующего отчёта.",
}
ROWS = {"done": 8, "problems": 4, "plans": 4}
COURSES = [(value, label) for value, label in Project.Course.choices if value]
FILES_HELP = "PDF, Word, Excel, PowerPoint, JPG или PNG, до 20 МБ."


def text_field(name):
    return forms.CharField(label=TEXTS[name], required=False, max_length=TEXT_LIMIT, help_text=HELP[name],
                           widget=forms.Textarea(attrs={"rows": ROWS[name]}))


def value_fields(measured):
    """The two cells of an indicator's row, by the end of their names."""
    limit = IndicatorValue._meta.get_field("evidence").max_length
    return {
        "text": forms.CharField(label=f"Значение: {measured.name}", required=False, max_length=60,
                                widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 10})),
        "evidence": forms.CharField(label=f"Чем подтверждается: {measured.name}", required=False, max_length=limit,
                                    widget=forms.Textarea(attrs={"rows": 2})),
    }


class ReportForm(OfficeForm):
    """Everything one types in a report; ``version`` carries the marks of every text as the page shows it."""

    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60_000)

    def __init__(self, data=None, *, report, indicators=None):
        self.indicators = indicators_of(report.project) if indicators is None else indicators
        values = stored_texts(report, self.indicators)
        fields = {name: text_field(name) for name in TEXTS}
        fields["course"] = forms.ChoiceField(label="Как идёт проект", required=False, choices=COURSES, widget=forms.RadioSelect)
        for name in fields:
            fields[name].needed_later = name in ("done", "course", "problems")
        for each in self.indicators:
            for cell, field in value_fields(each).items():
                field.needed_later = True
                fields[f"value-{each.uid}-{cell}"] = field
        self.own_names = set(fields)
        # Of this form alone, and there before anything looks at the fields: each of them is cleaned like any text.
        self.base_fields = {**self.base_fields, **fields}
        super().__init__(data, initial={**values, "version": shown_marks(values)})

    @property
    def typed(self):
        """What may be stored of what was typed, the refused fields left out."""
        return {name: value for name, value in self.cleaned_data.items() if name in self.own_names}

    @property
    def remarks(self):
        """{name: [sentence]} of values that are kept as typed and cannot be sent so («около 10»)."""
        found = {}
        for each in self.indicators:
            name = f"value-{each.uid}-text"
            text = self.cleaned_data.get(name, "") if self.is_bound else self.initial[name]
            if text and (words := remark_on(each, text)):
                found[name] = [words]
        return found

    def rows(self):
        """``[(indicator, its value, its evidence, a remark)]`` as the page draws them."""
        remarks = self.remarks
        return [(each, self[f"value-{each.uid}-text"], self[f"value-{each.uid}-evidence"],
                 " ".join(remarks.get(f"value-{each.uid}-text", []))) for each in self.indicators]


class SendForm(OfficeForm):
    """The one confirmation; ``shown`` is the fingerprint of what it repeats."""

    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)


class SourceForm(OfficeForm):
    """The office enters what somebody has told: where it is known from."""

    source = forms.CharField(label="Откуда это известно", max_length=200, help_text="Письмо, звонок, бумага")
    source_date = DateField(label="День письма или звонка")
    source_file = CheckedFileField(label="Файл", required=False, help_text=FILES_HELP)


class SendForAnotherForm(SendForm, SourceForm):
    """The one confirmation when the office enters for the team."""


class FileForm(OfficeForm):
    """A file that goes with the report."""

    file = CheckedFileField(label="Приложить файл", help_text=FILES_HELP)


class PartForm(OfficeForm):
    """What one institution writes for the coordinator."""

    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)
    text = forms.CharField(label="Что сделано в учреждении", required=False, max_length=TEXT_LIMIT,
                           help_text="Координатор возьмёт этот текст в общий отчёт.", widget=forms.Textarea(attrs={"rows": 8}))

    def __init__(self, data=None, *, part):
        super().__init__(data, initial={"text": part.text, "version": shown_marks({"text": part.text})})
        self.fields["text"].needed_later = True

    @property
    def own_names(self):
        return {"text"}


class PartReturnForm(OfficeForm):
    remark = forms.CharField(label="Что исправить", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class CompareForm(OfficeForm):
    """Which two submissions are laid side by side."""

    old = forms.TypedChoiceField(label="Было", coerce=int, required=False)
    new = forms.TypedChoiceField(label="Стало", coerce=int, required=False)

    def __init__(self, data, *, numbers):
        super().__init__(data)
        for field in self.fields.values():
            field.choices = [(number, f"отправка {number}") for number in numbers]
