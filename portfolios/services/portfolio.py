"""Verbs about portfolios, their management models and what they want to reach."""
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from projectoffice.accounts.access import require
from projectoffice.accounts.services.changing import check_version, lay_over, save_checked
from projectoffice.accounts.services.people import words_of
from projectoffice.common.db import locked
from projectoffice.common.history import record

from ..models import ManagementModel, Portfolio, PortfolioIndicator

MANAGE = "portfolios.manage_portfolios"


@transaction.atomic
def create_portfolio(*, by, **fields):
    require(by, MANAGE)
    last = Portfolio.objects.aggregate(last=Max("position"))["last"] or 0
    portfolio = save_checked(Portfolio(position=last + 1, **fields))
    record("create_portfolio", portfolio, f"Создан портфель «{portfolio}»", by=by)
    return portfolio


@transaction.atomic
def save_portfolio(portfolio, *, by, version, **fields):
    """Change name, goal, head; StaleVersion when somebody else just did."""
    require(by, MANAGE)
    portfolio = locked(portfolio)
    check_version(portfolio, version)
    return store(portfolio, portfolio, fields, by)


def store(obj, portfolio, fields, by):
    changes = lay_over(obj, fields)
    if changes:
        obj.version += 1
        save_checked(obj)
        subject = "" if obj is portfolio else f"«{obj}»: "
        record(f"save_{obj._meta.model_name}", portfolio, f"Изменено: {subject}{words_of(obj, changes)}", by=by, changes=changes)
    return obj


@transaction.atomic
def close_portfolio(portfolio, *, by, closed_on):
    """From this day no new project is begun in it; refused while its projects go on."""
    require(by, MANAGE)
    portfolio = locked(portfolio)
    going = portfolio.projects.going_on().filter(archived_at__isnull=True).count()
    if going:
        raise ValidationError({"closed_on": f"В портфеле идут проекты: {going}. Сначала завершите их или перенесите в другой портфель."})
    return store(portfolio, portfolio, {"closed_on": closed_on}, by)


@transaction.atomic
def open_portfolio(portfolio, *, by):
    require(by, MANAGE)
    return store(locked(portfolio), portfolio, {"closed_on": None}, by)


@transaction.atomic
def publish_portfolio(portfolio, *, by, yes):
    """Show the portfolio on the open pages, or take it off."""
    require(by, MANAGE)
    portfolio = locked(portfolio)
    if portfolio.is_public != yes:
        portfolio.is_public = yes
        portfolio.version += 1
        portfolio.save(update_fields=["is_public", "version"])
        record("publish_portfolio", portfolio, "Виден на открытой странице" if yes else "Убран с открытой страницы", by=by)
    return portfolio


# Models

@transaction.atomic
def add_model(portfolio, *, by, **fields):
    require(by, MANAGE)
    portfolio = locked(portfolio)
    last = portfolio.models.aggregate(last=Max("position"))["last"] or 0
    model = save_checked(ManagementModel(portfolio=portfolio, position=last + 1, **fields))
    record("add_model", portfolio, f"Добавлена модель «{model}»", by=by)
    return model


@transaction.atomic
def save_model(model, *, by, version, **fields):
    require(by, MANAGE)
    portfolio = locked(model.portfolio)
    model = locked(model)
    check_version(model, version)
    return store(model, portfolio, fields, by)


@transaction.atomic
def remove_model(model, *, by):
    """Take away a model nobody uses."""
    require(by, MANAGE)
    portfolio = locked(model.portfolio)
    if model.projects.exists():
        raise ValidationError("К модели относятся проекты. Сначала перенесите их в другую модель.")
    record("remove_model", portfolio, f"Убрана модель «{model}»", by=by)
    model.delete()
    return portfolio


# Indicators

@transaction.atomic
def add_goal(portfolio, *, by, model=None, **fields):
    """An indicator of the portfolio, or of one of its models."""
    require(by, MANAGE)
    portfolio = locked(portfolio)
    owner = {"model": model} if model else {"portfolio": portfolio}
    last = PortfolioIndicator.objects.filter(**owner).aggregate(last=Max("position"))["last"] or 0
    goal = save_checked(PortfolioIndicator(position=last + 1, **owner, **fields))
    record("add_goal", portfolio, f"Добавлен показатель «{goal}»", by=by)
    return goal


def portfolio_of_goal(goal):
    return goal.portfolio or goal.model.portfolio


@transaction.atomic
def save_goal(goal, *, by, version, **fields):
    require(by, MANAGE)
    portfolio = locked(portfolio_of_goal(goal))
    goal = locked(goal)
    check_version(goal, version)
    return store(goal, portfolio, fields, by)


@transaction.atomic
def remove_goal(goal, *, by):
    require(by, MANAGE)
    portfolio = locked(portfolio_of_goal(goal))
    record("remove_goal", portfolio, f"Убран показатель «{goal}»", by=by,
           changes={"name": goal.name, "on": timezone.localdate().isoformat()})
    goal.delete()
    return portfolio
