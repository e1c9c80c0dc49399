"""What is read of a review and its sheet: the criteria of its round, the texts one types, what is still missing."""
from dataclasses import dataclass

from projectoffice.common.hashing import content_hash

from ..models import Criterion, Review, ScoreSheet
from .marks import typed_mark

COMMENTS = ("comment", "panel_comment")


def with_entry(reviews):
    return reviews.select_related("entry__contest", "entry__nomination", "expert__person")


def criteria_of(review, *, worded=False):
    """The criteria of its nomination in its round, as they are marked; once announced they never change."""
    if not worded and hasattr(review, "known_criteria"):
        return review.known_criteria
    rows = Criterion.objects.filter(nomination=review.entry.nomination_id, round=review.round)
    review.known_criteria = list((rows.prefetch_related("levels") if worded else rows).order_by("position", "pk"))
    return review.known_criteria


def sheet_of(review):
    """The sheet in force with its marks; None while nothing was marked."""
    return ScoreSheet.objects.in_force().filter(review=review).prefetch_related("scores").select_related("recorded_by", "checked_by").first()


def names_of(review, criteria):
    """The names of everything one types on a sheet, in the order of the page."""
    names = [name for each in criteria for name in (f"mark-{each.pk}", f"note-{each.pk}" if each.needs_comment else "") if name]
    return [*names, "comment", *(["panel_comment"] if review.entry.contest.asks_panel_comment else [])]


def texts_of(review, sheet, criteria):
    """``{name: text}`` of what is stored, as it is typed."""
    scores = {score.criterion_id: score for score in sheet.scores.all()} if sheet else {}
    texts = dict.fromkeys(names_of(review, criteria), "")
    for each in criteria:
        score = scores.get(each.pk)
        if score:
            texts[f"mark-{each.pk}"] = typed_mark(score.mark)
            if each.needs_comment:
                texts[f"note-{each.pk}"] = score.comment
    if sheet:
        texts |= {name: getattr(sheet, name) for name in COMMENTS if name in texts}
    return texts


def marks_of(sheet):
    """``{criterion id: mark}`` of a sheet, what is not marked left out."""
    return {score.criterion_id: score.mark for score in sheet.scores.all() if score.mark is not None} if sheet else {}


def fingerprint(texts):
    """What a confirmation page carries, so that nothing else is handed in."""
    return content_hash(texts)


@dataclass(frozen=True)
class Lack:
    """Which criterion lacks what: its number on the page, its id, a sentence."""

    number: int
    criterion: int
    words: str
    anchor: str


def lacks_of(texts, criteria):
    """What bars handing in, in the order of the page."""
    for number, each in enumerate(criteria, start=1):
        if not texts[f"mark-{each.pk}"]:
            yield Lack(number, each.pk, f"{number}. «{each}»: нет оценки.", f"c-{each.pk}")
        elif each.needs_comment and not texts[f"note-{each.pk}"].strip():
            yield Lack(number, each.pk, f"{number}. «{each}»: напишите, почему такая оценка.", f"c-{each.pk}")


def left_words(lacks):
    """«Осталось оценить: 3, 7, 8»."""
    return f"Осталось оценить: {', '.join(str(lack.number) for lack in lacks)}."


def in_own_queue(user, pk):
    """The review with the queue it stands in, or None: what is in conflict is a long question, asked of the whole queue and no more."""
    queue = own_queue(user, pk)
    return (with_entry(Review.objects).get(pk=pk), queue) if pk in queue else None


def own_queue(user, pk):
    """Ids of all this person has in the contest and round of the review ``pk``, in the order of the queue."""
    same = Review.objects.filter(pk=pk)
    rows = Review.objects.to_score(user).filter(expert__in=same.values("expert"), round__in=same.values("round"))
    return list(in_order(rows).values_list("pk", flat=True))


def in_order(reviews):
    """By numbers of entries; in the hall by the order of speaking. Nobody's marks move anything."""
    return reviews.order_by("entry__contest", "-round", "entry__onsite_order", "entry__number", "pk")
