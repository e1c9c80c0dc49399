"""Projects: the list, its Excel, one project, and what is done with its card, head, state and place in time."""
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.accounts.access import may, require
from projectoffice.common.history import history_of
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.common.russian import full_stop
from projectoffice.common.sheets import xlsx_response

from .. import passports, reading, workflow
from ..forms.project import CopyForm, HeadForm, NewProjectForm, ProjectForm, ReasonForm, ResultForm
from ..listing import HEADINGS, Listing, exported
from ..models import Project
from ..product.words import badge
from ..report import of_project
from ..services import copying
from ..services import project as verbs
from ..words import course_badge, status_badge
from .common import ask, attempt_with_message, find_project, once

CREATE = "portfolios.create_project"
LAST_EVENTS = 10
CARD = ("title", "kind", "start", "end")
PLACE = ("portfolio", "model")


@policy(SIGNED_IN)
@require_safe
def projects(request):
    """The projects this person may see, with filters, who needs help first."""
    return render(request, "portfolios/projects.html", {
        "listing": Listing(request.GET, request.user), "may_create": may(request.user, CREATE),
        "may_import": may(request.user, "portfolios.import_projects"),
    })


@policy(SIGNED_IN)
@require_safe
def projects_export(request):
    """Exactly what is found, as an Excel file."""
    listing = Listing(request.GET, request.user)
    return xlsx_response(f"Проекты {timezone.localdate():%d.%m.%Y}", HEADINGS, exported(listing.every_row()))


@policy(SIGNED_IN)
@require_safe
def project(request, pk):
    """What it is, how it stands, what to do next, who answers for what."""
    found = find_project(request, pk)
    standing = reading.with_standing().visible_to(request.user).filter(pk=pk).values_list("standing", flat=True)[0]
    actions = workflow.available(found, request.user)
    members = list(found.team.select_related("person"))
    reports = of_project.reports_shown(found)
    context = {
        "project": found, "status": status_badge(found),
        "course": course_badge(reading.course_at(standing)) if found.status == Project.Status.ACTIVE else None,
        "actions": actions, "moves": moves(actions), "main": main_move(found, actions),
        "institutions": list(found.institutions.select_related("institution")),
        "members": [each for each in members if each.is_current()],
        "former": [each for each in members if not each.is_current()],
        "ancestry": reading.ancestry(found, request.user),
        "continued_by": list(Project.objects.visible_to(request.user).filter(copied_from=found)),
        "events": history_of(found)[:LAST_EVENTS], "today": timezone.localdate(),
        "closed_words": "" if found.is_going_on else workflow.ENDED,
        "trouble_days": reading.TROUBLE_DAYS, "products": products_of(found, request.user),
        "may_add_product": may(request.user, "portfolios.create_product"),
        "reports": reports, "periods": of_project.periods_to_begin(found, request.user, reports),
        **passports.of_project(found, request.user),
    }
    return render(request, "portfolios/project.html", context)


def products_of(project, user):
    """Methodical products made in the project, as far as this person sees them, each with its badge."""
    return [(product, badge(product)) for product in project.products.visible_to(user).defer("annotation", "vector", "title_words", "text_words")]


def moves(actions):
    """Verbs that lead to another state, with the words of their buttons."""
    return [(verb, label) for verb, label in actions.items() if verb in workflow.MOVES]


def main_move(project, actions):
    """The move that usually comes next, as the page's filled button; None when nothing presses."""
    usual = {Project.Status.PREPARING: "start", Project.Status.SUSPENDED: "resume"}.get(Project.Status(project.status))
    return (usual, actions[usual]) if usual in actions else None


@policy(SIGNED_IN)
@require_safe
def project_history(request, pk):
    """Everything that happened to the project, newest first."""
    found = find_project(request, pk)
    return render(request, "portfolios/history.html", {
        "subject": found, "heading": "История проекта", "events": history_of(found)[:500]})


@policy(CREATE)
@require_http_methods(["GET", "HEAD", "POST"])
def project_new(request):
    """A new project; ``?portfolio=`` proposes where it belongs."""
    asked = request.GET.get("portfolio", "")
    initial = {"portfolio": int(asked)} if asked.isascii() and asked.isdigit() and len(asked) < 9 else {}
    form = NewProjectForm(request.POST or None, initial=initial)

    def create():
        words = {name: form.cleaned_data[name] for name in (*CARD, *PLACE, "institution", "head")}
        return verbs.create_project(by=request.user, **words).get_absolute_url()

    return ask(request, form, lambda: once(request.user, "project_new", form.cleaned_data["key"], create),
               heading="Новый проект", button="Создать проект", back=("/projects/", "Проекты"),
               done="Проект создан. Добавьте команду и заполните паспорт.")


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def project_edit(request, pk):
    """Title, kind, dates; for the office the portfolio and the model too."""
    found = find_project(request, pk)
    require(request.user, workflow.CHANGE, found)
    places = may(request.user, CREATE)
    names = (*CARD, *PLACE) if places else CARD
    form = ProjectForm(request.POST or None, places=places, current=found.portfolio,
                       initial={name: getattr(found, name) for name in (*names, "version")})
    return ask(request, form, lambda: verbs.save_project(
        found, by=request.user, version=form.cleaned_data["version"], **{name: form.cleaned_data[name] for name in names}),
        heading=f"{found}: изменить", button="Сохранить", back=found, done="Сохранено.")


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def project_head(request, pk):
    """Another head: told to both."""
    found = find_project(request, pk)
    require(request.user, workflow.HEAD, found)
    form = HeadForm(request.POST or None, initial={"version": found.version})
    words = full_stop(f"Сейчас руководит {found.head}") + " " if found.head else "Руководитель пока не указан. "
    return ask(request, form, lambda: verbs.change_head(
        found, form.cleaned_data["head"], by=request.user, version=form.cleaned_data["version"], reason=form.cleaned_data["reason"]),
        heading=f"{found}: сменить руководителя", button="Сменить руководителя", back=found,
        done="Руководитель назначен. Письма обоим поставлены в очередь." if found.head else "Руководитель назначен.",
        words=words + "Новый руководитель сможет вести проект на портале. О смене узнают оба, в истории она останется.")


