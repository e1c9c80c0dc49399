"""What must hold for every table; an app asks it of its own by ``@invariant``."""
from django.db.models import Count, Max, Min

from projectoffice.common.lines import MARKERS, MAX_LEVEL


def rows_stand_in_a_row(table):
    present = table.row.objects.present().values("plan_id").annotate(rows=Count("pk"), first=Min("position"), last=Max("position"))
    for plan in present.order_by():
        if (plan["first"], plan["last"]) != (1, plan["rows"]):
            yield f"План {plan['plan_id']}: строк {plan['rows']}, места от {plan['first']} до {plan['last']}."


def cells_are_lines(table):
    """Every cell of lines holds lines of a known shape."""
    for key in (cell.key for cell in table.cells if cell.kind == "lines"):
        for pk, lines in table.row.objects.values_list("pk", key).iterator():
            if not well_shaped(lines):
                yield f"Строка {pk}: {table.cell(key).noun} – записано не по правилам."


def well_shaped(lines):
    return isinstance(lines, list) and all(
        isinstance(line, dict) and line.get("marker") in MARKERS and 0 <= line.get("level", -1) <= MAX_LEVEL and line.get("text")
        for line in lines
    )


def issued_rows_are_kept(table):
    for plan in table.content.objects.filter(document__in_force__isnull=False).select_related("document__in_force"):
        snapshot = plan.document.in_force.snapshot
        issued = {row["uid"] for section in snapshot["sections"] for row in section["rows"]}
        kept = {f"{uid}" for uid in table.rows(plan).values_list("uid", flat=True)}
        for uid in issued - kept:
            yield f"План {plan.pk}: строки {uid} действующей редакции больше нет."
