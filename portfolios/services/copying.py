"""The same project in the next year: its card, institutions and team, and the passport as a draft of its own."""
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from projectoffice.accounts.access import person_of
from projectoffice.accounts.services.changing import save_checked
from projectoffice.common.history import record

from ..models import Indicator, Milestone, Passport, Project, ProjectInstitution, Stage, TeamMember
from .door import open_project
from .passport import TEXTS, create_passport
from .project import UNASKED, refuse_closed

LEAP_DAY = (2, 29)


@transaction.atomic
def copy_project(source, *, by, start, end=None):
    """A project that is being prepared, with the days of its stages, points moved by whole years.

    Taken over: place, kind, head, institutions that are open, today's team, the text of the passport. Left behind:
    what was reached, reports, products. The source stays as it is; its page names what continues it.
    """
    source = open_project(source, by, "copy")
    refuse_closed(source.portfolio, None)
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
    before = Passport.objects.filter(project=source).first()
    if before is None:
        return
    create_passport(copy, by=by, **{name: getattr(before, name) for name in TEXTS})
    years = copy.start.year - source.start.year if source.start else 1
    stages = {}
    for row in source.stages.present():
        stages[row.pk] = Stage.objects.create(project=copy, position=row.position, name=row.name, result=row.result,
                                              start=moved(row.start, years), end=moved(row.end, years))
    Milestone.objects.bulk_create(
        Milestone(project=copy, position=row.position, name=row.name, due=moved(row.due, years), stage=stages.get(row.stage_id))
        for row in source.milestones.present().filter(dropped_reason="")
    )
    Indicator.objects.bulk_create(
        Indicator(project=copy, position=row.position, name=row.name, unit=row.unit, baseline=row.target, target=None,
                  is_cumulative=row.is_cumulative)
        for row in source.indicators.present()
    )


def moved(day, years):
    """The same day so many years later; 29 February becomes 28."""
    if day is None:
        return None
    if (day.month, day.day) == LEAP_DAY:
        day = day.replace(day=28)
    return date(day.year + years, day.month, day.day)


