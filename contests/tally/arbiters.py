"""Who may decide where experts diverge: someone who has not met the work and stands in no conflict with it. Reads only."""
from django.db.models import Count, F, Q

from ..expert.conflicts import conflicts_of
from ..models import Criterion, Expert, Review


def free_arbiters(entry, code):
    """``[Expert]`` who could decide about this entry in this round: those kept for that first, then who has the fewest works.

    The limit of an expert holds here as for any work, and is counted by rounds.
    """
    experts = Expert.objects.accepted().filter(contest=entry.contest_id, person__is_active=True)
    experts = experts.filter(Q(nominations=entry.nomination_id) | Q(nominations__isnull=True))
    experts = experts.exclude(pk__in=Review.objects.filter(entry=entry.pk).values("expert"))
    given = Count("reviews", filter=Q(reviews__state=Review.State.GIVEN), distinct=True)
    here = Count("reviews", filter=Q(reviews__state=Review.State.GIVEN, reviews__round=code), distinct=True)
    with_room = experts.annotate(load=given, here=here).filter(Q(most_entries__isnull=True) | Q(most_entries__gt=F("here")))
    found = list(with_room.select_related("person").order_by("-is_arbiter", "load", "pk"))
    barred = conflicts_of(found, [entry])
    return [expert for expert in found if not barred[expert.pk]]


def given_arbiters(contest):
    """``{(entry, round): Review}`` of the arbiters that were asked."""
    asked = Review.objects.active().filter(entry__contest=contest, is_arbiter=True).select_related("expert__person")
    return {(review.entry_id, review.round): review for review in asked}


def round_of(row, code):
    """The round of this code in a row of the ranking."""
    return row.onsite if code == Criterion.Round.ONSITE else row.remote


def diverging_rounds(row):
    """Codes of the rounds that wait for an arbiter."""
    return [code for code in Criterion.Round.values if round_of(row, code).awaits_arbiter]
