"""Verbs about the team of a project: people with roles and dates."""
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from projectoffice.accounts.services.changing import lay_over, save_checked
from projectoffice.accounts.services.people import refuse_if_changed
from projectoffice.common.history import record

from ..models import TeamMember
from .door import open_project
from .project import end_member

FIELDS = ("post", "role", "duty", "since", "until")
HEAD = "Руководителя меняют отдельно: «Сменить руководителя»."


@transaction.atomic
def add_member(project, *, by, person=None, name="", **fields):
    """A person of the portal or a typed name at the end of the team; the same person twice in the same days is refused."""
    project = open_project(project, by)
    if fields.get("role") == TeamMember.Role.HEAD:
        raise ValidationError({"role": HEAD})
    name = person.short_name if person else name.strip()
    if not name:
        raise ValidationError({"name": "Выберите человека из списка или впишите фамилию и инициалы."})
    if fields.get("role") == TeamMember.Role.EDITOR and person is None:
        raise ValidationError({"role": "Вести проект на портале может только человек из списка людей."})
    if person:
        refuse_twice(project, person, fields.get("since"), fields.get("until"))
        fields["post"] = fields.get("post") or str(person.current_post or "")[:300]
    last = project.team.aggregate(last=Max("position"))["last"] or 0
    member = save_checked(TeamMember(project=project, person=person, name=name, position=last + 1, **fields))
    record("add_member", project, f"В команде: {member}, {member.get_role_display().lower()}", by=by)
    return member


def refuse_twice(project, person, since, until, but=None):
    rows = project.team.filter(person=person).exclude(role=TeamMember.Role.HEAD)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    if since:
        rows = rows.filter(Q(until__isnull=True) | Q(until__gte=since))
    if until:
        rows = rows.filter(Q(since__isnull=True) | Q(since__lte=until))
    if rows.exists():
        raise ValidationError({"person": "Этот человек в эти дни уже в команде."})


@transaction.atomic
def save_member(member, *, by, shown, **fields):
    """Change role, duty and dates; ``shown`` are the fields and their fingerprint the form was opened with."""
    project = open_project(member.project, by)
    member = TeamMember.objects.select_for_update().get(pk=member.pk)
    refuse_if_changed(member, shown)
    if TeamMember.Role.HEAD in (member.role, fields.get("role", member.role)) and fields.get("role", member.role) != member.role:
        raise ValidationError({"role": HEAD})
    if fields.get("role") == TeamMember.Role.EDITOR and member.person_id is None:
        raise ValidationError({"role": "Вести проект на портале может только человек из списка людей."})
    changes = lay_over(member, fields)
    if changes:
        if member.person:
            refuse_twice(project, member.person, member.since, member.until, but=member)
        save_checked(member)
        record("save_member", project, f"Изменено в команде: {member}", by=by, changes=changes)
    return member


@transaction.atomic
def end_membership(member, *, by):
    """Out of the team from today; done twice is done once."""
    project = open_project(member.project, by)
    member = TeamMember.objects.select_for_update().filter(pk=member.pk).first()
    if member is None or member.until and member.until < timezone.localdate():
        return project
    if member.role == TeamMember.Role.HEAD:
        raise ValidationError(HEAD)
    words = str(member)
    end_member(member, timezone.localdate())
    record("end_membership", project, f"Выведен(а) из команды: {words}", by=by)
    return project
