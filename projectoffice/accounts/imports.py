"""Import of people and institutions from Excel: columns found by their headings, each row checked by itself.

``Table.check(rows)`` says of every row what would happen, and stores nothing; ``Table.apply(checked, by)``
does it inside the caller's transaction.
"""
from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import ValidationError

from .forms.fields import DateField, InstitutionFinder, key_of_name
from .forms.institutions import InstitutionForm
from .forms.people import EMAIL_WRONG, NamesForm
from .models import Institution, Post, User
from .services.login import powerful_people

CREATE, UPDATE, SAME, WRONG = "create", "update", "same", "wrong"
HEADING_AMONG = 15  # rows: a title and a note may stand above the table


@dataclass
class Checked:
    """One row of the file: what it says, what is wrong with it, what would be done."""

    row: int
    values: dict
    problems: list[str] = field(default_factory=list)
    action: str = CREATE
    id: int | None = None
    changes: dict = field(default_factory=dict)
    remark: str = ""  # worth a look, bars nothing

    def as_json(self):
        return dict(self.__dict__)


class PersonRowForm(NamesForm):
    title = forms.CharField(label="Должность", max_length=300, required=False)
    institution = forms.CharField(label="Учреждение", max_length=500, required=False)
    since = DateField(label="В должности с", required=False)

    def __init__(self, *args, finder, **kwargs):
        super().__init__(*args, **kwargs)
        self.finder = finder

    def clean_institution(self):
        text = self.cleaned_data["institution"]
        found = self.finder.find(text) if text else None
        if isinstance(found, str):
            raise ValidationError(found)
        return found

    def clean(self):
        words = super().clean()
        if words.get("institution") and not words.get("title"):
            self.add_error("title", "Впишите должность в этом учреждении.")
        return words


class InstitutionRowForm(InstitutionForm):
    version = key = None


class Table:
    """What the two imports share: finding the columns, reading the rows through a form."""

    columns: dict[str, tuple[str, tuple[str, ...]]]  # field: heading, other headings
    needed: tuple[str, ...]

    def headings(self):
        return [heading for heading, _ in self.columns.values()]

    def known(self):
        return {key_of_name(name): key for key, (heading, others) in self.columns.items() for name in (heading, *others)}

    def find_columns(self, rows):
        """``(index of the heading row, {field: column})``; ValidationError says what was looked for."""
        known = self.known()
        best, places = 0, {}
        for index, (_, texts) in enumerate(rows[:HEADING_AMONG]):
            found = {}
            for column, text in enumerate(texts):
                name = known.get(key_of_name(text))
                if name:
                    found.setdefault(name, column)
            if len(found) > len(places):
                best, places = index, found
        missing = [self.columns[name][0] for name in self.needed if name not in places]
        if missing and not self.stands_in(places):
            words = ", ".join(f"«{heading}»" for heading in self.headings())
            raise ValidationError(
                f"Не нашли графу «{missing[0]}». В первой строке таблицы должны стоять названия граф: {words}."
            )
        return best, places

    def stands_in(self, places):
        return False

    def check(self, rows):
        """Every row of the file as ``Checked``; nothing is stored."""
        start, places = self.find_columns(rows)
        return self.judge([(number, self.values(texts, places)) for number, texts in rows[start + 1:]])

    def values(self, texts, places):
        return {name: texts[column] if column < len(texts) else "" for name, column in places.items()}

    def judge(self, numbered):
        known = self.read_known()
        seen: dict = {}
        checked = []
        for number, values in numbered:
            form = self.form_for(values)
            one = Checked(number, values)
            if not form.is_valid():
                one.action = WRONG
                one.problems = problems_of(form)
            else:
                self.decide(one, form.cleaned_data, known, seen)
            checked.append(one)
        return checked


def problems_of(form):
    return [
        f"{form.fields[name].label}: {error}" if name in form.fields else str(error)
        for name, errors in form.errors.items() for error in errors
    ]


def differences(obj, words, names):
    """What the file adds or changes: an empty cell never wipes out what is known."""
    return {
        name: [getattr(obj, name) or "", words[name]]
        for name in names if words.get(name) not in (None, "") and getattr(obj, name) != words[name]
    }


