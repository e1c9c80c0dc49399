"""What is missing in projects: which of a portfolio's thousands need attention, the worst first. Reads only.

The database works out what each project lacks as two numbers, a bit for each gap; the module ``gaps`` puts them into sentences.
"""
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from django.db import connection
from django.db.models import Case, IntegerField, Q, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils import timezone

from .models import Passport, Project, ProjectInstitution, TeamMember
from .reading import NO_REPORT_DAYS, late_reports, overdue_projects, standing_on

Status = Project.Status
UNDER_WAY = (Status.PREPARING, Status.ACTIVE, Status.SUSPENDED)
ACTIVE, GOING, NO_RESULT = Q(status=Status.ACTIVE), Q(status__in=UNDER_WAY), Q(status=Status.FINISHED, result="")
# The same of a row of ``asked``.
IS_ACTIVE, IS_GOING = f"status = '{Status.ACTIVE}'", f"status IN ({', '.join(repr(status.value) for status in UNDER_WAY)})"
# What a project tells of itself: first what is urgent, in the order of urgency, then what can wait.
URGENT, CALM = ("late", "due", "help", "closed", "report"), ("lagging", "head", "result")
OWN = {name: 2 ** place for place, name in enumerate(reversed(URGENT + CALM))}
# What stands in other tables, and of which projects it is missed.
BESIDE = {"passport": 1, "team": 2, "lead": 4}
MISSED = {"passport": IS_ACTIVE, "team": IS_ACTIVE, "lead": IS_GOING}


@dataclass(frozen=True, slots=True)
class Missing:
    """What one project lacks: names of ``OWN`` and ``BESIDE``."""

    pk: int
    names: frozenset

    @classmethod
    def of(cls, pk, own, beside):
        return cls(pk, frozenset(name for bits, total in ((OWN, own), (BESIDE, beside)) for name, bit in bits.items() if total & bit))


