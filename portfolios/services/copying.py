"""The same project in the next year: its card, institutions and team, and the passport as a draft of its own."""
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from projectoffice.accounts.access import person_of
from projectoffice.accounts.services.changing import save_checked
from projectoffice.common.history import record

from ..models import Indicator, Milestone, Passport, Project, ProjectInstitution, Stage, TeamMember
from ..passports import from_iso, told_source
from ..report.measured import decimal
from .door import open_project
from .passport import create_passport
from .project import UNASKED, refuse_closed

LEAP_DAY = (2, 29)


@transaction.atomic
def copy_project(source, *, by, start, end=None):
    """A project that is being prepared, with the days of its stages, points moved by whole years.

    Taken over: place, kind, head, institutions that are open, today's team, the passport in force (before there is one,
    its draft). Left behind: what was reached, reports, products. The source stays as it is; its page names what
    continues it. There is one continuation a year.
    """
    source = open_project(source, by, "copy")
    refuse_closed(source.portfolio, None)
    if continuations(source).filter(start__year=start.year).exists():
        raise ValidationError({"start": f"Продолжение на {start.year} год уже есть. Откройте его или укажите другой год."})
    copy = save_checked(Project(
        portfolio=source.portfolio, model=source.model, kind=source.kind, title=source.title, head=source.head, start=start, end=end,
        copied_from=source, created_by=person_of(by), status_on=timezone.localdate(),
    ), exclude=UNASKED)
    copy_institutions(source, copy)
    copy_team(source, copy)
    copy_passport(source, copy, by=by)
    record("copy_project", copy, "Создан как продолжение проекта прошлого года", by=by, changes={"source": source.pk})
    record("continue_project", source, f"Проект продолжен с {start:%d.%m.%Y}", by=by, changes={"copy": copy.pk})
    return copy


def continuations(source):
    """What already continues this project, of whatever year."""
    return Project.objects.filter(copied_from=source).order_by("start", "pk")


def copy_institutions(source, copy):
    today = timezone.localdate()
    still_open = Q(institution__closed_on__isnull=True) | Q(institution__closed_on__gt=today)
    ProjectInstitution.objects.bulk_create(
        ProjectInstitution(project=copy, institution_id=row.institution_id, role=row.role, position=row.position)
        for row in source.institutions.filter(still_open)
    )


def copy_team(source, copy):
    TeamMember.objects.bulk_create(
        TeamMember(project=copy, person_id=row.person_id, name=row.name, post=row.post, role=row.role, duty=row.duty,
                   position=row.position)
        for row in source.team.current()
    )


def copy_passport(source, copy, *, by):
    before = Passport.objects.filter(project=source).select_related("document__in_force").first()
    if before is None:
        return
    words = told_source(before)
    create_passport(copy, by=by, **words["texts"])
    years = copy.start.year - source.start.year if source.start else 1
    stages = {
        row["uid"]: Stage.objects.create(project=copy, position=position, name=row["name"], result=row["result"],
                                         start=moved(from_iso(row["start"]), years), end=moved(from_iso(row["end"]), years))
        for position, row in enumerate(words["stages"], start=1)
    }
    dropped = {str(uid) for uid in source.milestones.exclude(dropped_reason="").values_list("uid", flat=True)}
    Milestone.objects.bulk_create(
        Milestone(project=copy, position=position, name=row["name"], due=moved(from_iso(row["due"]), years),
                  stage=stages.get(row.get("stage")))
        for position, row in enumerate(words["milestones"], start=1) if row["uid"] not in dropped
    )
    Indicator.objects.bulk_create(
        Indicator(project=copy, position=position, name=row["name"], unit=row["unit"], baseline=decimal(row["target"]), target=None,
                  is_cumulative=row["is_cumulative"])
        for position, row in enumerate(words["indicators"], start=1)
    )


def moved(day, years):
    """The same day so many years later; 29 February becomes 28."""
    if day is None:
        return None
    if (day.month, day.day) == LEAP_DAY:
        day = day.replace(day=28)
    return date(day.year + years, day.month, day.day)
