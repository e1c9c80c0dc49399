"""Verbs about a project itself: new, changed, another head, another state, its end, the archive, the open page."""
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from projectoffice.accounts.access import person_of, require
from projectoffice.accounts.services.changing import check_version, lay_over, save_checked
from projectoffice.accounts.services.people import words_of
from projectoffice.common.db import locked
from projectoffice.common.history import record
from projectoffice.common.russian import full_stop
from projectoffice.documents.models import Document

from .. import letters
from ..models import Portfolio, Project, ProjectInstitution, TeamMember
from ..workflow import CREATE, RULES
from .door import open_project, step
from .naming import passport_title
from .period import join_open_periods
from .report_parts import join_open_reports

MOVED = {"start": "Начат", "resume": "Возобновлён", "finish": "Завершён", "suspend": "Приостановлен", "stop": "Прекращён",
         "reopen": "Возвращён в работу", "prepare": "Возвращён в подготовку"}
DAY = timedelta(days=1)
# Written by verbs alone and empty in most projects: no form asks for them.
UNASKED = ("last_report_on", "copied_from", "origin", "origin_url", "archived_at", "created_by", "status_on")


@transaction.atomic
def create_project(*, by, portfolio, title, institution=None, head=None, **fields):
    """A project that is being prepared, with its leading institution and head.

    Effects: history; the head is told.
    """
    require(by, CREATE)
    portfolio = locked(portfolio)
    refuse_closed(portfolio, institution)
    project = Project(portfolio=portfolio, title=title, created_by=person_of(by), status_on=timezone.localdate(), **fields)
    check_model(project)
    save_checked(project, exclude=UNASKED)
    if institution:
        ProjectInstitution.objects.create(project=project, institution=institution, role=ProjectInstitution.Role.LEAD)
    event = record("create_project", project, "Создан проект", by=by)
    if head:
        put_head(project, head, by=by, event=event)
    return project


def refuse_closed(portfolio, institution):
    if portfolio.closed_on and portfolio.closed_on <= timezone.localdate():
        raise ValidationError({"portfolio": "Портфель закрыт: новые проекты в нём не начинают."})
    if institution and institution.is_closed:
        raise ValidationError({"institution": closed_words(institution)})


def closed_words(institution):
    return f"Это учреждение закрыто с {institution.closed_on:%d.%m.%Y}. Выберите другое."


def check_model(project):
    if project.model_id and project.model.portfolio_id != project.portfolio_id:
        raise ValidationError({"model": f"Эта модель относится к портфелю «{project.model.portfolio}». Выберите модель своего портфеля."})


@transaction.atomic
def save_project(project, *, by, version, **fields):
    """Change title, kind, dates, and for the office the place in a portfolio; StaleVersion when somebody else just did."""
    locked(project.portfolio)  # before the project, as who opens a reporting period does
    project = open_project(project, by)
    check_version(project, version)
    changes = lay_over(project, fields)
    if not changes:
        return project
    if {"portfolio", "model"} & changes.keys():
        require(by, CREATE)
        refuse_closed(project.portfolio, None)
    check_model(project)
    project.version += 1
    save_checked(project, exclude=UNASKED)
    if "kind" in changes:
        join_open_reports(project)
    if {"start", "end"} & changes.keys():
        join_open_periods([project], by=by)
    record("save_project", project, "Изменено: " + words_of(project, changes), by=by, changes=changes)
    if "title" in changes:
        # What is being written is called by the new name at once; what is in force keeps the one it was issued under.
        Document.objects.filter(passport__project=project, state=Document.State.DRAFT).update(title=passport_title(project))
    return project


# The head

@transaction.atomic
def change_head(project, head, *, by, version, reason=""):
    """Another head from today; both are told. Asked for the head who is there already, nothing happens."""
    project = open_project(project, by, "change_head")
    if project.head == head:
        return project
    check_version(project, version)
    before = project.head
    words = f"Руководитель: {head}" + (f" вместо: {before}" if before else "")
    if reason:
        words = f"{full_stop(words)} {reason[:1].upper()}{reason[1:]}"
    event = record("change_head", project, words, by=by, changes={"head": [str(before or ""), str(head)], "reason": reason})
    return put_head(project, head, by=by, event=event)


