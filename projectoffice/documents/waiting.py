"""Documents that wait for a person's decision, as rows of the one list of the start page."""
from django.db.models import Prefetch, Q
from django.urls import reverse

from projectoffice.accounts.access import may
from projectoffice.common.russian import date_short
from projectoffice.common.waiting import Waiting, contributes

from . import kinds, letters, route
from .models import Annulment, Decision, Document, Stamp
from .panel import gendered


@contributes
def decisions_to_make(user):
    for document in route.waiting_documents(user):
        stamp = route.stamps_asking(document, user)[0]
        asked = letters.ASKED.get(stamp.kind, "подписать")
        yield Waiting(
            what=f"{document.title}, редакция {document.edition_number}",
            whose="" if stamp.signer_id == user.pk else f"замещение: {stamp.signer}",
            url=reverse("documents:decide", args=[document.pk]),
            action=f"Прочитать и {asked}",
            since=document.sent_at,
        )


@contributes
def annulments_to_confirm(user):
    proposed = Annulment.objects.filter(confirmed_at=None, declined_at=None).exclude(proposed_by=user)
    papers = route.with_route(Document.objects.prefetch_related("annulments"))
    for annulment in proposed.select_related("proposed_by").prefetch_related(Prefetch("document", papers)):
        if may(user, "documents.confirm_annulment", annulment.document):
            yield Waiting(
                what=f"{annulment.document.title}: отмена",
                whose=f"предлагает {annulment.proposed_by}",
                url=reverse("documents:annul", args=[annulment.document_id]),
                action="Решить об отмене",
                since=annulment.proposed_at,
            )


@contributes
def papers_to_mark(user):
    """Sheets that are signed on paper: the office marks what has come back."""
    if not may(user, "documents.record_ink"):
        return
    on_route = Document.objects.visible_to(user).filter(state=Document.State.IN_APPROVAL)
    for document in route.with_route(on_route.order_by("sent_at")):
        inked = [stamp for stamp in route.open_stamps(document) if stamp.method == Stamp.Method.INK]
        if inked:
            yield Waiting(
                what=f"{document.title}, редакция {document.edition_number}",
                whose="Подписывают на бумаге: " + ", ".join(stamp.name or stamp.basis for stamp in inked),
                url=reverse("documents:ink", args=[document.pk]),
                action="Отметить подписанное",
                since=document.sent_at,
            )


@contributes
def drafts_to_finish(user):
    """Drafts one began or sent; a returned one says by whom, because somebody waits for the mending."""
    mine = Document.objects.filter(Q(created_by=user) | Q(sent_by=user), state=Document.State.DRAFT)
    mine = mine.filter(kind__in=[kind.code for kind in kinds.all_kinds()]).prefetch_related("decisions")
    for document in mine.order_by("changed_at"):
        if not may(user, document.spec.change_permission, document):
            continue
        told = [decision for decision in document.decisions.all() if decision.code == document.coming_code]
        last = max(told, key=lambda decision: (decision.moment, decision.pk), default=None)
        returned = last is not None and last.verdict == Decision.Verdict.RETURNED
        yield Waiting(
            what=f"{document.title}, редакция {document.edition_number}",
            whose="",
            url=document.get_absolute_url(),
            action="Исправить" if returned else "Продолжить",
            since=document.changed_at,
            badge=("alert", gendered(document, "Возвращён")) if returned else ("neutral", "Черновик"),
            remark=last.comment if returned else "",
            remark_by=f"{last.name}, {date_short(last.moment)}" if returned else "",
        )
