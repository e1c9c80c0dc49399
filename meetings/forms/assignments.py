"""Forms of assignments: the filters of the list and the period of the report, giving, reporting, deciding, ticking."""
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from projectoffice.accounts.forms.fields import DateField, InstitutionFinder, OfficeForm, PersonField
from projectoffice.accounts.models import Body, Institution, User
from projectoffice.common.idempotency import FormKeyField
from projectoffice.common.terms import NOT_UNDERSTOOD
from projectoffice.common.uploads import CheckedFileField, ManyFilesField

from ..assignment.due import read_due
from ..assignment.listing import NONE, RESULTS
from ..assignment.words import today
from ..models import Meeting
from ..services.plan import FIRST_YEAR, LAST_YEAR

LINES = {"rows": 4}
MOST_PEOPLE = 30
BIGGEST_ID = 2**31 - 1
DUE_UNCLEAR = (f"{NOT_UNDERSTOOD}: портал о нём не напомнит. Исправьте, например: до 15 ноября, – "
               "или отправьте ещё раз, если так и нужно.")
FILES_HELP = "PDF, Word, Excel, PowerPoint, JPG или PNG, каждый до 20 МБ."


# The list and the report

class FoundPersonField(PersonField):
    """A person by name, by the number a link carries, or nobody («none»)."""

    widget = forms.TextInput

    def clean(self, value):
        if value == NONE:
            return NONE
        return super().clean(value)

    def find(self, text):
        found = self.people().filter(pk=int(text)).first() if is_id(text) else None
        return found or super().find(text)

    def prepare_value(self, value):
        if value == NONE:
            return ""
        return super().prepare_value(int(value) if is_id(value) else value)


def is_id(text):
    return isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 10


class MeetingField(forms.CharField):
    """The number of a meeting a link carries, or none at all («none»); never typed."""

    widget = forms.HiddenInput

    def __init__(self, *, user, **kwargs):
        super().__init__(**kwargs)
        self.user = user

    def clean(self, value):
        text = super().clean(value)
        if text in ("", NONE):
            return text
        found = Meeting.objects.visible_to(self.user).filter(pk=int(text)).first() if is_id(text) else None
        if found is None:
            raise ValidationError("Такого заседания нет.")
        return found


