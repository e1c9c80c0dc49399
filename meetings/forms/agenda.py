"""Forms of the agenda: a question, what to take from the plan and from earlier meetings, a file to read."""
from django import forms
from django.core.exceptions import ValidationError

from projectoffice.accounts.forms.fields import OfficeForm, PersonInput, label_of, labelled_people, same
from projectoffice.accounts.models import User
from projectoffice.common.idempotency import KeyedForm
from projectoffice.common.text import clean_text
from projectoffice.common.uploads import CheckedFileField

from ..plan.outline import TITLE_LIMIT
from ..services.agenda import MOST_MINUTES, MOST_SPEAKERS, NAME_LIMIT
from .meeting import VersionField

SPARE_LINES = 2


class SpeakersInput(forms.Widget):
    """One input per speaker and two spare ones; each suggests people to who may look them up."""

    template_name = "meetings/speakers_input.html"
    suggests = True

    def value_from_datadict(self, data, files, name):
        typed = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return list(typed)[:MOST_SPEAKERS * 2]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        texts = [text[0] if isinstance(text, tuple) else text for text in value or []]
        texts = [text for text in texts if text] + [""] * SPARE_LINES
        context["widget"]["lines"] = [
            self.line(name, text, f"{attrs['id']}_{place}" if place else attrs["id"], place)
            for place, text in enumerate(texts)
        ]
        return context

    def line(self, name, text, element, place):
        attrs = {"id": element, "class": "form-control", "maxlength": 500, "aria-label": f"Докладчик {place + 1}"}
        box = PersonInput(attrs) if self.suggests else forms.TextInput(attrs)
        return box.render(name, text)

    def id_for_label(self, id_, index=None):
        return id_


class SpeakersField(forms.Field):
    """Names, one an input: a suggestion means its person, anything else is printed as typed."""

    widget = SpeakersInput

    def clean(self, value):
        texts = [clean_text(text, limit=500) for text in value or []]
        texts = list(dict.fromkeys(text for text in texts if text))
        if len(texts) > MOST_SPEAKERS:
            raise ValidationError(f"Докладчиков может быть не больше {MOST_SPEAKERS}.")
        return [self.read(text) for text in texts]

    def read(self, text):
        """(printed name, person id or None)."""
        person = person_suggested(text)
        return (person.short_name, person.pk) if person else (clean_text(text, limit=NAME_LIMIT), None)


def person_suggested(text):
    """The one active person whom these words name in full, as the suggestions write them; None otherwise."""
    name = text.split(",")[0]
    if len(name.split()) < 2:
        return None
    people = list(labelled_people(User.objects.active().found_by(name))[:20])
    fitting = [person for person in people if same(label_of(person), text)]
    fitting = fitting or [person for person in people if same(person.full_name, text)]
    return fitting[0] if len(fitting) == 1 else None


class ItemForm(OfficeForm):
    """A question; ``formula`` is how it stands in the agenda and the protocol when that is not the title itself."""

    title = forms.CharField(label="Вопрос", max_length=TITLE_LIMIT, widget=forms.Textarea(attrs={"rows": 2}),
                            error_messages={"required": "Впишите вопрос."})
    formula = forms.CharField(
        label="Как в протоколе", max_length=TITLE_LIMIT, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="«О подведении итогов…»; пусто – так же, как вопрос",
    )
    speakers = SpeakersField(label="Докладчики", required=False, help_text="По одному в строке: человек из списка или как напишете")
    minutes = forms.IntegerField(
        label="Минут", required=False, min_value=1, max_value=MOST_MINUTES,
        error_messages=dict.fromkeys(("min_value", "max_value", "invalid"), f"Укажите минуты: число от 1 до {MOST_MINUTES}."),
    )
    is_misc = forms.BooleanField(label="Это «Разное»: под ним собирают короткие вопросы", required=False)
    closed = forms.BooleanField(label="Закрытый: видят офис, председатель, секретарь и докладчики вопроса", required=False)
    version = VersionField()

    def __init__(self, *args, suggests=True, item=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["speakers"].widget.suggests = suggests
        if item and item.parent_id:
            del self.fields["is_misc"]


class NewItemForm(KeyedForm, OfficeForm):
    """The short form under the agenda: what and who; the rest is one click away."""

    title = forms.CharField(label="Новый вопрос", max_length=TITLE_LIMIT, error_messages={"required": "Впишите вопрос."})
    speaker = forms.CharField(label="Докладчик", max_length=500, required=False, widget=PersonInput)
    minutes = forms.IntegerField(
        label="Минут", required=False, min_value=1, max_value=MOST_MINUTES,
        error_messages=dict.fromkeys(("min_value", "max_value", "invalid"), f"Укажите минуты: число от 1 до {MOST_MINUTES}."),
    )

    def __init__(self, *args, suggests=True, **kwargs):
        super().__init__(*args, **kwargs)
        if not suggests:
            self.fields["speaker"].widget = forms.TextInput()

    def clean_speaker(self):
        text = self.cleaned_data["speaker"]
        return [SpeakersField().read(text)] if text else []


class MaterialForm(KeyedForm, OfficeForm):
    title = forms.CharField(label="Название", max_length=300, required=False, help_text="Если не указать, возьмём имя файла")
    file = CheckedFileField(label="Файл", help_text="PDF, Word, Excel, PowerPoint или картинка до 20 МБ")
