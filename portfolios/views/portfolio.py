"""Portfolios: the list, the overview of one, its models and indicators, what the office changes in them."""
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.accounts.access import may, require
from projectoffice.common.history import history_of
from projectoffice.common.policy import SIGNED_IN, policy

from .. import overview, reading
from ..amounts import shown_amount, signed_amount
from ..beginnings import beginnings_for
from ..forms.portfolio import ClosingForm, GoalForm, ModelForm, PortfolioForm
from ..gaps import gaps_of
from ..lacking import Lacking, Overview, with_gaps, with_overview
from ..listed import STEP
from ..listing import BY_URGENCY, Listing, rows_of
from ..models import ManagementModel, Portfolio, PortfolioIndicator, Project
from ..report.latest import latest
from ..report.of_portfolio import PortfolioReports
from ..report.workflow import CHECK
from ..services import portfolio as verbs
from ..words import course_badge, status_badge, years_of_namesakes
from .common import ask, attempt_with_message, find_portfolio, number_in, once

MANAGE, OVERVIEW = "portfolios.manage_portfolios", "portfolios.see_overview"
FIRST_GAPS = 10


@policy(SIGNED_IN)
@require_safe
def portfolios(request):
    """Every portfolio with its bar."""
    seen = list(Portfolio.objects.visible_to(request.user).select_related("head"))
    projects = Project.objects.visible_to(request.user).in_archive(False)
    counts: dict = {}
    for (portfolio, status), count in reading.counted(projects, "portfolio", "status").items():
        counts.setdefault(portfolio, {})[status] = count
    rows = [{
        "portfolio": each, "count": sum(counts.get(each.pk, {}).values()),
        "parts": overview.bar(counts.get(each.pk, {}), overview.STATUS_LOOKS,
                              overview.rows_link(each.get_absolute_url())),
    } for each in seen]
    today = timezone.localdate()
    return render(request, "portfolios/portfolios.html", {
        "rows": [row for row in rows if not is_closed(row["portfolio"], today)],
        "closed": [row for row in rows if is_closed(row["portfolio"], today)],
        "may_manage": may(request.user, MANAGE),
    })


def is_closed(portfolio, today):
    return portfolio.closed_on is not None and portfolio.closed_on <= today


@policy(SIGNED_IN)
@require_safe
def portfolio(request, pk):
    """The overview: bars, what needs attention, models, indicators, and the projects with their filters."""
    found = find_portfolio(request, pk)
    models = list(found.models.select_related("head"))
    listing = Listing(request.GET, request.user, found, models)
    goals = list(PortfolioIndicator.objects.visible_to(request.user).filter(
        Q(portfolio=found) | Q(model__portfolio=found)).select_related("model").order_by("model__position", "position", "pk"))
    sees_overview = may(request.user, OVERVIEW, found)
    read = read_overview(found, request.user, sees_overview)
    bars = overview.Bars.of(read.counts, found.get_absolute_url())
    if listing.is_plain:
        listing.opened_with(read.first, bars.total)
    listing.lines = reading.lines([*listing.pks, *(row.pk for row in read.lacking)])
    gaps = gaps_shown(read.lacking, listing.lines, may(request.user, CHECK, found))
    opened = opened_model(request, found)
    return render(request, "portfolios/portfolio.html", {
        "portfolio": found, "listing": listing, "now": timezone.localtime(), "reports": PortfolioReports(found, request.user),
        "courses": bars.courses, "rest": bars.rest, "total": bars.total, "models": bars.of_models(models),
        "opened": opened, "all_well": bars.all_well,
        "goals": [goal_shown(goal) for goal in sorted(goals, key=lambda goal: goal.model_id is not None)],
        "sees_overview": sees_overview, "gaps": gaps, "gap_count": read.lacking_count,
        "trouble_days": reading.TROUBLE_DAYS, "silent_days": reading.NO_REPORT_DAYS,
        "may_manage": may(request.user, MANAGE), "may_create": may(request.user, "portfolios.create_project"),
        "beginnings": [] if bars.total else beginnings_for(request.user),
        "is_closed": is_closed(found, timezone.localdate()),
    })


def read_overview(portfolio, user, sees_overview):
    if sees_overview:
        return Overview.of(projects_of(with_overview(), portfolio, user), STEP, FIRST_GAPS)
    return Overview.without_gaps(projects_of(reading.with_standing(), portfolio, user), STEP)