class PeopleTable(Table):
    columns = {
        "surname": ("Фамилия", ()),
        "given_name": ("Имя", ()),
        "patronymic": ("Отчество", ()),
        "email": ("Почта", ("email", "e-mail", "эл. почта", "электронная почта", "адрес электронной почты")),
        "phone": ("Телефон", ("тел.", "контактный телефон", "мобильный телефон")),
        "title": ("Должность", ()),
        "institution": ("Учреждение", ("оо", "моу", "организация", "место работы", "образовательное учреждение")),
        "since": ("В должности с", ("с", "дата назначения")),
        "full": ("ФИО", ("фамилия имя отчество", "фамилия, имя, отчество", "ф.и.о.")),
    }
    needed = ("surname",)

    def headings(self):
        return super().headings()[:-1]

    def stands_in(self, places):
        return "full" in places

    def form_for(self, values):
        return PersonRowForm(values, finder=self.finder)

    def values(self, texts, places):
        values = super().values(texts, places)
        full = values.pop("full", "").split()
        if full and not values.get("surname"):
            values |= dict(zip(("surname", "given_name", "patronymic"), [*full[:2], " ".join(full[2:])], strict=False))
        return values

    def read_known(self):
        """People by mail and surname, and by full name and institution (None: without any)."""
        self.finder = InstitutionFinder()
        known: dict = {}
        people = {person.pk: person for person in User.objects.all()}
        self.powerful = set(powerful_people().values_list("pk", flat=True))
        for person in people.values():
            if person.email:
                known.setdefault(("mail", person.email.lower(), key_of_name(person.surname)), set()).add(person)
            known.setdefault(("name", key_of_name(person.full_name)), set()).add(person)
            known.setdefault(self.alike(person.surname, person.given_name), set()).add(person)
        self.posts: dict = {}
        for post in Post.objects.current():
            self.posts.setdefault(post.person_id, set()).add((key_of_name(post.title), post.institution_id))
            if post.institution_id:
                name = key_of_name(people[post.person_id].full_name)
                known.setdefault(("place", name, post.institution_id), set()).add(people[post.person_id])
        return known

    def alike(self, surname, given_name):
        return "alike", key_of_name(surname), given_name[:1].lower()

    def decide(self, one, words, known, seen):
        full = key_of_name(" ".join((words["surname"], words["given_name"], words["patronymic"])))
        place = words["institution"].pk if words["institution"] else None
        key = (full, words["email"].lower(), place)
        if key in seen:
            one.action, one.problems = WRONG, [f"Повторяет строку {seen[key]}."]
            return
        seen[key] = one.row
        found = known.get(("mail", words["email"].lower(), key_of_name(words["surname"])), set()) if words["email"] else set()
        found = found or known.get(("place", full, place), set())
        if not found and place is None and not words["email"]:
            found = known.get(("name", full), set())
        if len(found) > 1:
            one.action, one.problems = WRONG, ["Таких людей в списке несколько. Внесите изменения с карточки."]
        elif found:
            self.compare(one, words, next(iter(found)))
        elif same := known.get(self.alike(words["surname"], words["given_name"])):
            one.remark = "Похоже на: " + "; ".join(sorted(person.full_name for person in same)[:3]) + ". Если это тот же человек, " \
                         "внесите изменения с его карточки."

    def compare(self, one, words, person):
        one.id = person.pk
        one.changes = differences(person, words, ("given_name", "patronymic", "phone", "email"))
        if person.username or person.pk in self.powerful:
            one.changes.pop("email", None)  # where links and invitations go is changed on the card, with its guards
        place = words["institution"].pk if words["institution"] else None
        if words["title"] and (key_of_name(words["title"]), place) not in self.posts.get(person.pk, set()):
            one.changes["title"] = ["", words["title"]]
        one.action = UPDATE if one.changes else SAME


class InstitutionTable(Table):
    columns = {
        "legal_form": ("Форма", ("организационно-правовая форма", "тип учреждения")),
        "kind": ("Вид", ()),
        "number": ("Номер", ("№",)),
        "own_name": ("Собственное имя", ("имя", "название")),
        "full_name": ("Полное наименование", ("полное название",)),
        "email": ("Почта", ("email", "e-mail", "эл. почта", "электронная почта")),
        "phone": ("Телефон", ("тел.",)),
        "address": ("Адрес", ()),
    }
    needed = ("legal_form",)

    def form_for(self, values):
        values = values | {"number": values.get("number", "").lstrip("№ ")}
        form = InstitutionRowForm(values)
        form.fields["email"].error_messages.update(EMAIL_WRONG)
        return form

    def read_known(self):
        return {self.key_of(i.legal_form, i.kind, i.number, i.own_name): i for i in Institution.objects.all()}

    def key_of(self, legal_form, kind, number, own_name):
        return key_of_name(legal_form), key_of_name(kind), number, key_of_name(own_name)

    def decide(self, one, words, known, seen):
        key = self.key_of(words["legal_form"], words["kind"], words["number"], words["own_name"])
        if key in seen:
            one.action, one.problems = WRONG, [f"Повторяет строку {seen[key]}."]
            return
        seen[key] = one.row
        found = known.get(key)
        if found:
            one.id = found.pk
            one.changes = differences(found, words, ("full_name", "email", "phone", "address"))
            one.action = UPDATE if one.changes else SAME


TABLES = {"people": PeopleTable, "institutions": InstitutionTable}


