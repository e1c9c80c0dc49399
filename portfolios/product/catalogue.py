"""The public catalogue: what a visitor asks for in, a page of published products out. Reads only.

Nothing but what is published and public is counted, found or shown: an author by the name only while the consent
holds, a portfolio only through a public project of a public portfolio.
"""
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import Count, F, Q, Window

from projectoffice.accounts.forms.fields import NamedInstitutions
from projectoffice.accounts.models import User
from projectoffice.accounts.models.person import name_key
from projectoffice.common.found_words import (
    BEGIN,
    EITHER,
    END,
    beginnings,
    by_the_indexes,
    pieces,
    question,
    shortened,
    with_beginnings,
)

from ..models import MethodProduct, Portfolio, ProductAuthor, ProductFile, Project
from .names import Shown, same_letters

STEP = 20
# So many of the newest are ordered and leafed through; who finds more is better served by another word.
MOST = 1000
NEWEST = ("-published_at", "-pk")
SNIPPET, BEFORE = 300, 100
MOST_NAMESAKES = 50


@dataclass(frozen=True)
class Asked:
    """What somebody looks for; empty fields do not narrow."""

    words: str = ""
    kind: str = ""
    year: int | None = None
    institution: NamedInstitutions | None = None
    portfolio: Portfolio | None = None

    @property
    def query(self):
        return SearchQuery(self.question, config="russian", search_type="raw")

    @property
    def question(self):
        return question(same_letters(self.words))

    @property
    def fitting(self):
        """What a product has to fit: a word is a beginning too; where words say nothing, as they stand."""
        return with_beginnings(same_letters(self.words)) or self.query

    @property
    def any_word(self):
        """The same words, one of which is enough; empty when there is but one."""
        words = [word for word in self.words.replace('"', " ").split() if not word.startswith("-") and word.lower() not in EITHER]
        return " или ".join(words) if len(words) > 1 else ""


@dataclass(frozen=True)
class Hit:
    """One product found; title and annotation in pieces ``(text, whether it was asked for)``."""

    product: MethodProduct
    title: list
    words: list
    authors: list
    files: int


@dataclass(frozen=True)
class Results:
    hits: list
    total: int
    page: int
    most: int

    @property
    def shown(self):
        return min(self.page * STEP, self.total)

    @property
    def has_more(self):
        return self.shown < min(self.total, self.most)

    @property
    def is_cut(self):
        """All that is leafed through is shown, and there is more."""
        return self.shown == self.most < self.total


def results(asked, page=1):
    """The page of what is found: the best first when words are given, otherwise the newest."""
    keys, total, page = (by_rank if asked.words else by_date)(asked, page)
    return Results(hits(keys, asked), total, page, MOST if asked.words else total)


def by_date(asked, page):
    rows = narrowed(asked)
    total = rows.count()
    page = within(page, total)
    return list(rows.order_by(*NEWEST).values_list("pk", flat=True)[(page - 1) * STEP:page * STEP]), total, page


def by_rank(asked, page):
    """The newest that have the words, counted, then these alone ordered by rank."""
    people = consenting_authors(asked.words)
    with by_the_indexes():
        rows = list(narrowed(asked).filter(meant(asked, people)).annotate(total=Window(Count("*"))).order_by(*NEWEST)
                    .values_list("pk", "total")[:MOST])
        total = rows[0][1] if rows else 0
        page = within(page, len(rows))
        ranked = MethodProduct.objects.filter(pk__in=[key for key, _ in rows]).annotate(rank=SearchRank(F("vector"), asked.query))
        return list(ranked.order_by("-rank", *NEWEST).values_list("pk", flat=True)[(page - 1) * STEP:page * STEP]), total, page