class AssignmentFilter(OfficeForm):
    """What is asked of the list; whatever makes no sense in an address counts as not chosen."""

    SCOPES = [("", "Все"), ("mine", "Я исполняю"), ("control", "Я контролирую")]

    q = forms.CharField(label="Поиск", max_length=200, required=False, widget=forms.TextInput(attrs={"type": "search"}))
    scope = forms.ChoiceField(label="Чьи", required=False, choices=SCOPES)
    state = forms.ChoiceField(label="Состояние", required=False, choices=RESULTS)
    person = FoundPersonField(label="Исполнитель", required=False, max_length=200)
    institution = forms.ModelChoiceField(label="Учреждение", queryset=Institution.objects.none(), required=False, empty_label="Любое")
    body = forms.ModelChoiceField(label="Орган", queryset=Body.objects.none(), required=False, empty_label="Любой")
    year = forms.IntegerField(label="Год", required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR)
    since = DateField(label="Дано с", required=False, widget=forms.HiddenInput)
    until = DateField(label="Дано по", required=False, widget=forms.HiddenInput)
    left = forms.BooleanField(label="Исполнитель или контролёр выбыл", required=False)

    def __init__(self, *args, user, reads_all, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["meeting"] = MeetingField(label="Заседание", required=False, user=user)
        self.fields["institution"].queryset = Institution.objects.visible_to(user)
        self.fields["body"].queryset = Body.objects.visible_to(user)
        self.fields["person"].queryset = User.objects.visible_to(user)
        if not reads_all:
            for name in ("person", "institution", "left"):
                del self.fields[name]


class PeriodForm(OfficeForm):
    """The days between which assignments were given, and how they are grouped."""

    since = DateField(label="Дано с", required=False)
    until = DateField(label="Дано по", required=False)

    def clean(self):
        words = super().clean()
        since, until = words.get("since"), words.get("until")
        if since and until and until < since:
            self.add_error("until", "Дата «по» раньше даты «с».")
        return words


# Giving

class ManyPeopleField(forms.CharField):
    """Several people, one a line; cleans to a list."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), max_length=3000, **kwargs)

    def clean(self, value):
        names = [line.strip(" ;") for line in super().clean(value).splitlines() if line.strip(" ;")]
        if len(names) > MOST_PEOPLE:
            raise ValidationError(f"Можно назвать не больше {MOST_PEOPLE} человек.")
        found, faults = {}, []
        for name in names:
            try:
                person = PersonField().clean(name)
                found[person.pk] = person
            except ValidationError as refusal:
                faults.append(f"«{name[:60]}»: {refusal.messages[0]}")
        if faults:
            raise ValidationError(faults)
        return list(found.values())


class InstitutionsField(forms.CharField):
    """Institutions, one a line, or a whole kind of them («все школы»); cleans to a list."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), max_length=10_000, **kwargs)

    def clean(self, value):
        lines = [line.strip(" ;") for line in super().clean(value).splitlines() if line.strip(" ;")]
        finder, found, faults = InstitutionFinder(), {}, []
        for text in lines:
            one = finder.find(text)
            if isinstance(one, str):
                faults.append(one)
            else:
                found[one.pk] = one
        if faults:
            raise ValidationError(faults[:10])
        return list(found.values())


class NewAssignmentForm(OfficeForm):
    """An assignment without a protocol."""

    text = forms.CharField(label="Что сделать", max_length=3000, widget=forms.Textarea(attrs=LINES),
                           error_messages={"required": "Напишите, что нужно сделать."})
    executor = PersonField(label="Исполнитель", required=False, help_text="Один человек отвечает за всё поручение.")
    co_executors = ManyPeopleField(label="Соисполнители", required=False, help_text="Каждый с новой строки.")
    kinds = forms.MultipleChoiceField(label="Учреждениям", required=False, widget=forms.CheckboxSelectMultiple,
                                      help_text="У каждого учреждения будет своя отметка об исполнении.")
    institutions = InstitutionsField(label="Отдельным учреждениям", required=False,
                                     help_text="Каждое с новой строки: школа 12.")
    controller = PersonField(label="Контролёр", required=False, help_text="Пусто – отчёт проверяет Проектный офис.")
    due = forms.CharField(label="Срок", max_length=300, required=False,
                          help_text="Например: до 15 ноября, февраль, постоянно. Пусто – без срока.")
    ground = forms.CharField(label="Основание", max_length=300, required=False,
                             help_text="Например: приказ от 12.05.2027 № 84, устное поручение руководителя")
    due_as_is = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    form_key = FormKeyField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        names = Institution.objects.open().values_list("kind", flat=True).distinct().order_by("kind")
        self.fields["kinds"].choices = [(kind, kind) for kind in names if kind]

    def clean(self):
        words = super().clean()
        chosen = words.get("kinds") or []
        places = {place.pk: place for place in Institution.objects.open().filter(kind__in=chosen)} if chosen else {}
        places |= {place.pk: place for place in words.get("institutions") or []}
        words["places"] = list(places.values())
        if not self.errors and not words.get("executor") and not places:
            self.add_error("executor", "Укажите, кому поручено: человека или учреждения.")
        self.remark_on_due(words.get("due") or "")
        return words

    def remark_on_due(self, due):
        """A term that is not understood is told of once; the same words sent again are meant."""
        if read_due(due, today()).is_unclear and self.cleaned_data.get("due_as_is") != due:
            self.data = self.data.copy()
            self.data["due_as_is"] = due
            self.add_error("due", DUE_UNCLEAR)

    def group_words(self):
        """«всем учреждениям: Школа, Лицей», what is told about a group without an executor."""
        words = self.cleaned_data
        names = [*(words.get("kinds") or []), *(str(place) for place in words.get("institutions") or [])]
        return ("Учреждениям: " + ", ".join(names))[:300] if names else ""


# Reporting

class ReportForm(OfficeForm):
    """What was done and when, with files."""

    text = forms.CharField(label="Что сделано", max_length=5000, widget=forms.Textarea(attrs=LINES),
                           error_messages={"required": "Напишите, что сделано: без этого проверять нечего."})
    done_on = DateField(label="Когда сделано", error_messages={"required": "Укажите день, когда сделано."})
    files = ManyFilesField(label="Файлы", help_text=FILES_HELP)
    form_key = FormKeyField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["done_on"].initial = timezone.localdate


class ReportForAnotherForm(ReportForm):
    """The same when the office writes down what the executor has told."""

    source = forms.CharField(label="Откуда это известно", max_length=200, help_text="Письмо, звонок, бумага.",
                             error_messages={"required": "Напишите, откуда это известно: письмо, звонок, бумага."})
    source_date = DateField(label="День письма или звонка", error_messages={"required": "Укажите день письма или звонка."})
    source_file = CheckedFileField(label="Само письмо", required=False, help_text="Если есть. " + FILES_HELP)

    field_order = ["source", "source_date", "source_file", "text", "done_on", "files"]


class AcceptForm(OfficeForm):
    report = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=BIGGEST_ID)
    answer = forms.CharField(label="Несколько слов исполнителю", max_length=1000, required=False,
                             widget=forms.Textarea(attrs={"rows": 2}))
    form_key = FormKeyField()


class ReturnForm(OfficeForm):
    report = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=BIGGEST_ID)
    reason = forms.CharField(label="Чего не хватает", max_length=1000, widget=forms.Textarea(attrs=LINES), error_messages={
        "required": "Напишите, чего не хватает, – без этого исполнитель не поймёт, за что взяться."})
    form_key = FormKeyField()


class ExtendForm(OfficeForm):
    due_after = DateField(label="Новый срок", error_messages={"required": "Укажите, до какого дня нужно время."})
    reason = forms.CharField(label="Почему", max_length=1000, widget=forms.Textarea(attrs=LINES),
                             error_messages={"required": "Напишите, почему нужен другой срок."})
    form_key = FormKeyField()


class DecideExtensionForm(OfficeForm):
    """Grant, perhaps until another day, or refuse with words."""

    due_after = DateField(label="Перенести на", required=False)
    answer = forms.CharField(label="Ответ исполнителю", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
                             help_text="При отказе обязателен.")
    form_key = FormKeyField()


class TickForm(OfficeForm):
    """Which institutions have done their part; the office also says when and how it is known."""

    done_on = DateField(label="Когда исполнено", required=False)
    note = forms.CharField(label="Примечание", max_length=300, required=False, help_text="Например: письмо от 10.05.2027")


class CancelForm(OfficeForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=BIGGEST_ID)
    reason = forms.CharField(label="Почему", max_length=450, widget=forms.Textarea(attrs=LINES), error_messages={
        "required": "Напишите, почему поручение снимают с контроля: это увидит исполнитель."})
    form_key = FormKeyField()

