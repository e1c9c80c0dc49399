"""Forms of an entry: begun, filled in as it is typed, its files, sent, taken out."""
from django import forms
from django.core.validators import MaxLengthValidator

from portfolios.models.project import institutions_of
from portfolios.services.typed import shown_marks
from projectoffice.accounts.access import may
from projectoffice.accounts.forms.fields import DateField, InstitutionField, OfficeForm
from projectoffice.accounts.models import Institution
from projectoffice.common.idempotency import FormKeyField
from projectoffice.common.text import showable
from projectoffice.common.uploads import DOCUMENTS, SCANS, CheckedFileField
from projectoffice.documents.forms import ManyFiles, PagesField

from ..entry.words import left_words
from ..models import Nomination
from ..services.entry import stored_texts

LONGEST = 60_000  # what is kept of one answer, far beyond any limit: sending asks for the limit itself
MOST_AT_ONCE = 10
FEW_ROWS = 300


class NewEntryForm(OfficeForm):
    """Which nomination, whose entry; the office may begin one for any institution."""

    nomination = forms.ModelChoiceField(label="Номинация", queryset=Nomination.objects.none(), empty_label="Выберите номинацию",
                                        error_messages={"required": "Выберите номинацию."})
    institution = forms.ModelChoiceField(label="Учреждение", queryset=Institution.objects.none(), empty_label="Выберите учреждение",
                                         error_messages={"required": "Выберите учреждение."})
    title = forms.CharField(label="Название работы", max_length=300, required=False, help_text="Можно вписать или изменить позже.")
    form_key = FormKeyField()

    def __init__(self, *args, contest, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["nomination"].queryset = contest.nominations.all()
        if may(user, "contests.run_contests"):
            self.fields["institution"] = InstitutionField(label="Учреждение", error_messages={"required": "Укажите учреждение."})
            self.order_fields(["nomination", "institution", "title"])
            return
        own = Institution.objects.open().filter(pk__in=institutions_of(user))
        self.fields["institution"].queryset = own
        if len(own) == 1:
            self.fields["institution"].initial = own[0].pk


class EntryForm(OfficeForm):
    """Everything one types in an entry; ``version`` carries the marks of every text as the page shows it."""

    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60_000)
    title = forms.CharField(label="Название работы", max_length=300, required=False)
    contact = forms.ChoiceField(required=False, widget=forms.RadioSelect)

    def __init__(self, data=None, *, entry):
        self.entry = entry
        self.questions = list(entry.nomination.fields.all())
        self.people = list(entry.authors.all())
        values = stored_texts(entry)
        fields = {f"answer-{field.pk}": answer_field(field) for field in self.questions}
        for author in self.people:
            fields |= {f"author-{author.pk}-{cell}": made for cell, made in author_fields().items()}
        self.own_names = set(values)
        # Of this form alone, and there before anything looks at the fields: each of them is cleaned like any text.
        self.base_fields = {**self.base_fields, **fields}
        super().__init__(data, initial={**values, "version": shown_marks(values)})
        self.fields["title"].needed_later = True
        self.fields["contact"].choices = [(str(author.pk), "С кем связаться") for author in self.people]

    @property
    def typed(self):
        """What may be stored of what was typed, the refused fields left out; a name that was not sent is not emptied."""
        return {name: value for name, value in self.cleaned_data.items() if name in self.own_names and name in self.data}

    @property
    def answers(self):
        """Questions as the page draws them: the field, what is bound to it, how many signs are left."""
        for field in self.questions:
            bound = self[f"answer-{field.pk}"]
            text = (bound.value() or "").replace("\r\n", "\n")
            yield {"field": field, "bound": bound, "left": left_words(text, field.limit), "over": len(text) > field.limit}

    @property
    def authors(self):
        chosen = self["contact"].value()
        for author in self.people:
            yield {"author": author, "is_contact": chosen == str(author.pk),
                   "fields": [self[f"author-{author.pk}-{cell}"] for cell in author_fields()]}


