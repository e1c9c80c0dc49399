"""Figures of portfolios and projects for ``make bench``: 10 000 projects of 200 institutions, their points, 100 000 reports."""
import resource
import time
from datetime import date, datetime, timedelta
from functools import partial

from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.models import Institution
from projectoffice.common.benchmark import Figure, settle

from .models import (
    Indicator,
    IndicatorValue,
    ManagementModel,
    Milestone,
    Portfolio,
    ProgressReport,
    Project,
    ProjectInstitution,
    ReportingPeriod,
    TeamMember,
)
from .product.figures import product_figures

SIZES = (2_000, 5_000, 1_000, 1_000, 1_000)  # projects of each portfolio: 10 000 in all
INSTITUTIONS, MODELS, POINTS, PERIODS = 200, 4, 4, 10
WORDS = ("чтения", "наставников", "инженерных классов", "семейных клубов", "речи", "музеев", "дворовых игр")
STATUSES = (*[Project.Status.ACTIVE] * 6, Project.Status.PREPARING, Project.Status.SUSPENDED, Project.Status.FINISHED, Project.Status.STOPPED)
COURSES = (Project.Course.ON_TRACK, Project.Course.ON_TRACK, Project.Course.UNKNOWN, Project.Course.LAGGING, Project.Course.IN_TROUBLE)


def figures(stand):
    usual, biggest = fill(stand.person)
    listed = reverse("portfolios:projects")
    for portfolio, size in ((usual, "2 000"), (biggest, "5 000")):
        yield from stand.page(f"Портфель, {size} проектов из 10 000", partial(stand.get, portfolio.get_absolute_url()), times_floor=5, queries=20)
    yield from stand.page("Проекты, 50 строк из 10 000", partial(stand.get, listed), times_floor=5, queries=20)
    yield from stand.page("Проекты, отбор по ходу и году", partial(stand.get, f"{listed}?course=lagging&year=2027"), times_floor=5, queries=20)
    yield from stand.page("Проекты, поиск по слову", partial(stand.get, f"{listed}?q=наставников"), times_floor=5, queries=20)
    yield Figure("Проекты: запросов больше, чем при 3 строках", rows_cost(stand, listed), "", 0)
    yield from reports(stand, biggest)
    yield from excel(stand)
    yield from product_figures(stand)


def reports(stand, portfolio):
    """The list of 100 000 reports, a period of 5 000, the page a team writes one on."""
    listed, period = reverse("portfolios:reports"), portfolio.periods.order_by("-due_at").first()
    yield from stand.page("Отчёты, 50 строк из 100 000", partial(stand.get, listed), times_floor=5, queries=20)
    yield from stand.page("Отчёты, отбор по состоянию", partial(stand.get, f"{listed}?state=submitted"), times_floor=5, queries=20)
    yield from stand.page("Период, 5 000 отчётов", partial(stand.get, period.get_absolute_url()), times_floor=5, queries=20)
    yield from stand.page("Сбор отчётов, 20 периодов", partial(stand.get, reverse("portfolios:periods")), times_floor=5, queries=20)
    one = written_report(period)
    yield from stand.page("Отчёт, 12 показателей", partial(stand.get, one.get_absolute_url()), times_floor=5, queries=20)


def written_report(period):
    """A draft with twelve indicators, each with the values of two periods and of this one."""
    one = period.reports.filter(state=ProgressReport.State.DRAFT).first()
    rows = Indicator.objects.bulk_create(
        Indicator(project=one.project, position=n, name=f"Участники {n}", unit="человек", target=120) for n in range(1, 13))
    last = [one, *one.project.reports.filter(state=ProgressReport.State.ACCEPTED).order_by("-period__end")[:2]]
    IndicatorValue.objects.bulk_create(
        IndicatorValue(report=report, indicator=row, text="12", value=12, evidence="журнал") for report in last for row in rows)
    return one


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


# What stands in the database; written past the verbs, because only lists look at it.

def fill(person):
    """Five portfolios with their projects and reports; returns one of 2 000 projects and one of 5 000."""
    portfolios = Portfolio.objects.bulk_create(Portfolio(name=f"Портфель {n}", head=person, position=n) for n in range(len(SIZES)))
    projects = add_projects(person, portfolios)
    add_parts(person, projects)
    add_points(projects)
    add_reports(portfolios, projects)
    settle()
    return portfolios[0], portfolios[1]


def add_projects(person, portfolios):
    models = {portfolio: ManagementModel.objects.bulk_create(
        ManagementModel(portfolio=portfolio, name=f"Модель {n}", position=n) for n in range(MODELS)) for portfolio in portfolios}
    homes = (portfolio for portfolio, size in zip(portfolios, SIZES, strict=True) for _ in range(size))
    start = date(2026, 9, 1)
    return Project.objects.bulk_create((
        Project(portfolio=home, model=models[home][n % MODELS], title=f"Дело {n}: школа {WORDS[n % len(WORDS)]}",
                kind=Project.Kind.values[n % 5], status=STATUSES[n % len(STATUSES)], course=COURSES[n // MODELS % len(COURSES)], head=person,
                start=start, end=date(2027, 5, 31), last_report_on=start + timedelta(days=n % 60))
        for n, home in enumerate(homes)
    ), batch_size=2000)


def add_parts(person, projects):
    places = Institution.objects.bulk_create(Institution(legal_form="МБОУ", kind="Школа", number=1000 + n) for n in range(INSTITUTIONS))
    ProjectInstitution.objects.bulk_create(
        (ProjectInstitution(project=project, institution=places[n % INSTITUTIONS], role="lead") for n, project in enumerate(projects)), batch_size=2000)
    TeamMember.objects.bulk_create(
        (TeamMember(project=project, person=person, name="Замерова А.", position=place) for project in projects for place in range(2)), batch_size=2000)


def add_points(projects):
    today = timezone.localdate()
    Milestone.objects.bulk_create(
        (Milestone(project=project, position=place, name=f"Точка {place}", due=today + timedelta(days=30 * place - 40 - n % 20),
                   reached_on=today if place < 2 and n % 12 else None)
         for n, project in enumerate(projects) for place in range(1, POINTS + 1)), batch_size=2000)


def add_reports(portfolios, projects):
    """A report of every project for every half year; of the last one some are still drafts or being checked."""
    half = timedelta(days=182)
    for number in range(PERIODS):
        start = timezone.localdate() - half * (PERIODS - number)
        due = timezone.make_aware(datetime.combine(start + half, datetime.min.time()))
        periods = dict(zip(portfolios, ReportingPeriod.objects.bulk_create(
            ReportingPeriod(portfolio=portfolio, title=f"за полугодие {number}", start=start, end=start + half - timedelta(days=1), due_at=due)
            for portfolio in portfolios), strict=True))
        states = ("accepted",) if number < PERIODS - 1 else ("accepted", "submitted", "draft", "returned")
        ProgressReport.objects.bulk_create(
            (ProgressReport(period=periods[project.portfolio], project=project, due_at=due, state=states[n % len(states)],
                            submitted_at=None if states[n % len(states)] == "draft" else due, course=project.course,
                            decided_at=due, remark="Дополните показатели." if states[n % len(states)] == "returned" else "",
                            done="Провели встречи и семинары, собрали отзывы. " * 5)
             for n, project in enumerate(projects)), batch_size=5000)
