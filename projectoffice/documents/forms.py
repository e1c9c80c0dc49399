"""Forms of the documents' pages. Every text is cleaned where it is typed."""
from django import forms
from django.utils import timezone

from projectoffice.accounts.forms.fields import DateField, PersonField
from projectoffice.accounts.models import Body, Institution
from projectoffice.common.text import CleanTextMixin
from projectoffice.common.uploads import SCANS, CheckedFileField

from . import kinds
from .models import Document, Stamp
from .models.document import STAMP_WORD_CHOICES

LINES = {"rows": 3}


class Form(CleanTextMixin, forms.Form):
    """A plain form of this app."""


class StampForm(CleanTextMixin, forms.ModelForm):
    """A stamp as it will print and who signs it."""

    signer = PersonField(label="Кто подписывает", required=False,
                         help_text="Имя из списка людей. Пусто – подпись отметят по фамилии или по акту.")
    basis_date = DateField(label="Дата акта", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Stamp
        fields = ["kind", "word", "side", "post", "name", "signer", "method", "style", "step", "place",
                  "basis", "basis_number", "basis_date"]
        widgets = {"post": forms.Textarea(attrs=LINES)}
        labels = {"basis": "Акт или орган вместо подписи", "basis_number": "Номер акта", "step": "Очередь подписи"}
        help_texts = {"word": "Если на бумаге другое: «Принято», «Одобрено».", "step": "Одинаковая очередь – подписывают в любом порядке. «Утверждаю» всегда последним."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("version", self.instance.version)
        if self.instance.signer_id:
            self.initial["signer"] = self.instance.signer
        self.fields["step"].widget.attrs.update(min=1, max=20)
        self.fields["word"].choices = [("", "Обычное для этого вида"), *STAMP_WORD_CHOICES]

    def clean_step(self):
        step = self.cleaned_data["step"]
        if not 1 <= step <= 20:
            raise forms.ValidationError("Очередь – число от 1 до 20.")
        return step

    def values(self):
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class SignForm(forms.Form):
    stamp = forms.IntegerField(widget=forms.HiddenInput)
    shown_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)
    password = forms.CharField(label="Ваш пароль", strip=False, max_length=128,
                               widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))


class ReturnForm(Form):
    stamp = forms.IntegerField(widget=forms.HiddenInput)
    shown_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reason = forms.CharField(label="Что исправить", max_length=5000, widget=forms.Textarea(attrs=LINES), error_messages={
        "required": "Напишите, что исправить, – без этого автор не поймёт, за что взяться.",
    })


class ReviseForm(Form):
    """What the change rests on; the first words are printed after «в редакции»."""

    basis = forms.CharField(label="По какому акту, в родительном падеже", max_length=300,
                            help_text="Например: «приказа департамента образования» или «протокола Проектного офиса».",
                            error_messages={"required": "Укажите приказ или протокол, по которому вносятся изменения."})
    basis_number = forms.CharField(label="Номер", max_length=60, required=False)
    basis_date = DateField(label="Дата", required=False)
    basis_file = CheckedFileField(label="Файл акта", required=False, allowed=SCANS, help_text="PDF, JPG или PNG.")


class ReasonForm(Form):
    reason = forms.CharField(label="Причина", max_length=5000, widget=forms.Textarea(attrs=LINES))


class AnnulByActForm(Form):
    act = forms.CharField(label="Приказ или протокол", max_length=300,
                          help_text="Например: приказ департамента образования от 12.05.2027 № 84")
    reason = forms.CharField(label="Причина", max_length=5000, required=False, widget=forms.Textarea(attrs=LINES))
    scan = CheckedFileField(label="Скан приказа или протокола", allowed=SCANS, help_text="PDF, JPG или PNG.")


