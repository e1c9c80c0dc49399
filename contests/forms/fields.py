"""Fields the forms of this app share: whole numbers, points, shares; each refuses in one sentence."""
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from portfolios.amounts import AmountField, shown_amount, typed_amount
from projectoffice.accounts.forms.fields import OfficeForm
from projectoffice.common.idempotency import new_key

HUNDRED = Decimal(100)


class StepForm(OfficeForm):
    """A form of something that exists or is being made: what it showed, and a key for sending it twice."""

    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_key)


class WholeField(forms.IntegerField):
    """A whole number within bounds."""

    def __init__(self, *, least, most, **kwargs):
        sentence = f"Впишите целое число от {least} до {most}."
        super().__init__(min_value=least, max_value=most, **kwargs)
        self.error_messages |= dict.fromkeys(("invalid", "required", "min_value", "max_value"), sentence)
        self.validators = [within(least, most, sentence)]


def within(least, most, sentence):
    def check(value):
        if not least <= value <= most:
            raise ValidationError(sentence)

    return check


class PointsField(AmountField):
    """A number with at most two places, decimal comma or point, within bounds; empty is None."""

    def __init__(self, *, least, most, **kwargs):
        super().__init__(**kwargs)
        self.least, self.most = Decimal(least), Decimal(most)
        self.sentence = f"Впишите число от {shown_amount(self.least)} до {shown_amount(self.most)}, например 1,5."
        self.error_messages["required"] = self.sentence

    def clean(self, value):
        try:
            amount = super().clean(value)
        except ValidationError as error:
            raise error if not value else ValidationError(self.sentence) from error
        if amount is not None and not (self.least <= amount <= self.most and amount * HUNDRED == (amount * HUNDRED).to_integral_value()):
            raise ValidationError(self.sentence)
        return amount


class ShareField(forms.CharField):
    """A share typed in percent, «30» or «30 %», stored from 0 to 1."""

    SENTENCE = "Впишите целое число процентов от 0 до 100."

    def __init__(self, **kwargs):
        super().__init__(max_length=20, **kwargs)
        self.error_messages["required"] = self.SENTENCE
        self.widget.attrs.setdefault("inputmode", "numeric")

    def prepare_value(self, value):
        return value if isinstance(value, str) else typed_amount(Decimal(value) * HUNDRED) if value is not None else ""

    def clean(self, value):
        text = super().clean(value).removesuffix("%").strip()
        if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= HUNDRED):
            raise ValidationError(self.SENTENCE)
        return Decimal(text) / HUNDRED
