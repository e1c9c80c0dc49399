from django import forms

from ..meeting import brief_fields


def paper(rows):
    return forms.Textarea(attrs={"rows": rows, "class": "form-control"})


class BriefForm(forms.Form):
    """The brief as it is typed; texts are cleaned by the readers of its fields, which the verb asks."""

    title = forms.CharField(label="Заголовок", required=False, strip=False, widget=paper(3),
                            help_text="По строкам, как печатать: первая – название, дальше – для кого.")
    goal = forms.CharField(required=False, strip=False, widget=paper(2))
    tasks = forms.CharField(required=False, strip=False, widget=paper(4))
    results = forms.CharField(required=False, strip=False, widget=paper(3))
    products = forms.CharField(required=False, strip=False, widget=paper(3))
    plan = forms.CharField(required=False, strip=False, widget=paper(6), help_text="После вопроса – кто выступает.")
    when = forms.CharField(required=False, help_text="Например: 25.09.2026, 10.00. – 12.00.")
    place = forms.CharField(required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, lead in brief_fields.LEADS.items():
            self.fields[name].label = lead

    @property
    def texts(self):
        return {name: self.cleaned_data.get(name, "") for name in brief_fields.FIELDS}
