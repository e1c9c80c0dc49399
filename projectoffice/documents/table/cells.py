"""Cells of a row: what people type, what is stored, and the way back to the text one edits.

Lines are typed as text («– » is a dash, «• » a bullet, two blanks a level), people one per line.
"""
import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from django.core.exceptions import ValidationError

from projectoffice.accounts.models import User
from projectoffice.accounts.names import people_named
from projectoffice.common import lines
from projectoffice.common.terms import parse_term, reading
from projectoffice.common.text import clean_text

from .linting import is_number

LABEL_LIMIT, TERM_LIMIT, NAME_LIMIT, SECTION_LIMIT, MOST_NAMES = 20, 300, 300, 300, 30
BAD_PEOPLE = "Ответственные пришли не в том виде. Обновите страницу и повторите."


@dataclass(frozen=True)
class Cell(ABC):
    """A column of the table and the field of the row it stands for.

    ``title`` and ``width`` are of the printed column, ``asked`` is the name beside a cell, ``noun`` the word of the
    history; ``help`` and ``form_rows`` are for the ordinary form of a row.
    """

    key: str
    title: str = ""
    width: int = 0
    asked: str = ""
    noun: str = ""
    limit: int = NAME_LIMIT
    help: str = ""
    form_rows: int = 1
    kind: ClassVar[str] = "text"

    @abstractmethod
    def read(self, value):
        """The typed value as it may be stored; ValidationError otherwise."""

    def write(self, row, value, period):
        """Put a value that ``read`` returned into the row. The row itself is saved by the caller."""
        setattr(row, self.key, value)

    def stored(self, row):
        """What the cell holds, in the shape ``read`` returns."""
        return getattr(row, self.key)

    def source(self, row):
        """The text one edits, as it stands in the cell now."""
        return getattr(row, self.key)

    def printed(self, row):
        """What stands in the snapshot."""
        return getattr(row, self.key)

    def ready(self, row):
        """The value of another row, as ``read`` takes it."""
        return getattr(row, self.key)

    def says(self, row, text):
        """Whether the cell still says this text, however it was typed."""
        try:
            return self.stored(row) == self.read(text)
        except ValidationError:
            return False

    def shown(self, row, period):
        """What the component draws beside ``key``, ``kind``, ``title`` and ``source``."""
        return {"text": self.source(row)}

    def pasted(self, cell):
        """The value of a cell of the clipboard, given as lines."""
        return "\n".join(line["text"] for line in cell)


@dataclass(frozen=True)
class TextCell(Cell):
    multiline: bool = False

    def read(self, value):
        return clean_text(value, multiline=self.multiline, limit=self.limit)

    def pasted(self, cell):
        return super().pasted(cell) if self.multiline else " ".join(line["text"] for line in cell)


@dataclass(frozen=True)
class LinesCell(Cell):
    kind: ClassVar[str] = "lines"

    def read(self, value):
        """Lines from typed text, or ready lines (an import, a paste)."""
        return lines.validate(lines.from_text(value) if isinstance(value, str) else value)

    def source(self, row):
        return lines.to_text(getattr(row, self.key))

    def shown(self, row, period):
        return {"text": lines.to_html(getattr(row, self.key))}

    def pasted(self, cell):
        return cell


@dataclass(frozen=True)
class TermCell(TextCell):
    """The text as printed, and beside it the days it means inside the period of the table."""

    multiline: bool = True
    limit: int = TERM_LIMIT

    def write(self, row, value, period):
        super().write(row, value, period)
        understood = parse_term(value, period)
        row.term_start, row.term_end = understood.start, understood.end

    def shown(self, row, period):
        term = parse_term(getattr(row, self.key), period)
        return {**super().shown(row, period), "reading": reading(term), "unclear": not term.understood}


@dataclass(frozen=True)
class NumberCell(TextCell):
    """A number as typed; what is none stays as text and is told under the cell."""

    unclear: str = "Это не число"
    kind: ClassVar[str] = "number"

    def shown(self, row, period):
        typed = getattr(row, self.key)
        strange = bool(typed) and not is_number(typed)
        return {**super().shown(row, period), "reading": self.unclear if strange else "", "unclear": strange}


@dataclass(frozen=True)
class PeopleCell(Cell):
    """Who answers for the row: people, roles or collectives, in order; kept in the row's ``responsibles``."""

    limit: int = NAME_LIMIT
    kind: ClassVar[str] = "people"

    def read(self, value):
        """[(text, id of the person or None)] from typed text, or from a list of texts or {"text", "person"}."""
        return self.linked(self.read_names(value))

    def read_names(self, value):
        """The same, before anybody is recognised by the name."""
        entries = value.split("\n") if isinstance(value, str) else value
        if not isinstance(entries, list):
            raise ValidationError(BAD_PEOPLE)
        pairs = [(clean_text(text, limit=self.limit), person) for text, person in map(_entry, entries)]
        pairs = [(text, person) for text, person in pairs if text]
        if len(pairs) > MOST_NAMES:
            raise ValidationError(f"В одной строке помещается не больше {MOST_NAMES} ответственных.")
        return pairs

    def linked(self, pairs):
        """The chosen person when it is an active one, otherwise the one whom the printed name means without doubt."""
        chosen = {person for _, person in pairs if person}
        known = set(User.objects.active().filter(pk__in=chosen).values_list("pk", flat=True)) if chosen else set()
        named = people_named(self.name_of(text) for text, person in pairs if person not in known)
        return [(text, person if person in known else _pk(named.get(self.name_of(text)))) for text, person in pairs]

    def name_of(self, text):
        """The name in a printed entry; in most tables the entry is the name."""
        return text

    def parts_of(self, text):
        """Further fields a responsible has, told by the printed entry."""
        return {}

    def people(self, row, pairs):
        """Unsaved responsibles of a row."""
        return [row.responsibles.model(item=row, text=text, person_id=person, position=place, **self.parts_of(text))
                for place, (text, person) in enumerate(pairs)]

    def write(self, row, value, period):
        row.responsibles.all().delete()
        row._prefetched_objects_cache = {}
        row.responsibles.model.objects.bulk_create(self.people(row, value))

    def stored(self, row):
        return [(one.text, one.person_id) for one in row.responsibles.all()]

    def source(self, row):
        return "\n".join(self.printed(row))

    def printed(self, row):
        return [one.text for one in row.responsibles.all()]

    def ready(self, row):
        return [{"text": one.text, "person": one.person_id} for one in row.responsibles.all()]

    def says(self, row, text):
        try:
            return [name for name, _ in self.read(text)] == self.printed(row)
        except ValidationError:
            return False

    def shown(self, row, period):
        found = list(row.responsibles.all())
        return {"names": [one.text for one in found],
                "people": json.dumps({one.text: one.person_id for one in found if one.person_id})}

    def pasted(self, cell):
        return [line["text"] for line in cell]


def _entry(entry):
    if isinstance(entry, str):
        return entry, None
    if not isinstance(entry, dict) or not isinstance(entry.get("text"), str):
        raise ValidationError(BAD_PEOPLE)
    person = entry.get("person")
    return entry["text"], person if type(person) is int and 0 < person < 2**63 else None


def _pk(person):
    return person.pk if person else None


def label_cell(**words):
    return TextCell("label", "№ п/п", asked="№", noun="номер", limit=LABEL_LIMIT, **words)


def section_cell(asked="Подзаголовок над строкой", noun="подзаголовок", **words):
    return TextCell("section", asked=asked, noun=noun, limit=SECTION_LIMIT, **words)
