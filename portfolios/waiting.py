"""What the start page tells of projects: what their teams must do, which projects are ours, what comes next in them."""
from collections import Counter

from django.db.models import Case, OuterRef, Q, Subquery, When, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.access import is_office
from projectoffice.common.russian import term_words
from projectoffice.common.waiting import SHORT, Coming, Ours, Sent, Waiting, contributes
from projectoffice.documents import route
from projectoffice.documents.models import Document
from projectoffice.documents.panel import badges, who_decides
from projectoffice.documents.waiting import returned_with, told_of_draft, with_last_word

from . import passports
from .models import Milestone, Passport, Project, ProjectInstitution
from .passports import SOON
from .words import status_badge

MOST = 200
DRAFT, IN_APPROVAL = Document.State.DRAFT, Document.State.IN_APPROVAL
SENT = (IN_APPROVAL, Document.State.ISSUED)


def with_place(rows, user, project="pk"):
    """Rows with ``place``, the id of this person's institution that carries their project; None when it is none of them."""
    own = ProjectInstitution.objects.filter(
        project=OuterRef(project), institution__in=[each.pk for each in user.institutions]).order_by("role", "position", "pk")
    return rows.annotate(place=Subquery(own.values("institution")[:1]))


def place_of(row, user):
    """How people call that institution; empty when there is none."""
    return next((each.short_name for each in user.institutions if each.pk == row.place), "")


@contributes
def projects_in_hand(user):
    """One reading of the projects of this person: passports to fill and sent, our projects, the nearest date that is still far."""
    rows = list(projects_told(user))
    names = told_apart(rows)
    for project in rows:
        if project.to_fill:
            yield passport_row(project, names[project.pk], user)
        if project.is_ours and user.is_outside:
            yield our_row(project, user)
        if project.is_kept and project.point_due and project.point_due > timezone.localdate() + SOON:
            yield Coming(project.point_due, f"контрольная точка «{project.point}», проект «{project}»")
    if user.is_outside:
        yield from passports_sent([project for project in rows if project.is_kept], names, user)
    yield from points_to_mark([project.pk for project in rows if project.is_kept], user)


def projects_told(user):
    """Projects that go on: of this person's institutions, those the person keeps, those whose draft one of the office began.

    ``to_fill`` is a passport nobody has begun or that is being written by this person's hands.
    """
    document = "passport__document"
    draft = Q(**{f"{document}__state": DRAFT})
    begun = Q(**{f"{document}__created_by": user.pk}) | Q(**{f"{document}__sent_by": user.pk}) if is_office(user) else Q(pk__in=[])
    kept = Q(pk__in=Project.objects.kept_by(user).values("pk"))
    carried = Q(pk__in=ProjectInstitution.objects.filter(institution__in=[each.pk for each in user.institutions]).values("project"))
    to_fill = kept & Q(passport__isnull=True) | draft & (kept | begun)
    found = Project.objects.going_on().in_archive(False).filter(carried | kept | draft & begun).annotate(
        to_fill=yes(to_fill), is_ours=yes(carried | kept), is_kept=yes(kept))
    point = coming_points().filter(project=OuterRef("pk"))
    found = found.annotate(point=Subquery(point.values("told_name")[:1]), point_due=Subquery(point.values("told_due")[:1]))
    found = with_last_word(with_place(passports.with_unfinished_steps(found), user), document)
    sheet = f"{document}__current_sheet"
    return found.select_related(document, sheet).defer(f"{sheet}__pdf", f"{sheet}__snapshot").order_by("title", "pk")[:MOST]


def yes(condition):
    return Case(When(condition, then=True), default=False)


def our_row(project, user):
    return Ours(
        name=project.title, years=passports.period(project.start, project.end), url=project.get_absolute_url(),
        badge=status_badge(project), place=place_of(project, user),
        coming=f"«{project.point}» – до\xa0{term_words(project.point_due)}" if project.point_due else "",
    )


def coming_points():
    """Coming points of passports that have come into force."""
    settled = Passport.objects.filter(document__in_force__isnull=False).values("project")
    return Milestone.objects.open().filter(told_due__gte=timezone.localdate(), project__in=settled).order_by("told_due", "pk")


def told_apart(projects):
    """{pk: «Проект «Река», 01.09.2026–31.05.2027»}: the years stand there where two have the same name."""
    same = Counter(project.title for project in projects)
    return {
        project.pk: f"Проект «{project}»" + (f", {passports.period(project.start, project.end)}" if same[project.title] > 1 else "")
        for project in projects
    }


def passport_row(project, name, user):
    """Leads to the first step that is not finished; a returned one to its remark."""
    known = {"since": project.created_at, "gender": "m", "place": place_of(project, user)}
    passport = getattr(project, "passport", None)
    if passport is None:
        return Waiting(what="Паспорт проекта", whose=name, url=f"{project.get_absolute_url()}#passport", action="Заполнить",
                       badge=("neutral", "Не начат"), **known)
    document = passport.document
    returned, unfinished = returned_with(project), passports.unfinished_steps(project)
    return Waiting(
        what=f"Паспорт проекта{edition_words(document)}",
        whose=f"{name} · заполнено {len(passports.STEPS) - len(unfinished)} из {len(passports.STEPS)} шагов",
        url=passport.get_absolute_url() if returned or not unfinished else step_url(project, *unfinished[0]),
        action="Исправить" if returned else "Продолжить", subject=document, **known, **told_of_draft(document, returned),
    )


def passports_sent(projects, names, user):
    """The passports these projects sent last, each with what became of it; of one under way, whom it waits for."""
    sent = [project for project in projects if (paper := paper_of(project)) and paper.sent_at and paper.state in SENT]
    sent = sorted(sent, key=lambda project: paper_of(project).sent_at, reverse=True)[:SHORT]
    prefetch_related_objects([paper_of(project) for project in sent if paper_of(project).state == IN_APPROVAL], *route.on_the_way())
    for project in sent:
        document = paper_of(project)
        standings = route.standings(document) if document.state == IN_APPROVAL else []
        asked = ", ".join(who_decides(each.stamp) for each in standings if each.is_open)
        yield Sent(
            what=f"Паспорт проекта{edition_words(document)}", whose=names[project.pk], url=project.passport.get_absolute_url(),
            at=document.sent_at, badge=badges(document, reads_working=True, standings=standings)[-1],
            note=f"Ждём: {asked}" if asked else "", place=place_of(project, user),
        )


def paper_of(project):
    passport = getattr(project, "passport", None)
    return passport.document if passport else None


def edition_words(document):
    return f", редакция {document.edition_number}" if document.edition_number > 1 else ""


def step_url(project, step, anchor):
    return reverse("portfolios:passport_step", args=[project.pk, step.code]) + (f"#{anchor}" if anchor else "")


def points_to_mark(projects, user):
    """Control points of these projects whose day has come or comes within two weeks."""
    if not projects:
        return
    points = Milestone.objects.open().filter(project__in=projects, project__passport__document__in_force__isnull=False)
    points = with_place(points.filter(told_due__lte=timezone.localdate() + SOON), user, "project")
    for point in points.select_related("project").order_by("told_due", "pk")[:MOST]:
        yield Waiting(
            what=f"Контрольная точка «{point.told_name}»", whose=f"Проект «{point.project}»",
            url=reverse("portfolios:milestone_reach", args=[point.pk]), action="Отметить",
            due=point.told_due, gender="f", place=place_of(point, user),
        )
