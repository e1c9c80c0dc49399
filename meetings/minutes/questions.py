"""The standing questions of a meeting in reading order, with their speakers and decisions. Reads only."""
from django.db.models import Prefetch

from projectoffice.accounts.models import Institution

from ..models import AgendaSpeaker, Resolution


def questions_of(meeting):
    """The standing questions as a list of top ones, each with ``number``, ``parts`` (sub-questions) and ``decisions``.

    A fixed number of queries, whatever their number. Of the institutions of a charge only the keys are read.
    """
    decisions = Resolution.objects.present().order_by("position", "pk").select_related(
        "executor", "controller", "changed_by").prefetch_related(
            "co_executors", Prefetch("institutions", Institution.objects.order_by().only("pk")))
    speakers = AgendaSpeaker.objects.select_related("person")
    items = list(meeting.items.present().order_by("position", "pk").select_related("plan_item", "origin__meeting", "changed_by")
                 .prefetch_related(Prefetch("speakers", speakers), Prefetch("resolutions", decisions, to_attr="decisions")))
    for item in items:
        item.meeting = meeting
        for decision in item.decisions:
            decision.item = item
    return in_tree(items)


def in_tree(items):
    """Numbers 1, 2, 2.1 … in the order of the agenda; printed ones are taken anew when the protocol is made."""
    top = [item for item in items if item.parent_id is None]
    for place, item in enumerate(top, start=1):
        item.number = str(place)
        item.parts = [part for part in items if part.parent_id == item.pk]
        for part_place, part in enumerate(item.parts, start=1):
            part.number, part.parts = f"{place}.{part_place}", []
    return top


def flat(questions):
    """Every question in reading order: a top one, then its parts."""
    return [each for question in questions for each in (question, *question.parts)]
