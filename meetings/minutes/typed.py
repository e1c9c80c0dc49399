"""The fields of the minutes: what is typed, what is stored, and the way back to the text one edits.

One object per field. ``read`` turns the typed text into what may be stored or raises ValidationError, ``stored``
is what the row holds in the same shape, ``source`` the text one edits, ``words`` how it reads beside another text.
Every typed value is one text, so a lost text is kept, sent and compared alike whatever the field.
"""
import re

from django.core.exceptions import ValidationError
from django.utils import timezone

from projectoffice.accounts.forms.fields import PersonField, label_of, labelled_people
from projectoffice.accounts.models import User
from projectoffice.common import lines
from projectoffice.common.text import clean_text

from ..assignment.due import read_due
from ..models import AgendaItem
from . import addressees
from .votes import MOST, SIDES, read_vote, vote_words

TEXT_LIMIT, NOTE_LIMIT, TERM_LIMIT, NAME_LIMIT, MOST_HELPERS = 8000, 500, 300, 300, 20


class Field:
    """A text stored as it was typed."""

    def __init__(self, attribute, title, *, limit=NOTE_LIMIT, multiline=False):
        self.attribute, self.title, self.limit, self.multiline = attribute, title, limit, multiline

    def read(self, typed, row):
        return clean_text(typed, multiline=self.multiline, limit=self.limit)

    def read_base(self, typed, row):
        """What another editor began from; conditions of today do not judge it."""
        return self.read(typed, row)

    def stored(self, row):
        return getattr(row, self.attribute)

    def source(self, row):
        return getattr(row, self.attribute)

    def words(self, row):
        return self.source(row)

    def write(self, row, value):
        setattr(row, self.attribute, value)

    def says(self, row, typed):
        """Whether the row still says this text, however it was typed."""
        try:
            return self.stored(row) == self.read_base(typed, row)
        except ValidationError:
            return False


class Lines(Field):
    def read(self, typed, row):
        return lines.validate(lines.from_text(typed))

    def source(self, row):
        return lines.to_text(getattr(row, self.attribute))


class Outcome(Field):
    def read(self, typed, row):
        if typed not in AgendaItem.Outcome.values:
            raise ValidationError("Выберите итог: рассмотрен, перенесён или снят с повестки.")
        return typed

    def words(self, row):
        return row.get_outcome_display()


class Vote(Field):
    """Typed as four parts: «1» for unanimous, then the numbers, «|12|0|1»; empty parts are no vote."""

    def read(self, typed, row):
        return self.read_among(typed, row.meeting.participants.voting().present().count())

    def read_base(self, typed, row):
        return self.read_among(typed, len(SIDES) * MOST)

    def read_among(self, typed, present):
        unanimous, *numbers = [part.strip() for part in [*typed.split("|", len(SIDES)), "", "", ""][: len(SIDES) + 1]]
        return read_vote(unanimous=unanimous == "1", numbers=dict(zip(SIDES, numbers, strict=True)), present=present)

    def source(self, row):
        vote = self.stored(row) or {}
        parts = ["1" if vote.get("unanimous") else "", *(str(vote.get(side, "")) for side in SIDES)]
        return "|".join(parts)

    def words(self, row):
        return vote_words(self.stored(row)) or "Не голосовали"


class Executor(Field):
    """«Кому»: a person, a group or words. With it a decision is a charge, without it a decision again."""

    def read(self, typed, row):
        text = clean_text(typed, limit=self.limit)
        found = addressees.read_addressee(text, row.executor)
        return found.text, found.person

    def stored(self, row):
        return row.executor_text, row.executor_id

    def source(self, row):
        return row.executor_text

    def write(self, row, value):
        row.executor_text, row.executor_id = value
        row.is_charge = bool(row.executor_text)
        group = addressees.institutions_of(row.executor_text)
        if group is not None:
            row.institutions.set(group)
        elif row.executor_id or not row.executor_text:
            row.institutions.clear()


class Controller(Field):
    def read(self, typed, row):
        text = clean_text(typed, limit=self.limit)
        if not text:
            return None
        return row.controller_id if row.controller and text == row.controller.short_name else find_person(text).pk

    def stored(self, row):
        return row.controller_id

    def source(self, row):
        return row.controller.short_name if row.controller else ""

    def write(self, row, value):
        row.controller_id = value


class CoExecutors(Field):
    """People one after another, parted by commas or semicolons."""

    def read(self, typed, row):
        known = {person.short_name: person.pk for person in row.co_executors.all()}
        names = names_in(clean_text(typed, multiline=True, limit=self.limit))
        if len(names) > MOST_HELPERS:
            raise ValidationError(f"Соисполнителей может быть не больше {MOST_HELPERS}.")
        return sorted({known.get(name) or find_person(name).pk for name in names})

    def stored(self, row):
        return sorted(person.pk for person in row.co_executors.all())

    def source(self, row):
        return ", ".join(person.short_name for person in row.co_executors.all())

    def write(self, row, value):
        row.co_executors.set(value)
        row._prefetched_objects_cache = {}


class Due(Field):
    """The term as typed, and what it means."""

    def write(self, row, value):
        due = read_due_of(row.item.meeting, value)
        row.due, row.due_start, row.due_end, row.is_permanent = value, due.start, due.end, due.is_permanent


def find_person(text):
    """The person of this name, or a ValidationError with the sentence of every form that asks for people."""
    person = addressees.person_called(text)
    return person if person and addressees.works(person) else PersonField().find(text)


def names_in(text):
    """Names parted by semicolons or line ends, else by commas; a suggestion's words with commas are one name."""
    parted = re.split(r"[;\n]", text)
    if len(parted) == 1 and not addressees.person_called(text):
        parted = text.split(",")
    return [name.strip() for name in parted if name.strip()]


def read_due_of(meeting, text):
    """What a term means in the minutes of a meeting: it counts from the meeting's day, whenever it is written down."""
    return read_due(text, meeting.date or timezone.localdate())


ITEM = {
    "heard": Lines("heard", "слушали"),
    "discussed": Lines("discussed", "выступили"),
    "outcome": Outcome("outcome", "итог"),
    "outcome_note": Field("outcome_note", "почему, на когда"),
    "vote": Vote("vote", "голосование"),
    "inclusion_vote": Vote("inclusion_vote", "голосование за включение"),
}
RESOLUTION = {
    "text": Field("text", "решение", limit=TEXT_LIMIT, multiline=True),
    "executor": Executor("executor", "кому", limit=NAME_LIMIT),
    "co_executors": CoExecutors("co_executors", "соисполнители", limit=4 * NAME_LIMIT),
    "controller": Controller("controller", "контролёр", limit=NAME_LIMIT),
    "due": Due("due", "срок", limit=TERM_LIMIT),
}


def people_for(texts):
    """People whose names or labels begin so, for suggestions while one types."""
    return [label_of(person) for person in labelled_people(User.objects.active().found_by(texts).in_order())[:10]]
