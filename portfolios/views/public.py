"""What visitors read: portfolios and projects marked public, from what is in force, names only with consent."""
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from projectoffice.accounts.models import User
from projectoffice.common.lines import from_text
from projectoffice.common.policy import PUBLIC, policy
from projectoffice.documents.models import Document
from projectoffice.documents.public import consented_names, public_cell, shown

from .. import reading
from ..kinds.passport import BEFORE
from ..models import Portfolio, Project
from ..passports import LABELS
from ..product.names import Shown
from ..product.public import typed_of
from ..words import status_badge

STEP = 100


@policy(PUBLIC)
@require_safe
def public_portfolios(request):
    """Portfolios marked public, each with its public projects; a hundred projects a page."""
    number = request.GET.get("page", "1")
    projects = Project.objects.public().filter(portfolio__is_public=True)
    page = Paginator(reading.with_row(projects).order_by("portfolio__position", "portfolio__name", "title", "pk"), STEP).get_page(
        number if number.isascii() else 1)
    names = consented_names()
    by_portfolio: dict = {}
    for project in page:
        by_portfolio.setdefault(project.portfolio_id, []).append(
            {"project": project, "institution": reading.lead_of(project), "status": status_badge(project)})
    public = Portfolio.objects.filter(is_public=True).select_related("head")
    consents = consenting([portfolio.head_id for portfolio in public])
    rows = [{"portfolio": each, "goal": shown(each.goal, names), "head": each.head if each.head_id in consents else None,
             "projects": by_portfolio.get(each.pk, [])} for each in public if page.number == 1 or each.pk in by_portfolio]
    return render(request, "portfolios/public_portfolios.html", {"rows": rows, "page": page})


def consenting(people):
    """Ids of those of these people whose name may stand on public pages today; one query."""
    return set(User.objects.with_consent().filter(pk__in=[pk for pk in people if pk]).values_list("pk", flat=True))


@policy(PUBLIC)
@require_safe
def public_project(request, pk):
    """One public project: facts, what its passport in force says, the team whose members consented."""
    project = get_object_or_404(Project.objects.public().select_related("portfolio", "head", "passport__document__in_force"), pk=pk)
    names = consented_names()
    document = in_force_of(project)
    source = document.in_force.snapshot["source"] if document else None
    members = list(project.team.current().filter(person__isnull=False).select_related("person"))
    consents = consenting([project.head_id, *(member.person_id for member in members)])
    places = list(project.institutions.select_related("institution"))
    products = list(project.products.published().only("uid", "title", "kind", "year"))
    shown_product = Shown([product.title for product in products], typed_of(products))
    return render(request, "portfolios/public_project.html", {
        "products": [(product, shown_product(product.title)) for product in products],
        "project": project, "title": shown(project.title, names), "status": status_badge(project),
        "portfolio": project.portfolio if project.portfolio.is_public else None,
        "lead": next((each.institution for each in places if each.role == "lead"), None),
        "partners": [str(each.institution) for each in places if each.role != "lead"],
        "head": project.head.full_name if project.head_id in consents else "", "result": shown(project.result, names),
        "rows": texts_shown(source, names) if source else [],
        "team": [member.person.full_name for member in members if member.person_id in consents and member.person_id != project.head_id],
        "paper_url": document.public_url if document and document.published_at else "",
    })


def in_force_of(project):
    """The passport's document while it is in force, or None."""
    passport = getattr(project, "passport", None)
    document = passport.document if passport else None
    return document if document and document.in_force_id and document.state != Document.State.ANNULLED else None


def texts_shown(source, names):
    """Texts of the passport in force without names nobody consented to; how the money goes stays inside."""
    rows = []
    for name in BEFORE:
        words = source["texts"].get(name)
        if words and name != "resources":
            words = from_text(words) if isinstance(words, str) else words
            rows.append({"title": LABELS[name], "words": public_cell(words, names)})
    return rows
