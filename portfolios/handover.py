"""What this app gives to «Передать дела»: projects, portfolios, models, places in teams, rows of draft plans, products."""
from django.db.models import F
from django.utils import timezone

from projectoffice.accounts.handover import contributes
from projectoffice.common.history import record
from projectoffice.common.russian import full_stop
from projectoffice.documents.table.handover import gives_rows

from .models import ManagementModel, MethodProduct, Portfolio, Project, TeamMember
from .services.project import end_member, put_head
from .table import IMPLEMENTATION_PLAN

gives_rows(IMPLEMENTATION_PLAN, "строки в черновиках планов реализации")


def headed_projects(person):
    return Project.objects.going_on().filter(head=person, archived_at__isnull=True).order_by("pk")


def hand_over_projects(person, successor, by):
    """The successor heads them from today; both are told as at any change of head."""
    rows = list(headed_projects(person).select_for_update(of=("self",)))
    for project in rows:
        event = record("change_head", project, full_stop(f"Руководитель: {successor} вместо: {person}") + " Дела переданы", by=by,
                       changes={"head": [str(person), str(successor)]})
        put_head(project, successor, by=by, event=event)
    return len(rows)


def headed_portfolios(person):
    return Portfolio.objects.open().filter(head=person).order_by("pk")


def hand_over_portfolios(person, successor, by):
    rows = list(headed_portfolios(person).select_for_update(of=("self",)))
    for portfolio in rows:
        Portfolio.objects.filter(pk=portfolio.pk).update(head=successor, version=F("version") + 1)
        record("save_portfolio", portfolio, f"Руководитель портфеля: {successor} вместо: {person}", by=by)
    return len(rows)


def curated_models(person):
    return ManagementModel.objects.filter(head=person).select_related("portfolio").order_by("pk")


def hand_over_models(person, successor, by):
    rows = list(curated_models(person).select_for_update(of=("self",)))
    for model in rows:
        ManagementModel.objects.filter(pk=model.pk).update(head=successor, version=F("version") + 1)
        record("save_managementmodel", model.portfolio, f"«{model}»: куратор {successor} вместо: {person}", by=by)
    return len(rows)


def places_in_teams(person):
    return TeamMember.objects.current().filter(person=person, project__in=Project.objects.going_on()).exclude(
        role=TeamMember.Role.HEAD).select_related("project").order_by("pk")


def hand_over_places(person, successor, by):
    """The successor takes the same place from today; who stands in that team already only loses the other."""
    today = timezone.localdate()
    rows = list(places_in_teams(person).select_for_update(of=("self",)))
    for row in rows:
        if not row.project.team.current().filter(person=successor).exclude(role=TeamMember.Role.HEAD).exists():
            row.project.team.create(person=successor, name=successor.short_name, post=str(successor.current_post or "")[:300],
                                    role=row.role, duty=row.duty, since=today, until=row.until, position=row.position)
        record("hand_over_member", row.project, f"В команде {successor} вместо: {person}", by=by)
        end_member(row, today)
    return len(rows)


def products_in_work(person):
    """Products this person made that are not published yet: somebody must mend and send them."""
    State = MethodProduct.State
    return MethodProduct.objects.filter(
        created_by=person, state__in=[State.DRAFT, State.SUBMITTED, State.RETURNED]).order_by("pk")


def hand_over_products(person, successor, by):
    """The successor writes them from today; who made each stays in its history."""
    rows = list(products_in_work(person).select_for_update(of=("self",)))
    for product in rows:
        MethodProduct.objects.filter(pk=product.pk).update(created_by=successor, version=F("version") + 1)
        record("hand_over_product", product, full_stop(f"Продукт ведёт {successor} вместо: {person}") + " Дела переданы", by=by)
    return len(rows)


contributes("проекты, которыми руководит", count=lambda person: headed_projects(person).count(), hand_over=hand_over_projects)
contributes("портфели", count=lambda person: headed_portfolios(person).count(), hand_over=hand_over_portfolios)
contributes("управленческие модели", count=lambda person: curated_models(person).count(), hand_over=hand_over_models)
contributes("места в командах проектов", count=lambda person: places_in_teams(person).count(), hand_over=hand_over_places)
contributes("методические продукты в работе", count=lambda person: products_in_work(person).count(), hand_over=hand_over_products)
