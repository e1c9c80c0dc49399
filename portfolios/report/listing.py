"""A list of reports with its filters, the same for its page, the page of a period and the Excel file. Reads only."""
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, When

from projectoffice.common.russian import moment_short
from projectoffice.common.templatetags.office import badge
from projectoffice.documents.route import deciding_for

from ..forms.period import ReportFilter
from ..listed import MOST_EXPORTED, Listed, addresses, place_of
from ..models import ProgressReport, Project, ProjectInstitution
from ..reading import Line, found_by, lines
from . import standing

NEWEST = ("-due_at", "-pk")
BY_URGENCY = ("urgency", "due_at", "project__title", "pk")
TOLD = ("project", "period", "state", "due_at", "submitted_at", "decided_at", "is_late", "version", "remark")


@dataclass(frozen=True)
class Row:
    """One line of the list, the same on the page and in the exported file."""

    report: ProgressReport
    project: Line
    badges: list

    @property
    def is_late(self):
        return any(family == "alert" for family, _ in self.badges)


@dataclass
class ReportListing(Listed):
    """What a person asked for (``query`` of the address) of the reports one may see, of one period or of all."""

    query: object
    user: object
    period: object = None
    named = ("state",)

    def __post_init__(self):
        self.read(ReportFilter(self.query, user=self.user, period=self.period))
        self.kept = (("period", self.period.pk),) if self.period else ()

    @cached_property
    def reports(self):
        found = ProgressReport.objects.visible_to(self.user)
        if self.period:
            found = found.filter(period=self.period)
        for condition in conditions(self.words, self.user):
            found = found.filter(condition)
        return found

    @cached_property
    def total(self):
        return self.reports.order_by().count()

    @property
    def is_of_period(self):
        return bool(self.period or self.words.get("period"))

    @property
    def order_words(self):
        return "Сначала просроченные" if self.is_of_period else "Сначала с поздним сроком"

    def ordered(self):
        """Of a period the late ones first; of all periods the newest."""
        return with_urgency(self.reports).order_by(*BY_URGENCY) if self.is_of_period else self.reports.order_by(*NEWEST)

    @cached_property
    def rows(self):
        """The rows of this page: first which ones, then what is told about each of these alone."""
        return rows_of(list(self.ordered().values_list("pk", flat=True)[place_of(self.page)]))

    @cached_property
    def drawn(self):
        """The rows as the page draws them."""
        return drawn_rows(self.rows)

    def every_row(self):
        return rows_of(list(self.ordered().values_list("pk", flat=True)[:MOST_EXPORTED]))


def conditions(words, user):
    """What the filters in use ask of a report."""
    if words.get("period"):
        yield Q(period=words["period"])
    if words.get("portfolio"):
        yield Q(period__portfolio=words["portfolio"])
    if words.get("state"):
        yield standing.conditions()[words["state"]]
    if words.get("late"):
        yield Q(is_late=True, submitted_at__isnull=False) & ~Q(state=ProgressReport.State.DRAFT)
    if words.get("institution"):
        yield Exists(ProjectInstitution.objects.filter(project=OuterRef("project"), institution__in=words["institution"].pks))
    if words.get("mine"):
        yield of_my_projects(user)
    if words.get("q"):
        yield Q(project__in=Project.objects.filter(found_by(words["q"])).order_by().values("pk"))


def of_my_projects(user):
    """Reports one writes, and those of the portfolios one heads."""
    headed = Project.objects.filter(portfolio__head__in=deciding_for(user))
    return Q(project__in=Project.objects.kept_by(user).values("pk")) | Q(project__in=headed.values("pk"))


def with_urgency(reports):
    """An order by urgency: who is late first, who is not waited for last."""
    found = standing.conditions()
    return reports.annotate(urgency=Case(
        *(When(found[word], then=place) for place, word in enumerate(standing.LOOKS)), output_field=IntegerField()))


def rows_of(wanted):
    """Rows of these reports in this order; two queries for any number of them, none of which reads their texts."""
    reports = standing.with_standing(ProgressReport.objects.filter(pk__in=wanted)).annotate(period_title=F("period__title"))
    found = reports.only(*TOLD).order_by().in_bulk()
    projects = lines({report.project_id for report in found.values()})
    return [Row(found[pk], projects[found[pk].project_id], standing.badges(found[pk])) for pk in wanted if pk in found]


def drawn_rows(rows):
    """Flat rows with every word, badge and address ready: a template that looks for them takes three times as long."""
    project_url, report_url = addresses("portfolios:project"), addresses("portfolios:report")
    return [{
        "pk": row.report.pk, "url": report_url(row.report.pk), "project_url": project_url(row.project.pk), "title": row.project.title,
        "portfolio": row.project.portfolio, "institution": row.project.institution, "period": row.report.period_title, "due": moment_short(row.report.due_at),
        "badges": [badge(*look) for look in row.badges], "is_late": row.is_late,
        "is_on_check": row.report.state == ProgressReport.State.SUBMITTED,
        "sent": moment_short(row.report.submitted_at) if row.report.submitted_at else "",
    } for row in rows]


HEADINGS = ["Проект", "Учреждение", "Руководитель", "Портфель", "За что отчёт", "Срок", "Состояние", "Отправлен", "Решение", "Замечание"]


def exported(rows):
    """What is shown, as lines of a table."""
    for row in rows:
        report, project = row.report, row.project
        yield [
            project.title, project.institution, project.head, project.portfolio, report.period_title, moment_short(report.due_at), ", ".join(word for _, word in row.badges),
            moment_short(report.submitted_at) if report.submitted_at else "",
            moment_short(report.decided_at) if report.decided_at else "", report.remark,
        ]
