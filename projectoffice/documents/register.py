"""The register of all documents: filters, search and the rows as they are shown and exported. Reads only."""
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from projectoffice.accounts.access import may
from projectoffice.common.russian import date_short

from . import panel, route
from .models import Annulment, Attachment, Decision, Document, Edition, Stamp

SCAN_IS_THERE = Attachment.objects.filter(
    document=OuterRef("pk"), edition_number=OuterRef("in_force__number"), kind=Attachment.Kind.SCAN, removed=False
)
SIGNED_IN_INK = Decision.objects.filter(
    document=OuterRef("pk"), edition_number=OuterRef("in_force__number"), method=Stamp.Method.INK,
    verdict=Decision.Verdict.SIGNED,
)


@dataclass(frozen=True)
class Row:
    """One line of the register, the same on the page and in the exported file."""

    document: Document
    title: str
    number: str
    date: object
    badges: list
    edition: int
    waits_for: list
    no_scan: bool

    @property
    def state_words(self):
        return ", ".join(word for _, word in self.badges)


def found(user, filters):
    """Ids of the documents visible to this person that fit the cleaned filters, newest first."""
    documents = Document.objects.visible_to(user)
    if filters.get("state"):
        documents = documents.filter(shown_in(filters["state"], user))
    for name in ("kind", "year", "body"):
        if filters.get(name):
            documents = documents.filter(**{name: filters[name]})
    if filters.get("no_scan"):
        documents = documents.filter(Exists(SIGNED_IN_INK) & ~Exists(SCAN_IS_THERE))
    if filters.get("waiting"):
        documents = documents.filter(pk__in=[document.pk for document in route.waiting_documents(user)])
    documents = documents.order_by("-year", "-pk").values_list("pk", flat=True)
    if filters.get("q"):
        # Words are looked for once: the number of all and the page are both taken of what was found.
        return list(documents.filter(words_found(user, filters["q"])))
    return documents


def shown_in(state, user):
    """Documents whose row shows this state to this person.

    For a reader a paper in force is in force, whatever is being prepared beside it; a signer also finds what
    one is asked to sign.
    """
    if may(user, "documents.read_working"):
        return Q(state=state)
    if state == Document.State.ISSUED:
        return Q(in_force__isnull=False) & ~Q(state=Document.State.ANNULLED)
    if state == Document.State.IN_APPROVAL:
        asked = Stamp.objects.active().filter(signer__in=route.deciding_for(user)).values("document")
        return Q(state=state) & (Q(in_force__isnull=True) | Q(pk__in=asked))
    if state == Document.State.DRAFT:
        return Q(state=state, in_force__isnull=True)
    return Q(state=state)


def words_found(user, query):
    """Every word stands in the title or in the text of the edition in force.

    The title of what is being prepared is asked only for those who may read it.
    """
    condition = Q()
    reads_working = may(user, "documents.read_working")
    for word in query.split()[:10]:
        # A set of editions found by the trigram indexes; an OR over the join would read every text.
        editions = Edition.objects.filter(Q(text__icontains=word) | Q(title__icontains=word)).values("pk")
        hit = Q(in_force__in=editions) | Q(number_text__icontains=word) | Q(kind_text__icontains=word)
        hit |= Q(title__icontains=word) if reads_working else Q(title__icontains=word, in_force=None)
        condition &= hit
    return condition


def rows(user, ids):
    """Rows of the documents with these ids; the number of queries does not grow with the number of rows."""
    # First which rows, by the index of their order; what is told about each is asked of these alone.
    shown = Document.objects.filter(pk__in=list(ids)).order_by("-year", "-pk")
    shown = shown.select_related("body", "in_force")
    shown = shown.defer("in_force__snapshot", "in_force__text", "in_force__stamps").annotate(
        ink=Exists(SIGNED_IN_INK), scanned=Exists(SCAN_IS_THERE),
        annulment_open=Exists(Annulment.objects.filter(document=OuterRef("pk"), confirmed_at=None, declined_at=None)),
    )
    office = may(user, "documents.read_working")
    return [row_of(user, document, office) for document in route.with_route(shown)]


def row_of(user, document, office):
    standings = route.standings(document)
    on_route = document.state == Document.State.IN_APPROVAL
    asked_of = any(route.may_be_decided_by(standing.stamp, user) for standing in standings)
    reads_working = office or on_route and asked_of
    mine = on_route and bool(route.stamps_asking(document, user))
    edition = document.in_force
    waits = [s.stamp for s in standings if s.is_open] if reads_working else []
    return Row(
        document=document,
        title=document.title if reads_working or edition is None else edition.title,
        number=edition.number_text if edition else "",
        date=edition.date if edition else None,
        badges=panel.badges(document, reads_working=reads_working, standings=standings, asked=mine,
                            annulment=Annulment() if document.annulment_open else None),
        edition=document.edition_number if reads_working or edition is None else edition.number,
        waits_for=[stamp.signer.short_name if stamp.signer else stamp.name or stamp.basis for stamp in waits],
        no_scan=document.ink and not document.scanned,
    )


HEADINGS = ["Документ", "Вид", "Орган", "Номер", "Дата", "Редакция", "Состояние", "Ждём", "Скан"]


def exported(rows):
    """What is shown, as lines of a table."""
    for row in rows:
        yield [
            row.title,
            row.document.kind_name,
            str(row.document.body or ""),
            row.number,
            date_short(row.date) if row.date else "",
            row.edition,
            row.state_words,
            ", ".join(row.waits_for),
            "нет скана" if row.no_scan else "",
        ]
