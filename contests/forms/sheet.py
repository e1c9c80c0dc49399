"""Forms about a score sheet. What one types on a sheet is read by ``read_typed``: mark by mark, so that one wrong mark keeps no other back."""
from django import forms
from django.core.exceptions import ValidationError

from projectoffice.accounts.forms.fields import OfficeForm
from projectoffice.common.text import clean_text, showable

from ..expert.words import own_grounds
from ..models import Recusal
from ..sheet.marks import read_mark, typed_mark
from ..sheet.reading import criteria_of, names_of

LONGEST = 5_000
LONGEST_MARK = 20
Ground = Recusal.Ground


def read_typed(post, review):
    """What a sheet's form carried: ``(what may be stored, the same as typed, {name: [sentence]})``.

    Names that were not sent are not emptied; names of other sheets and criteria are nobody's and not read.
    """
    criteria = {f"mark-{each.pk}": each for each in criteria_of(review)}
    typed, raw, errors = {}, {}, {}
    for name in names_of(review, criteria.values()):
        if name not in post:
            continue
        text = post[name]
        try:
            typed[name] = mark_text(criteria[name], text) if name in criteria else clean_text(text, multiline=True, limit=LONGEST)
        except ValidationError as refusal:
            errors[name] = refusal.messages
        raw[name] = typed.get(name, showable(text)[:LONGEST_MARK if name in criteria else None])
    return typed, raw, errors


def mark_text(criterion, text):
    """The mark as it is stored and shown: «3,5» of «3.50»."""
    return typed_mark(read_mark(criterion, text))


class HandInForm(OfficeForm):
    """What the confirmation showed, so that nothing else is handed in."""

    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)


class RecuseForm(OfficeForm):
    ground = forms.ChoiceField(label="Почему", choices=own_grounds, widget=forms.RadioSelect, initial=Ground.OTHER,
                               error_messages={"required": "Выберите причину.", "invalid_choice": "Выберите причину из списка."})
    words = forms.CharField(label="Причина своими словами", max_length=500, required=False,
                            help_text="Нужна, если выбрано «Другое». Её увидит только комиссия.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].needed_later = True


class ReasonForm(OfficeForm):
    reason = forms.CharField(label="Причина", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
                             error_messages={"required": "Напишите причину."})
