"""Reads of projects for lists and overviews: courses, counts, facts. One question each, whatever the number."""
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache, reduce
from operator import and_

from django.db import connection
from django.db.models import (
    Case,
    Count,
    Exists,
    FilteredRelation,
    IntegerChoices,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce, JSONObject, Now
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.models import User
from projectoffice.accounts.models.institution import NAMED_BY, name_of
from projectoffice.common.db import Prepared, told_in

from .models import Milestone, ProgressReport, Project, ProjectInstitution
from .report.checking import waiting_for
from .report.latest import last_sent
from .words import NO_DATA, ON_CHECK

TROUBLE_DAYS = 30  # a point overdue for longer than this makes «Нужна помощь»
NO_REPORT_DAYS = 190  # half a year and a week
MOST_WORDS = 6
Status, Course = Project.Status, Project.Course


class Standing(IntegerChoices):
    """How a project stands, in the order of urgency: who needs help first, what is over last."""

    IN_TROUBLE = 0
    LAGGING = 1
    ON_CHECK = 2
    SUSPENDED = 3
    UNKNOWN = 4
    ON_TRACK = 5
    PREPARING = 6
    OVER = 7


COURSES = {
    Standing.IN_TROUBLE: Course.IN_TROUBLE.value, Standing.LAGGING: Course.LAGGING.value, Standing.ON_CHECK: ON_CHECK,
    Standing.ON_TRACK: Course.ON_TRACK.value, Standing.UNKNOWN: Course.UNKNOWN.value,
}
STANDINGS = {course: standing for standing, course in COURSES.items()}


def overdue_projects(today, days=0):
    """Ids of projects that have a point overdue for more than so many days: asked once, not per row."""
    return Milestone.objects.overdue(today - timedelta(days=days)).order_by().values("project")


def projects_on_check():
    """Ids of projects whose report waits to be checked."""
    return ProgressReport.objects.filter(state=ProgressReport.State.SUBMITTED).order_by().values("project")


def with_standing():
    """Projects with ``standing``: a ``Standing``, of which order, course and bars are read.

    The word of the last accepted report, made worse by overdue points; where that is no worse than «по плану», a
    report that waits to be checked outranks it. Only what is being carried out has a course.
    One number and not a word with an order beside it: every mention of it is computed anew by the database.
    """
    return standing_on(timezone.localdate())


@lru_cache(maxsize=2)
def standing_on(today):
    """Put together once a day: Django takes as long to work the question out as the database to answer it."""
    return Project.objects.annotate(standing=Case(
        When(status=Status.SUSPENDED, then=Standing.SUSPENDED), When(status=Status.PREPARING, then=Standing.PREPARING),
        When(~Q(status=Status.ACTIVE), then=Standing.OVER),
        When(Q(course=Course.IN_TROUBLE) | Q(pk__in=overdue_projects(today, TROUBLE_DAYS)), then=Standing.IN_TROUBLE),
        When(Q(course=Course.LAGGING) | Q(pk__in=overdue_projects(today)), then=Standing.LAGGING),
        When(pk__in=projects_on_check(), then=Standing.ON_CHECK),
        When(course=Course.ON_TRACK, then=Standing.ON_TRACK),
        default=Standing.UNKNOWN, output_field=IntegerField(),
    ))


def course_at(standing):
    """The course this standing tells of, a key of ``COURSE_LOOKS``; none («») of what is not being carried out."""
    return COURSES.get(Standing(standing), Course.UNKNOWN.value)


@dataclass(frozen=True, slots=True)
class Line:
    """What a list tells of a project: words and days alone, because a file holds ten thousand of these."""

    pk: int
    title: str
    kind: str
    status: str
    start: date | None
    end: date | None
    last_report_on: date | None
    is_archived: bool
    portfolio: str
    model: str
    head: str
    institution: str
    report: dict | None  # what ``report.latest`` tells of

    def get_absolute_url(self):
        return reverse("portfolios:project", args=[self.pk])

    def get_kind_display(self):
        return KINDS[self.kind]


KINDS = dict(Project.Kind.choices)
PLAIN = ("pk", "title", "kind", "status", "start", "end", "last_report_on", "archived_at", "portfolio__name", "model__name")
HEAD = ("surname", "given_name", "patronymic")


@lru_cache(maxsize=1)
def all_lines():
    """The question behind ``lines``."""
    lead = FilteredRelation("institutions", condition=Q(institutions__role=ProjectInstitution.Role.LEAD))
    return Prepared(Project.objects.annotate(lead=lead, report=Subquery(last_sent())).order_by().values_list(
        *PLAIN, "report", *(f"head__{name}" for name in HEAD), *(f"lead__institution__{name}" for name in NAMED_BY)))


def lines(pks):
    """``{pk: Line}`` of these projects; one query. A name is written once for each person."""
    person = cache(lambda *names: str(User(**dict(zip(HEAD, names, strict=True)))))
    found = {}
    for row in all_lines().of(pks):
        pk, title, kind, status, start, end, told, archived_at, portfolio, model, report, *names = row
        head, lead_names = names[:len(HEAD)], names[len(HEAD):]
        found[pk] = Line(
            pk, title, kind, status, start, end, told, archived_at is not None, portfolio, model or "",
            person(*head) if head[0] is not None else "", name_of(*lead_names) if lead_names[0] is not None else "", told_in(report))
    return found


def with_row(projects):
    """What a row of the open list shows: portfolio, model, head, leading institution."""
    lead = ProjectInstitution.objects.filter(role=ProjectInstitution.Role.LEAD).select_related("institution")
    return projects.select_related("portfolio", "model", "head").prefetch_related(Prefetch("institutions", lead, to_attr="leads"))


def lead_of(project):
    """The leading institution of a project read by ``with_row``."""
    return project.leads[0].institution if project.leads else None


def counted(projects, *names):
    """How many projects of each value of ``names``, as ``{(value, …): count}``; one query."""
    rows = projects.order_by().values_list(*names).annotate(count=Count("pk"))
    return {tuple(row[:-1]): row[-1] for row in rows}


def filtered(projects, words, user):
    """The list narrowed by what ``ProjectFilter`` understood. Expects ``with_standing`` when a course is asked for."""
    for name in ("portfolio", "model", "kind", "status"):
        if words.get(name):
            projects = projects.filter(**{name: words[name]})
    if words.get("course"):
        projects = projects.filter(standing=STANDINGS["" if words["course"] == NO_DATA else words["course"]])
    if words.get("institution"):
        projects = projects.filter(Exists(ProjectInstitution.objects.filter(
            project=OuterRef("pk"), institution__in=words["institution"].pks)))
    if words.get("year"):
        projects = projects.filter(in_year(words["year"]))
    if words.get("mine"):
        projects = projects.filter(pk__in=Project.objects.kept_by(user).values("pk"))
    if words.get("to_check"):
        projects = projects.filter(pk__in=waiting_for(user).order_by().values("project"))
    if words.get("q"):
        projects = projects.filter(found_by(words["q"]))
    return projects


def in_year(year):
    """Projects that go on in a calendar year; one without dates belongs to no year."""
    return Q(start__year__lte=year, end__year__gte=year) | Q(start__year=year, end__isnull=True) | Q(
        start__isnull=True, end__year=year)


def found_by(text):
    """A title has every typed word, or the head's surname begins with it. Heads are found first: only then an index is used."""
    return reduce(and_, (having(word) for word in text.split()[:MOST_WORDS]))


def having(word):
    heads = list(User.objects.filter(surname__istartswith=word).order_by().values_list("pk", flat=True))
    return Q(title__icontains=word) | Q(head__in=heads)


# ── what is told of those that need attention ─────────────────────────────────────────────────────────────

def late_reports():
    """Reports that are waited for although their moment is over, by the database's clock."""
    return ProgressReport.objects.filter(state__in=ProgressReport.TO_WRITE, due_at__lt=Now())


@dataclass(frozen=True, slots=True)
class Facts:
    """What is told of a project that needs attention: where it stands, what is late the longest, how far it is."""

    standing: int
    point: dict | None  # uid, name, due
    report: dict | None  # pk, due_at
    reached: int
    points: int


def facts(pks):
    """{project id: Facts} for the rows of a page; one query."""
    return {pk: Facts(standing, told_in(point), told_in(report), reached, points)
            for pk, standing, point, report, reached, points in facts_on(timezone.localdate()).of(pks)}


@lru_cache(maxsize=2)
def facts_on(today):
    points = Milestone.objects.told().filter(project=OuterRef("pk"), dropped_reason="").order_by()
    late_point = Milestone.objects.overdue(today).filter(project=OuterRef("pk")).order_by("told_due", "pk")
    late_report = late_reports().filter(project=OuterRef("pk")).order_by("due_at", "pk")
    return Prepared(standing_on(today).order_by().values_list(
        "pk", "standing", Subquery(late_point.values(told=JSONObject(uid="uid", name="told_name", due="told_due"))[:1]),
        Subquery(late_report.values(told=JSONObject(pk="pk", due_at="due_at"))[:1]),
        counted_of(points.filter(reached_on__isnull=False)), counted_of(points)))


def counted_of(parts):
    """How many parts a project has, for a question about projects."""
    return Coalesce(Subquery(parts.values("project").annotate(count=Count("pk")).values("count")), 0)


# ── the years of a project ────────────────────────────────────────────────────────────────────────────────

MOST_YEARS = 20
CHAIN = """
WITH RECURSIVE chain (id, copied_from_id, depth) AS (
    SELECT id, copied_from_id, 0 FROM portfolios_project WHERE id = %s
    UNION ALL
    SELECT before.id, before.copied_from_id, chain.depth + 1
    FROM portfolios_project before JOIN chain ON before.id = chain.copied_from_id WHERE chain.depth < %s
) SELECT id FROM chain WHERE depth > 0 ORDER BY depth
"""


def ancestry(project, user):
    """The projects this one continues, the nearest first, of those this person may see; two queries for any chain."""
    if project.copied_from_id is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(CHAIN, [project.pk, MOST_YEARS])
        chain = list(dict.fromkeys(pk for (pk,) in cursor.fetchall()))
    seen = Project.objects.visible_to(user).in_bulk(chain)
    return [seen[pk] for pk in chain if pk in seen and pk != project.pk]
