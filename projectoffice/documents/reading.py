"""Who may read papers of an ordinary kind; kinds that are stricter write their own ``readable``."""
from django.db.models import Q

from projectoffice.accounts.access import may

from . import route
from .models import Document, Stamp

READS_WORKING = "documents.read_working"


def office_paper(user):
    """The office reads everything; a signer what one is asked to sign; everybody else what is in force."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    if may(user, READS_WORKING):
        return Q()
    return Q(in_force__isnull=False) | asked_to_sign(user)


def asked_to_sign(user):
    """Documents on the route that this person, or somebody the person acts for, is to sign."""
    asked = Stamp.objects.active().filter(
        signer__in=route.deciding_for(user), document__state=Document.State.IN_APPROVAL
    )
    return Q(pk__in=asked.values("document"))
