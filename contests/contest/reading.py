"""A contest with all that belongs to its structure, in a fixed number of queries."""
from django.db.models import Count, Prefetch

from ..models import Contest, Criterion, Nomination


def nominations_with_parts():
    return Nomination.objects.prefetch_related("fields", Prefetch("criteria", Criterion.objects.prefetch_related("levels")))


def whole(contests=None):
    """Contests with stages, nominations, questions, criteria with their levels, awards and rules of ties."""
    contests = Contest.objects.all() if contests is None else contests
    return contests.select_related("regulation", "copied_from", "created_by").prefetch_related(
        "stages", Prefetch("nominations", nominations_with_parts()), "award_levels", "tie_rules")


def with_stages(contests):
    """Contests as lists show them: with their stages, and how many results were published."""
    return contests.prefetch_related("stages").annotate(results_count=Count("results")).order_by("-year", "-pk")


def has_round(contest, code):
    """Whether anything is marked in this round."""
    return Criterion.objects.filter(nomination__contest=contest, round=code).exists()