CONSEQUENCES = {
    "start": "Проект начнёт считаться в ходе портфеля, по нему будут ждать отчётов.",
    "resume": "Проект снова пойдёт, по нему будут ждать отчётов.",
    "finish": "После завершения карточку, команду и паспорт не меняют. Вернуть проект в работу можно.",
    "suspend": "Пока проект приостановлен, отчётов по нему не ждут. Карточку и паспорт можно править.",
    "stop": "После прекращения карточку, команду и паспорт не меняют. Вернуть проект в работу можно.",
    "reopen": "Проект снова пойдёт: его можно будет менять, по нему будут ждать отчётов.",
    "prepare": "Проект снова готовится: его паспорт можно дорабатывать, отчётов по нему не ждут.",
    "save_result": "Итог виден всем, кто видит проект, и на открытой странице, если проект там показан.",
}


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def project_status(request, pk, verb):
    """Another state, with its reason or its result; or the result mended after the end."""
    found = find_project(request, pk)
    if verb not in workflow.MOVES and verb != "save_result":
        raise Http404
    rule = workflow.RULES[verb]
    require(request.user, rule.permission, found)
    if request.method != "POST" and not workflow.is_moment(found, verb):
        messages.info(request, workflow.refusal(found, verb))
        return redirect(found)
    asks_result = rule.result or verb == "save_result"
    if asks_result:
        form = ResultForm(request.POST if request.method == "POST" else None, initial={"result": found.result})
    else:
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if not rule.reason:
            form.fields["reason"].required = False

    def act():
        words = form.cleaned_data
        if verb == "save_result":
            return verbs.save_result(found, by=request.user, result=words["result"])
        return verbs.move(found, verb, by=request.user, reason=words.get("reason", ""), result=words.get("result", ""))

    return ask(request, form, act, heading=f"{found}: {rule.label[0].lower()}{rule.label[1:]}", button=rule.label,
               back=found, done="Записано.", words=CONSEQUENCES[verb])


@policy(SIGNED_IN)
@require_POST
def project_archive(request, pk):
    """Into the archive or out of it; the button says which."""
    found = find_project(request, pk)
    require(request.user, workflow.STATUS, found)
    act = verbs.unarchive if "back" in request.POST else verbs.archive
    attempt_with_message(request, lambda: act(found, by=request.user),
                         "Проект снова в списках." if "back" in request.POST else "Проект убран в архив.")
    return redirect(found)


@policy(CREATE)
@require_http_methods(["GET", "HEAD", "POST"])
def project_copy(request, pk):
    """The same project in the next year."""
    found = find_project(request, pk)
    day = copying.moved(found.start, 1) or timezone.localdate()
    form = CopyForm(request.POST or None, initial={"start": day, "end": copying.moved(found.end, 1)})
    return ask(request, form, lambda: once(request.user, "project_copy", form.cleaned_data["key"], lambda: copying.copy_project(
        found, by=request.user, start=form.cleaned_data["start"], end=form.cleaned_data["end"]).get_absolute_url()),
        heading=f"{found}: продолжить в следующем году", button="Создать продолжение", back=found,
        done="Продолжение создано. Проверьте паспорт: сроки этапов и точек сдвинуты, исходными стали прежние цели.",
        words="Перейдут учреждения, команда, руководитель и текст паспорта. Отчёты и отметки останутся у прежнего проекта, "
              "оба будут ссылаться друг на друга.",
        template="portfolios/project_copy.html", continuations=copying.continuations(found).visible_to(request.user))


@policy("portfolios.publish_project")
@require_POST
def project_publish(request, pk):
    """Show it on the open pages or take it off; the button says which."""
    found = find_project(request, pk)
    yes = "yes" in request.POST
    if attempt_with_message(request, lambda: verbs.publish_project(found, by=request.user, yes=yes),
                            "Проект показан на открытой странице." if yes else "Проект убран с открытой страницы."):
        note_what_is_hidden(request, found, yes)
    return redirect(found)


def note_what_is_hidden(request, project, yes):
    if yes and project.status == Project.Status.PREPARING:
        messages.info(request, "Посетители увидят его, когда начнётся реализация.")


