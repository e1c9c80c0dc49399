"""The scale of a criterion, what is typed as a mark, what the marks come to. Pure."""
import re
from decimal import Decimal

from django.core.exceptions import ValidationError

from portfolios.amounts import typed_amount

from ..scoring import Criterion, Sheet, sheet_total

MOST_STEPS = 5
SHAPE = re.compile(r"[0-9]{1,3}(?:[.,][05])?")


def is_chosen(criterion):
    """Whether its marks stand there to be chosen; longer scales and halves are typed."""
    return not criterion.has_halves and criterion.maximum <= MOST_STEPS


def scale_words(criterion):
    """«Оценка – целое число от 0 до 10.»"""
    if criterion.has_halves:
        return f"Оценка – число от 0 до {criterion.maximum}, можно с половиной: 0,5."
    return f"Оценка – целое число от 0 до {criterion.maximum}."


def read_mark(criterion, typed):
    """The mark of a typed text, comma or point alike; None of nothing; ValidationError with the scale for anything else."""
    text = typed.strip()
    if not text:
        return None
    if not SHAPE.fullmatch(text):
        raise ValidationError(scale_words(criterion))
    mark = Decimal(text.replace(",", "."))
    if mark > criterion.maximum or mark != mark.to_integral_value() and not criterion.has_halves:
        raise ValidationError(scale_words(criterion))
    return mark


def typed_mark(mark):
    """The way back: «3», «3,5», nothing."""
    return typed_amount(mark)


def total_of(criteria, marks):
    """The weighted total of ``{criterion id: mark}``; independent criteria stay outside it."""
    pure = [Criterion(each.pk, each.weight, Decimal(each.maximum), each.counts) for each in criteria]
    return sheet_total(Sheet("", {key: mark for key, mark in marks.items() if mark is not None}), pure)
