"""Whose reports wait for whom: what somebody may check, and what waits for this very person. Reads only."""
from django.db.models import Exists, F, OuterRef, Q

from projectoffice.accounts.access import is_head, is_office
from projectoffice.documents.route import deciding_for

from ..models import Portfolio, ProgressReport, Project, ReportingPeriod, TeamMember


def is_on_check():
    """The condition of ``on_check``, for counts beside others."""
    return Q(state=ProgressReport.State.SUBMITTED, project__archived_at__isnull=True)


def on_check():
    """Reports that were submitted and nobody has decided on."""
    return ProgressReport.objects.filter(is_on_check())


def checked_by(user):
    """Reports on check this person may decide on: the office all, a head those of the own portfolios."""
    return on_check().filter(decided_by(user)) if user.is_authenticated else on_check().none()


def decided_by(user):
    """The reports, on check or not, that are this person's to decide on."""
    return Q() if is_office(user) else of_headed(user)


def waiting_for(user):
    """Reports on check that wait for this very person: the office is asked only where no head can check."""
    if not user.is_authenticated:
        return on_check().none()
    return on_check().filter(of_headed(user) | without_checker() if is_office(user) else of_headed(user))


def of_headed(user):
    """Of portfolios one heads, oneself or acting, but of no project one keeps oneself."""
    headed = Project.objects.filter(portfolio__head__in=deciding_for(user))
    return Q(project__in=headed.exclude(pk__in=Project.objects.kept_by(user).values("pk")).order_by().values("pk"))


def without_checker():
    """Nobody at work heads the portfolio, or its head keeps the very project."""
    head = "project__portfolio__head"
    editor = TeamMember.objects.current().filter(
        project=OuterRef("project"), person=OuterRef(head), role=TeamMember.Role.EDITOR)
    gone = Q(**{f"{head}__isnull": True}) | Q(**{f"{head}__is_active": False}) | Q(**{f"{head}__left_on__isnull": False})
    return gone | Q(project__head=F(head)) | Exists(editor)


def checker_of(report):
    """The head of the portfolio when it is theirs to check this report; None when the office is asked."""
    if ProgressReport.objects.filter(without_checker(), pk=report.pk).exists():
        return None
    return report.project.portfolio.head


def overseen_portfolios(user):
    """Portfolios whose reports one oversees: the office and heads all, others those they head."""
    return Portfolio.objects.all() if is_office(user) or is_head(user) else Portfolio.objects.headed_by(user)


def managed_portfolios(user):
    """Open portfolios whose reports one may ask for."""
    return (Portfolio.objects.all() if is_office(user) else Portfolio.objects.headed_by(user)).open()


def overseen_periods(user):
    return ReportingPeriod.objects.visible_to(user).filter(portfolio__in=overseen_portfolios(user))
