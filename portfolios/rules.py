import rules

from projectoffice.accounts.access import is_head, is_office
from projectoffice.accounts.models import Post
from projectoffice.documents.models import Document
from projectoffice.documents.route import deciding_for

from .models import MethodProduct, Portfolio, ProgressReport, Project, ReportingPeriod, ReportPart

_PAPERS = {
    "implementation_plan": lambda document: document.implementation_plan.project,
    "project_passport": lambda document: document.passport.project,
}


def project_of(obj):
    """The project a right is asked about: itself, or the one its paper or report tells of; None in general."""
    if isinstance(obj, Document):
        return _PAPERS[obj.kind](obj) if obj.kind in _PAPERS else None
    if isinstance(obj, ReportPart):
        return obj.report.project
    if isinstance(obj, ProgressReport):
        return obj.project
    return obj if isinstance(obj, Project) else None


@rules.predicate
def keeps_the_project(user, obj):
    """Heads the project or keeps it on the portal, oneself or acting; asked in general: any project."""
    if obj is None:
        return Project.objects.kept_by(user).exists()
    project = project_of(obj)
    return project is not None and (
        project.head_id in deciding_for(user) or Project.objects.kept_by(user).filter(pk=project.pk).exists())


rules.add_perm("portfolios.change_implementation_plan", is_office | keeps_the_project)
rules.add_perm("portfolios.create_city_plan", is_office)


def portfolio_of(obj):
    """The portfolio itself, or the one a period, a project or its paper belongs to."""
    if isinstance(obj, Portfolio):
        return obj
    if isinstance(obj, ReportingPeriod):
        return obj.portfolio
    project = project_of(obj)
    return project.portfolio if project else None


@rules.predicate
def heads_portfolio(user, obj):
    """The head of the portfolio, oneself or acting; asked in general: of any."""
    if obj is None:
        return Portfolio.objects.headed_by(user).exists()
    portfolio = portfolio_of(obj)
    return portfolio is not None and portfolio.head_id in deciding_for(user)


rules.add_perm("portfolios.manage_portfolios", is_office)
rules.add_perm("portfolios.create_project", is_office)
rules.add_perm("portfolios.import_projects", is_office)
rules.add_perm("portfolios.change_project", is_office | keeps_the_project)
rules.add_perm("portfolios.change_status", is_office | heads_portfolio)
rules.add_perm("portfolios.choose_signers", is_office)
rules.add_perm("portfolios.change_head", is_office | heads_portfolio)
rules.add_perm("portfolios.publish_project", is_office)
rules.add_perm("portfolios.see_overview", is_office | is_head | heads_portfolio)


@rules.predicate
def is_anothers_project(user, obj):
    """Nobody checks the report of a project one keeps oneself; asked in general: yes."""
    return obj is None or not keeps_the_project(user, obj)


@rules.predicate
def works_in_the_institution(user, obj):
    """Holds a post today in the institution this part of a report is from."""
    return isinstance(obj, ReportPart) and ReportPart.objects.of_institutions(user).filter(pk=obj.pk).exists()


rules.add_perm("portfolios.write_report", is_office | keeps_the_project)
rules.add_perm("portfolios.write_part", is_office | works_in_the_institution)
rules.add_perm("portfolios.check_report", is_office | (heads_portfolio & is_anothers_project))
rules.add_perm("portfolios.manage_reports", is_office | heads_portfolio)


# The bank of methodical products

@rules.predicate
def works_in_an_institution(user):
    """Holds a post in an institution today."""
    return Post.objects.current().filter(person=user, institution__isnull=False).exists()


@rules.predicate
def writes_the_product(user, obj):
    """Made the product or keeps its project, oneself or acting; asked in general: any."""
    written = MethodProduct.objects.written_by(user)
    return written.exists() if obj is None else written.filter(pk=obj.pk).exists()


rules.add_perm("portfolios.create_product", is_office | works_in_an_institution | keeps_the_project)
rules.add_perm("portfolios.write_product", is_office | writes_the_product)
rules.add_perm("portfolios.moderate_products", is_office)
