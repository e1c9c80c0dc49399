"""Documents that wait for a person's decision, as rows of the one list of the start page."""
from django.urls import reverse

from projectoffice.accounts.access import may
from projectoffice.common.waiting import Waiting, contributes

from . import letters, route
from .models import Annulment


@contributes
def decisions_to_make(user):
    for document in route.waiting_documents(user):
        stamp = route.stamps_asking(document, user)[0]
        asked = letters.ASKED.get(stamp.kind, "подписать")
        yield Waiting(
            what=f"{document.title}, редакция {document.edition_number}",
            whose="" if stamp.signer_id == user.pk else f"за {stamp.signer}",
            url=reverse("documents:decide", args=[document.pk]),
            action=f"Прочитать и {asked}",
            since=document.sent_at,
        )


@contributes
def annulments_to_confirm(user):
    proposed = Annulment.objects.filter(confirmed_at=None, declined_at=None).exclude(proposed_by=user)
    for annulment in proposed.select_related("document", "proposed_by"):
        if may(user, "documents.confirm_annulment", annulment.document):
            yield Waiting(
                what=f"{annulment.document.title}: отмена",
                whose=f"предлагает {annulment.proposed_by}",
                url=reverse("documents:annul", args=[annulment.document_id]),
                action="Решить об отмене",
                since=annulment.proposed_at,
            )