def opened_model(request, portfolio):
    """``{"pk", "rows", "more"}`` of the model whose projects are shown in its place; None when all are folded."""
    asked = number_in(request, "opened")
    if asked is None:
        return None
    projects = projects_of(reading.with_standing(), portfolio, request.user).filter(model=asked)
    rows = list(projects.order_by(*BY_URGENCY, "pk").values_list("pk", "standing")[:STEP + 1])
    shown = rows_of(rows[:STEP], checks=may(request.user, CHECK, portfolio))
    years = years_of_namesakes([row.project for row in shown])
    return {"pk": asked, "rows": [(row, years.get(row.project.pk)) for row in shown], "more": len(rows) > STEP}


@policy(SIGNED_IN)
@require_safe
def portfolio_history(request, pk):
    """Everything that happened to the portfolio, newest first."""
    found = find_portfolio(request, pk)
    require(request.user, OVERVIEW, found)
    return render(request, "portfolios/history.html", {
        "subject": found, "heading": "История портфеля", "events": history_of(found)[:500]})


def goal_shown(goal):
    """An indicator as the table tells it; the deviation where both numbers are known."""
    both = goal.target is not None and goal.actual is not None
    return {
        "width": overview.way_gone(goal.baseline, goal.target, goal.actual),
        "goal": goal, "baseline": shown_amount(goal.baseline), "target": shown_amount(goal.target), "actual": shown_amount(goal.actual),
        "deviation": signed_amount(goal.actual - goal.target) if both else "",
    }


def projects_of(projects, portfolio, user):
    """Those of the portfolio this person may see, but for what is in the archive."""
    return projects.visible_to(user).filter(portfolio=portfolio).in_archive(False)


def gaps_shown(found, lines, checks):
    """``Missing`` with their sentences; one query more for any number of them."""
    facts = reading.facts([row.pk for row in found]) if found else {}
    years = years_of_namesakes([lines[row.pk] for row in found])
    return [gap_row(lines[row.pk], row.names, facts[row.pk], checks) | {"year": years.get(row.pk)} for row in found]


def gap_row(project, missing, facts, checks):
    active, gaps = project.status == Project.Status.ACTIVE, gaps_of(project, missing, facts)
    return {
        "project": project, "gaps": gaps, "latest": latest(project.report, checks),
        "done": f"{facts.reached} из {facts.points}" if facts.points else "",
        "badge": course_badge(reading.course_at(facts.standing)) if active else status_badge(project),
        "edge": "alert" if any(gap.family == "alert" for gap in gaps) else "wait",
    }


@policy(SIGNED_IN)
@require_safe
def portfolio_attention(request, pk):
    """Everything that must be put in order, fifty a page."""
    found = find_portfolio(request, pk)
    require(request.user, OVERVIEW, found)
    lacking = Lacking(projects_of(with_gaps(), found, request.user))
    number = request.GET.get("page", "1")
    page = Paginator(lacking, STEP).get_page(number if number.isascii() else 1)
    lines = reading.lines([row.pk for row in page.object_list])
    return render(request, "portfolios/attention.html", {
        "portfolio": found, "page": page, "rows": gaps_shown(page.object_list, lines, may(request.user, CHECK, found)),
    })


# What the office changes

def values(form, *names):
    return {name: form.cleaned_data[name] for name in names}


PORTFOLIO, MODEL, GOAL = ("name", "goal", "head"), ("name", "goal", "head"), ("name", "unit", "baseline", "target", "actual")


