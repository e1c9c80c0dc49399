"""What filters of lists share: the few that stand in one line, and the further ones."""
from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join

from projectoffice.accounts.forms.fields import OfficeForm


class FilterSelect(forms.Select):
    """A choice drawn at once: with a template for each option the filters of a list cost as much as its rows."""

    def render(self, name, value, attrs=None, renderer=None):
        chosen = set(self.format_value(value))
        options = format_html_join("", '<option value="{}"{}>{}</option>', (
            (key, SELECTED if str(key or "") in chosen else "", words) for key, words in self.choices))
        return format_html("<select{}>{}</select>", flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name})), options)


SELECTED = format_html(" {}", "selected")


class FilterForm(OfficeForm):
    """Every field may be left out; ``main_names`` stand in the line, the others under «Ещё условия»."""

    main_names: tuple = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if type(field.widget) is forms.Select:
                field.widget = quick(field)

    @property
    def main(self):
        return [self[name] for name in self.main_names if name in self.fields]

    @property
    def more(self):
        return [self[name] for name in self.fields if name not in self.main_names]

    @property
    def opened(self):
        """Whether one of the further filters is in use."""
        return any(self.cleaned_data.get(name) for name in self.fields if name not in self.main_names)


def quick(field):
    widget = FilterSelect(field.widget.attrs)
    widget.is_required, widget.choices = field.required, field.choices
    return widget
