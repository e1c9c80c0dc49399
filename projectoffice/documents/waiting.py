"""What the start page tells of documents: those that wait for this person, and those in force meant for one."""
from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, Subquery, When, prefetch_related_objects
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from projectoffice.accounts.access import may
from projectoffice.common.models import OutgoingMail
from projectoffice.common.russian import date_short
from projectoffice.common.waiting import SHORT, Paper, Waiting, contributes

from . import kinds, letters, route
from .models import Annulment, Decision, Document, Stamp
from .panel import gendered

STATE = Document.State


@contributes
def papers_that_wait(user):
    """Decisions to make, annulments to confirm, paper to mark, drafts to go on with: all from one reading."""
    marks = may(user, "documents.record_ink")
    for document in concerning(user, marks):
        if document.state == STATE.IN_APPROVAL:
            yield from decision_to_make(document, user)
            if marks:
                yield from paper_to_mark(document)
        elif document.state == STATE.DRAFT and user.pk in (document.created_by_id, document.sent_by_id):
            yield draft_to_finish(document)
        if document.to_annul:
            yield from annulment_to_confirm(document, user)


def concerning(user, marks):
    """Documents that may have something to ask of this person; the same few queries whatever their number."""
    asked = Stamp.objects.active().filter(signer__in=route.deciding_for(user))
    on_route = Q(pk__in=Document.objects.visible_to(user).values("pk")) if marks else Q(pk__in=asked.values("document"))
    own = (Q(created_by=user) | Q(sent_by=user)) & to_go_on_with(user)
    proposed = Annulment.objects.filter(document=OuterRef("pk"), confirmed_at=None, declined_at=None).exclude(proposed_by=user)
    found = Document.objects.annotate(to_annul=Exists(proposed)).filter(
        Q(state=STATE.IN_APPROVAL) & on_route | Q(state=STATE.DRAFT) & own | Q(to_annul=True))
    found = found.select_related("current_sheet").defer("current_sheet__pdf", "current_sheet__snapshot")
    found = list(with_last_word(found).order_by("sent_at", "changed_at", "pk"))
    ending = [document for document in found if document.to_annul]
    prefetch_related_objects([*ending, *(each for each in found if each.state == STATE.IN_APPROVAL)], *route.on_the_way())
    prefetch_related_objects(ending, Prefetch("annulments", Annulment.objects.select_related("proposed_by")))
    return found


def to_go_on_with(user):
    """Drafts this person may change, asked of every kind at once and not of every document."""
    found = Q(pk__in=[])
    for kind in kinds.all_kinds():
        if kind.drafts:
            found |= Q(kind=kind.code) & kind.drafts(user)
        elif may(user, kind.change_permission):
            found |= Q(kind=kind.code)
    return found


def decision_to_make(document, user):
    stamps = route.stamps_asking(document, user)
    if stamps:
        asked = letters.ASKED.get(stamps[0].kind, "подписать")
        yield Waiting(
            what=f"{document.title}, редакция {document.edition_number}",
            whose="" if stamps[0].signer_id == user.pk else f"замещение: {stamps[0].signer}",
            url=reverse("documents:decide", args=[document.pk]),
            action=f"Прочитать и {asked}",
            since=document.sent_at,
        )


def paper_to_mark(document):
    """A sheet that is signed on paper: the office marks what has come back."""
    inked = [stamp for stamp in route.open_stamps(document) if stamp.method == Stamp.Method.INK]
    if inked:
        yield Waiting(
            what=f"{document.title}, редакция {document.edition_number}",
            whose="Подписывают на бумаге: " + ", ".join(stamp.name or stamp.basis for stamp in inked),
            url=reverse("documents:ink", args=[document.pk]),
            action="Отметить подписанное",
            since=document.sent_at,
        )


def annulment_to_confirm(document, user):
    for annulment in document.annulments.all():
        if annulment.is_open and annulment.proposed_by_id != user.pk and may(user, "documents.confirm_annulment", document):
            yield Waiting(
                what=f"{document.title}: отмена",
                whose=f"предлагает {annulment.proposed_by}",
                url=reverse("documents:annul", args=[document.pk]),
                action="Решить об отмене",
                since=annulment.proposed_at,
            )


def draft_to_finish(document):
    """A draft one began or sent; a returned one with its remark, because somebody waits for the mending."""
    returned = returned_with(document)
    return Waiting(
        what=f"{document.title}, редакция {document.edition_number}",
        whose="",
        url=document.get_absolute_url(),
        action="Исправить" if returned else "Продолжить",
        since=document.changed_at,
        subject=document,
        **told_of_draft(document, returned),
    )


class Returned:
    """Why a draft came back: the words of the remark, whose, when."""

    def __init__(self, remark, name, moment):
        self.remark, self.by = remark, f"{name}, {date_short(moment)}"


def with_last_word(rows, document=""):
    """Rows with the last decision about the draft, for ``returned_with``; ``document`` is the way from a row to its document."""
    way = f"{document}__" if document else ""
    decisions = Decision.objects.filter(document=OuterRef(f"{way}pk"), code=OuterRef(f"{way}coming_code"))
    last = decisions.order_by("-moment", "-pk").values(
        word=JSONObject(verdict="verdict", remark="comment", name="name", moment=F("moment")))[:1]
    return rows.annotate(last_word=Subquery(last))


def returned_with(row):
    """The remark the draft of a row of ``with_last_word`` came back with, or None."""
    word = row.last_word
    if not word or word["verdict"] != Decision.Verdict.RETURNED:
        return None
    return Returned(word["remark"], word["name"], parse_datetime(word["moment"]))


def told_of_draft(document, returned):
    """Badge and remark of a draft, as fields of Waiting."""
    if returned is None:
        return {"badge": ("neutral", "Черновик")}
    return {"badge": ("alert", gendered(document, "Возвращён")), "remark": returned.remark, "remark_by": returned.by}


@contributes
def papers_in_force(user):
    """What stands in force and may be read: first what was sent to this person or to the mailbox of the institution."""
    mine = Q(person=user) | Q(address__in=[each.email for each in user.institutions if each.email])
    letters_of = OutgoingMail.objects.filter(
        mine, key__startswith="distribute:", content_type=ContentType.objects.get_for_model(Document))
    found = Document.objects.visible_to(user).in_force().select_related("in_force").defer(
        "in_force__snapshot", "in_force__text", "in_force__stamps")
    sent_first = Case(When(pk__in=letters_of.values("object_id"), then=0), default=1)
    for document in found.order_by(sent_first, "-changed_at", "-pk")[:SHORT]:
        yield Paper(title=document.in_force.title, url=document.get_absolute_url(), day=document.in_force.date,
                    file_url=reverse("documents:pdf", args=[document.pk]))
