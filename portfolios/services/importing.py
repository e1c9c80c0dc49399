"""Verbs of the import of projects: keep a checked list, then apply it as a unit."""
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projectoffice.accounts.access import person_of, require
from projectoffice.common.db import locked
from projectoffice.common.history import record_many

from ..imports import projects as imports
from ..models import Portfolio, Project, ProjectImport, ProjectInstitution, TeamMember
from .period import join_open_periods

PERMISSION = "portfolios.import_projects"
WRITTEN = 500  # rows per statement


@transaction.atomic
def check_import(*, by, file_name, rows):
    """Check the rows of a file and keep what was found until somebody presses «Импортировать»."""
    require(by, PERMISSION)
    checked = imports.ProjectTable().check(rows)
    if not checked:
        raise ValidationError("Под названиями граф нет ни одной строки.")
    return ProjectImport.objects.create(file_name=file_name[:255], created_by=by, rows=[one.as_json() for one in checked])


@transaction.atomic
def apply_import(check, *, by):
    """Do what the preview said, all or nothing; judged anew, because others work meanwhile. Done twice is done once."""
    require(by, PERMISSION)
    check = locked(check)
    if check.applied_at:
        return check
    # One import at a time, so that the same file in two tabs does not make everything twice.
    list(ProjectImport.objects.select_for_update().filter(applied_at__isnull=True).order_by("pk"))
    table = imports.ProjectTable()
    checked = table.judge([(row["row"], row["values"]) for row in check.rows])
    write(table, [one for one in checked if one.action == imports.CREATE], by)
    check.report = {action: [one.row for one in checked if one.action == action]
                    for action in (imports.CREATE, imports.SAME, imports.WRONG)}
    check.rows = [one.as_json() for one in checked]
    check.applied_at = timezone.now()
    check.save()
    return check


def write(table, checked, by):
    """Projects with their leading institution and head; nobody is written letters about what has long been so.

    Those that are carried out join the periods being collected, and of that their heads are told.
    """
    today, new, places, heads = timezone.localdate(), [], [], []
    for one in checked:
        words = words_of(table, one)
        institution, head = words.pop("institution"), words["head"]
        project = Project(**words, created_by=person_of(by), status_on=today)
        new.append(project)
        places.append(ProjectInstitution(project=project, institution=institution, role=ProjectInstitution.Role.LEAD))
        if head:
            heads.append(TeamMember(project=project, person=head, name=head.short_name, role=TeamMember.Role.HEAD, position=1))
    # Before the projects, as who opens a reporting period does.
    list(Portfolio.objects.select_for_update().filter(pk__in={project.portfolio_id for project in new}).order_by("pk"))
    Project.objects.bulk_create(new, batch_size=WRITTEN)
    for place in places:
        place.project_id = place.project.pk
    for member in heads:
        member.project_id = member.project.pk
    ProjectInstitution.objects.bulk_create(places, batch_size=WRITTEN)
    TeamMember.objects.bulk_create(heads, batch_size=WRITTEN)
    record_many("import_project", [(project, "Внесён из таблицы Excel") for project in new], by=by)
    join_open_periods(new, by=by)


def words_of(table, one):
    form = table.form_for(one.values)
    form.is_valid()
    return form.cleaned_data
