"""An expert's queue over all contests: what is given, how far each sheet is, what comes next.

The order never depends on anybody's marks. Only «next» knows how many sheets a work has, and says it to nobody.
"""
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce

from projectoffice.common.db import now
from projectoffice.common.russian import as_day, deadline, term_words

from ..models import Contest, ContestStage, Criterion, EntrySubmission, Review, ScoreSheet
from .blind import title_of
from .reading import in_order, with_entry
from .words import badge
from .workflow import IN, ONSITE, refusal, term_of


@dataclass(frozen=True)
class QueueRow:
    """One work of the queue: the way there leads to the first criterion without a mark."""

    review: Review
    title: str
    line: str
    badge: tuple
    url: str
    word: str
    is_in: bool
    is_open: bool


@dataclass(frozen=True)
class Part:
    """What one has in a contest and round."""

    contest: object
    code: str
    title: str
    rows: list
    term: str
    closed: str

    @property
    def done(self):
        return sum(row.is_in for row in self.rows)

    @property
    def left(self):
        return len(self.rows) - self.done

    @property
    def is_open(self):
        return any(row.is_open for row in self.rows)

    @property
    def table_allowed(self):
        return self.is_open and self.left > 1


def given_to(user, **wanted):
    """What this person is to score in contests that go on, in the order of the queue, each with its sheets."""
    rows = Review.objects.to_score(user).filter(entry__contest__state="announced", **wanted)
    return with_entry(in_order(rows)).prefetch_related("entry__contest__stages")


def queue_of(user, **wanted):
    """``[Part]``; the same few queries for any number of works."""
    reviews, moment = list(given_to(user, **wanted)), now()
    sheets, criteria, contents = sheets_of(reviews), counts_of(reviews), contents_of(reviews)
    parts: dict = {}
    for review in reviews:
        row = row_of(review, sheets.get(review.pk), criteria.get((review.entry.nomination_id, review.round), []),
                     contents.get(review.entry_id), moment)
        parts.setdefault((review.entry.contest_id, review.round), []).append(row)
    return [part_of(rows, moment) for rows in parts.values()]


def part_of(rows, moment):
    review = min(rows, key=lambda row: (not row.is_open, row.review.is_arbiter)).review
    contest = review.entry.contest
    term = term_of(review, contest.stages.all())
    return Part(contest, review.round, term.title, rows, deadline(term.ends, moment) if term.ends else "", term.refusal(moment))


def sheets_of(reviews):
    """``{review id: sheet in force}`` with ids of marked criteria in ``marked``."""
    rows = ScoreSheet.objects.in_force().filter(review__in=[each.pk for each in reviews]).prefetch_related("scores")
    found = {}
    for sheet in rows:
        sheet.marked = {score.criterion_id for score in sheet.scores.all() if score.mark is not None}
        found[sheet.review_id] = sheet
    return found


def counts_of(reviews):
    """``{(nomination, round): [criterion id]}`` in the order of the page."""
    found: dict = {}
    rows = Criterion.objects.filter(nomination__in={each.entry.nomination_id for each in reviews}).order_by("position", "pk")
    for nomination, code, pk in rows.values_list("nomination", "round", "pk"):
        found.setdefault((nomination, code), []).append(pk)
    return found


def contents_of(reviews):
    return contents_of_entries({each.entry_id for each in reviews})


def contents_of_entries(entries):
    """``{entry id: what of its last submission names it}``: title, authors, institution, partners; texts stay where they are."""
    last = EntrySubmission.objects.filter(entry=OuterRef("entry")).order_by("-number").values("number")[:1]
    names = ("title", "authors", "institution", "partners")
    rows = EntrySubmission.objects.filter(entry__in=entries, number=Subquery(last))
    return {row["entry"]: {name: row[f"snapshot__{name}"] for name in names} for row in rows.values("entry", *(f"snapshot__{name}" for name in names))}


def row_of(review, sheet, criteria, content, moment):
    entry, contest = review.entry, review.entry.contest
    title = title_of(content, blind=contest.is_blind) if content else entry.title
    marked = sheet.marked if sheet else set()
    is_in = bool(sheet and sheet.state == IN)
    first = next((pk for pk in criteria if pk not in marked), None)
    url = sheet.get_absolute_url() if is_in else review.get_absolute_url() + (f"#c-{first}" if first and marked else "")
    line = [f"№ {entry.number}", entry.nomination.title]
    if review.round == ONSITE and entry.onsite_order:
        line.append(f"выступает {entry.onsite_order}-й")
    if review.is_arbiter:
        line.append("Вы – третий эксперт")
    closed = refusal(review, "score", sheet, contest.stages.all(), moment)
    word = "Лист" if is_in else "Прочитать" if closed else "Продолжить" if marked else "Оценить"
    return QueueRow(review, title or "Без названия", " · ".join(line), badge(sheet, len(marked), len(criteria)), url, word, is_in, not closed)


def next_review(user, **wanted):
    """The work of the own queue that may be scored now and has the fewest sheets so far; None when nothing is left."""
    moment = now()
    mine = ScoreSheet.objects.filter(state=IN, review=OuterRef("pk"))
    there = ScoreSheet.objects.counted().filter(review__entry=OuterRef("entry"), review__round=OuterRef("round")).order_by()
    fewest = Coalesce(Subquery(there.values("review__entry").annotate(many=Count("pk")).values("many")[:1]), 0)
    rows = given_to(user, **wanted).filter(~Exists(mine)).annotate(fewest=fewest)
    rows = rows.order_by("fewest", "entry__onsite_order", "entry__number", "pk")
    return next((each for each in rows if not refusal(each, "score", None, each.entry.contest.stages.all(), moment)), None)


def empty_words(user):
    """What an expert without works is told; with a day when one is known."""
    contests = Contest.objects.filter(experts__person=user.pk, experts__state="accepted", state="announced")
    stages = ContestStage.objects.filter(contest__in=contests, kind="remote", starts_at__gt=now())
    first = stages.order_by("starts_at").values_list("starts_at", flat=True).first()
    return f"Мы напишем, когда их распределят{f', – не раньше {term_words(as_day(first))}' if first else ''}."
