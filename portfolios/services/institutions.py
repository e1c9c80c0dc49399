"""Verbs about the institutions of a project: the leading one and those that take part."""
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from projectoffice.common.history import record

from ..models import ProjectInstitution, ReportPart
from .door import open_project, step
from .project import closed_words
from .report_parts import drop_empty_parts, join_open_reports

LEAD, PARTNER = ProjectInstitution.Role.LEAD, ProjectInstitution.Role.PARTNER
OWN_PARTNER = "Это учреждение ведёт проект: участником у самого себя оно быть не может."


@transaction.atomic
def add_institution(project, institution, *, by, role=PARTNER):
    """A partner, or the leading institution when there is none yet. A closed one and the lead itself are refused in words."""
    project = open_project(project, by)
    known = project.institutions.filter(institution=institution).first()
    if known and known.role == LEAD:
        raise ValidationError({"institution": OWN_PARTNER if role == PARTNER else "Это учреждение и так ведёт проект."})
    if known:
        raise ValidationError({"institution": "Это учреждение в проекте уже есть."})
    if institution.is_closed:
        raise ValidationError({"institution": closed_words(institution)})
    if role == LEAD and project.institutions.filter(role=LEAD).exists():
        raise ValidationError({"role": "Ведущее учреждение у проекта одно. Нажмите «Сделать ведущим» у того, кто ведёт теперь."})
    last = project.institutions.aggregate(last=Max("position"))["last"] or 0
    row = ProjectInstitution.objects.create(project=project, institution=institution, role=role, position=last + 1)
    join_open_reports(project)
    step(project)
    record("add_institution", project, f"{row.get_role_display()}: {institution}", by=by)
    return row


@transaction.atomic
def make_lead(row, *, by):
    """This institution leads the project from now on; the former one becomes a partner and writes its parts of open reports."""
    project = open_project(row.project, by)
    row = project.institutions.select_for_update().get(pk=row.pk)
    if row.role == LEAD:
        return row
    if row.institution.is_closed:
        raise ValidationError(closed_words(row.institution))
    project.institutions.filter(role=LEAD).update(role=PARTNER)
    row.role = LEAD
    row.save(update_fields=["role"])
    drop_empty_parts(row)
    join_open_reports(project)
    step(project)
    record("make_lead", project, f"Ведущее учреждение: {row.institution}", by=by)
    return row


@transaction.atomic
def remove_institution(row, *, by):
    """Out of the project; refused while reports keep its part. Done twice is done once."""
    project = open_project(row.project, by)
    row = project.institutions.filter(pk=row.pk).first()
    if row is None:
        return project
    words = str(row)
    drop_empty_parts(row)
    if ProjectInstitution.objects.filter(pk=row.pk, pk__in=told_in_reports()).exists():
        raise ValidationError("В отчётах есть часть этого учреждения, поэтому оно остаётся в составе проекта.")
    row.delete()
    step(project)
    record("remove_institution", project, f"Учреждение больше не участвует: {words}", by=by)
    return project


def told_in_reports():
    return ReportPart.objects.values("institution")
