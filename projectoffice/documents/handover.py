"""What this app gives to «Передать дела»: the signatures that still wait for the leaver."""
from projectoffice.accounts.handover import contributes
from projectoffice.accounts.services.handover import refuse_to_oneself

from . import route
from .models import Document, Stamp
from .services.stamps import replace_signer, save_stamp


def waiting_stamps(person):
    """Unsigned stamps of the person in drafts and on the route."""
    stamps = Stamp.objects.active().filter(
        signer=person, document__state__in=[Document.State.DRAFT, Document.State.IN_APPROVAL]
    ).select_related("document").order_by("document_id", "pk")
    return [stamp for stamp in stamps if not is_signed(stamp)]


def is_signed(stamp):
    if stamp.document.state == Document.State.DRAFT:
        return False
    return any(one.stamp == stamp and one.state == route.SIGNED for one in route.standings(stamp.document))


def hand_over_stamps(person, successor, by):
    """On the route the printed name stays and the successor is asked; in a draft the name is the successor's."""
    stamps = waiting_stamps(person)
    if stamps:
        refuse_to_oneself(by, successor)
    for stamp in stamps:
        method = stamp.method if successor.can_log_in else Stamp.Method.INK
        if stamp.document.state == Document.State.IN_APPROVAL:
            replace_signer(stamp, by=by, signer=successor, method=method)
        else:
            save_stamp(stamp, by=by, version=stamp.version, signer=successor, name=successor.signature_name, method=method)
    return len(stamps)


contributes("подписи, которых ждут", count=lambda person: len(waiting_stamps(person)), hand_over=hand_over_stamps)
