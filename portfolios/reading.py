"""Reads of projects for lists and overviews: courses, counts, what is missing. One question each, whatever the number."""
from datetime import timedelta

from django.db import connection
from django.db.models import Case, CharField, Count, Exists, F, IntegerField, OuterRef, Prefetch, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from projectoffice.accounts.models import User

from .models import Milestone, Passport, ProgressReport, Project, ProjectInstitution, TeamMember
from .report.checking import waiting_for
from .words import NO_DATA, ON_CHECK


def kept_by(people):
    """Projects one of these people heads, or keeps on the portal today."""
    editors = TeamMember.objects.current().filter(project=OuterRef("pk"), role=TeamMember.Role.EDITOR, person__in=people)
    return Q(head__in=people) | Exists(editors)


TROUBLE_DAYS = 30  # a point overdue for longer than this makes «Нужна помощь»
NO_REPORT_DAYS = 190  # half a year and a week
MOST_WORDS = 6
Status, Course = Project.Status, Project.Course


def overdue_projects(days=0):
    """Ids of projects that have a point overdue for more than so many days: asked once, not per row."""
    return Milestone.objects.overdue(timezone.localdate() - timedelta(days=days)).order_by().values("project")


def projects_on_check():
    """Ids of projects whose report waits to be checked."""
    return ProgressReport.objects.filter(state=ProgressReport.State.SUBMITTED).order_by().values("project")


def with_course(projects):
    """Projects with ``going``: the course as the page tells it.

    The word of the last accepted report, made worse by overdue points; where that is no worse than «по плану», a
    report that waits to be checked outranks it. Only what is being carried out has a course.
    """
    not_active = ~Q(status=Status.ACTIVE)
    return projects.annotate(going=Case(
        When(not_active, then=Value("")),
        When(Q(course=Course.IN_TROUBLE) | Q(pk__in=overdue_projects(TROUBLE_DAYS)), then=Value(Course.IN_TROUBLE.value)),
        When(Q(course=Course.LAGGING) | Q(pk__in=overdue_projects()), then=Value(Course.LAGGING.value)),
        When(pk__in=projects_on_check(), then=Value(ON_CHECK)),
        default=F("course"), output_field=CharField(),
    ))


def with_urgency(projects):
    """An order by urgency: who needs help first, what is over last. Expects ``with_course``."""
    return projects.annotate(urgency=Case(
        When(going=Course.IN_TROUBLE, then=0), When(going=Course.LAGGING, then=1), When(going=ON_CHECK, then=2),
        When(status=Status.SUSPENDED, then=3), When(status=Status.ACTIVE, then=4), When(status=Status.PREPARING, then=5), default=6, output_field=IntegerField(),
    ))


def with_row(projects):
    """What a row of a list shows: portfolio, model, head, leading institution."""
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
    """The list narrowed by what ``ProjectFilter`` understood. Expects ``with_course`` when a course is asked for."""
    for name in ("portfolio", "model", "kind", "status"):
        if words.get(name):
            projects = projects.filter(**{name: words[name]})
    if words.get("course"):
        projects = projects.filter(status=Status.ACTIVE, going="" if words["course"] == NO_DATA else words["course"])
    if words.get("institution"):
        projects = projects.filter(Exists(ProjectInstitution.objects.filter(
            project=OuterRef("pk"), institution=words["institution"])))
    if words.get("year"):
        projects = projects.filter(in_year(words["year"]))
    if words.get("mine"):
        projects = projects.filter(pk__in=Project.objects.kept_by(user).values("pk"))
    if words.get("to_check"):
        projects = projects.filter(pk__in=waiting_for(user).order_by().values("project"))
    if words.get("q"):
        # Asked once: the count and the page stand on the ids, not on the words again.
        projects = projects.filter(pk__in=list(found_by(words["q"]).values_list("pk", flat=True)))
    return projects


def in_year(year):
    """Projects that go on in a calendar year; one without dates belongs to no year."""
    return Q(start__year__lte=year, end__year__gte=year) | Q(start__year=year, end__isnull=True) | Q(
        start__isnull=True, end__year=year)


def found_by(text):
    """Projects whose title has every typed word, or whose head's surname begins with it."""
    projects = Project.objects.order_by()
    for word in text.split()[:MOST_WORDS]:
        heads = User.objects.filter(surname__istartswith=word).values("pk")
        projects = projects.filter(Q(title__icontains=word) | Q(head__in=heads))
    return projects


# ── what is missing ───────────────────────────────────────────────────────────────────────────────────────

def lacking(projects):
    """What is missing where, the worst first: ``[{"pk", "gap_late": 1, …}]``; one query, told in order without another.

    Sorted here and not by the database: there every set of projects would be made three times, for the filter, the
    order and the row.
    """
    today = timezone.localdate()
    team = projects_of(TeamMember.objects.current().exclude(role=TeamMember.Role.HEAD))
    passport = projects_of(Passport.objects.filter(document__in_force__isnull=False))
    closed = projects_of(ProjectInstitution.objects.filter(institution__closed_on__lte=today))
    lead = projects_of(ProjectInstitution.objects.filter(role=ProjectInstitution.Role.LEAD))
    active, going = Q(status=Status.ACTIVE), Q(status__in=[Status.PREPARING, Status.ACTIVE, Status.SUSPENDED])
    no_result = Q(status=Status.FINISHED, result="")
    rows = projects.filter(going | no_result).alias(told_on=Coalesce("last_report_on", "start")).annotate(
        gap_late=case(active & Q(pk__in=overdue_projects())),
        gap_closed=case(going & closed),
        gap_report=case(active & Q(told_on__lt=today - timedelta(days=NO_REPORT_DAYS))),
        gap_head=case(going & Q(head__isnull=True)),
        gap_team=case(active & ~team),
        gap_passport=case(active & ~passport),
        gap_lead=case(going & ~lead),
        gap_result=case(no_result),
    ).order_by().values("pk", "title", *GAPS)
    found = [row for row in rows if any(row[name] for name in GAPS)]
    return sorted(found, key=lambda row: (
        -row["gap_late"], -row["gap_closed"], -row["gap_report"], -sum(row[name] for name in GAPS), row["title"], row["pk"]))


def with_gaps(found):
    """The projects of these rows of ``lacking``, dressed for a list, each with its ``gap_…``; two queries."""
    projects = with_row(Project.objects.filter(pk__in=[row["pk"] for row in found])).in_bulk()
    for row in found:
        for name in GAPS:
            setattr(projects[row["pk"]], name, row[name])
    return [projects[row["pk"]] for row in found]


def projects_of(parts):
    """Projects that have such a part."""
    return Q(pk__in=parts.order_by().values("project"))


GAPS = ("gap_late", "gap_closed", "gap_report", "gap_head", "gap_team", "gap_passport", "gap_lead", "gap_result")


def case(condition):
    return Case(When(condition, then=1), default=0, output_field=IntegerField())


def first_overdue(projects):
    """{project id: its longest overdue point} for the rows of a page; one query."""
    found: dict[int, Milestone] = {}
    for point in Milestone.objects.overdue().filter(project__in=[project.pk for project in projects]).order_by("due", "pk"):
        found.setdefault(point.project_id, point)
    return found


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
