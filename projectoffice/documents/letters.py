"""What the route writes to people. Letters go to the outbox in the transaction of the verb."""
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.models import Role, RoleAssignment, Substitution
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
    for person in asked_people(stamp.signer):
        post(
            key=f"ask:{stamp.pk}:{document.current_sheet_id}:{person.pk}:{document.sent_at:%Y%m%d%H%M%S}",
            person=person,
            subject=f"Вас просят {asked}: {document.title}",
            body=f"Вас просят {asked} документ «{document.title}», редакция {document.edition_number}.\n\n"
            f"Прочитать и решить: {absolute(reverse('documents:decide', args=[document.pk]))}\n",
            about=document,
        )


def route_ended(document, asked, what, *, by):
    """Tell those who were being asked (stamps), and who acts for them, that nothing waits for them any more."""
    for stamp in asked:
        if stamp.method == Stamp.Method.ELECTRONIC:
            for person in asked_people(stamp.signer):
                if person != by:
                    nothing_waits(document, stamp, person, what)


def nothing_waits(document, stamp, person, what):
    post(
        key=f"ended:{stamp.pk}:{stamp.version}:{person.pk}:{document.sent_at:%Y%m%d%H%M%S}",
        person=person,
        subject=f"Решение больше не нужно: {document.title}",
        body=f"Документ «{document.title}» {what}. Решать по нему сейчас ничего не нужно.\n",
        about=document,
    )


def signer_replaced(document, stamp, before, *, by):
    """Tell the one who was to sign, and who acts for that person, that somebody else is asked."""
    for person in asked_people(before):
        if person not in (by, stamp.signer):
            nothing_waits(document, stamp, person, f"подписывает теперь {stamp.signer.signature_name}")


def asked_people(signer):
    """The signer and who acts for the signer today."""
    if signer is None:
        return []
    acting = Substitution.objects.current().filter(absent=signer).select_related("acting")
    return [signer, *(each.acting for each in acting)]


def ink_recorded(document, decision):
    """Tell the named signer that the office marked a signature on paper: a wrong mark is noticed at once."""
    if decision.by and decision.by.email and decision.by != decision.recorded_by:
        post(
            key=f"ink:{decision.pk}",
            person=decision.by,
            subject=f"Отмечена ваша подпись на бумаге: {document.title}",
            body=f"{decision.recorded_by.signature_name} отмечает: документ «{document.title}», редакция "
            f"{decision.edition_number}, подписан вами на бумаге {decision.signed_on:%d.%m.%Y}.\n\n"
            f"Если это не так, сообщите в Проектный офис.\n",
            about=document,
        )


def returned(document, decision):
    if document.sent_by:
        post(
            key=f"returned:{document.pk}:{decision.pk}",
            person=document.sent_by,
            subject=f"Возвращено с замечанием: {document.title}",
            body=f"{decision.name} возвращает документ «{document.title}» с замечанием:\n\n{decision.comment}\n\n"
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


def annulment_proposed(document, annulment):
    """Ask everybody who may confirm, except the one who proposed."""
    for person in approvers_of(document, besides=annulment.proposed_by):
        post(
            key=f"annulment:{annulment.pk}:{person.pk}",
            person=person,
            subject=f"Предложено отменить: {document.title}",
            body=f"{annulment.proposed_by.signature_name} предлагает отменить документ «{document.title}».\n"
            f"Причина: {annulment.reason}\n\n"
            f"Решить: {absolute(reverse('documents:annul', args=[document.pk]))}\n",
            about=document,
        )


def approvers_of(document, *, besides):
    """Signers of the approve stamps and who acts for them today; when there are none other, the heads."""
    stamps = document.stamps.active().filter(kind=Stamp.Kind.APPROVE).select_related("signer")
    signers = {stamp.signer for stamp in stamps if stamp.signer} - {besides}
    if not signers:
        heads = RoleAssignment.objects.current().filter(role__in=[Role.OFFICE_HEAD, Role.DEPARTMENT_HEAD])
        signers = {assignment.person for assignment in heads.select_related("person")} - {besides}
    acting = Substitution.objects.current().filter(absent__in=signers).select_related("acting")
    return sorted((signers | {substitution.acting for substitution in acting}) - {besides}, key=lambda person: person.pk)


def annulment_withdrawn(document, annulment):
    """Tell those who were asked to confirm that the proposal was taken back."""
    for person in approvers_of(document, besides=annulment.proposed_by):
        post(
            key=f"annulment-withdrawn:{annulment.pk}:{person.pk}",
            person=person,
            subject=f"Отменять не нужно: {document.title}",
            body=f"{annulment.proposed_by.signature_name} отзывает предложение отменить документ «{document.title}». "
            f"Документ действует, решать ничего не нужно.\n",
            about=document,
        )


def annulment_declined(document, annulment, *, by):
    post(
        key=f"annulment-declined:{annulment.pk}",
        person=annulment.proposed_by,
        subject=f"Документ остаётся в силе: {document.title}",
        body=f"{by.signature_name} оставляет документ «{document.title}» в силе.\n"
        f"Причина: {annulment.decline_reason}\n",
        about=document,
    )


def annulled(document, *, by):
    """Tell the sender and the signers that the document has ended."""
    people = {stamp.signer for stamp in document.stamps.active().select_related("signer") if stamp.signer}
    for person in people | ({document.sent_by} if document.sent_by else set()):
        if person != by:
            post(
                key=f"annulled:{document.pk}:{person.pk}",
                person=person,
                subject=f"Документ отменён: {document.title}",
                body=f"Документ «{document.title}» отменён и больше не действует.\n\n"
                f"Открыть: {absolute(document.get_absolute_url())}\n",
                about=document,
            )


def reminder(person, documents, day):
    """One letter per person and day about everything that still waits for this person."""
    lines = "\n".join(
        f"– {document.title}, редакция {document.edition_number}: ждёт с {timezone.localtime(since):%d.%m.%Y}"
        for document, since in documents
    )
    post(
        key=f"remind:{person.pk}:{day:%Y-%m-%d}",
        person=person,
        subject=f"Ждут вашего решения: {len(documents)}",
        body=f"Напоминаем: эти документы ждут вашего решения.\n\n{lines}\n\n"
        f"Прочитать и решить: {absolute(reverse('documents:inbox'))}\n",
    )
