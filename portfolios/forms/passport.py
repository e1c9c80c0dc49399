"""The steps of the passport as forms: texts of the passport, cells of its rows under ``stage-<uid>-name``."""
from django import forms
from django.core.exceptions import ValidationError

from projectoffice.accounts.forms.fields import DateField, OfficeForm
from projectoffice.common import lines

from ..amounts import AmountField, unit_with_percent
from ..passports import LABELS, NEEDED, STEPS
from ..services.passport import rows_of
from ..services.typed import shown_marks

TEXT_LIMIT = 10_000
HELP = {
    "problem": "Что не устраивает сейчас и почему за это взялись. Списки: «– » в начале строки, номера: «1. ».",
    "audience": "Кто участвует и для кого результат.",
    "resources": "Люди, деньги, помещения, партнёры – если об этом стоит сказать.",
    "goal": "Одним предложением: что изменится к концу проекта.",
    "tasks": "Каждая с новой строки, «1. » в начале – номер.",
    "results": "Что будет, когда проект закончится. Каждый с новой строки.",
    "products": "Программы, сборники, методики, которыми воспользуются другие.",
}
LINES = {"problem", "tasks", "results", "products"}
ROWS = {"goal": 2, "audience": 2, "resources": 3}


class LinesField(forms.CharField):
    """Text with lists as typed; cleaned to lines."""

    widget = forms.Textarea

    def prepare_value(self, value):
        return lines.to_text(value) if isinstance(value, list) else value

    def clean(self, value):
        return lines.validate(lines.from_text(super().clean(value) or ""), limit=TEXT_LIMIT)


def text_field(name):
    attrs = {"rows": ROWS.get(name, 6)}
    if name in LINES:
        return LinesField(label=LABELS[name], required=False, strip=False, help_text=HELP[name], widget=forms.Textarea(attrs=attrs))
    return forms.CharField(label=LABELS[name], required=False, max_length=4000, help_text=HELP[name], widget=forms.Textarea(attrs=attrs))


def cells(kind):
    """Fields of one row, by the name of the cell."""
    return {
        "stage": lambda: {
            "name": forms.CharField(label="Этап", required=False, max_length=300),
            "start": DateField(label="Начало", required=False),
            "end": DateField(label="Окончание", required=False),
            "result": forms.CharField(label="Результат", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})),
        },
        "milestone": lambda: {
            "name": forms.CharField(label="Контрольная точка", required=False, max_length=300),
            "due": DateField(label="Срок", required=False),
            "stage_id": forms.TypedChoiceField(label="Этап", required=False, coerce=int, empty_value=None,
                                               error_messages={"invalid_choice": "Этого этапа в паспорте уже нет. Выберите другой."}),
        },
        "indicator": lambda: {
            "name": forms.CharField(label="Показатель", required=False, max_length=500),
            "unit": forms.CharField(label="Единица", required=False, max_length=60, help_text="%, человек, продуктов"),
            "baseline": AmountField(label="Исходное значение", help_text="Например: 12,5"),
            "target": AmountField(label="Целевое значение"),
            "is_cumulative": forms.BooleanField(label="Значения периодов складываются", required=False),
        },
    }[kind]()


class StepForm(OfficeForm):
    """One step; ``version`` carries the marks of every text as the page shows it."""

    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60_000)

    def __init__(self, data=None, *, passport, step):
        self.passport, self.step, self.rows = passport, step, {}
        values, fields = {}, {}
        for name in step.texts:
            fields[name], values[name] = text_field(name), getattr(passport, name)
            fields[name].needed_later = name in NEEDED
        for kind in step.rows:
            self.rows[kind] = list(rows_of(passport.project, kind))
            for row in self.rows[kind]:
                for cell, field in cells(kind).items():
                    name = f"{kind}-{row.uid}-{cell}"
                    field.needed_later = cell in ("name", "start", "end", "due", "target")
                    fields[name], values[name] = field, getattr(row, cell)
                    if cell == "stage_id":
                        field.choices = [("", "Не относится к этапу"), *self.stage_choices]
                        values[name] = row.stage_id if row.stage_id in dict(self.stage_choices) else None
        self.own_names = set(fields)
        # Of this form alone, and there before anything looks at the fields: each of them is cleaned like any text.
        self.base_fields = {**self.base_fields, **fields}
        super().__init__(data, initial={**values, "version": shown_marks(values)})

    @property
    def stage_choices(self):
        return [(stage.pk, f"{place}. {stage.name or 'этап без названия'}") for place, stage in enumerate(self.rows["stage"], start=1)]

    def _clean_fields(self):
        super()._clean_fields()
        for row in self.rows.get("indicator", ()):
            self.clean_percent(f"indicator-{row.uid}-")

    def clean_percent(self, prefix):
        """«12,5 %» names the unit where nobody did; where it says another one, somebody must decide."""
        unit = self.cleaned_data.get(f"{prefix}unit", "")
        try:
            self.cleaned_data[f"{prefix}unit"] = unit_with_percent(unit, [self.data.get(f"{prefix}{cell}") for cell in ("baseline", "target")])
        except ValidationError as refusal:
            self.add_error(f"{prefix}unit", refusal)

    @property
    def typed(self):
        """What may be stored of what was typed, the refused fields left out."""
        return {name: value for name, value in self.cleaned_data.items() if name in self.own_names}

    @property
    def texts(self):
        return [self[name] for name in self.step.texts]

    def shown_rows(self, kind):
        """Rows as the page draws them: the row and its bound fields."""
        return [{"row": row, "fields": {cell: self[f"{kind}-{row.uid}-{cell}"] for cell in cells(kind)}} for row in self.rows[kind]]

    @property
    def stages(self):
        return self.shown_rows("stage")

    @property
    def milestones(self):
        return self.shown_rows("milestone")

    @property
    def indicators(self):
        return self.shown_rows("indicator")


def after(step):
    """The next step, or None after the last one."""
    return next((each for each in STEPS if each.number == step.number + 1), None)


def before(step):
    return next((each for each in STEPS if each.number == step.number - 1), None)