def answer_field(field):
    """A question of the nomination. No length in the browser: a text that is too long is kept and shortened later."""
    made = forms.CharField(label=field.label, help_text=field.help, required=False, validators=[MaxLengthValidator(LONGEST)],
                           widget=forms.Textarea(attrs={"rows": 3 if field.limit <= FEW_ROWS else 7, "data-limit": field.limit}))
    made.needed_later = field.is_required
    return made


def author_fields():
    name = forms.CharField(label="Фамилия, имя, отчество", required=False, max_length=200,
                           widget=forms.TextInput(attrs={"list": "colleagues", "autocomplete": "off"}))
    name.needed_later = True
    return {
        "name": name,
        "post": forms.CharField(label="Должность", required=False, max_length=300),
        "phone": forms.CharField(label="Телефон", required=False, max_length=60, widget=forms.TextInput(attrs={"type": "tel"})),
        "email": forms.EmailField(label="Почта", required=False, max_length=254,
                                  error_messages={"invalid": "Проверьте почту: она пишется так – ivanova@school.ru."}),
    }


class PartnerForm(OfficeForm):
    partner = InstitutionField(label="Учреждение-партнёр", error_messages={"required": "Укажите учреждение."})


class NominationForm(OfficeForm):
    nomination = forms.ModelChoiceField(label="Другая номинация", queryset=Nomination.objects.none(), empty_label="Выберите номинацию",
                                        error_messages={"required": "Выберите номинацию."})

    def __init__(self, *args, entry, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["nomination"].queryset = entry.contest.nominations.exclude(pk=entry.nomination_id)


class ManyFilesField(CheckedFileField):
    """Some checked files; cleans to a list."""

    def __init__(self, **kwargs):
        super().__init__(widget=ManyFiles(), **kwargs)

    def clean(self, data, initial=None):
        files = [each for each in (data if isinstance(data, list | tuple) else [data]) if each]
        if len(files) > MOST_AT_ONCE:
            raise forms.ValidationError(f"За один раз можно загрузить не больше {MOST_AT_ONCE} файлов.")
        return [self.clean_one(each, initial) for each in files or [None]]

    def clean_one(self, file, initial):
        """A refusal names its file: among ten nobody would know which."""
        try:
            return super().clean(file, initial)
        except forms.ValidationError as refusal:
            if file is None:
                raise
            raise forms.ValidationError([f"«{showable(file.name)}»: {words}" for words in refusal.messages]) from refusal


class FilesForm(OfficeForm):
    files = ManyFilesField(label="Файлы", allowed=DOCUMENTS,
                           help_text="PDF, Word, Excel, PowerPoint, JPG или PNG. За один раз – до 20 МБ, в заявке вместе – до 200 МБ.")


class ScanForm(OfficeForm):
    pages = PagesField(label="Скан или снимки страниц", help_text="Один PDF или снимки JPG, PNG по порядку страниц, вместе до 20 МБ.",
                       error_messages={"required": "Приложите скан: PDF или снимки страниц."})


class SubmitForm(OfficeForm):
    """What the confirmation showed, so that nothing else is sent."""

    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)


class SubmitForAnotherForm(SubmitForm):
    """The same when the office enters what the team sent by letter or on paper."""

    source = forms.CharField(label="Откуда заявка", max_length=200, help_text="Например: письмо директора от 12.10.2027 № 84",
                             error_messages={"required": "Напишите, откуда это известно: письмо, звонок, бумага."})
    source_date = DateField(label="День письма или звонка", error_messages={"required": "Укажите день письма или звонка."})
    source_file = CheckedFileField(label="Само письмо", required=False, allowed=SCANS, help_text="Если есть: PDF, JPG или PNG.")


class WithdrawForm(OfficeForm):
    reason = forms.CharField(label="Почему", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
                             error_messages={"required": "Напишите, почему заявку отзывают: причину увидит офис."})
