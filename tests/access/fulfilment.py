from meetings.models import PlanItem
from meetings.services.fulfilment import mark_line

from . import Row, only


def furnish(world):
    """A mark on the only line of the published plan, and another line to mark."""
    world.marked_row = PlanItem.objects.get(plan=world.published_plan, position=1)
    mark_line(world.published_plan, world.marked_row.uid, 0, by=world.cast.secretary, verdict="cancelled", reason="решение департамента",
              version=0, edition=1)


def in_force(world):
    return [world.published_plan.pk]


def line(world):
    return [world.published_plan.pk, world.marked_row.uid, 0]


def mark(world):
    return {"verdict": "not_held", "reason": "не собрались", "version": 1, "edition": 1}


SEES = only("office", "heads", refused=403)

ROWS = [
    Row("meetings:plan_fulfilment", in_force, get=SEES, case="in force"),
    Row("meetings:plan_fulfilment", lambda world: [world.draft.pk], get=SEES, case="a draft"),
    Row("meetings:plan_fulfilment_pdf", in_force, get=SEES),
    Row("meetings:plan_fulfilment_docx", in_force, get=SEES),
    Row("meetings:plan_fulfilment_xlsx", in_force, get=SEES),
    Row("meetings:plan_line_mark", line, post=only("office", ok=302, data=mark)),
    Row("meetings:plan_line_unmark", line, post=only("office", ok=302, data=lambda world: {"version": 1, "edition": 1})),
    Row("meetings:search", get=only("known"), query="?q=смотр"),
]
