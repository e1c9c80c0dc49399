"""The existing list of projects from Excel: columns by their headings, each row judged by itself; nothing is stored here."""
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from projectoffice.accounts.forms.fields import DateField, InstitutionFinder, OfficeForm, key_of_name
from projectoffice.accounts.imports import CREATE, SAME, WRONG, Checked, Table
from projectoffice.accounts.models import Institution, User

from ..models import ManagementModel, Portfolio, Project, ProjectInstitution

KINDS = {key_of_name(label): code for code, label in Project.Kind.choices}
KINDS |= {key_of_name(f"{label} проект"): code for code, label in Project.Kind.choices}
STATUSES = {key_of_name(label): code for code, label in Project.Status.choices} | {
    key_of_name(word): code for word, code in {
        "в работе": Project.Status.ACTIVE, "идёт": Project.Status.ACTIVE, "действует": Project.Status.ACTIVE,
        "закончен": Project.Status.FINISHED, "закрыт": Project.Status.FINISHED, "остановлен": Project.Status.STOPPED,
        "планируется": Project.Status.PREPARING, "подготовка": Project.Status.PREPARING,
    }.items()
}


class ProjectRowForm(OfficeForm):
    """One row as typed; names become things of the portal by the finders."""

    institution = forms.CharField(label="Учреждение", max_length=500, error_messages={"required": "Не указано учреждение."})
    title = forms.CharField(label="Название", max_length=500, error_messages={"required": "Нет названия проекта."})
    kind = forms.CharField(label="Вид", max_length=100, required=False)
    portfolio = forms.CharField(label="Портфель", max_length=300, error_messages={"required": "Не указан портфель."})
    model = forms.CharField(label="Модель", max_length=300, required=False)
    head = forms.CharField(label="Руководитель", max_length=300, required=False)
    start = DateField(label="Начало", required=False)
    end = DateField(label="Окончание", required=False)
    status = forms.CharField(label="Состояние", max_length=100, required=False)

    def __init__(self, *args, known, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = known

    def clean_institution(self):
        found = self.known.institutions.find(self.cleaned_data["institution"])
        if isinstance(found, str):
            raise ValidationError(found)
        if found.is_closed:
            raise ValidationError(f"Учреждение закрыто с {found.closed_on:%d.%m.%Y}.")
        return found

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean_kind(self):
        return chosen(self.cleaned_data["kind"], KINDS, Project.Kind, Project.Kind.MANAGEMENT, "Вид")

    def clean_status(self):
        return chosen(self.cleaned_data["status"], STATUSES, Project.Status, Project.Status.PREPARING, "Состояние")

    def clean_portfolio(self):
        found = self.known.portfolios.get(key_of_name(self.cleaned_data["portfolio"]))
        if found is None:
            raise ValidationError(f"Портфеля «{self.cleaned_data['portfolio'][:80]}» нет. Создайте его или исправьте название.")
        if found.pk in self.known.closed:
            raise ValidationError("Этот портфель закрыт.")
        return found

    def clean_head(self):
        text = self.cleaned_data["head"]
        return self.known.person(text) if text else None

    def clean(self):
        words = super().clean()
        if words.get("start") and words.get("end") and words["end"] < words["start"]:
            self.add_error("end", "Окончание раньше начала.")
        if words.get("model") and words.get("portfolio"):
            found = self.known.models.get((words["portfolio"].pk, key_of_name(words["model"])))
            if found is None:
                self.add_error("model", f"Модели «{words['model'][:80]}» в портфеле «{words['portfolio']}» нет.")
            words["model"] = found
        elif "model" in words:
            words["model"] = None
        return words


def chosen(text, known, choices, default, title):
    if not text:
        return default
    found = known.get(key_of_name(text))
    if found is None:
        words = ", ".join(f"«{label.lower()}»" for label in choices.labels)
        raise ValidationError(f"{title} «{text[:60]}» портал не знает. Бывает: {words}.")
    return found


class Known:
    """What names in the file may mean; five queries for any number of rows."""

    def __init__(self):
        self.institutions = InstitutionFinder()
        self.portfolios = {key_of_name(each.name): each for each in Portfolio.objects.all()}
        opened = set(Portfolio.objects.open().values_list("pk", flat=True))
        self.closed = {each.pk for each in self.portfolios.values()} - opened
        self.models = {(each.portfolio_id, key_of_name(each.name)): each for each in ManagementModel.objects.all()}
        self.people: dict[str, set] = {}
        for person in User.objects.active():
            for name in (person.full_name, person.short_name, person.signature_name):
                self.people.setdefault(key_of_name(name), set()).add(person)
        self.projects: dict = {}
        for title, institution, start, end, pk in ProjectInstitution.objects.filter(role=ProjectInstitution.Role.LEAD).values_list(
                "project__title", "institution", "project__start", "project__end", "project"):
            self.projects.setdefault((key_of_name(title), institution), []).append((span_of(start, end), pk))

    def person(self, text):
        found = self.people.get(key_of_name(text), set())
        if not found:
            raise ValidationError(f"Человека «{text[:80]}» в списке нет. Внесите его в список людей или оставьте ячейку пустой.")
        if len(found) > 1:
            raise ValidationError(f"«{text[:80]}» – таких людей несколько. Напишите имя и отчество полностью.")
        return next(iter(found))


class ProjectTable(Table):
    columns = {
        "institution": ("Учреждение", ("оо", "моу", "организация", "образовательное учреждение", "ведущее учреждение")),
        "title": ("Название", ("название проекта", "проект", "тема", "наименование", "наименование проекта")),
        "kind": ("Вид", ("вид проекта", "тип", "тип проекта")),
        "portfolio": ("Портфель", ("управленческий портфель",)),
        "model": ("Модель", ("управленческая модель",)),
        "head": ("Руководитель", ("руководитель проекта", "ответственный")),
        "start": ("Начало", ("дата начала", "начало реализации", "с")),
        "end": ("Окончание", ("дата окончания", "конец", "окончание реализации", "по")),
        "status": ("Состояние", ("статус", "статус проекта")),
    }
    needed = ("title", "institution", "portfolio")

    def read_known(self):
        self.known_things = Known()
        return self.known_things.projects

    def form_for(self, values):
        return ProjectRowForm(values, known=self.known_things)

    def decide(self, one, words, known, seen):
        """The same name and institution in another year is another project: many are carried out every year."""
        key, span = (key_of_name(words["title"]), words["institution"].pk), span_of(words["start"], words["end"])
        above = at_that_time(span, seen.get(key, ()))
        if above:
            one.action, one.problems = WRONG, [f"Повторяет строку {above}."]
            return
        seen.setdefault(key, []).append((span, one.row))
        one.action, one.id = CREATE, at_that_time(span, known.get(key, ()))
        if one.id:
            one.action = SAME
            one.remark = "Такой проект этих лет у учреждения уже есть, он останется как есть. Изменяют его на его странице."


def span_of(start, end):
    """The days a project takes; with one end alone the rest of that year, None without both."""
    if not start and not end:
        return None
    return start or date(end.year, 1, 1), end or date(start.year, 12, 31)


def at_that_time(span, others):
    """What of ``[(span, it)]`` is carried out in the same days, or None. No days may be any days."""
    return next((it for other, it in others if None in (span, other) or span[0] <= other[1] and other[0] <= span[1]), None)


__all__ = ["CREATE", "SAME", "WRONG", "Checked", "ProjectTable"]


def sample_rows(user):
    """A row as this portal would take it: its own names of a portfolio, a model, an institution, and who asks as the head."""
    portfolio = Portfolio.objects.open().first()
    model = portfolio and portfolio.models.first()
    school = Institution.objects.open().first()
    year = timezone.localdate().year
    return [[str(school or "МБОУ школа № 1"), "Читающая школа", "управленческий", str(portfolio or "Название портфеля"), str(model or ""),
             user.full_name, f"01.09.{year}", f"31.05.{year + 1}", "реализуется"]]
