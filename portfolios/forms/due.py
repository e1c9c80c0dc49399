"""A due moment as people type it: a day and an hour, read together."""
from datetime import datetime, time

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from projectoffice.accounts.forms.fields import DateField
from projectoffice.common.text import clean_text

USUAL_HOUR = time(17, 0)


class HourField(forms.TimeField):
    """An hour typed as 17:00 or chosen in the browser."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
        kwargs.setdefault("input_formats", ["%H:%M", "%H.%M", "%H:%M:%S"])
        super().__init__(**kwargs)
        self.error_messages["invalid"] = "Введите время так: 17:00."

    def to_python(self, value):
        if isinstance(value, str):
            try:
                value = clean_text(value)
            except ValidationError as error:
                raise ValidationError(self.error_messages["invalid"]) from error
        return super().to_python(value)


class DueFields(forms.Form):
    """The day under the verb's own name, so that its refusals stand beside it; cleaned, ``due_at`` is the moment of both."""

    due_at = DateField(label="Срок", error_messages={"required": "Укажите день, до которого ждут отчёт."})
    due_hour = HourField(label="Час", initial=USUAL_HOUR, error_messages={"required": "Укажите час."})

    def clean(self):
        words = super().clean()
        if words.get("due_at") and words.get("due_hour"):
            words["due_at"] = timezone.make_aware(datetime.combine(words["due_at"], words["due_hour"]))
        return words


def due_initial(moment):
    """What the two fields show of a moment."""
    local = timezone.localtime(moment)
    return {"due_at": local.date(), "due_hour": local.time().replace(second=0, microsecond=0)}
