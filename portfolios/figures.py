"""Figures of portfolios and projects for ``make bench``: 10 000 projects of 200 institutions with their points."""
import resource
import time
from datetime import date, timedelta
from functools import partial

from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.models import Institution
from projectoffice.common.benchmark import Figure

from .models import ManagementModel, Milestone, Portfolio, Project, ProjectInstitution, TeamMember

PROJECTS, PORTFOLIOS, INSTITUTIONS, MODELS, POINTS = 10_000, 5, 200, 4, 4
WORDS = ("чтения", "наставников", "инженерных классов", "семейных клубов", "речи", "музеев", "дворовых игр")
STATUSES = (*[Project.Status.ACTIVE] * 6, Project.Status.PREPARING, Project.Status.SUSPENDED, Project.Status.FINISHED, Project.Status.STOPPED)
COURSES = (Project.Course.ON_TRACK, Project.Course.ON_TRACK, Project.Course.UNKNOWN, Project.Course.LAGGING, Project.Course.IN_TROUBLE)


def figures(stand):
    portfolio = fill(stand.person)
    listed = reverse("portfolios:projects")
    yield from stand.page("Портфель, 2 000 проектов из 10 000", partial(stand.get, portfolio.get_absolute_url()), times_floor=8, queries=20)
    yield from stand.page("Проекты, 50 строк из 10 000", partial(stand.get, listed), times_floor=5, queries=20)
    yield from stand.page("Проекты, отбор по ходу и году", partial(stand.get, f"{listed}?course=lagging&year=2027"), times_floor=5, queries=20)
    yield from stand.page("Проекты, поиск по слову", partial(stand.get, f"{listed}?q=наставников"), times_floor=5, queries=20)
    yield Figure("Проекты: запросов больше, чем при 3 строках", rows_cost(stand, listed), "", 0)
    yield from excel(stand)


def rows_cost(stand, listed):
    """How many queries more 50 rows ask than a few."""
    return max(0, stand.queries(partial(stand.get, f"{listed}?q=дело")) - stand.queries(partial(stand.get, f"{listed}?q=9999")))


def excel(stand):
    address = reverse("portfolios:projects_export")
    stand.get(f"{address}?q=9999")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    stand.get(address)
    yield Figure("Excel из 10 000 проектов", time.perf_counter() - started, "с", 3)
    yield Figure("Excel из 10 000 проектов: память сверх", max(0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, "МиБ", 200)
    yield Figure("Excel из 10 000 проектов: запросов", stand.queries(partial(stand.get, address)), "", 20)


def fill(person):
    """Five portfolios; written past the verbs, because only lists look at them. Returns the first."""
    portfolios = Portfolio.objects.bulk_create(Portfolio(name=f"Портфель {n}", head=person, position=n) for n in range(PORTFOLIOS))
    models = ManagementModel.objects.bulk_create(
        ManagementModel(portfolio=portfolios[n % PORTFOLIOS], name=f"Модель {n}", position=n) for n in range(PORTFOLIOS * MODELS))
    places = Institution.objects.bulk_create(Institution(legal_form="МБОУ", kind="Школа", number=1000 + n) for n in range(INSTITUTIONS))
    start = date(2026, 9, 1)
    projects = Project.objects.bulk_create((
        Project(portfolio=models[n % len(models)].portfolio, model=models[n % len(models)], title=f"Дело {n}: школа {WORDS[n % len(WORDS)]}",
                kind=Project.Kind.values[n % 5], status=STATUSES[n % len(STATUSES)], course=COURSES[n % len(COURSES)], head=person,
                start=start, end=date(2027, 5, 31), last_report_on=start + timedelta(days=n % 60))
        for n in range(PROJECTS)
    ), batch_size=2000)
    ProjectInstitution.objects.bulk_create(
        (ProjectInstitution(project=project, institution=places[n % INSTITUTIONS], role="lead") for n, project in enumerate(projects)), batch_size=2000)
    TeamMember.objects.bulk_create(
        (TeamMember(project=project, person=person, name="Замерова А.", position=place) for project in projects for place in range(2)), batch_size=2000)
    today = timezone.localdate()
    Milestone.objects.bulk_create(
        (Milestone(project=project, position=place, name=f"Точка {place}", due=today + timedelta(days=30 * place - 40 - n % 20),
                   reached_on=today if place < 2 and n % 12 else None)
         for n, project in enumerate(projects) for place in range(1, POINTS + 1)), batch_size=2000)
    return portfolios[0]
