"""«Ждут моего решения»: what a person is asked, since when, and what changed since the last decision. Reads only."""
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import timezone

from projectoffice.common.russian import plural

from . import route
from .compare import compare
from .letters import ASKED
from .models import Decision, Document, Sheet, Stamp

RECENT = 5
DONE = {Stamp.Kind.APPROVE: "Утверждено", Stamp.Kind.AGREE: "Согласовано", Stamp.Kind.ACCEPT: "Рассмотрено"}


@dataclass(frozen=True)
class Block:
    """One decision a person is asked for."""

    document: Document
    stamp: Stamp
    days: int
    asked: str
    before: list
    comparison: object
    compared_with: str
    whose: str = ""

    @property
    def waiting_words(self):
        return f"Ждёт {self.days}\xa0{plural(self.days, 'день,дня,дней')}"


def inbox(user, done=""):
    """The context of the inbox page."""
    documents = route.waiting_documents(user)
    blocks = [block_of(document, stamp, user) for document in documents for stamp in route.stamps_asking(document, user)]
    decisions = Decision.objects.filter(by=user, method=Stamp.Method.ELECTRONIC).select_related("document", "stamp")
    recent = list(decisions.order_by("-moment")[:RECENT])
    visible = set(Document.objects.visible_to(user).filter(pk__in=[d.document_id for d in recent]).values_list("pk", flat=True))
    return {
        "blocks": blocks,
        "folded": [told for told in told_of(recent, visible) if str(told[0].pk) == done],
        "recent": told_of(recent, visible),
        "substitutions": user.substitutions,
        "on_paper": on_paper(user),
        "elsewhere": len(documents_elsewhere(user, documents)),
    }


def told_of(decisions, visible):
    """Each decision with its word and whether its document may still be read."""
    return [(decision, decided_word(decision), decision.document_id in visible) for decision in decisions]


def documents_elsewhere(user, mine):
    """Documents on the route that wait for others and that this person may read."""
    waiting = Document.objects.visible_to(user).filter(state=Document.State.IN_APPROVAL)
    return waiting.exclude(pk__in=[document.pk for document in mine])


def on_paper(user):
    """Sheets this person signs in ink: to be printed from here as well."""
    asked = Document.objects.filter(
        stamps__in=Stamp.objects.active().filter(signer__in=route.deciding_for(user), method=Stamp.Method.INK),
        state=Document.State.IN_APPROVAL,
    ).distinct()
    return [
        document
        for document in route.with_route(asked)
        if any(s.stamp.method == Stamp.Method.INK and s.state in (route.OPEN, route.LATER)
               and route.may_be_decided_by(s.stamp, user) for s in route.standings(document))
    ]


def block_of(document, stamp, user):
    comparison, word = since_last_decision(document, stamp)
    return Block(
        document=document,
        stamp=stamp,
        days=(timezone.localdate() - timezone.localdate(route.open_since(document))).days,
        asked=ASKED.get(stamp.kind, "подписать"),
        before=[s for s in route.standings(document) if s.state == route.SIGNED and s.decision],
        comparison=comparison,
        compared_with=word,
        whose="" if stamp.signer_id == user.pk else str(stamp.signer),
    )


def since_last_decision(document, stamp):
    """What changed since this stamp's last decision on the coming edition, or against what is in force; None when new."""
    decisions = [d for d in document.decisions.all()
                 if d.stamp_id == stamp.pk and d.edition_number == document.edition_number]
    if decisions:
        latest = max(decisions, key=lambda decision: (decision.moment, decision.pk))
        seen = Sheet.objects.filter(
            document=document, edition_number=document.edition_number, content_hash=latest.content_hash
        ).defer("pdf").first()
        if seen:
            return compare(seen.snapshot, document.current_sheet.snapshot), "с вашего прошлого решения"
    if document.in_force_id:
        return compare(document.in_force.snapshot, document.current_sheet.snapshot), f"с редакции {document.in_force.number}"
    return None, ""


def reading(document, stamp, user):
    """What the reading page shows: the frozen sheet with its changed rows, and what signing will mean."""
    comparison, word = since_last_decision(document, stamp)
    changed = {row.uid: row for row in comparison.changed_rows} if comparison else {}
    return {
        "stamp": stamp,
        "snapshot": document.current_sheet.snapshot,
        "changed": changed,
        "comparison": comparison,
        "compared_with": word,
        "asked": ASKED.get(stamp.kind, "подписать"),
        "whose": None if stamp.signer_id == user.pk else stamp.signer,
        "substitution": route.substitution_for(stamp, user),
        "on_portal": stamp.method == Stamp.Method.ELECTRONIC,
    }


def was_asked(user, pk):
    """Whether the person decided about this document or signs a sheet of it that was sent: learns that it is over."""
    decided = Decision.objects.filter(document=OuterRef("pk"), by=user)
    signs = Stamp.objects.active().filter(document=OuterRef("pk"), signer__in=route.deciding_for(user))
    sent = Sheet.objects.filter(document=OuterRef("pk"))
    return Document.objects.filter(Exists(decided) | Exists(signs) & Exists(sent), pk=pk).exists()


def decided_word(decision):
    if decision.verdict == Decision.Verdict.RETURNED:
        return "Возвращено"
    return DONE.get(decision.stamp.kind, "Подписано")


def turns(document):
    """The stamps of a draft grouped by their turn, for the page that says what sending will do."""
    groups = {}
    for standing in route.standings(document):
        groups.setdefault(route.turn(standing.stamp), []).append(standing.stamp)
    return list(groups.values())
