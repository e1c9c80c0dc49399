"""Who may decide where experts diverge: someone who has not met the work and stands in no conflict with it. Reads only."""
from django.db.models import Count, Q

from projectoffice.accounts.models import Post

from ..models import Criterion, Entry, Expert, Recusal, Review


def free_arbiters(entry):
    """Experts who could decide about this entry, those kept for that first, then who has the fewest works."""
    places = [entry.institution_id, *Entry.partners.through.objects.filter(entry=entry.pk).values_list("institution", flat=True)]
    declared = Recusal.objects.in_force().filter(Q(entry=entry.pk) | Q(institution__in=places))
    experts = Expert.objects.accepted().filter(contest=entry.contest_id, person__is_active=True)
    experts = experts.filter(Q(nominations=entry.nomination_id) | Q(nominations__isnull=True))
    experts = experts.exclude(pk__in=Review.objects.filter(entry=entry.pk).values("expert")).exclude(pk__in=declared.values("expert"))
    experts = experts.exclude(person__in=Post.objects.current().filter(institution__in=places, person__isnull=False).values("person"))
    experts = experts.exclude(person__in=entry.authors.filter(person__isnull=False).values("person"))
    given = Count("reviews", filter=Q(reviews__state=Review.State.GIVEN), distinct=True)
    return experts.select_related("person").annotate(load=given).order_by("-is_arbiter", "load", "pk")


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
