"""The team and the institutions of a project, and what became of its control points."""
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from projectoffice.accounts.access import may, require
from projectoffice.accounts.services.people import fingerprint
from projectoffice.common.policy import SIGNED_IN, policy

from .. import workflow
from ..forms.project import InstitutionForm, MemberForm, NewMemberForm, ReachForm, ReasonForm
from ..models import Milestone, ProjectInstitution, TeamMember
from ..services import institutions as places
from ..services import milestones as points
from ..services import team as verbs
from .common import ask, attempt_with_message, find_project, once


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def team_new(request, pk):
    """Somebody new in the team."""
    project = find_project(request, pk)
    require(request.user, workflow.CHANGE, project)
    whole_town = may(request.user, "accounts.suggest_people")
    form = NewMemberForm(request.POST or None, project=project, whole_town=whole_town)

    def add():
        words = {name: form.cleaned_data[name] for name in ("person", "name", "post", "role", "duty", "since", "until")}
        verbs.add_member(project, by=request.user, **words)
        return f"{project.get_absolute_url()}#team"

    return ask(request, form, lambda: once(request.user, "team_new", form.cleaned_data["key"], add),
               heading=f"{project}: новый участник команды", button="Добавить в команду", back=project,
               done="Участник добавлен.")


def find_member(request, pk):
    """The member of a team whose project this person may change; 404 for what one may not see."""
    seen = TeamMember.objects.visible_to(request.user).select_related("project__portfolio", "person")
    member = get_object_or_404(seen, pk=pk)
    require(request.user, workflow.CHANGE, member.project)
    return member


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def team_edit(request, pk):
    member = find_member(request, pk)
    is_head = member.role == TeamMember.Role.HEAD
    names = tuple(name for name in verbs.FIELDS if not (is_head and name == "role"))
    version = fingerprint(member, names)
    form = MemberForm(request.POST or None, is_head=is_head,
                      initial={name: getattr(member, name) for name in names} | {"version": version})
    more = {} if is_head else {
        "remove_url": "portfolios:team_end", "remove_pk": member.pk, "remove_word": "Вывести из команды с сегодняшнего дня"}
    return ask(request, form, lambda: verbs.save_member(
        member, by=request.user, shown=(names, form.cleaned_data["version"]), **{name: form.cleaned_data[name] for name in names}),
        heading=f"{member}: место в команде", button="Сохранить", back=(f"{member.project.get_absolute_url()}#team", str(member.project)),
        done="Сохранено.", **more)


@policy(SIGNED_IN)
@require_POST
def team_end(request, pk):
    member = find_member(request, pk)
    attempt_with_message(request, lambda: verbs.end_membership(member, by=request.user), "Человек выведен из команды.")
    return redirect(f"{member.project.get_absolute_url()}#team")


# Institutions

@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def institution_add(request, pk):
    """A partner of a network or cross-cutting project, or the leading institution."""
    project = find_project(request, pk)
    require(request.user, workflow.CHANGE, project)
    has_lead = project.institutions.filter(role=ProjectInstitution.Role.LEAD).exists()
    form = InstitutionForm(request.POST or None, initial={} if has_lead else {"role": ProjectInstitution.Role.LEAD})
    return ask(request, form, lambda: places.add_institution(
        project, form.cleaned_data["institution"], by=request.user, role=form.cleaned_data["role"]),
        heading=f"{project}: учреждение проекта", button="Добавить учреждение", back=(f"{project.get_absolute_url()}#institutions", str(project)),
        done="Учреждение добавлено.", words="Сотрудники учреждения увидят проект, а участник пришлёт в отчёт свою часть.")


def find_place(request, pk):
    place = get_object_or_404(ProjectInstitution.objects.visible_to(request.user).select_related(
        "project__portfolio", "institution"), pk=pk)
    require(request.user, workflow.CHANGE, place.project)
    return place


@policy(SIGNED_IN)
@require_POST
def institution_lead(request, pk):
    place = find_place(request, pk)
    attempt_with_message(request, lambda: places.make_lead(place, by=request.user), "Ведущее учреждение изменено.")
    return redirect(f"{place.project.get_absolute_url()}#institutions")


@policy(SIGNED_IN)
@require_POST
def institution_remove(request, pk):
    place = find_place(request, pk)
    attempt_with_message(request, lambda: places.remove_institution(place, by=request.user), "Учреждение больше не участвует.")
    return redirect(f"{place.project.get_absolute_url()}#institutions")


# Control points

def find_point(request, pk):
    point = get_object_or_404(Milestone.objects.visible_to(request.user).told().select_related("project__portfolio"), pk=pk)
    require(request.user, workflow.CHANGE, point.project)
    return point


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def milestone_reach(request, pk):
    point = find_point(request, pk)
    form = ReachForm(request.POST or None, initial={"on": point.reached_on or timezone.localdate(), "evidence": point.evidence})
    return ask(request, form, lambda: points.reach(point, by=request.user, **form.cleaned_data),
               heading=f"«{point.told_name}»: достигнута", button="Отметить достигнутой",
               back=(f"{point.project.get_absolute_url()}#points", str(point.project)), done="Отмечено.")


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def milestone_drop(request, pk):
    point = find_point(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return ask(request, form, lambda: points.drop(point, by=request.user, reason=form.cleaned_data["reason"]),
               heading=f"«{point.told_name}»: снять", button="Снять контрольную точку",
               back=(f"{point.project.get_absolute_url()}#points", str(point.project)), done="Точка снята.",
               words="Её перестанут ждать. В паспорте она останется, причина будет видна в проекте.")


@policy(SIGNED_IN)
@require_POST
def milestone_take_back(request, pk):
    point = find_point(request, pk)
    attempt_with_message(request, lambda: points.take_back(point, by=request.user), "Отметка отменена.")
    return redirect(f"{point.project.get_absolute_url()}#points")
