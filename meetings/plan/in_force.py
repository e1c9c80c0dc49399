"""The plan as it is in force, row by row, and which of its lines already stand on an agenda. Reads only."""
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from projectoffice.common.terms import parse_term
from projectoffice.documents.models import Document

from ..meeting import words
from ..models import AgendaItem, Meeting, MeetingPlan, PlanItem, PlanResponsible
from .outline import flat, topics


@dataclass(frozen=True)
class PlanRow:
    """A row of the edition in force: the live row it names, and its printed cells."""

    item: PlanItem
    label: str
    topics: list
    term: str
    responsible: list

    @property
    def outline(self):
        return topics(self.topics)

    def exact_day(self, period):
        """The day the term names when it names just one; None otherwise."""
        term = parse_term(self.term, period)
        return term.start if term.understood and term.start == term.end and len(term.points) == 1 else None


def is_in_force(plan):
    return plan.document.in_force_id is not None and plan.document.state != Document.State.ANNULLED


def rows_in_force(plan):
    """Rows of the edition in force in their order; nothing when the plan has none or was annulled."""
    if not is_in_force(plan):
        return []
    items = {f"{item.uid}": item for item in plan.items.all()}
    rows = [row for section in plan.document.in_force.snapshot["sections"] for row in section["rows"]]
    return [PlanRow(items[row["uid"]], row["cells"]["label"], row["cells"]["topics"], row["cells"]["term"],
                    row["cells"]["responsible"]) for row in rows if row["uid"] in items]


def period_of(plan):
    return plan.period_start, plan.period_end


def plans_for(body, day: date | None = None):
    """Plans of a body that are in force, the newest first; of one day when it is given."""
    found = MeetingPlan.objects.filter(body=body, document__in_force__isnull=False).exclude(
        document__state=Document.State.ANNULLED).select_related("document__in_force", "body").order_by("-period_start")
    return found.filter(period_start__lte=day, period_end__gte=day) if day else found


def covered(items, readable=None):
    """{(row pk, line): [agenda items]} of meetings that stand; ``readable`` narrows them to what a reader may see."""
    found = defaultdict(list)
    agenda = (AgendaItem.objects.all() if readable is None else readable).present().filter(
        plan_item__in=[item.pk for item in items], plan_line__isnull=False
    ).exclude(meeting__state=Meeting.State.CANCELLED).exclude(parent__isnull=False, parent__position__isnull=True)
    for each in agenda.select_related("meeting").order_by("meeting__date", "meeting_id", "position"):
        found[each.plan_item_id, each.plan_line].append(each)
    return found


def with_meetings(snapshot, plan, user):
    """The snapshot with the meetings of each row this person may see; the same queries for any number of rows."""
    items = {f"{item.uid}": item for item in plan.items.only("pk", "uid")}
    meetings = defaultdict(dict)
    for (row, _), agenda in covered(items.values(), AgendaItem.objects.visible_to(user)).items():
        meetings[row].update((each.meeting_id, each.meeting) for each in agenda)
    rows_told = [{**section, "rows": [row_told(row, items.get(row["uid"]), meetings) for row in section["rows"]]}
                 for section in snapshot["sections"]]
    return {**snapshot, "sections": rows_told}


def row_told(row, item, meetings):
    told = [{"url": each.get_absolute_url(), "words": f"{each}", "badge": words.badge(each)}
            for each in (meetings[item.pk].values() if item else ())]
    return {**row, "item": item, "meetings": told}


def free_lines(row, taken):
    """Places of the lines no meeting has; all of them when every line stands on some agenda already."""
    lines = [topic.line for topic, _ in flat(row.outline)]
    return [line for line in lines if (row.item.pk, line) not in taken] or lines


def responsibles_in_force(plan):
    """{uid of a row: printed responsibles} of the edition in force."""
    if not is_in_force(plan):
        return {}
    return {row["uid"]: row["cells"]["responsible"] for section in plan.document.in_force.snapshot["sections"] for row in section["rows"]}


def suggested_speakers(plan, item_ids):
    """{row pk: [(printed name, person id or None)]} of the responsibles in force: who may be asked to speak."""
    linked = {(row, text): person for row, text, person in PlanResponsible.objects.filter(
        item__in=item_ids, person__isnull=False).values_list("item_id", "text", "person_id")}
    return {row.item.pk: [(text, linked.get((row.item.pk, text))) for text in row.responsible]
            for row in rows_in_force(plan) if row.item.pk in item_ids}
