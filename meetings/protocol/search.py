"""Looking through the protocols in force: a question in, a page of entries out. Reads only.

Everything stands on ``ProtocolEntry.visible_to``: hits, their number and their words. What is hidden costs and
shows as much as what does not exist.
"""
import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db.models import Count, F, Window
from django.db.models.functions import Left

from projectoffice.accounts.models import Body, User
from projectoffice.common.found_words import BEGIN, END, by_the_indexes, pieces, question, shortened

from ..models import ProtocolEntry

STEP = 50
# So many of the newest are ordered and leafed through; who finds more is better served by another word.
MOST = 1000
NEWEST = ("-date", "document_id", "position")
# The words around what was found are looked for in the beginning of a long text.
LOOKED_INTO = 20_000
SNIPPET = 300
GAP = " … "


@dataclass(frozen=True)
class Asked:
    """What somebody looks for; empty fields do not narrow."""

    words: str = ""
    year: int | None = None
    body: Body | None = None
    kind: str = ""
    person: User | None = None

    @property
    def is_empty(self):
        return not (self.words or self.year or self.body or self.kind or self.person)

    @property
    def query(self):
        return SearchQuery(question(self.words), config="russian", search_type="raw")


@dataclass(frozen=True)
class Hit:
    """One entry found; title and words in pieces ``(text, whether it was asked for)``."""

    entry: ProtocolEntry
    title: list
    words: list

    @property
    def is_question(self):
        return self.entry.kind == ProtocolEntry.Kind.ITEM

    @property
    def protocol(self):
        """The edition in force: its title, number and date are what readers know."""
        return self.entry.document.in_force

    @property
    def url(self):
        return f"{self.entry.document.get_absolute_url()}#at-{self.entry.uid}"


@dataclass(frozen=True)
class Results:
    hits: list
    total: int
    page: int

    @property
    def shown(self):
        return min(self.page * STEP, self.total)

    @property
    def has_more(self):
        return self.shown < min(self.total, MOST)

    @property
    def is_cut(self):
        """All that is leafed through is shown, and there is more."""
        return self.shown == MOST < self.total


def results(user, asked, page=1):
    """The page of what this person may find: the best first when words are given, otherwise the newest."""
    with by_the_indexes():
        keys, total = newest_found(user, asked)
        page = max(1, min(page, -(-len(keys) // STEP)))
        keys = of_page(keys, asked, page)
    return Results(hits(keys, asked), total, page)


def newest_found(user, asked):
    """(keys of the newest entries found, how many there are in all)."""
    rows = list(found(user, asked).annotate(total=Window(Count("*"))).order_by(*NEWEST).values_list("pk", "total")[:MOST])
    return [key for key, _ in rows], rows[0][1] if rows else 0


def of_page(keys, asked, page):
    """The keys of one page in its order."""
    part = slice((page - 1) * STEP, page * STEP)
    if not asked.words:
        return keys[part]
    ranked = ProtocolEntry.objects.filter(pk__in=keys).annotate(rank=SearchRank(F("vector"), asked.query))
    return list(ranked.order_by("-rank", *NEWEST).values_list("pk", flat=True)[part])


def found(user, asked):
    entries = ProtocolEntry.objects.visible_to(user)
    if asked.words:
        entries = entries.filter(vector=asked.query)
    if asked.year:
        entries = entries.filter(date__year=asked.year)
    if asked.body:
        entries = entries.filter(body=asked.body)
    if asked.kind:
        entries = entries.filter(kind=asked.kind)
    if asked.person:
        entries = entries.filter(people__contains=[asked.person.pk])
    return entries


def hits(keys, asked):
    """The entries of a page with their protocols; only their texts are looked into for the words."""
    entries = ProtocolEntry.objects.filter(pk__in=keys).select_related("document__in_force", "body").defer(
        "document__in_force__snapshot", "document__in_force__text", "document__in_force__stamps", "vector")
    if asked.words:
        entries = entries.annotate(title_marked=headline("title", asked, highlight_all=True),
                                   text_marked=headline(Left("text", LOOKED_INTO), asked, max_words=25, min_words=12, max_fragments=2,
                                                        fragment_delimiter=GAP))
    places = {key: place for place, key in enumerate(keys)}
    return [hit(entry, asked) for entry in sorted(entries, key=lambda entry: places[entry.pk])]


def headline(expression, asked, **options):
    return SearchHeadline(expression, asked.query, config="russian", start_sel=BEGIN, stop_sel=END, **options)


def hit(entry, asked):
    if asked.words:
        return Hit(entry, pieces(entry.title_marked), pieces(with_ends(entry.text_marked, entry.text)))
    return Hit(entry, pieces(entry.title), pieces(shortened(entry.text, SNIPPET)))


def with_ends(marked, text):
    """The words around what was found, with «…» where the text goes on before or after them."""
    if not marked:
        return marked
    fragments = marked.replace(BEGIN, "").replace(END, "").split(GAP)
    before, _, _ = text.partition(fragments[0])
    _, _, after = text.rpartition(fragments[-1])
    return f"{'… ' if said(before) else ''}{marked}{' …' if said(after) else after.rstrip()}"


def said(text):
    return re.search(r"\w", text) is not None
