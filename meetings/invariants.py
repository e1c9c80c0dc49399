"""Truths about plans that must hold in the data at any time."""
from django.db.models import Count, Max, Min

from projectoffice.common.invariants import invariant
from projectoffice.common.lines import MARKERS, MAX_LEVEL

from .models import MeetingPlan, PlanItem


@invariant("строки плана стоят подряд")
def rows_stand_in_a_row():
    present = PlanItem.objects.present().values("plan_id").annotate(rows=Count("pk"), first=Min("position"), last=Max("position"))
    for plan in present.order_by():
        if (plan["first"], plan["last"]) != (1, plan["rows"]):
            yield f"План {plan['plan_id']}: строк {plan['rows']}, места от {plan['first']} до {plan['last']}."


@invariant("темы – строки известного вида")
def topics_are_lines():
    for pk, topics in PlanItem.objects.values_list("pk", "topics").iterator():
        good = isinstance(topics, list) and all(
            isinstance(line, dict) and line.get("marker") in MARKERS and 0 <= line.get("level", -1) <= MAX_LEVEL and line.get("text")
            for line in topics
        )
        if not good:
            yield f"Строка {pk}: тема записана не по правилам."


@invariant("план и его документ говорят об одном")
def plan_agrees_with_its_document():
    for plan in MeetingPlan.objects.select_related("document"):
        if plan.document.kind != "meeting_plan" or plan.document.body_id != plan.body_id or plan.document.year != plan.year:
            yield f"План {plan.pk}: вид, орган или год документа другие."


@invariant("изданная строка осталась в плане")
def issued_rows_are_kept():
    for plan in MeetingPlan.objects.filter(document__in_force__isnull=False).select_related("document__in_force"):
        snapshot = plan.document.in_force.snapshot
        issued = {row["uid"] for section in snapshot["sections"] for row in section["rows"]}
        kept = {f"{uid}" for uid in plan.items.values_list("uid", flat=True)}
        for uid in issued - kept:
            yield f"План {plan.pk}: строки {uid} действующей редакции больше нет."