@policy(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def portfolio_new(request):
    form = PortfolioForm(request.POST or None)
    return ask(request, form, lambda: once(request.user, "portfolio_new", form.cleaned_data["key"], lambda: verbs.create_portfolio(
        by=request.user, **values(form, *PORTFOLIO)).get_absolute_url()),
        heading="Новый портфель", button="Создать портфель", back=("/portfolios/", "Портфели"), done="Портфель создан. Добавьте его модели.")


@policy(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def portfolio_edit(request, pk):
    found = find_portfolio(request, pk)
    form = PortfolioForm(request.POST or None, initial={name: getattr(found, name) for name in (*PORTFOLIO, "version")})
    return ask(request, form, lambda: verbs.save_portfolio(
        found, by=request.user, version=form.cleaned_data["version"], **values(form, *PORTFOLIO)),
        heading=f"{found}: изменить", button="Сохранить", back=found, done="Сохранено.")


@policy(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def portfolio_close(request, pk):
    found = find_portfolio(request, pk)
    form = ClosingForm(request.POST or None, initial={"closed_on": timezone.localdate()})
    return ask(request, form, lambda: verbs.close_portfolio(found, by=request.user, closed_on=form.cleaned_data["closed_on"]),
               heading=f"{found}: закрыть", button="Закрыть портфель", back=found, done="Портфель закрыт.",
               words="С этого дня новые проекты в портфеле не начинают. Его проекты, показатели и документы остаются.")


@policy(MANAGE)
@require_POST
def portfolio_open(request, pk):
    found = find_portfolio(request, pk)
    attempt_with_message(request, lambda: verbs.open_portfolio(found, by=request.user), "Портфель снова открыт.")
    return redirect(found)


@policy(MANAGE)
@require_POST
def portfolio_publish(request, pk):
    """Show it on the open pages or take it off; the button says which."""
    found = find_portfolio(request, pk)
    yes = "yes" in request.POST
    attempt_with_message(request, lambda: verbs.publish_portfolio(found, by=request.user, yes=yes),
                         "Портфель виден на открытой странице." if yes else "Портфель убран с открытой страницы.")
    return redirect(found)


@policy(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def model_new(request, pk):
    found = find_portfolio(request, pk)
    form = ModelForm(request.POST or None)
    return ask(request, form, lambda: once(request.user, "model_new", form.cleaned_data["key"], lambda: verbs.add_model(
        found, by=request.user, **values(form, *MODEL)).portfolio.get_absolute_url()),
        heading=f"{found}: новая модель", button="Добавить модель", back=found, done="Модель добавлена.")


def find_model(request, pk):
    return get_object_or_404(ManagementModel.objects.visible_to(request.user).select_related("portfolio", "head"), pk=pk)


@policy(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def model_edit(request, pk):
    model = find_model(request, pk)
    form = ModelForm(request.POST or None, initial={name: getattr(model, name) for name in (*MODEL, "version")})
    return ask(request, form, lambda: verbs.save_model(
        model, by=request.user, version=form.cleaned_data["version"], **values(form, *MODEL)),
        heading=f"{model}: изменить", button="Сохранить", back=model.portfolio, done="Сохранено.",
        remove_url="portfolios:model_remove", remove_pk=model.pk, remove_word="Убрать модель")


@policy(MANAGE)
@require_POST
def model_remove(request, pk):
    model = find_model(request, pk)
    attempt_with_message(request, lambda: verbs.remove_model(model, by=request.user), "Модель убрана.")
    return redirect(model.portfolio)


@policy(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def goal_new(request, pk):
    found = find_portfolio(request, pk)
    form = GoalForm(request.POST or None, portfolio=found)
    return ask(request, form, lambda: once(request.user, "goal_new", form.cleaned_data["key"], lambda: verbs.portfolio_of_goal(
        verbs.add_goal(found, by=request.user, model=form.cleaned_data["model"], **values(form, *GOAL))).get_absolute_url()),
        heading=f"{found}: новый показатель", button="Добавить показатель", back=found, done="Показатель добавлен.")


def find_goal(request, pk):
    goals = PortfolioIndicator.objects.visible_to(request.user).select_related("portfolio", "model__portfolio")
    return get_object_or_404(goals, pk=pk)


@policy(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def goal_edit(request, pk):
    goal = find_goal(request, pk)
    owner = verbs.portfolio_of_goal(goal)
    form = GoalForm(request.POST or None, portfolio=owner, fixed=True,
                    initial={name: getattr(goal, name) for name in (*GOAL, "version")})
    return ask(request, form, lambda: verbs.save_goal(
        goal, by=request.user, version=form.cleaned_data["version"], **values(form, *GOAL)),
        heading=f"{goal}: изменить", button="Сохранить", back=owner, done="Сохранено.",
        remove_url="portfolios:goal_remove", remove_pk=goal.pk, remove_word="Убрать показатель")


@policy(MANAGE)
@require_POST
def goal_remove(request, pk):
    goal = find_goal(request, pk)
    owner = verbs.portfolio_of_goal(goal)
    attempt_with_message(request, lambda: verbs.remove_goal(goal, by=request.user), "Показатель убран.")
    return redirect(owner)
