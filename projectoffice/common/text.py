"""The one place where typed text is cleaned, and the few typographic helpers of our own output.

Control characters, lone surrogates and signs that turn the direction of writing are refused where text is
typed (`clean_text`, a sentence that says where the sign stands) and removed where text is read from a file
(`scrub`). Nothing of them reaches the database, a PDF or a Word file.
"""
import re
from functools import partial

from django import forms
from django.core.exceptions import ValidationError

TOPIC_LIMIT = 10_000
NBSP = "\u00a0"

# What has no printed form and breaks XML, PDF or a log: C0 and C1 controls without tab and line ends, lone
# surrogates, non-characters, and the marks that make text run the other way (a file name or a sum that reads
# differently from what is stored).
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\u061c\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]"
)
# Invisible and harmless, brought along by copying from Word, phones and web pages.
_WEIGHTLESS = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]")
_LINE_ENDS = re.compile("\r\n|\r|\x85|\u2028|\u2029")
_WORD_BREAKS = re.compile("[\x0b\x0c]")
_INITIALS_FIRST = re.compile(r"\b([А-ЯЁA-Z]\.(?:[ \u00a0]?[А-ЯЁA-Z]\.)?)[ \u00a0]+(?=[А-ЯЁA-Z][а-яёa-z])")
_INITIALS_LAST = re.compile(r"\b([А-ЯЁA-Z][а-яёa-z]+)[ \u00a0]+(?=[А-ЯЁA-Z]\.(?:[ \u00a0]?[А-ЯЁA-Z]\.)?(?![а-яёa-z]))")
_NUMBER_SIGN = re.compile(r"(№№?)[ \u00a0]*(?=[\dА-ЯЁA-Zа-яёa-z])")


def clean_text(value, *, multiline=False, limit=None):
    """The text as it may be stored: trimmed, line ends as \\n, weightless signs gone.

    `multiline` keeps line ends and tabs; otherwise any run of white space at a line end becomes one space.
    `limit` is counted in characters. Raises ValidationError with a sentence for the person who typed.
    """
    text = without_signs(value, multiline=multiline)
    text = text.strip() if multiline else re.sub(r"[ \u00a0]*[\n\t]+[ \u00a0]*", " ", text).strip()
    if limit and len(text) > limit:
        raise ValidationError(_about_length(len(text), limit), code="max_length")
    return text


def without_signs(value, *, multiline=False):
    """As `clean_text`, but the blanks at the ends and inside stay (they are the level of a typed list)."""
    text = _WEIGHTLESS.sub("", _LINE_ENDS.sub("\n", str(value)))
    if multiline:
        text = _WORD_BREAKS.sub("\n", text)
    validate_text(text)
    return text


def scrub(value):
    """The text of a file without what cannot be stored; line ends as \\n. Never refuses."""
    text = _WORD_BREAKS.sub("\n", _LINE_ENDS.sub("\n", str(value)))
    return _FORBIDDEN.sub("", _WEIGHTLESS.sub("", text))


def showable(value):
    """Refused text as it can be shown back to its author: the bad signs become U+FFFD."""
    return _FORBIDDEN.sub("\ufffd", str(value))


def validate_text(value):
    """A validator for fields of models and forms whose value is stored as it came."""
    if found := _FORBIDDEN.search(str(value)):
        raise ValidationError(_about_sign(str(value), found.start()), code="control_character")


class CleanTextMixin:
    """For a form: every text field of it is cleaned by `clean_text` (passwords are left alone).

    A field drawn as a textarea is multiline.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.PasswordInput):
                field.to_python = partial(_clean_then, field, field.to_python)


class CleanCharField(forms.CharField):
    """A text field outside a `CleanTextMixin` form that is cleaned all the same."""

    def to_python(self, value):
        return _clean_then(self, super().to_python, value)


def _clean_then(field, to_python, value):
    if value in field.empty_values:
        return to_python(value)
    return to_python(clean_text(value, multiline=isinstance(field.widget, forms.Textarea)))


def group_thousands(number):
    """12500 → «12 500» with a no-break space; four digits stay together."""
    return f"{number:,}".replace(",", NBSP) if abs(number) >= 10_000 else str(number)


def bind_names(text):
    """«О.А. Сергеева» and «Сергеева О.А.» with no-break spaces. For our own sentences, never for typed text."""
    return _INITIALS_LAST.sub(rf"\1{NBSP}", _INITIALS_FIRST.sub(rf"\1{NBSP}", text))


def bind_numbers(text):
    """«№ 3» with a no-break space. For our own sentences, never for typed text."""
    return _NUMBER_SIGN.sub(rf"\1{NBSP}", text)


def _about_sign(text, position):
    before = " ".join(_FORBIDDEN.sub("", text[max(0, position - 40):position]).split())[-20:]
    place = f"он стоит после «{before}»" if before else "он стоит в самом начале"
    return f"Уберите из текста невидимый служебный знак: {place}. Остальной текст остался в поле."


def _about_length(length, limit):
    return (
        f"Здесь помещается не больше {group_thousands(limit)} знаков, а набрано {group_thousands(length)}. "
        "Сократите текст или разделите его."
    )
