"""Questions of earlier meetings of a body that were postponed or not reached, and that nobody took further. Reads only."""
from django.db.models import Exists, OuterRef, Prefetch, Q

from ..models import AgendaItem, Meeting

OPEN = (AgendaItem.Outcome.NONE, AgendaItem.Outcome.POSTPONED)
MOST = 200


def of(meeting, readable):
    """Unfinished questions for this meeting out of the ``readable`` ones, the newest meeting first.

    A question that is only a heading of its sub-questions is told by those; «Разное» itself is no question.
    """
    taken = AgendaItem.objects.present().filter(origin=OuterRef("pk")).exclude(meeting__state=Meeting.State.CANCELLED)
    children = AgendaItem.objects.present().filter(parent=OuterRef("pk"))
    asked = readable.present().filter(
        meeting__body=meeting.body_id, meeting__state=Meeting.State.HELD, outcome__in=OPEN
    ).exclude(meeting=meeting.pk)
    if meeting.date:
        asked = asked.filter(meeting__date__lte=meeting.date)
    asked = asked.filter(~Exists(taken), ~Q(is_misc=True))
    asked = asked.filter(~Exists(children) | Q(outcome=AgendaItem.Outcome.POSTPONED))
    # What stands under a postponed question goes along with it.
    asked = asked.exclude(parent__outcome=AgendaItem.Outcome.POSTPONED)
    asked = asked.filter(Q(parent=None) | Q(parent__position__isnull=False))
    return list(asked.select_related("meeting", "parent").prefetch_related(
        "speakers", Prefetch("children", readable.present().order_by("position").prefetch_related("speakers"))
    ).order_by("-meeting__date", "-meeting_id", "position", "pk")[:MOST])


def children_of(item):
    """Sub-questions that go along with a postponed question."""
    return [child for child in item.children.all() if child.position is not None and child.outcome in OPEN]
