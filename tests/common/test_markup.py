"""Markup of many words says what Django's own says, and drawn choices what Django's own select does."""
import pytest
from django import forms
from django.utils.html import format_html
from lxml import html

from projectoffice.common.markup import format_words
from projectoffice.common.widgets import DrawnSelect

WORDS = ["<b onclick=x>&", "'\"", "", "{}", "{0.__class__}", 7, None, format_html("<i>{}</i>", "<")]


@pytest.mark.parametrize("word", WORDS)
def test_each_word_is_escaped_as_django_does(word):
    frame = '<p title="{}">{}</p>'
    assert format_words(frame, [word, word]) == format_html(frame, word, word)
    assert hasattr(format_words(frame, [word, word]), "__html__")


CHOICES = {
    "plain": [("", "Все"), ("a", "Да"), ("b", "<script>'\"&")],
    "numbers": [(0, "Нет"), (1, "Один")],
    "nothing": [(None, "–"), ("a", "Да")],
    "groups": [("", "–"), ("Школы", [("a", "Двенадцатая"), ("b", "Вторая")])],
    "none at all": [],
}


@pytest.mark.parametrize("value", ["", "a", "b", 0, 1, None, "нет такого", "<"])
@pytest.mark.parametrize("kind", CHOICES)
@pytest.mark.parametrize("required", [True, False])
def test_a_drawn_choice_is_the_choice(kind, value, required):
    def form(drawn):
        field = forms.ChoiceField(choices=CHOICES[kind], required=required, help_text="Помощь")
        field.widget.attrs["data-x"] = '"><b>'
        bound = type("F", (forms.Form,), {"one": field})(initial={"one": value})["one"]
        return bound.as_widget(DrawnSelect.of(field.widget) if drawn else None, attrs={"class": "form-select", "disabled": True})

    drawn, own = (html.fromstring(form(drawn)) for drawn in (True, False))
    assert told(drawn) == told(own)


def told(node):
    return node.tag, dict(node.attrib), (node.text or "").strip(), [told(child) for child in node]
