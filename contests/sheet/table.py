"""Table mode: the works one still has in a contest, a row each, a column per criterion; saved like the scoring screen."""
from dataclasses import dataclass

from portfolios.services.typed import shown_marks
from projectoffice.common.db import now

from ..models import Criterion, Review
from .marks import scale_words
from .queue import contents_of, given_to, sheets_of, title_of
from .reading import lacks_of, texts_of
from .workflow import IN, refusal


@dataclass(frozen=True)
class Cell:
    name: str
    value: str
    label: str
    head: str
    errors: list


@dataclass(frozen=True)
class TableRow:
    review: Review
    title: str
    version: str
    cells: list
    needs: str
    is_full: bool


@dataclass(frozen=True)
class Table:
    """Works of one nomination in one round: they share their criteria."""

    title: str
    round: str
    criteria: list
    rows: list


def tables_of(user, contest, typed=None):
    """``[Table]`` of what may be scored now; the same few queries for any number of works.

    ``typed`` is ``{review: (texts as typed, errors)}`` of a row that was sent and not taken.
    """
    reviews, moment = list(given_to(user, entry__contest=contest)), now()
    sheets, contents, criteria = sheets_of(reviews), contents_of(reviews), criteria_by_round(reviews)
    found: dict = {}
    for review in reviews:
        sheet = sheets.get(review.pk)
        if sheet and sheet.state == IN or refusal(review, "score", sheet, review.entry.contest.stages.all(), moment):
            continue
        key = (review.entry.nomination_id, review.round)
        found.setdefault(key, []).append(row_of(review, sheet, criteria[key], contents[review.entry_id], *(typed or {}).get(review.pk, ({}, {}))))
    return [table_of(rows, criteria[key]) for key, rows in found.items()]


def criteria_by_round(reviews):
    found: dict = {}
    for each in Criterion.objects.filter(nomination__in={each.entry.nomination_id for each in reviews}).order_by("position", "pk"):
        found.setdefault((each.nomination_id, each.round), []).append(each)
    return found


def table_of(rows, criteria):
    review = rows[0].review
    heads = [{"number": number, "title": each.title, "scale": f"0–{each.maximum}", "hint": scale_words(each)}
             for number, each in enumerate(criteria, start=1)]
    return Table(review.entry.nomination.title, review.get_round_display(), heads, rows)


def row_of(review, sheet, criteria, content, typed, errors):
    texts = texts_of(review, sheet, criteria)
    entry = review.entry
    lacks = list(lacks_of(texts, criteria))
    cells = [Cell(f"mark-{each.pk}", typed.get(f"mark-{each.pk}", texts[f"mark-{each.pk}"]), f"№ {entry.number}, {number}. {each.title}", f"{number}. {each.title}", errors.get(f"mark-{each.pk}", []))
             for number, each in enumerate(criteria, start=1)]
    asks = [number for number, each in enumerate(criteria, start=1) if each.needs_comment and not texts[f"note-{each.pk}"].strip()]
    needs = f"Нужны слова к оценке: {', '.join(map(str, asks))}" if asks else ""
    return TableRow(review, title_of(content, blind=entry.contest.is_blind), shown_marks(texts), cells, needs, not lacks)
