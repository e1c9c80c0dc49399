"""A list of projects with its filters, the same for its page, a portfolio's page and the Excel file. Reads only."""
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Window
from django.urls import reverse

from projectoffice.accounts.access import may
from projectoffice.common.russian import date_short
from projectoffice.common.templatetags.office import badge

from . import reading
from .forms.project import ProjectFilter
from .listed import MOST_EXPORTED, Listed, addresses, last_page, place_of
from .models import Project
from .report.latest import Latest, latest
from .report.workflow import CHECK
from .words import Look, course_badge, status_badge

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
    latest: Latest | None


@dataclass
class Listing(Listed):
    """What a person asked for (``query`` of the address) of the projects one may see."""

    query: object
    user: object
    portfolio: object = None
    models: list | None = None
    lines: dict | None = None
    named = ("kind", "status", "course")

    def __post_init__(self):
        self.read(ProjectFilter(self.query, user=self.user, portfolio=self.portfolio, models=self.models))
        self.kept = (("portfolio", self.portfolio.pk),) if self.portfolio else ()

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

    @cached_property
    def found(self):
        """``(page, how many in all, [(pk, standing)])``: one question; a page behind the last is the last."""
        keys = self.keys(self.asked_page)
        if keys or self.asked_page == 1:
            return self.asked_page, keys[0][-1] if keys else 0, keys
        total = self.projects.order_by().count()
        last = last_page(total)
        return last, total, self.keys(last)

    @property
    def is_plain(self):
        """Whether it is asked for as it opens: everything, the first page, by urgency."""
        return not self.used and not self.sort and self.asked_page == 1

    def opened_with(self, keys, total):
        """The first rows where the page has read them together with its counts."""
        self.found = 1, total, [(pk, standing, total) for pk, standing in keys]

    def keys(self, page):
        counted = self.ordered().annotate(total=Window(Count("*")))
        return list(counted.values_list("pk", "standing", "total")[place_of(page)])

    @property
    def page(self):
        return self.found[0]

    @property
    def total(self):
        return self.found[1]

    def ordered(self):
        return self.projects.order_by(*ORDERS.get(self.sort, BY_URGENCY), "pk")

    @property
    def pks(self):
        return [pk for pk, *_ in self.found[2]]

    @cached_property
    def rows(self):
        """The rows of this page: first which ones, then what is told about each of these alone.

        ``lines`` holds that already where the page has read it together with other rows.
        """
        checks = may(self.user, CHECK, self.portfolio)
        return rows_of([(pk, standing) for pk, standing, _ in self.found[2]], checks=checks, lines=self.lines)

    @cached_property
    def drawn(self):
        """The rows as the page draws them."""
        return drawn_rows(self.rows, in_portfolio=self.portfolio is not None)

    def every_row(self):
        return rows_of(list(self.ordered().values_list("pk", "standing")[:MOST_EXPORTED]))


def rows_of(wanted, *, checks=False, lines=None):
    """Rows for ``(pk, standing)`` in this order; one query for any number of them. ``checks``: the reader checks reports."""
    found = reading.lines([pk for pk, _ in wanted]) if lines is None else lines
    return [row_of(found[pk], standing, checks) for pk, standing in wanted if pk in found]


def row_of(line, standing, checks):
    active = line.status == Project.Status.ACTIVE
    course = course_badge(reading.course_at(standing)) if active else None
    return Row(line, status_badge(line), course, latest(line.report, checks))


def drawn_rows(rows, *, in_portfolio):
    """Flat rows with every word, badge and address ready: a template that looks for them takes three times as long."""
    project_url, report_url, review = addresses("portfolios:project"), addresses("portfolios:report"), reverse("portfolios:review")
    return [{
        "url": project_url(row.project.pk), "title": row.project.title, "under": under(row.project, in_portfolio),
        "institution": row.project.institution, "head": row.project.head,
        "status": badge(*row.status), "course": badge(*row.course) if row.course else "",
        "is_alert": bool(row.course) and row.course.family == "alert", "end": day(row.project.end),
        "report": row.latest.words if row.latest else day(row.project.last_report_on),
        "report_url": row.latest.address(report_url, review) if row.latest else "",
    } for row in rows]


def under(project, in_portfolio):
    """What stands under the title: the kind, and the model where all rows share the portfolio."""
    words = [project.get_kind_display(), project.model if in_portfolio else project.portfolio, "в архиве" if project.is_archived else ""]
    return " · ".join(filter(None, words))


HEADINGS = ["Проект", "Вид", "Портфель", "Модель", "Учреждение", "Руководитель", "Начало", "Окончание", "Состояние", "Ход",
            "Последний отчёт", "Что с отчётом"]


def exported(rows):
    """What is shown, as lines of a table; days as days, so that a table program sorts and counts them."""
    for row in rows:
        project = row.project
        yield [
            project.title, project.get_kind_display(), project.portfolio, project.model, project.institution, project.head,
            project.start, project.end, row.status.word, row.course.word if row.course else "",
            row.latest.day if row.latest else project.last_report_on, row.latest.became if row.latest else "",
        ]


def day(value):
    return date_short(value) if value else ""
