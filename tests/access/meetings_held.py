"""Meetings, their agenda and participants: a draft, an announced one, a closed question, a file.

member_of_school_a is the secretary of the draft and of the announced meeting, member_of_school_b takes part in both.
"""
import uuid

from django.core.files.uploadedfile import SimpleUploadedFile

from meetings.services.agenda import add_item, add_material, remove_item, remove_material
from meetings.services.participants import FIELDS
from projectoffice.accounts.services.people import fingerprint
from tests.factories import AgendaItemFactory, BodyFactory, MeetingFactory, ParticipantFactory

from . import Row, only

OUTSIDE = {"member_of_school_b", "stranger", "downgraded", "ended"}
KEEPERS = ("office", "member_of_school_a")
READERS = ("staff", "member_of_school_a")
PNG = (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0cIDAT"
       b"x\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82")


def furnish(world):
    cast = world.cast
    world.meeting_body = BodyFactory()
    world.coming = held_by(world, state="draft")
    world.announced = held_by(world, state="announced")
    world.cancelled = held_by(world, state="cancelled")
    world.question = add_item(world.coming, by=cast.secretary, title="О ходе работы")
    add_item(world.coming, by=cast.secretary, title="Второй")
    world.gone_question = add_item(world.coming, by=cast.secretary, title="Снятый")
    remove_item(world.gone_question, by=cast.secretary)
    world.open_question = AgendaItemFactory(meeting=world.announced)
    world.closed_question = AgendaItemFactory(meeting=world.announced, closed=True, title="Закрытый вопрос")
    world.open_file, world.closed_file, world.gone_file = (
        add_material(item, SimpleUploadedFile("схема.png", PNG), by=cast.secretary)
        for item in (world.open_question, world.closed_question, world.open_question))
    remove_material(world.gone_file, by=cast.secretary)
    world.participant = world.coming.participants.get(person=cast.member_of_school_b)


def held_by(world, state):
    meeting = MeetingFactory(body=world.meeting_body, state=state, created_by=world.cast.secretary)
    ParticipantFactory(meeting=meeting, person=world.cast.member_of_school_a, role="secretary")
    ParticipantFactory(meeting=meeting, person=world.cast.member_of_school_b, role="member")
    return meeting


def coming(world):
    return [world.coming.pk]


def announced(world):
    return [world.announced.pk]


def question(world):
    return [world.coming.pk, world.question.uid]


def participant(world):
    return [world.coming.pk, world.participant.pk]


def plan_row(world):
    plan = world.published_plan
    return [plan.pk, plan.items.get().uid]


def form(**data):
    return lambda world: {key: value(world) if callable(value) else value for key, value in data.items()}


def changing(url, args=coming, *, get=False, ok=302, hidden=OUTSIDE, case="", **data):
    """A verb of a meeting: the office and its secretary; a draft is hidden from those who only take part."""
    return Row(url, args, case=case, get=only(*KEEPERS, hidden_from=hidden) if get else None,
               post=only(*KEEPERS, ok=ok, hidden_from=hidden, data=form(**data)))


def shown(world):
    return fingerprint(world.participant, FIELDS)


WHEN = {"date": "2027-06-04", "start": "14:00", "end": "16:00", "place": "Каб. 21"}
KNOWN = OUTSIDE - {"member_of_school_b"}

ROWS = [
    Row("meetings:meetings", get=only("known")),
    Row("meetings:meeting", coming, get=only(*READERS, hidden_from=OUTSIDE), case="being prepared"),
    Row("meetings:meeting", announced, get=only(*READERS, "member_of_school_b", hidden_from=KNOWN), case="announced"),
    Row("meetings:meeting_history", announced, get=only(*READERS, hidden_from=KNOWN)),
    Row("meetings:meeting_invitations", announced, get=only(*KEEPERS, hidden_from=KNOWN)),
    Row("meetings:meeting_new", get=only("office"), post=only("office", ok=302, data=form(
        body=lambda world: world.meeting_body.pk, form_key=lambda world: uuid.uuid4(), **WHEN))),
    Row("meetings:meeting_from_plan", plan_row, post=only("office", ok=302)),
    Row("meetings:meeting_copy", announced, get=only("office"), post=only("office", ok=302, data=form(
        form_key=lambda world: uuid.uuid4(), **WHEN))),
    changing("meetings:meeting_edit", get=True, version=lambda world: world.coming.version, title="Итоги", **WHEN),
    changing("meetings:meeting_announce", get=True),
    Row("meetings:meeting_invite", announced, get=only(*KEEPERS, hidden_from=KNOWN), post=only(*KEEPERS, ok=302, hidden_from=KNOWN)),
    changing("meetings:meeting_move", get=True, version=lambda world: world.coming.version, reason="Ремонт", **(WHEN | {"date": "2027-06-11"})),
    changing("meetings:meeting_cancel", get=True, reason="Нет кворума"),
    Row("meetings:meeting_redraft", lambda world: [world.cancelled.pk], get=only(*KEEPERS, hidden_from=KNOWN),
        post=only(*KEEPERS, ok=302, hidden_from=KNOWN)),
    changing("meetings:meeting_hold", get=True),
    changing("meetings:agenda_add", get=True, title="Ещё вопрос", form_key=lambda world: uuid.uuid4()),
    changing("meetings:agenda_take_plan", get=True),
    changing("meetings:agenda_carry_over", get=True),
    changing("meetings:agenda_edit", question, get=True, title="О ходе", version=lambda world: world.question.version),
    changing("meetings:agenda_move", question, step="down"),
    changing("meetings:agenda_remove", question),
    changing("meetings:agenda_return", lambda world: [world.coming.pk, world.gone_question.uid]),
    changing("meetings:agenda_speakers", question),
    Row("meetings:agenda_material_add", question, get=only(*KEEPERS, hidden_from=OUTSIDE), post=only(
        *KEEPERS, ok=302, hidden_from=OUTSIDE, data=lambda world: {
            "form_key": uuid.uuid4(), "title": "Схема", "file": SimpleUploadedFile("схема.png", PNG)})),
    Row("meetings:agenda_material", lambda world: [world.open_file.pk], case="of an open question",
        get=only(*READERS, "member_of_school_b", hidden_from=KNOWN)),
    Row("meetings:agenda_material", lambda world: [world.closed_file.pk], case="of a closed question",
        get=only(*READERS, hidden_from=OUTSIDE)),
    Row("meetings:agenda_material_remove", lambda world: [world.open_file.pk], post=only(*KEEPERS, ok=302, hidden_from=KNOWN)),
    Row("meetings:agenda_material_return", lambda world: [world.gone_file.pk], post=only(*KEEPERS, ok=302, hidden_from=KNOWN)),
    changing("meetings:participant_add", get=True, who="Ким А.В.", role="invited", form_key=lambda world: uuid.uuid4()),
    changing("meetings:participant_take_members"),
    changing("meetings:participant_return"),
    changing("meetings:participant_edit", participant, get=True, name="Лисина А.И.", role="member", version=shown),
    changing("meetings:participant_remove", participant, get=True),
]
