"""The office's list of a contest's entries with its filters, the same for its page and the Excel file. Reads only."""
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, Subquery

from portfolios.listed import Listed, place_of
from projectoffice.common.russian import moment_short

from ..forms.check import EntryFilter
from ..models import Entry, EntryAuthor, TechnicalCheck
from .words import badge

MOST_EXPORTED = 5_000
ORDERS = {
    "number": ("number", "pk"), "-number": ("-number", "-pk"), "title": ("title", "pk"), "-title": ("-title", "-pk"),
    "sent": ("submitted_at", "pk"), "-sent": ("-submitted_at", "-pk"),
}
Outcome = TechnicalCheck.Outcome


def with_outcome(entries):
    """Beside each entry the outcome that stands, its words, day and author."""
    last = TechnicalCheck.objects.filter(submission__entry=OuterRef("pk")).order_by("-at", "-pk")
    contact = EntryAuthor.objects.filter(entry=OuterRef("pk"), is_contact=True)
    return entries.annotate(
        outcome=Subquery(last.values("outcome")[:1]), outcome_words=Subquery(last.values("words")[:1]),
        outcome_at=Subquery(last.values("at")[:1]), outcome_by=Subquery(last.values("by__surname")[:1]),
        contact=Subquery(contact.values("name")[:1]), contact_phone=Subquery(contact.values("phone")[:1]),
        contact_email=Subquery(contact.values("email")[:1]),
    ).select_related("nomination", "institution")


@dataclass
class Listing(Listed):
    """What was asked for (``query`` of the address) of the entries of a contest."""

    query: object
    user: object
    contest: object
    named = ("state", "outcome")

    def __post_init__(self):
        self.read(EntryFilter(self.query, contest=self.contest))

    @cached_property
    def entries(self):
        seen = with_outcome(Entry.objects.visible_to(self.user).filter(contest=self.contest))
        words = self.words
        if words["nomination"]:
            seen = seen.filter(nomination=words["nomination"])
        if words["state"]:
            seen = seen.filter(state=words["state"])
        if words["institution"]:
            fitting = words["institution"].pks
            partner = Entry.partners.through.objects.filter(entry=OuterRef("pk"), institution__in=fitting)
            seen = seen.filter(Q(institution__in=fitting) | Exists(partner))
        if words["outcome"]:
            seen = seen.filter(outcome__isnull=True) if words["outcome"] == "none" else seen.filter(outcome=words["outcome"])
        return self.found(seen, words["q"])

    def found(self, seen, text):
        if not text:
            return seen
        if text.isascii() and text.isdigit() and len(text) < 7:
            return seen.filter(number=int(text))
        author = EntryAuthor.objects.filter(entry=OuterRef("pk"), name__icontains=text)
        return seen.filter(Q(title__icontains=text) | Exists(author))

    @property
    def sort(self):
        asked = self.query.get("sort", "")
        return asked if asked in ORDERS else ""

    @cached_property
    def total(self):
        return self.entries.order_by().count()

    def ordered(self):
        return self.entries.order_by(*ORDERS.get(self.sort, ORDERS["number"]))

    @cached_property
    def rows(self):
        return [row_of(entry) for entry in self.ordered()[place_of(self.page)]]

    def every_row(self):
        return [row_of(entry) for entry in self.ordered().prefetch_related("authors")[:MOST_EXPORTED]]


@dataclass(frozen=True)
class Row:
    """One line of the list, the same on the page and in the exported file."""

    entry: Entry
    badge: tuple
    outcome: str


def row_of(entry):
    return Row(entry, badge(entry), Outcome(entry.outcome).label if entry.outcome else "")


HEADINGS = ["№", "Работа", "Номинация", "Учреждение", "Авторы", "С кем связаться", "Телефон", "Почта", "Состояние", "Отправлена",
            "Исход технической экспертизы", "Замечания или причина", "Когда проверена", "Кто проверил"]


def exported(rows):
    """What is shown, as lines of a table: the outcomes of the technical check stand in its last columns."""
    for row in rows:
        entry = row.entry
        yield [
            entry.number or "", entry.title, entry.nomination.title, str(entry.institution),
            "; ".join(author.name for author in entry.authors.all()), entry.contact or "", entry.contact_phone or "",
            entry.contact_email or "", row.badge[1], moment(entry.submitted_at), row.outcome, entry.outcome_words or "",
            moment(entry.outcome_at), entry.outcome_by or "",
        ]


def moment(value):
    return moment_short(value) if value else ""
