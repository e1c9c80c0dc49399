"""Whose reports wait for whom: what somebody may check, and what waits for this very person. Reads only."""
from django.db.models import Q

from projectoffice.accounts.access import is_office
from projectoffice.documents.route import deciding_for

from ..models import ProgressReport


def on_check():
    """Reports that were submitted and nobody has decided on."""
    return ProgressReport.objects.filter(state=ProgressReport.State.SUBMITTED, project__archived_at__isnull=True)


def checked_by(user):
    """Reports on check this person may decide on: those of the own portfolios, oneself or acting; the office all."""
    if not user.is_authenticated:
        return on_check().none()
    return on_check() if is_office(user) else on_check().filter(headed_by(user))


def waiting_for(user):
    """Reports on check that wait for this very person: the office is asked only where no head is at work."""
    if not user.is_authenticated:
        return on_check().none()
    return on_check().filter(headed_by(user) | without_head() if is_office(user) else headed_by(user))


def headed_by(user):
    return Q(project__portfolio__head__in=deciding_for(user))


def without_head():
    """Nobody at work heads the portfolio."""
    head = "project__portfolio__head"
    return Q(**{f"{head}__isnull": True}) | Q(**{f"{head}__is_active": False}) | Q(**{f"{head}__left_on__isnull": False})