class Lacking:
    """``Missing`` of these projects, the worst first; counted, sorted and cut by the database, so that a page of a
    portfolio of thousands reads ten of them. A list as a Paginator takes it.

    What a project says of itself is asked of all. Its passport, team and lead stand elsewhere: all three are looked up
    only of those that may stand on the page, and for the count until one is missing.
    """

    def __init__(self, projects):
        """Takes projects read by ``with_gaps``."""
        self.projects = projects

    def count(self):
        return self.first(1)[1]

    def first(self, size, start=0):
        """``(rows, how many there are)``; one query."""
        rows, count = answer(LACKING, self.projects, start + size - 1, *BESIDE, size, start, *BESIDE)
        return [Missing.of(*row) for row in rows or []], count

    def __getitem__(self, places):
        return self.first(places.stop - places.start, places.start)[0]


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page of a portfolio counts and lists, read together: to go through thousands twice takes longer than the page."""

    counts: dict  # {(model, status, standing): how many projects}
    first: list  # [(pk, standing)] of the first in the order of urgency
    lacking: list  # of ``Missing``
    lacking_count: int

    @classmethod
    def of(cls, projects, size, lacking_size):
        """Takes projects read by ``with_overview``; one query."""
        counts, first, rows, count = answer(OVERVIEW, projects, lacking_size - 1, *BESIDE, size, lacking_size, 0, *BESIDE)
        return cls.read(counts, first, rows, count)

    @classmethod
    def without_gaps(cls, projects, size):
        """The same for who is not told what is missing. Takes projects read by ``with_standing``."""
        return cls.read(*answer(LISTED, projects.order_by().values("pk", "title", "status", "model", "standing"), size))

    @classmethod
    def read(cls, counts, first, rows=None, lacking_count=0):
        return cls({(model, status, standing): count for model, status, standing, count in counts or []},
                   [tuple(row) for row in first or []], [Missing.of(*row) for row in rows or []], lacking_count)


def with_gaps():
    """Projects in which something may be missing, with ``gaps``."""
    return gaps_on(timezone.localdate())


def with_overview():
    """All projects with ``standing`` and ``gaps``."""
    return overview_on(timezone.localdate())


@lru_cache(maxsize=2)
def gaps_on(today):
    return lacking_on(today, Project.objects.filter(GOING | NO_RESULT)).values("pk", "title", "status", "gaps")


@lru_cache(maxsize=2)
def overview_on(today):
    return lacking_on(today, standing_on(today)).values("pk", "title", "status", "gaps", "model", "standing")


def lacking_on(today, projects):
    """Projects with ``gaps``, the sum of ``OWN`` of what each lacks."""
    closed = ProjectInstitution.objects.filter(institution__closed_on__lte=today).order_by().values("project")
    silent = Q(told_on__lt=today - timedelta(days=NO_REPORT_DAYS))
    return projects.order_by().alias(told_on=Coalesce("last_report_on", "start")).annotate(gaps=case(ACTIVE, (
        bit("late", Q(pk__in=overdue_projects(today))) + bit("due", Q(pk__in=late_reports().order_by().values("project")))
        + bit("help", Q(course=Project.Course.IN_TROUBLE)) + bit("report", silent)
        + bit("lagging", Q(course=Project.Course.LAGGING))
    )) + case(GOING, bit("closed", Q(pk__in=closed)) + bit("head", Q(head__isnull=True))) + bit("result", NO_RESULT))


def case(condition, value):
    return Case(When(condition, then=value), default=0, output_field=IntegerField())


def bit(name, condition):
    return case(condition, OWN[name])


def answer(question, projects, *values):
    """The one row that answers a question about these projects; a name of ``BESIDE`` among the values stands for its own."""
    found, found_values = projects.query.sql_with_params()
    besides = besides_on(timezone.localdate())
    values = [each for value in values for each in (besides[value][1] if value in besides else [value])]
    with connection.cursor() as cursor:
        cursor.execute(question.format(found=found, **{name: sql for name, (sql, _) in besides.items()}), [*found_values, *values])
        return cursor.fetchone()


@lru_cache(maxsize=2)
def besides_on(today):
    """What a project may lack in other tables, asked of a row of ``asked``: the question and its values."""
    parts = {
        "passport": Passport.objects.filter(document__in_force__isnull=False),
        "team": TeamMember.objects.current().exclude(role=TeamMember.Role.HEAD),
        "lead": ProjectInstitution.objects.filter(role=ProjectInstitution.Role.LEAD),
    }
    # One of each is looked up along an index, where EXISTS would read all parts of the city.
    return {name: parts[name].filter(project=RawSQL("asked.pk", ())).order_by().values("pk")[:1].query.sql_with_params() for name in BESIDE}


NO = {name: f"({MISSED[name]} AND ({{{name}}}) IS NULL)" for name in BESIDE}
URGENCY = f"gaps >> {len(CALM)}"
HOW_MANY_GAPS = f"bit_count(gaps::bit({len(OWN)})) + bit_count(beside::bit({len(BESIDE)}))"
FOUND = "WITH found AS MATERIALIZED ({found})"
ASKED = f"""{FOUND},
asked AS MATERIALIZED (SELECT pk, title, status, gaps FROM found WHERE {URGENCY} >= coalesce(
    (SELECT {URGENCY} AS urgency FROM found ORDER BY urgency DESC LIMIT 1 OFFSET %s), 0)),
told AS MATERIALIZED (SELECT pk, title, gaps, {" + ".join(f"{NO[name]}::int * {bit}" for name, bit in BESIDE.items())} AS beside FROM asked)
"""  # noqa: S608
COUNTED = """
(SELECT json_agg(json_build_array(model, status, standing, count)) FROM (
    SELECT model, status, standing, count(*) AS count FROM found GROUP BY model, status, standing) AS counts),
(SELECT json_agg(json_build_array(pk, standing)) FROM (SELECT pk, standing FROM found ORDER BY standing, title, pk LIMIT %s) AS first)"""
WORST = f"""
(SELECT json_agg(json_build_array(pk, gaps, beside)) FROM (SELECT pk, gaps, beside FROM told WHERE gaps + beside > 0
    ORDER BY {URGENCY} DESC, {HOW_MANY_GAPS} DESC, title, pk LIMIT %s OFFSET %s) AS worst),
(SELECT count(*) FROM found AS asked WHERE gaps > 0 OR {" OR ".join(NO.values())})"""  # noqa: S608
LACKING, LISTED, OVERVIEW = f"{ASKED} SELECT {WORST}", f"{FOUND} SELECT {COUNTED}", f"{ASKED} SELECT {COUNTED}, {WORST}"
