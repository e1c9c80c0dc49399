"""What the start page tells of projects: what their teams must do, which projects are ours, what comes next in them."""
from collections import Counter

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.access import is_office
from projectoffice.common.russian import term_words
from projectoffice.common.waiting import Coming, Ours, Waiting, coming, contributes, ours
from projectoffice.documents.models import Document
from projectoffice.documents.waiting import returned_with, told_of_draft, with_last_word

from . import passports
from .models import Milestone, Passport, Project, ProjectInstitution
from .passports import SOON
from .words import status_badge

MOST = 50
DRAFT = Document.State.DRAFT


def kept_projects(user):
    """Projects that go on and that this person heads or keeps on the portal."""
    return Project.objects.kept_by(user).going_on().in_archive(False)


def with_place(rows, user, project="pk"):
    """Rows with ``place``, the id of this person's institution that carries their project; None when it is none of them."""
    own = ProjectInstitution.objects.filter(
        project=OuterRef(project), institution__in=[each.pk for each in user.institutions]).order_by("role", "position", "pk")
    return rows.annotate(place=Subquery(own.values("institution")[:1]))


def place_of(row, user):
    """How people call that institution; empty when there is none."""
    return next((each.short_name for each in user.institutions if each.pk == row.place), "")


# ── to do ─────────────────────────────────────────────────────────────────────────────────────────────────

@contributes
def passports_to_fill(user):
    """A passport nobody has begun, or one that is being written: by the team, or by who of the office began it."""
    mine = Project.objects.kept_by(user).values("pk")
    own = Q(passport__document__created_by=user.pk) | Q(passport__document__sent_by=user.pk) if is_office(user) else Q(pk__in=[])
    open_ones = Project.objects.going_on().in_archive(False).filter(
        Q(pk__in=mine, passport__isnull=True) | Q(passport__document__state=DRAFT) & (Q(pk__in=mine) | own))
    found = with_last_word(with_place(passports.with_filled_steps(open_ones), user), "passport__document")
    rows = list(found.select_related("passport__document").order_by("created_at", "pk")[:MOST])
    names = told_apart(rows)
    for project in rows:
        passport = getattr(project, "passport", None)
        yield (passport_begun if passport else passport_missing)(project, names[project.pk], user)


def told_apart(projects):
    """{pk: «Проект «Река», 01.09.2026–31.05.2027»}: the years stand there where two have the same name."""
    same = Counter(project.title for project in projects)
    return {
        project.pk: f"Проект «{project}»" + (f", {passports.period(project.start, project.end)}" if same[project.title] > 1 else "")
        for project in projects
    }


def passport_missing(project, name, user):
    return Waiting(
        what="Паспорт проекта", whose=name, url=f"{project.get_absolute_url()}#passport", action="Заполнить",
        since=project.created_at, badge=("neutral", "Не начат"), gender="m", place=place_of(project, user),
    )


def passport_begun(project, name, user):
    """Leads to the first step that is still empty; a returned one to its remark."""
    passport, document = project.passport, project.passport.document
    returned, empty = returned_with(project), passports.empty_steps(project)
    revised = f", редакция {document.edition_number}" if document.edition_number > 1 else ""
    return Waiting(
        what=f"Паспорт проекта{revised}",
        whose=f"{name} · заполнено {len(passports.STEPS) - len(empty)} из {len(passports.STEPS)}",
        url=passport.get_absolute_url() if returned or not empty else step_url(project, *empty[0]),
        action="Исправить" if returned else "Продолжить",
        since=project.created_at, gender="m", place=place_of(project, user), subject=document,
        **told_of_draft(document, returned),
    )


def step_url(project, step, anchor):
    return reverse("portfolios:passport_step", args=[project.pk, step.code]) + (f"#{anchor}" if anchor else "")


@contributes
def points_to_mark(user):
    """Control points whose day has come or comes within two weeks."""
    projects = kept_projects(user).filter(passport__document__in_force__isnull=False)
    points = open_points().filter(project__in=projects.values("pk"), due__lte=timezone.localdate() + SOON)
    for point in with_place(points, user, "project").select_related("project").order_by("due", "pk")[:MOST]:
        yield Waiting(
            what=f"Контрольная точка «{point}»", whose=f"Проект «{point.project}»",
            url=reverse("portfolios:milestone_reach", args=[point.pk]), action="Отметить",
            due=point.due, gender="f", place=place_of(point, user),
        )


def open_points():
    return Milestone.objects.present().filter(reached_on__isnull=True, dropped_reason="", due__isnull=False)


# ── what goes on ──────────────────────────────────────────────────────────────────────────────────────────

@ours
def projects_of_the_institution(user):
    """Projects of this person's institutions and those the person keeps, each with its next date."""
    carried = ProjectInstitution.objects.filter(institution__in=[each.pk for each in user.institutions])
    found = Project.objects.visible_to(user).going_on().in_archive(False).filter(
        Q(pk__in=carried.values("project")) | Q(pk__in=kept_projects(user).values("pk")))
    point = points_told(user).filter(project=OuterRef("pk"))
    found = with_place(found, user).annotate(point=Subquery(point.values("name")[:1]), point_due=Subquery(point.values("due")[:1]))
    for project in found.order_by("title", "pk")[:MOST]:
        yield Ours(
            name=project.title, years=passports.period(project.start, project.end), url=project.get_absolute_url(), badge=status_badge(project), place=place_of(project, user),
            coming=f"«{project.point}» – до\xa0{term_words(project.point_due)}" if project.point_due else "",
        )


def points_told(user):
    """Coming points this person may know: of a passport in force; while it is changed, only to who keeps the project."""
    settled = Passport.objects.filter(document__state=Document.State.ISSUED).values("project")
    kept = kept_projects(user).filter(passport__document__in_force__isnull=False).values("pk")
    ahead = open_points().filter(due__gte=timezone.localdate())
    return ahead.filter(Q(project__in=settled) | Q(project__in=kept)).order_by("due", "pk")


@coming
def points_to_come(user):
    """The nearest point that is too far to be asked for now."""
    projects = kept_projects(user).filter(passport__document__in_force__isnull=False)
    points = open_points().filter(project__in=projects.values("pk"), due__gt=timezone.localdate() + SOON)
    for point in points.select_related("project").order_by("due", "pk")[:1]:
        yield Coming(point.due, f"контрольная точка «{point}», проект «{point.project}»")
