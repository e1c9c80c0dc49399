"""What a project's team must do next, as rows of the one list of the start page."""
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from projectoffice.common.waiting import Waiting, contributes
from projectoffice.documents.models import Document

from .models import Milestone, Project
from .passports import SOON


def kept_projects(user):
    """Projects that go on and that this person heads or keeps on the portal."""
    return Project.objects.kept_by(user).going_on().in_archive(False)


@contributes
def passports_to_fill(user):
    """A passport nobody has begun, or a draft somebody else began; one's own draft is told by the documents."""
    missing = Q(passport__isnull=True) | Q(passport__document__state=Document.State.DRAFT) & ~Q(passport__document__created_by=user.pk)
    for project in kept_projects(user).filter(missing).select_related("passport__document").order_by("created_at"):
        passport = getattr(project, "passport", None)
        begun = passport is not None
        yield Waiting(
            what="Паспорт проекта", whose=f"Проект «{project}»",
            url=passport.get_absolute_url() if begun else f"{project.get_absolute_url()}#passport",
            action="Продолжить" if begun else "Заполнить", since=project.created_at,
            badge=("neutral", "Черновик" if begun else "Не начат"), gender="m",
        )


@contributes
def points_to_mark(user):
    """Control points whose day has come or comes within two weeks."""
    today = timezone.localdate()
    points = Milestone.objects.present().filter(
        project__in=kept_projects(user).filter(passport__document__in_force__isnull=False).values("pk"), reached_on__isnull=True,
        dropped_reason="", due__lte=today + SOON)
    for point in points.select_related("project").order_by("due"):
        yield Waiting(
            what=f"Контрольная точка «{point}»", whose=f"Проект «{point.project}»",
            url=reverse("portfolios:milestone_reach", args=[point.pk]), action="Отметить",
            due=point.due, gender="f",
        )
