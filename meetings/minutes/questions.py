"""The standing questions of a meeting in reading order, with their speakers and decisions. Reads only."""
from collections import defaultdict

from django.db.models import Prefetch

from projectoffice.accounts.models import Institution

from ..models import AgendaSpeaker, Resolution


def questions_of(meeting):
    """The standing questions as a list of top ones, each with ``number``, ``parts`` (sub-questions) and ``decisions``.

    A fixed number of queries, whatever their number. Of the institutions of a charge only the keys are read.
    """
    decisions = decisions_in_order().select_related("executor", "controller").prefetch_related(
        "co_executors", Prefetch("institutions", Institution.objects.order_by().only("pk")))
    items = list(items_in_order(meeting).select_related("plan_item__plan", "origin__meeting").prefetch_related(
        Prefetch("speakers", AgendaSpeaker.objects.select_related("person")), Prefetch("resolutions", decisions, to_attr="decisions")))
    for item in items:
        item.names = list(item.speakers.all())
        for decision in item.decisions:
            decision.helpers = list(decision.co_executors.all())
            decision.performers = [institution.pk for institution in decision.institutions.all()]
    return in_tree(meeting, items)


def questions_to_print(meeting):
    """The same with what is printed alone and nothing for forms. A third of the work."""
    items = list(items_in_order(meeting))
    names = by_key(AgendaSpeaker.objects.filter(item__meeting=meeting), "item_id")
    decisions = by_key(decisions_in_order().select_related("controller").filter(item__meeting=meeting), "item_id")
    helpers, performers = defaultdict(list), defaultdict(list)
    for tie in ties(meeting, "co_executors").select_related("user"):
        helpers[tie.resolution_id].append(tie.user)
    for decision, institution in ties(meeting, "institutions").values_list("resolution", "institution"):
        performers[decision].append(institution)
    for item in items:
        item.names, item.decisions = names[item.pk], decisions[item.pk]
        for decision in item.decisions:
            decision.helpers, decision.performers = helpers[decision.pk], performers[decision.pk]
    return in_tree(meeting, items)


def items_in_order(meeting):
    return meeting.items.present().order_by("position", "pk")


def decisions_in_order():
    return Resolution.objects.present().order_by("position", "pk")


def by_key(rows, key):
    found = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def ties(meeting, name):
    return getattr(Resolution, name).through.objects.filter(resolution__item__meeting=meeting)


def in_tree(meeting, items):
    """Numbers 1, 2, 2.1 … in the order of the agenda; printed ones are taken anew when the protocol is made."""
    for item in items:
        item.meeting = meeting
        for decision in item.decisions:
            decision.item = item
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


def decision_number(item, place):
    """«1.2», as it will print: a question counts its sub-questions and then its own decisions in one row."""
    return f"{item.number}.{len(item.parts) + place}"
