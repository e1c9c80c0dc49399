"""Reporting periods: the list, one period with who has sent, what is changed in it, reminders, accepting several at once."""
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.accounts.access import is_office, may, require
from projectoffice.common.db import now
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.history import history_of
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.common.russian import plural

from ..forms.due import due_initial
from ..forms.period import AddProjectForm, PeriodForm
from ..models import Portfolio, ReportingPeriod
from ..report import reminders
from ..report.checking import managed_portfolios, overseen_periods
from ..report.listing import ReportListing
from ..report.period import PeriodPage, bars_of, projects_to_add
from ..report.several import NOT_YOURS, Chosen
from ..report.workflow import CHECK, MANAGE
from ..services import period as verbs
from ..services import report as reports
from ..services.reminding import remind
from .common import ask, attempt_with_message, number_in, once
from .review import decided_words

OVERVIEW = "portfolios.see_overview"
FIELDS = ("title", "start", "end", "due_at", "accepts_late")
STEP, LAST_EVENTS = 20, 10


@policy(OVERVIEW)
@require_safe
def periods(request):
    """What reports are collected, the newest first, each with the bar of where they stand."""
    seen = overseen_periods(request.user).select_related("portfolio").order_by("-due_at", "-pk")
    portfolio = number_in(request, "portfolio")
    if portfolio:
        seen = seen.filter(portfolio=portfolio)
    number = request.GET.get("page", "1")
    page = Paginator(seen, STEP).get_page(number if number.isascii() else 1)
    return render(request, "portfolios/periods.html", {
        "page": page, "rows": bars_of(list(page)), "may_manage": may(request.user, MANAGE), "now": timezone.now(),
        "portfolio": Portfolio.objects.visible_to(request.user).filter(pk=portfolio).first() if portfolio else None,
    })


def find_period(request, pk):
    """The period whose portfolio this person oversees; 404 or 403 otherwise."""
    found = get_object_or_404(ReportingPeriod.objects.visible_to(request.user).select_related("portfolio__head", "opened_by"), pk=pk)
    require(request.user, OVERVIEW, found)
    return found


def find_managed(request, pk):
    found = find_period(request, pk)
    require(request.user, MANAGE, found)
    return found


def page_of(period):
    """Where a form about a period leads back to."""
    return period.get_absolute_url(), f"Отчёты {period.title}"


@policy(SIGNED_IN)
@require_safe
def period(request, pk):
    """Who has not sent, who has, what was decided; a row for each project."""
    found, choosing = find_period(request, pk), "choose" in request.GET
    listing = ReportListing(request.GET, request.user, found)
    listing.along = (("choose", "on"),) if choosing else ()
    return render(request, "portfolios/period.html", {
        "period": found, "listing": listing, "shown": PeriodPage(found, request.user),
        "events": history_of(found)[:LAST_EVENTS], "is_office": is_office(request.user), "is_over": found.due_at < timezone.now(),
        "may_check": may(request.user, CHECK, found.portfolio), "choosing": choosing,
    })


@policy(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def period_new(request):
    """Ask the projects of a portfolio for their reports; ``?portfolio=`` proposes which."""
    form = PeriodForm(request.POST or None, portfolios=managed_portfolios(request.user), initial={"portfolio": number_in(request, "portfolio")})

    def create():
        words = {name: form.cleaned_data[name] for name in ("portfolio", *FIELDS)}
        return verbs.open_period(by=request.user, **words).get_absolute_url()

    return ask(request, form, lambda: once(request.user, "period_new", form.cleaned_data["key"], create),
               heading="Собрать отчёты", button="Попросить отчёты", back=(reverse("portfolios:periods"), "Сбор отчётов"),
               done="Отчёты запрошены. Кому уйдёт письмо и кому лучше позвонить, видно в «Напомнить».",
               words="Отчёт попросят у проектов портфеля, которые реализуются в эти дни. Проект, который начнётся позже, "
                     "присоединится сам, любой другой можно добавить вручную.")


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def period_edit(request, pk):
    found = find_managed(request, pk)
    initial = {name: getattr(found, name) for name in (*FIELDS, "version")} | due_initial(found.due_at)
    form = PeriodForm(request.POST or None, initial=initial)
    return ask(request, form, lambda: verbs.save_period(
        found, by=request.user, version=form.cleaned_data["version"], **{name: form.cleaned_data[name] for name in FIELDS}),
        heading=f"Отчёты {found.title}: изменить", button="Сохранить", back=page_of(found), done="Сохранено.",
        words="Новый срок получат все, кто ещё не отправил отчёт, и узнают о нём письмом. Кому срок продлили отдельно, тот его сохранит, "
              "если он позже. У возвращённых отчётов остаётся срок, назначенный при возврате.")


@policy(SIGNED_IN)
@require_POST
def period_remove(request, pk):
    found = find_managed(request, pk)
    if attempt_with_message(request, lambda: verbs.remove_period(found, by=request.user), "Сбор отчётов убран."):
        return redirect("portfolios:periods")
    return redirect(found)


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def period_add(request, pk):
    """Ask one more project for its report."""
    found = find_managed(request, pk)
    form = AddProjectForm(request.POST or None, projects=projects_to_add(found))
    return ask(request, form, lambda: reports.add_project(found, form.cleaned_data["project"], by=request.user).pk,
               heading=f"Отчёты {found.title}: добавить проект", button="Попросить отчёт", back=page_of(found),
               done="Отчёт запрошен. Команда узнает об этом письмом.",
               words="Здесь проекты портфеля, у которых за этот период отчёта ещё нет.")


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def period_remind(request, pk):
    """Whom a reminder would go to and whom to call; then the letters."""
    found = find_managed(request, pk)
    if request.method == "POST":
        count = remind(found, by=request.user)
        messages.success(request, f"Отправляем напоминания: {count}." if count else "Писать некому: сегодня всем уже напоминали или все отправили отчёты.")
        return redirect(found)
    people = reminders.addressees(found, reminders.office_day(now()))
    return render(request, "portfolios/period_remind.html", {"period": found, "people": people, "count": len(people.by_letter)})


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def period_accept(request, pk):
    """Several reports at once: first what would become of each, then each through the same verb."""
    found = find_period(request, pk)
    require(request.user, CHECK, found.portfolio)
    if request.method != "POST":
        chosen = Chosen.of(found, request.GET.getlist("report"), request.user)
        return render(request, "portfolios/period_accept.html", {"period": found, "chosen": chosen})
    chosen = Chosen.of(found, request.POST.getlist("report"), request.user)
    done, left = [], []
    for report, number in chosen.confirmed(request.POST):
        refusal = accept(report, number, request.user)
        (left if refusal else done).append(f"«{report.project}»: {refusal}" if refusal else report)
    if done:
        messages.success(request, f"Принято: {len(done)}\xa0{plural(len(done), 'отчёт,отчёта,отчётов')}.")
    for words in left:
        messages.error(request, f"Не принят отчёт по проекту {words}")
    if not done and not left:
        messages.info(request, "Ничего не выбрано.")
    return redirect(found)


def accept(report, number, by):
    """Why this one was not accepted; empty when it was."""
    try:
        accepted = reports.accept_report(report, by=by, number=number)
    except (StaleVersion, TransitionNotAllowed) as error:
        return str(error)
    except ValidationError as error:
        return " ".join(error.messages)
    except PermissionDenied:
        return f"{NOT_YOURS}."
    return "" if accepted.decided_by_id == by.pk else decided_words(accepted)
