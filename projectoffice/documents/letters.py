"""What the route writes to people. Letters go to the outbox in the transaction of the verb."""
from django.urls import reverse

from projectoffice.accounts.models import Substitution
from projectoffice.common.mail import absolute, post

from .models import Stamp

ASKED = {Stamp.Kind.APPROVE: "утвердить", Stamp.Kind.AGREE: "согласовать", Stamp.Kind.ACCEPT: "рассмотреть"}


def ask_to_decide(document, stamp):
    """Ask the signer, and who acts for the signer today; one letter per person and content.

    Who signs on paper gets the sheet from the office, not a letter.
    """
    if stamp.signer is None or stamp.method == Stamp.Method.INK:
        return
    asked = ASKED.get(stamp.kind, "подписать")
    acting = [s.acting for s in Substitution.objects.current().filter(absent=stamp.signer).select_related("acting")]
    for person in [stamp.signer, *acting]:
        post(
            key=f"ask:{stamp.pk}:{document.current_sheet_id}:{person.pk}:{document.sent_at:%Y%m%d%H%M%S}",
            person=person,
            subject=f"Вас просят {asked}: {document.title}",
            body=f"Вас просят {asked} документ «{document.title}», редакция {document.edition_number}.\n\n"
            f"Прочитать и решить: {absolute(reverse('documents:decide', args=[document.pk]))}\n",
            about=document,
        )


def route_ended(document, what, *, by):
    """Tell those who were asked that nothing waits for them any more."""
    for stamp in document.stamps.active().select_related("signer"):
        if stamp.signer and stamp.signer != by:
            post(
                key=f"ended:{stamp.pk}:{document.pk}:{document.sent_at:%Y%m%d%H%M%S}",
                person=stamp.signer,
                subject=f"Решение больше не нужно: {document.title}",
                body=f"Документ «{document.title}» {what}. Решать по нему сейчас ничего не нужно.\n",
                about=document,
            )


def returned(document, reason, *, by):
    if document.sent_by:
        post(
            key=f"returned:{document.pk}:{document.decisions.latest('moment').pk}",
            person=document.sent_by,
            subject=f"Возвращено с замечанием: {document.title}",
            body=f"{by.signature_name} возвращает документ «{document.title}» с замечанием:\n\n{reason}\n\n"
            f"Исправить: {absolute(document.get_absolute_url())}\n",
            about=document,
        )


def issued(document, edition):
    if document.sent_by:
        post(
            key=f"issued:{edition.pk}",
            person=document.sent_by,
            subject=f"{document.spec.issued_word}: {document.title}",
            body=f"Документ «{document.title}», редакция {edition.number}, подписан всеми и действует.\n\n"
            f"Открыть: {absolute(document.get_absolute_url())}\n",
            about=document,
        )