class ReplaceSignerForm(Form):
    stamp = forms.ModelChoiceField(label="Гриф", queryset=Stamp.objects.none(), empty_label=None)
    signer = PersonField(label="Кто подписывает вместо", error_messages={"required": "Выберите, кто подписывает."})
    method = forms.ChoiceField(label="Как подписывает", choices=Stamp.Method.choices)

    def __init__(self, *args, stamps, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stamp"].queryset = stamps


class ScanForm(Form):
    file = CheckedFileField(label="Скан подписанного листа", allowed=SCANS, help_text="PDF, JPG или PNG, до 20 МБ.")
    edition = forms.TypedChoiceField(label="Редакция", coerce=int)

    def __init__(self, *args, numbers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["edition"].choices = [(number, f"Редакция {number}") for number in numbers]


class AttachmentForm(Form):
    title = forms.CharField(label="Название", max_length=200, required=False, help_text="Пусто – имя файла.")
    file = CheckedFileField(label="Файл", help_text="PDF, Word, Excel, PowerPoint, JPG или PNG, до 20 МБ.")


class InkForm(Form):
    """One stamp of the sheet that came back signed; several of these stand in one page."""

    signed = forms.BooleanField(label="Подписано", required=False)
    signed_on = DateField(label="Дата подписи", required=False)
    signer = PersonField(label="Кто подписал на деле", required=False, help_text="Пусто – тот, кто напечатан.")
    name = forms.CharField(label="Имя в подписи", max_length=120, required=False, help_text="Если отличается от печатного.")
    post = forms.CharField(label="Должность", max_length=500, required=False, help_text="Если отличается от печатной.")
    basis = forms.CharField(label="Основание", max_length=500, required=False, help_text="Например: приказ о замещении.")

    def __init__(self, *args, why_not_on, **kwargs):
        """``why_not_on(day)`` is the sentence why nobody can have signed that day, or nothing."""
        super().__init__(*args, **kwargs)
        self.why_not_on = why_not_on
        # A date is asked only of the stamps that are ticked; on the first view of all that are shown.
        self.fields["signed_on"].required = not self.is_bound

    def clean(self):
        data = super().clean()
        if data.get("signed") and "signed_on" not in self.errors:
            if not data.get("signed_on"):
                self.add_error("signed_on", "Поставьте дату, которая стоит на бумаге.")
            elif why := self.why_not_on(data["signed_on"]):
                self.add_error("signed_on", why)
        return data


class RecordReturnForm(Form):
    """What a signer told the office by phone, in a letter or on the paper itself, instead of signing."""

    stamp = forms.ModelChoiceField(label="Кто вернул", queryset=Stamp.objects.none(), empty_label=None)
    reason = forms.CharField(label="Что исправить", max_length=5000, widget=forms.Textarea(attrs=LINES))
    source = forms.CharField(label="Откуда это известно", max_length=200, help_text="Звонок, письмо, пометка на листе.")
    source_date = DateField(label="Когда сказано")
    source_file = CheckedFileField(label="Письмо или лист с пометками", required=False, allowed=SCANS,
                                   help_text="PDF, JPG или PNG, если есть.")

    def __init__(self, *args, stamps, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stamp"].queryset = Stamp.objects.filter(pk__in=[stamp.pk for stamp in stamps])


class OptionalScanForm(Form):
    scan = CheckedFileField(label="Скан, если он уже есть", required=False, allowed=SCANS,
                            help_text="PDF, JPG или PNG. Можно загрузить позже.")


class PublishForm(Form):
    with_pdf = forms.BooleanField(label="Показывать и PDF, каким он подписан", required=False)
    ground = forms.CharField(label="Основание публикации PDF", max_length=300, required=False,
                             help_text="В PDF видны имена. Например: приказ от 12.05.2027 № 84 о размещении.")


class DistributeForm(Form):
    """To whom, in which form; the list of addresses is shown before anything is sent."""

    FORMATS = [("pdf", "PDF"), ("docx", "Word")]

    formats = forms.MultipleChoiceField(label="Что приложить", choices=FORMATS, initial=["pdf"],
                                        widget=forms.CheckboxSelectMultiple,
                                        error_messages={"required": "Отметьте PDF или Word."})
    responsibles = forms.BooleanField(label="Ответственные из документа", required=False)
    members = forms.BooleanField(label="Члены органа", required=False)
    institutions = forms.MultipleChoiceField(label="Учреждения", required=False, widget=forms.CheckboxSelectMultiple)
    addresses = forms.CharField(label="Другие адреса", required=False, max_length=5000, widget=forms.Textarea(attrs=LINES),
                                help_text="Через запятую или с новой строки.")
    note = forms.CharField(label="Несколько слов от себя", required=False, max_length=2000, widget=forms.Textarea(attrs=LINES))
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kinds_of_institutions = Institution.objects.open().values_list("kind", flat=True).distinct().order_by("kind")
        self.fields["institutions"].choices = [(kind or "-", kind or "Без вида") for kind in kinds_of_institutions]

    def clean(self):
        data = super().clean()
        if not self.errors and not any(data.get(name) for name in ("responsibles", "members", "institutions", "addresses")):
            raise forms.ValidationError("Отметьте, кому разослать, или впишите адреса.")
        return data


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class PagesField(CheckedFileField):
    """One PDF, or photographs of the pages in their order; cleans to a list of files."""

    MOST = 60

    def __init__(self, **kwargs):
        super().__init__(allowed=SCANS, widget=ManyFiles(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}), **kwargs)

    def clean(self, data, initial=None):
        files = (data or [None]) if isinstance(data, list) else [data]
        if len(files) > self.MOST:
            raise forms.ValidationError(f"Можно загрузить не больше {self.MOST} страниц за раз.")
        return [CheckedFileField.clean(self, each, initial) for each in files]


class ArchiveForm(Form):
    """A paper of a past year: scan, kind, number, date; registered, it is found like any other."""

    kind_text = forms.CharField(label="Вид документа", max_length=120, widget=forms.TextInput(attrs={"list": "kinds-list"}),
                                help_text="Например: план заседаний, протокол, положение.")
    title = forms.CharField(label="Название", max_length=300)
    body = forms.ModelChoiceField(label="Орган", queryset=Body.objects.none(), required=False, empty_label="–")
    number = forms.CharField(label="Номер", max_length=60, required=False)
    date = DateField(label="Дата документа")
    pages = PagesField(label="Скан или фотографии страниц", help_text="Один PDF или снимки JPG, PNG по порядку страниц.",
                       error_messages={"required": "Приложите скан: PDF или снимки страниц."})
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = Body.objects.visible_to(user)

    def clean_date(self):
        day = self.cleaned_data["date"]
        if day > timezone.localdate():
            raise forms.ValidationError("Дата архивного документа ещё не наступила.")
        return day


class CompareForm(Form):
    """Which two states to lay side by side; 0 is the text that is being prepared."""

    old = forms.TypedChoiceField(label="Было", coerce=int)
    new = forms.TypedChoiceField(label="Стало", coerce=int)

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.choices = choices


class RegisterForm(Form):
    """Filters of the register; what does not fit is passed over, because an old link is not a mistake."""

    STATES = [("", "Любое"), *Document.State.choices]

    q = forms.CharField(label="Поиск", max_length=200, required=False, widget=forms.TextInput(attrs={"type": "search"}))
    kind = forms.ChoiceField(label="Вид", required=False)
    state = forms.ChoiceField(label="Состояние", required=False, choices=STATES)
    year = forms.IntegerField(label="Год", required=False, min_value=1990, max_value=2100)
    body = forms.ModelChoiceField(label="Орган", queryset=Body.objects.none(), required=False, empty_label="Любой")
    no_scan = forms.BooleanField(label="Нет скана", required=False)
    waiting = forms.BooleanField(label="Ждут меня", required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "Любой"), *((kind.code, kind.name) for kind in kinds.all_kinds())]
        self.fields["body"].queryset = Body.objects.visible_to(user)


class CompareFileForm(forms.Form):
    """A PDF to lay beside ours: only its sum is taken, it is never opened."""

    MOST = 20 * 1024 * 1024

    file = forms.FileField(label="Файл PDF", error_messages={
        "required": "Выберите файл PDF.", "empty": "Файл пустой. Выберите другой.",
        "invalid": "Файл не дошёл. Выберите его ещё раз.", "missing": "Файл не дошёл. Выберите его ещё раз.",
    })

    def clean_file(self):
        uploaded = self.cleaned_data["file"]
        if uploaded.size > self.MOST:
            raise forms.ValidationError("Файл слишком большой: документы портала не бывают больше 20 МБ.")
        return uploaded
