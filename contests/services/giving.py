"""Works given to experts and taken back: the parts that verbs about experts, conflicts and the assignment share.

Each is called by a verb that holds the lock of the contest; the reviews are locked after it, sheets after them.
"""
from ..models import Review, ScoreSheet
from .sheet import void_sheet

GIVEN, TAKEN, RECUSED = Review.State.GIVEN, Review.State.TAKEN, Review.State.RECUSED


def take_from(expert, *, reason, by, with_sheets=False, entries=None, state=TAKEN):
    """Works of this expert (all, or of these entries) go to others; how many.

    A work whose sheet is in stays and counts, unless ``with_sheets``: then the sheet is voided with the reason.
    """
    given = Review.objects.select_for_update(of=("self",)).filter(expert=expert, state=GIVEN).order_by("pk")
    reviews = list(given if entries is None else given.filter(entry__in=entries))
    return len([take(review, reason=reason, by=by, state=state) for review in reviews if with_sheets or not is_in(review)])


def is_in(review):
    return review.sheets.filter(state=ScoreSheet.State.SUBMITTED).exists()


def take(review, *, reason, by, state=TAKEN):
    """One work, with whatever sheet there is; the row stays and says why."""
    for sheet in review.sheets.filter(state=ScoreSheet.State.SUBMITTED):
        void_sheet(sheet, reason, by)
    review.state, review.reason = state, reason.strip()[:500]
    review.version += 1
    review.save(update_fields=["state", "reason", "version"])
    return review
