"""Typed text: what cannot be printed does not get in, and the person is told where it stands."""
import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from projectoffice.common.text import (
    CleanCharField,
    CleanTextMixin,
    bind_names,
    bind_numbers,
    clean_text,
    group_thousands,
    scrub,
    showable,
)

REFUSED = ["а\x00б", "а\x07б", "а\x1bб", "а\x7fб", "а\x9bб", "а\ud800б", "\udfffа", "а\u202eб", "а\u2066б", "а\ufffeб"]


@pytest.mark.parametrize("typed", REFUSED, ids=ascii)
def test_signs_that_cannot_be_printed_are_refused_with_their_place(typed):
    with pytest.raises(ValidationError) as refused:
        clean_text(typed, multiline=True)
    message = refused.value.messages[0]
    assert message.startswith("Уберите из текста невидимый служебный знак")
    assert ("после «а»" in message) == typed.startswith("а")
    message.encode()


CLEANED = [
    ("  а  ", "а"), ("а\r\nб", "а\nб"), ("а\u2028б", "а\nб"), ("а\x0bб", "а\nб"), ("а\u200bб\ufeff", "аб"), ("про\u00adект", "проект"),
    ("«а «б» в»", "«а «б» в»"), ("а\u00a0б", "а\u00a0б"), ("\u200fа", "а"),
]


@pytest.mark.parametrize(("typed", "stored"), CLEANED, ids=ascii)
def test_typed_text_is_stored_as_typed_without_weightless_signs(typed, stored):
    assert clean_text(typed, multiline=True) == stored


def test_a_line_field_has_one_line():
    assert clean_text("а \n б\tв") == "а б в"


def test_too_long_a_text_says_how_long_it_is():
    assert clean_text("я" * 10_000, limit=10_000)
    with pytest.raises(ValidationError) as refused:
        clean_text("я" * 10_001, limit=10_000)
    assert "не больше 10\u00a0000 знаков, а набрано 10\u00a0001" in refused.value.messages[0]


@given(st.text(st.characters(), max_size=60))
def test_whatever_is_typed_is_either_storable_or_refused(typed):
    from lxml import etree
    for make in (lambda: clean_text(typed, multiline=True), lambda: clean_text(typed), lambda: scrub(typed), lambda: showable(typed)):
        try:
            text = make()
        except ValidationError as refused:
            etree.Element("w").text = refused.messages[0]
        else:
            etree.Element("w").text = text
            assert "\x00" not in text
            text.encode()


class Form(CleanTextMixin, forms.Form):
    name = forms.CharField(max_length=5)
    story = forms.CharField(widget=forms.Textarea, required=False)
    password = forms.CharField(widget=forms.PasswordInput, strip=False, required=False)


def test_every_text_field_of_a_form_is_cleaned_and_a_password_is_not():
    form = Form({"name": " а\u200b ", "story": "а\r\n\r\nб", "password": " \x07 "})
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"name": "а", "story": "а\n\nб", "password": " \x07 "}


def test_a_form_says_beside_the_field_what_to_remove():
    form = Form({"name": "а\u202eб"})
    assert not form.is_valid()
    assert list(form.errors) == ["name"]
    with pytest.raises(ValidationError):
        CleanCharField().clean("а\x00")


def test_names_and_numbers_do_not_break_over_lines():
    assert bind_names("Орлова Н.П. и О.А. Зимин, 12 лет") == "Орлова\u00a0Н.П. и О.А.\u00a0Зимин, 12 лет"
    assert bind_numbers("Школа № 12, №№ 41") == "Школа №\u00a012, №№\u00a041"
    assert (group_thousands(1250), group_thousands(12500)) == ("1250", "12\u00a0500")
