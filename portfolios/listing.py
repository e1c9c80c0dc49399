"""A list of projects with its filters, the same for its page, a portfolio's page and the Excel file. Reads only."""
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Count, Window

from projectoffice.common.russian import date_short
from projectoffice.common.text import showable

from . import reading
from .forms.project import ProjectFilter
from .models import Project
from .words import Look, course_badge, status_badge

STEP = 50
MOST_EXPORTED = 20_000
ORDERS = {
    "title": ("title",), "-title": ("-title",), "end": ("end", "title"), "-end": ("-end", "title"),
    "report": ("last_report_on", "title"), "-report": ("-last_report_on", "title"),
}
BY_URGENCY = ("standing", "title")


@dataclass(frozen=True)
class Row:
    """One line of the list, the same on the page and in the exported file."""

    project: reading.Line
    status: Look
    course: Look | None


@dataclass
class Listing:
    """What a person asked for (``query`` of the address) of the projects one may see."""

    query: object
    user: object
    portfolio: object = None
    models: list | None = None
    words: dict = field(init=False)

    def __post_init__(self):
        self.form = ProjectFilter(self.query, user=self.user, portfolio=self.portfolio, models=self.models)
        self.form.is_valid()
        self.words = {name: self.form.cleaned_data.get(name) for name in self.form.fields}

    @cached_property
    def projects(self):
        seen = reading.with_standing().visible_to(self.user)
        if self.portfolio:
            seen = seen.filter(portfolio=self.portfolio)
        if not self.words.get("archive"):
            seen = seen.in_archive(False)
        return reading.filtered(seen, self.words, self.user)

    @property
    def sort(self):
        asked = self.query.get("sort", "")
        return asked if asked in ORDERS else ""

    @property
    def asked_page(self):
        text = self.query.get("page", "1")
        return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 7 else 1

    @cached_property
    def found(self):
        """``(page, how many in all, [(pk, standing)])``: one question; a page behind the last is the last."""
        keys = self.keys(self.asked_page)
        if keys or self.asked_page == 1:
            return self.asked_page, keys[0][-1] if keys else 0, keys
        total = self.projects.order_by().count()
        last = max(1, -(-total // STEP))
        return last, total, self.keys(last)

    def keys(self, page):
        counted = self.ordered().annotate(total=Window(Count("*")))
        return list(counted.values_list("pk", "standing", "total")[(page - 1) * STEP:page * STEP])

    @property
    def page(self):
        return self.found[0]

    @property
    def total(self):
        return self.found[1]

    @property
    def shown(self):
        return min(self.page * STEP, self.total)

    def ordered(self):
        return self.projects.order_by(*ORDERS.get(self.sort, BY_URGENCY), "pk")

    @cached_property
    def rows(self):
        """The rows of this page: first which ones, then what is told about each of these alone."""
        return rows_of([(pk, standing) for pk, standing, _ in self.found[2]])

    def every_row(self):
        return rows_of(list(self.ordered().values_list("pk", "standing")[:MOST_EXPORTED]))

    @property
    def used(self):
        """The filters in use as pairs for an address."""
        return [(name, address_word(value)) for name, value in self.words.items() if value]

    @property
    def export_query(self):
        return urlencode([*self.used, *([("portfolio", self.portfolio.pk)] if self.portfolio else [])])

    @property
    def next_url(self):
        order = [("sort", self.sort)] if self.sort else []
        return f"?{urlencode([*self.used, *order, ('page', self.page + 1)])}" if self.shown < self.total else ""

    @property
    def chosen(self):
        return [{"label": self.label(name, self.words[name]),
                 "url": f"?{urlencode([pair for pair in self.used if pair[0] != name])}"} for name, _ in self.used]

    def label(self, name, value):
        if value is True:
            return self.form.fields[name].label
        choices = dict(getattr(self.form.fields[name], "choices", ())) if name in ("kind", "status", "course") else {}
        title = "Поиск" if name == "q" else self.form.fields[name].label
        return f"{title}: {showable(choices.get(value, value))}"


def address_word(value):
    if value is True:
        return "on"
    return str(value) if hasattr(value, "legal_form") else getattr(value, "pk", value)


def rows_of(wanted):
    """Rows for ``(pk, standing)`` in this order; one query for any number of them."""
    found = reading.lines([pk for pk, _ in wanted])
    return [row_of(found[pk], standing) for pk, standing in wanted if pk in found]


def row_of(line, standing):
    active = line.status == Project.Status.ACTIVE
    return Row(line, status_badge(line), course_badge(reading.course_at(standing)) if active else None)


HEADINGS = ["Проект", "Вид", "Портфель", "Модель", "Учреждение", "Руководитель", "Начало", "Окончание", "Состояние", "Ход",
            "Последний отчёт"]


def exported(rows):
    """What is shown, as lines of a table."""
    for row in rows:
        project = row.project
        yield [
            project.title, project.get_kind_display(), project.portfolio, project.model, project.institution, project.head,
            day(project.start), day(project.end), row.status.word, row.course.word if row.course else "", day(project.last_report_on),
        ]


def day(value):
    return date_short(value) if value else ""
