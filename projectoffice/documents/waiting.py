"""Documents that wait for a person's decision, as rows of the one list of the start page."""
from django.urls import reverse

from projectoffice.common.waiting import Waiting, contributes

from . import letters, route


@contributes
def decisions_to_make(user):
    for document in route.waiting_documents(user):
        stamp = next(s for s in route.open_stamps(document) if route.may_be_decided_by(s, user))
        asked = letters.ASKED.get(stamp.kind, "подписать")
        yield Waiting(
            what=f"{document.title}, редакция {document.edition_number}",
            whose="" if stamp.signer_id == user.pk else f"за {stamp.signer}",
            url=reverse("documents:decide", args=[document.pk]),
            action=f"Прочитать и {asked}",
            since=document.sent_at,
        )
