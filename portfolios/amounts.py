"""Values of indicators as people type them: «12,5 %», «1 200», «−3». Pure."""
import re
from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError

from projectoffice.common.russian import number
from projectoffice.common.text import clean_text

MOST = Decimal(10) ** 12
PLACES = 4
NOT_A_NUMBER = "Нужно одно число, например 12,5, без слов вроде «около» или «не менее»."
TOO_LONG = f"После запятой помещается не больше {PLACES} знаков."
PERCENT_UNIT = "Здесь стоит знак %, а единица другая. Уберите знак или исправьте единицу."
_NUMBER = re.compile(r"[+\-−–]?\d[\d \u00a0\u202f]*(?:[.,]\d+)?")
_DIGITS = "0123456789"


def read_amount(typed):
    """``(value, had a percent sign)`` of a typed value; (None, False) of nothing; a sentence for anything else."""
    text = clean_text(typed, limit=60)
    if not text:
        return None, False
    percent = text.endswith("%")
    text = text.rstrip("% \u00a0")
    if not _NUMBER.fullmatch(text) or not text.isascii() and any(sign.isdigit() and sign not in _DIGITS for sign in text):
        raise ValidationError(NOT_A_NUMBER)
    plain = re.sub(r"[ \u00a0\u202f+]", "", text).replace(",", ".").replace("−", "-").replace("–", "-")
    try:
        value = Decimal(plain)
    except InvalidOperation as error:
        raise ValidationError(NOT_A_NUMBER) from error
    if abs(value) >= MOST:
        raise ValidationError("Число слишком большое. Возьмите единицу покрупнее: тысячи, миллионы.")
    if -value.normalize().as_tuple().exponent > PLACES:
        raise ValidationError(TOO_LONG)
    return value, percent


def typed_amount(value):
    """The way back: what one edits."""
    if value is None:
        return ""
    text = f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
    return text.replace(".", ",")


def shown_amount(value, unit=""):
    """«12,5 %» for reading and printing."""
    if value is None:
        return ""
    written = number(typed_amount(value).replace(",", "."))
    return f"{written}\u00a0{unit}".strip() if unit else written


def signed_amount(value, unit=""):
    """«+4», «−12 п. п.», «0»: how far an actual value is from its target; shares are apart by points."""
    unit = "п.\u00a0п." if unit == "%" else unit
    return ("+" if value is not None and value > 0 else "") + shown_amount(value, unit)


class AmountField(forms.CharField):
    """A number as people write it; ``percent_fields`` of the form tell where a percent sign was typed."""

    def __init__(self, **kwargs):
        super().__init__(**{"max_length": 200, "required": False} | kwargs)
        self.widget.attrs.setdefault("inputmode", "decimal")

    def prepare_value(self, value):
        return value if isinstance(value, str) else typed_amount(value)

    def clean(self, value):
        return read_amount(super().clean(value))[0]


def has_percent(typed):
    return str(typed or "").strip().endswith("%")


def unit_with_percent(unit, typed):
    """The unit when one of the typed values has a percent sign: «%» where nobody wrote another one.

    Raises ValidationError when the unit says something else.
    """
    if not any(has_percent(each) for each in typed):
        return unit
    if not unit:
        return "%"
    if "%" in unit or "процент" in unit.lower():
        return unit
    raise ValidationError(PERCENT_UNIT)
