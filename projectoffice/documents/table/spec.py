"""What an app tells about its table: models, columns, words, the linter."""
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.urls import reverse

from .cells import Cell, PeopleCell

_tables: list["Table"] = []


@dataclass(frozen=True)
class Table:
    """A table of rows under a document.

    ``content`` is the model that has ``document``, ``title``, ``period_start``, ``period_end`` and ``version``; rows
    (``documents.rows.Row``), presences and acknowledgements point to it by the foreign key ``plan``, responsibles to
    their row by ``item``. ``name`` begins the names of its addresses in the app's ``namespace``.

    The first of ``cells`` is the printed number, ``main`` the key of the one that says what the row is about;
    ``section`` is the heading across the table a row stands under. ``paste_headings`` is a pattern of words that
    begin the headings of such tables in Word. ``anew``: numbers begin with 1 under every
    heading; otherwise only where the table already counts so. ``lint(content, rows, stamps)`` gives the remarks,
    ``mends`` the words and verbs of those that can be mended at once: {fix: (words, ending of the URL's name)}.
    """

    name: str
    namespace: str
    content: Any
    row: Any
    presence: Any
    acknowledgement: Any
    permission: str
    cells: tuple[Cell, ...]
    main: str
    section: Cell
    lint: Callable[[Any, list, list], list]
    anew: bool = False
    related: tuple[str, ...] = ()
    mends: dict[str, tuple[str, str]] = field(default_factory=dict)
    not_yours: str = "Править этот документ могут сотрудники Проектного офиса."
    paste_headings: str = "^№"

    @cached_property
    def typed(self):
        """{key: cell} of everything one may type: the columns and the heading above the row."""
        return {cell.key: cell for cell in (*self.cells, self.section)}

    @cached_property
    def people(self):
        """The cell of people, or None."""
        return next((cell for cell in self.cells if isinstance(cell, PeopleCell)), None)

    @property
    def responsible(self):
        return self.row.responsibles.field.model

    @cached_property
    def columns(self):
        """The columns as a snapshot has them."""
        return [{"key": cell.key, "title": cell.title, "width": cell.width} for cell in self.cells]

    def cell(self, key):
        """The cell of this name; a name that is none is refused."""
        found = self.typed.get(key) if isinstance(key, str) else None
        if found is None:
            raise ValidationError("Такой графы нет. Обновите страницу.")
        return found

    def read(self, key, value):
        """The typed value as it may be stored; the refusal names the cell."""
        cell = self.cell(key)
        try:
            return cell.read(value)
        except ValidationError as refusal:
            raise ValidationError({key: refusal.messages}) from refusal

    def rows(self, content):
        """All rows, removed ones too."""
        return self.row.objects.filter(plan=content)

    def rows_of(self, content):
        """The rows that stand in the table, with their people: two queries for any number of rows."""
        return self.rows(content).present().order_by("position").prefetch_related(
            Prefetch("responsibles", self.responsible.objects.select_related("person")))

    def is_empty(self, row):
        return not any(cell.stored(row) for cell in self.cells[1:])

    def period(self, content):
        return content.period_start, content.period_end

    def url(self, ending, *args):
        """The address of a verb: ``table.url("row_add", content.pk)``."""
        return reverse(f"{self.namespace}:{self.name}_{ending}", args=args)

    def base(self, content):
        """The address its rows live under."""
        return f"{content.get_absolute_url()}rows/"


def register(table):
    _tables.append(table)
    return table


def table_of(thing):
    """The table a content or a row belongs to."""
    return next(table for table in _tables if isinstance(thing, (table.content, table.row)))
