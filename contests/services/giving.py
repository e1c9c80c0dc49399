"""Works given to experts and taken back: the parts that verbs about experts, conflicts and the assignment share.

Each is called by a verb that holds the lock of the contest; the reviews are locked after it, sheets after them.
"""
from django.core.exceptions import ValidationError

from ..models import Expert, Review, ScoreSheet
from .sheet import void_sheet

RIVAL = "Вы сами оцениваете в этом конкурсе: сданный лист другого эксперта может аннулировать только ваш коллега."
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


def refuse_rival(review, by):
    """Who scores here voids no sheet but one's own; the portal itself (None) and colleagues do."""
    scorers = Expert.objects.scorers().filter(contest=review.entry.contest_id)
    if by is not None and by.pk != review.expert.person_id and scorers.filter(person=by.pk).exists():
        raise ValidationError(RIVAL)


def take(review, *, reason, by, state=TAKEN):
    """One work, with whatever sheet there is; the row stays and says why."""
    for sheet in review.sheets.filter(state=ScoreSheet.State.SUBMITTED):
        refuse_rival(review, by)
        void_sheet(sheet, reason, by)
    review.state, review.reason, review.conflict = state, reason.strip()[:500], ""
    review.version += 1
    review.save(update_fields=["state", "reason", "conflict", "version"])
    return review
