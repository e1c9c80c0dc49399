"""One row as an ordinary form; texts are cleaned by the same readers as the cells of the editor."""
from django import forms
from django.core.exceptions import ValidationError


class RowForm(forms.Form):
    """Fields are made of the cells of the table, in their order, and the heading above the row."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, table, **kwargs):
        super().__init__(*args, **kwargs)
        self.table = table
        version = self.fields.pop("version")
        for key, cell in table.typed.items():
            self.fields[key] = field_of(cell)
        self.fields["version"] = version

    def clean(self):
        data = super().clean()
        for key in self.table.typed:
            try:
                self.table.read(key, data.get(key, ""))
            except ValidationError as refusal:
                self.add_refusal(refusal)
        return data

    def add_refusal(self, refusal):
        """A refusal of the table: beside its field when it names one of them."""
        if not hasattr(refusal, "error_dict"):
            self.add_error(None, refusal)
            return
        for name, sentences in refusal.message_dict.items():
            self.add_error(name if name in self.fields else None, sentences)


def field_of(cell):
    widget = forms.Textarea(attrs={"rows": cell.form_rows}) if cell.form_rows > 1 else forms.TextInput
    label = cell.noun.capitalize() if cell.asked == "№" else cell.asked
    return forms.CharField(label=label, required=False, strip=False, widget=widget, help_text=cell.help)
