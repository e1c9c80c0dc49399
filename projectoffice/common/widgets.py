"""How controls are drawn where Django's own way is too slow."""
from django import forms
from django.forms.utils import flatatt

from .markup import format_words

OPTION, CHOSEN = '<option value="{}">{}</option>', '<option value="{}" selected>{}</option>'


class DrawnSelect(forms.Select):
    """A choice drawn at once: with a template for each option the four hundred schools of a filter cost as much as the page."""

    @classmethod
    def of(cls, select):
        drawn = cls(select.attrs, select.choices)
        drawn.is_required = select.is_required
        return drawn

    def render(self, name, value, attrs=None, renderer=None):
        choices = [("" if key is None else str(key), words) for key, words in self.choices]  # list() would ask for their number first
        if any(isinstance(words, list | tuple) for _, words in choices):
            return super().render(name, value, attrs, renderer)  # in groups
        chosen = set(self.format_value(value))
        options = "".join(CHOSEN if key in chosen else OPTION for key, _ in choices)
        attributes = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_words(f"<select{{}}>{options}</select>", [attributes, *(part for choice in choices for part in choice)])