def put_head(project, head, *, by, event):
    """Write who heads the project, in the card and in the team, and tell both; part of the verbs that change it."""
    before, today = project.head, timezone.localdate()
    for member in project.team.current().filter(role=TeamMember.Role.HEAD):
        end_member(member, today)
    last = project.team.aggregate(last=Max("position"))["last"] or 0
    TeamMember.objects.create(project=project, person=head, name=head.short_name, post=str(head.current_post or "")[:300],
                              role=TeamMember.Role.HEAD, since=today, position=last + 1)
    project.head = head
    step(project, "head")
    letters.head_changed(project, before, by=by, event=event)
    return project


def end_member(member, today):
    """The place ends with yesterday; one that began today was a mistake and goes."""
    if member.since and member.since >= today:
        member.delete()
    else:
        member.until = today - DAY
        member.save(update_fields=["until"])


# States

@transaction.atomic
def move(project, verb, *, by, reason="", result=""):
    """Lead the project to the state of this verb (``workflow.MOVES``); the head is told. Done twice is done once."""
    rule = RULES[verb]
    if rule.target == Project.Status.ACTIVE:
        locked(project.portfolio)  # before the project, as who opens a reporting period does
    project = locked(project)
    if project.status == rule.target and project.archived_at is None:
        require(by, rule.permission, project)
        return project
    project = open_project(project, by, verb)
    if rule.reason and not reason.strip():
        raise ValidationError({"reason": "Напишите причину: её увидят в истории проекта."})
    if rule.result and not result.strip():
        raise ValidationError({"result": "Напишите, с каким результатом завершён проект."})
    before = project.get_status_display()
    project.status, project.status_reason = rule.target, reason.strip()
    project.status_on = timezone.localdate()
    if rule.result:
        project.result = result.strip()
    save_checked_step(project)
    words = MOVED[verb] + (f": {project.status_reason}" if project.status_reason else "")
    event = record(verb, project, words, by=by, changes={"status": [before, project.get_status_display()], "reason": reason})
    letters.status_changed(project, MOVED[verb], by=by, event=event)
    if project.status == Project.Status.ACTIVE:
        join_open_periods([project], by=by)
    return project


def save_checked_step(project):
    project.version += 1
    return save_checked(project, exclude=UNASKED)


@transaction.atomic
def save_result(project, *, by, result):
    """With what the project ended, written or mended after its end."""
    project = open_project(project, by, "save_result")
    if not result.strip():
        raise ValidationError({"result": "Напишите итог: с каким результатом завершён проект."})
    changes = lay_over(project, {"result": result.strip()})
    if changes:
        step(project, "result")
        record("save_result", project, "Записан итог проекта", by=by, changes=changes)
    return project


@transaction.atomic
def archive(project, *, by):
    """Out of the lists; nothing is lost and it can be taken out again."""
    if locked(project).archived_at:
        return project
    project = open_project(project, by, "archive")
    project.archived_at = timezone.now()
    step(project, "archived_at")
    record("archive", project, "Убран в архив", by=by)
    return project


@transaction.atomic
def unarchive(project, *, by):
    locked(project.portfolio)
    project = open_project(project, by, "unarchive")
    project.archived_at = None
    step(project, "archived_at")
    record("unarchive", project, "Возвращён из архива", by=by)
    join_open_periods([project], by=by)
    return project


@transaction.atomic
def publish_project(project, *, by, yes):
    """Show the project on the open pages, or take it off: what of it is shown is decided by consents."""
    project = open_project(project, by, "publish")
    if project.is_public != yes:
        project.is_public = yes
        step(project, "is_public")
        record("publish_project", project, "Показан на открытой странице" if yes else "Убран с открытой страницы", by=by)
    return project


def open_portfolios():
    """Portfolios a new project may be begun in."""
    return Portfolio.objects.open()
