"""The secretary's page: the office and the meeting's own secretary write, participants and heads do not, others see nothing."""
import uuid
from dataclasses import replace

from tests.factories import AgendaItemFactory, BodyFactory, MeetingFactory, ParticipantFactory, ResolutionFactory

from . import Row, only


def furnish(world):
    world.day = MeetingFactory(body=BodyFactory(name="Комиссия дня", genitive="комиссии дня"))
    world.day_here = ParticipantFactory(meeting=world.day, person=world.cast.member_of_school_a)
    ParticipantFactory(meeting=world.day, person=world.cast.member_of_school_b, role="secretary")
    world.day_item = AgendaItemFactory(meeting=world.day, position=1, closed=True)
    world.day_resolution = ResolutionFactory(item=world.day_item, position=1)


WRITERS = ("office", "member_of_school_b")
HIDDEN = ("stranger", "downgraded", "ended")


def day(world):
    return [world.day.pk]


def item(world):
    return [world.day.pk, world.day_item.uid]


def resolution(world):
    return [world.day.pk, world.day_resolution.uid]


def reading(name, args=day, **more):
    return Row(name, args, get=only(*WRITERS, hidden_from=HIDDEN), **more)


def writing(name, args=day, *, get=None, **data):
    answer = only(*WRITERS, ok=302, hidden_from=HIDDEN, data=lambda world: {
        key: value(world) if callable(value) else value for key, value in data.items()})
    return Row(name, args, get=replace(answer, ok=200, data=None) if get else None, post=answer)


ROWS = [
    reading("meetings:meeting_day"),
    reading("meetings:sign_in_sheet"),
    reading("meetings:outcome_people", query="?q=Орл"),
    writing("meetings:meeting_start"),
    writing("meetings:outcome_sync"),
    writing("meetings:outcome_add", title="О ремонте", speaker="", uid=lambda world: uuid.uuid4()),
    writing("meetings:outcome_save", item),
    writing("meetings:outcome_move", item, step=1),
    writing("meetings:resolution_add", item),
    writing("meetings:resolution_save", resolution, cell="text", value="Одобрить.", base="", version=1),
    writing("meetings:resolution_move", resolution, step=1),
    writing("meetings:resolution_institutions", resolution, get=True),
    writing("meetings:resolution_remove", resolution),
    writing("meetings:resolution_return", resolution),
    writing("meetings:attendance_save"),
    writing("meetings:attendance_guest", guests="Ким А.В., директор"),
    writing("meetings:attendance_mark", lambda world: [world.day.pk, world.day_here.pk], value="1|excused|отпуск"),
]