def within(page, total):
    return max(1, min(page, -(-total // STEP)))


def narrowed(asked):
    products = MethodProduct.objects.published()
    for name in ("kind", "year"):
        if getattr(asked, name):
            products = products.filter(**{name: getattr(asked, name)})
    if asked.institution:
        products = products.filter(institution__in=asked.institution.pks)
    if asked.portfolio:
        products = products.filter(project__in=public_projects().filter(portfolio=asked.portfolio).order_by().values("pk"))
    return products


def meant(asked, people):
    """Products that have the words, or an author who is called so and consents to be named."""
    words = Q(vector=asked.fitting)
    if not people:
        return words
    theirs = ProductAuthor.objects.present().filter(person__in=people).values_list("product", flat=True)[:MOST]
    return words | Q(pk__in=list(theirs))


def consenting_authors(words):
    """People whose name may be shown today and has every typed word as a beginning; none for long questions."""
    typed = same_letters(words).lower().replace(".", " ").split()
    if not 0 < len(typed) <= 3 or len(typed[0]) < 3:
        return []
    people = User.objects.with_consent().annotate(name_key=name_key())
    for word in typed:
        people = people.filter(name_key__contains=f" {word}")
    return list(people.values_list("pk", flat=True)[:MOST_NAMESAKES])


def public_projects():
    return Project.objects.public().filter(portfolio__is_public=True)


# What the filters offer

def years():
    """Years of what is published, the latest first."""
    return list(MethodProduct.objects.published().filter(year__isnull=False).order_by("-year").values_list("year", flat=True).distinct())


# What is shown of those found

def hits(keys, asked):
    """The products of a page; only their texts are looked into for the words."""
    places = {key: place for place, key in enumerate(keys)}
    products = sorted(MethodProduct.objects.filter(pk__in=keys).select_related("institution").defer("vector", "title_words", "text_words"),
                      key=lambda product: places[product.pk])
    (authors, typed), files = authors_of(keys), files_of(keys)
    shown = Shown([text for product in products for text in (product.title, product.annotation)], typed)
    texts = [shown(text) for product in products for text in (product.title, product.annotation)]
    marked = highlighted(texts, asked) if asked.words else [pieces(text) for text in texts]
    return [Hit(product, marked[2 * place], snippet(marked[2 * place + 1]), authors.get(product.pk, []), files.get(product.pk, 0))
            for place, product in enumerate(products)]


def authors_of(keys):
    """({product: authors whose consent holds, in their order}, names typed by hand); one query."""
    rows = ProductAuthor.objects.present().filter(product__in=keys)
    rows = rows.filter(Q(person=None) | Q(person__in=User.objects.with_consent())).select_related("person")
    found, typed = {}, []
    for row in rows.order_by("position", "pk"):
        if row.person:
            found.setdefault(row.product_id, []).append(row.person)
        else:
            typed.append(row.name)
    return found, typed


def files_of(keys):
    rows = ProductFile.objects.present().filter(product__in=keys).order_by().values("product").annotate(count=Count("pk"))
    return {row["product"]: row["count"] for row in rows}


HIGHLIGHT = """
SELECT ts_headline('russian', text, to_tsquery('russian', %s) || to_tsquery('simple', %s), %s)
FROM unnest(%s::text[]) WITH ORDINALITY AS given (text, place) ORDER BY place
"""


def highlighted(texts, asked):
    """Each text in pieces with the words asked for marked; one query.

    The database reads the letters made same and marks them in place; the marks are laid over the text as it is.
    """
    with connection.cursor() as cursor:
        cursor.execute(HIGHLIGHT, [asked.question, beginnings(same_letters(asked.words)), f"HighlightAll=true, StartSel={BEGIN}, StopSel={END}",
                                   [same_letters(text) for text in texts]])
        return [laid_over(text, marked) for text, (marked,) in zip(texts, cursor.fetchall(), strict=True)]


def laid_over(text, marked):
    """The pieces of ``text`` as ``marked`` has them; unmarked when the database left out or added a sign."""
    found = pieces(marked)
    if sum(len(part) for part, _ in found) != len(text):
        return pieces(text)
    result, start = [], 0
    for part, is_marked in found:
        result.append((text[start:start + len(part)], is_marked))
        start += len(part)
    return result


def snippet(found):
    """Pieces around the first marked word, some three hundred signs of them."""
    before = 0
    for part, is_marked in found:
        if is_marked:
            break
        before += len(part)
    else:
        return pieces(shortened("".join(part for part, _ in found), SNIPPET))
    text = "".join(part for part, _ in found)
    start = 0 if before <= BEFORE else text.find(" ", before - BEFORE) + 1
    end = len(text) if len(text) <= start + SNIPPET else max(text.rfind(" ", 0, start + SNIPPET), before + 1)
    return [*([("… ", False)] if start else []), *cut(found, start, end), *([(" …", False)] if end < len(text) else [])]


def cut(found, start, end):
    place = 0
    for part, is_marked in found:
        piece = part[max(0, start - place):max(0, end - place)]
        if piece:
            yield piece, is_marked
        place += len(part)
