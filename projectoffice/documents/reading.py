"""Who may read papers of an ordinary kind; kinds that are stricter write their own ``readable``."""
from django.db.models import Q

from projectoffice.accounts.access import may

from . import route
from .models import Document, Stamp


def office_paper(user):
    """The office reads everything; a signer what one is asked to sign; everybody else what is in force."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    if may(user, "documents.read_working"):
        return Q()
    asked = Stamp.objects.active().filter(
        signer__in=route.deciding_for(user), document__state=Document.State.IN_APPROVAL
    )
    return Q(in_force__isnull=False) | Q(pk__in=asked.values("document"))
