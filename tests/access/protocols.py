"""Rows about protocols and extracts: of a meeting whose secretary and chair are the office's, and whose member is of school A."""
from datetime import date

from meetings.services.extract import create_extract
from meetings.services.protocol import add_remark, create_protocol, wording_version
from projectoffice.documents.services.annulment import confirm_annulment, propose_annulment
from tests.factories import BodyFactory, ParticipantFactory
from tests.meetings.held_meetings import considered, held, issued

from . import Row, only


def furnish(world):
    cast = world.cast
    body = BodyFactory(name="Рабочая группа по протоколам", genitive="рабочей группы по протоколам")

    def meeting(day, closed=False):
        found = held(body=body, secretary=cast.secretary, chair=cast.office_head, day=day)
        ParticipantFactory(meeting=found, person=cast.member_of_school_a)
        considered(found, "Открытый вопрос")
        if closed:
            considered(found, "Закрытый вопрос", closed=True)
        return found

    world.meeting_without_protocol = meeting(date(2027, 6, 4))
    world.protocol_draft = create_protocol(meeting(date(2027, 6, 5)), by=cast.secretary)
    world.protocol_item = world.protocol_draft.meeting.items.first()
    world.remark = add_remark(world.protocol_draft, "Уточните показатель.", by=cast.office_head)
    world.protocol_in_force = issued(create_protocol(meeting(date(2027, 6, 6)), by=cast.secretary), cast.secretary)
    world.closed_protocol = issued(create_protocol(meeting(date(2027, 6, 7), closed=True), by=cast.secretary), cast.secretary)
    world.annulled_protocol = issued(create_protocol(meeting(date(2027, 6, 8)), by=cast.secretary), cast.secretary)
    propose_annulment(world.annulled_protocol.document, by=cast.office_head, reason="Ошибка")
    confirm_annulment(world.annulled_protocol.document, by=cast.department_head)
    world.extract_draft = extract_of(world.protocol_in_force, cast.secretary)
    world.extract_in_force = issued(extract_of(world.protocol_in_force, cast.secretary), cast.secretary)
    world.closed_extract = issued(extract_of(world.closed_protocol, cast.secretary), cast.secretary)


def extract_of(protocol, by):
    source = protocol.document.in_force.snapshot["source"]
    return create_extract(protocol, [source["items"][-1]["resolutions"][0]["uid"]], by=by)


def draft(world):
    return [world.protocol_draft.pk]


def chosen(world):
    source = world.protocol_in_force.document.in_force.snapshot["source"]
    return {"chosen": [source["items"][0]["resolutions"][0]["uid"]], "addressee": "", "original": "", "version": 1}


def form(world):
    return {"heading": "заседания рабочей группы", "organization": "", "decided_word": "РЕШИЛИ", "attendance_limit": 15,
            "attachments": "", "opinions": "", "number_text": "", "version": world.protocol_draft.version}


def wording(world):
    return [world.protocol_draft.pk, world.protocol_item.uid]


# The draft is read by the staff; whoever takes part reads what is in force, without closed questions.
READ_DRAFT = only("staff", hidden_from=["others"])
READ_IN_FORCE = only("staff", "member_of_school_a", hidden_from=["others"])
CLOSED = only("staff", hidden_from=["others"])


def changing(name, args=draft, *, get=None, ok=302, data=lambda world: {}):
    answer = only("office", ok=ok, hidden_from=["others"], data=data)
    return Row(name, args, get=only("office", hidden_from=["others"]) if get else None, post=answer)


ROWS = [
    Row("meetings:protocol_new", lambda world: [world.meeting_without_protocol.pk],
        post=only("office", ok=302, hidden_from=["member_of_school_b", "stranger", "downgraded", "ended"])),
    Row("meetings:protocol", draft, get=READ_DRAFT, case="a draft"),
    Row("meetings:protocol", lambda world: [world.protocol_in_force.pk], get=READ_IN_FORCE, case="in force"),
    Row("meetings:protocol", lambda world: [world.closed_protocol.pk], get=CLOSED, case="with a closed question"),
    Row("meetings:protocol", lambda world: [world.annulled_protocol.pk], get=READ_IN_FORCE, case="annulled"),
    Row("meetings:protocol_new", lambda world: [world.annulled_protocol.meeting_id], case="after an annulment",
        post=only("office", ok=302, hidden_from=["member_of_school_b", "stranger", "downgraded", "ended"])),
    changing("meetings:protocol_form", get=True, data=form),
    changing("meetings:protocol_switch", data=lambda world: {"form": "short"}),
    changing("meetings:protocol_suggest"),
    changing("meetings:protocol_signers"),
    changing("meetings:protocol_show"),
    changing("meetings:protocol_wording", wording, get=True, data=lambda world: {"formula": "Об открытом вопросе", "version": wording_version(world.protocol_item),
             **{f"declined-{each.pk}": "Белова С.И." for each in world.protocol_item.speakers.all()}}),
    Row("meetings:protocol_remark_add", draft,
        post=only("office_head", ok=302, hidden_from=["others"], data=lambda world: {"text": "Проверьте срок.", "item": "",
                  "form_key": "6f1c1c9e-97a7-4a53-9a58-1a1a0d6f9b11"})),
    Row("meetings:protocol_no_remarks", draft, post=only("office_head", ok=302, hidden_from=["others"])),
    changing("meetings:protocol_remark_accept", lambda world: [world.remark.pk]),
    changing("meetings:protocol_remark_decline", lambda world: [world.remark.pk], data=lambda world: {"answer": "Так в докладе."}),
    Row("meetings:extract_new", lambda world: [world.protocol_in_force.pk],
        get=only("office", hidden_from=["member_of_school_b", "stranger", "downgraded", "ended"]),
        post=only("office", ok=302, hidden_from=["member_of_school_b", "stranger", "downgraded", "ended"],
                  data=lambda world: chosen(world) | {"form_key": "6f1c1c9e-97a7-4a53-9a58-1a1a0d6f9b12"})),
    Row("meetings:extract", lambda world: [world.extract_draft.pk], get=READ_DRAFT, case="a draft"),
    Row("meetings:extract", lambda world: [world.extract_in_force.pk], get=READ_IN_FORCE, case="in force"),
    Row("meetings:extract", lambda world: [world.closed_extract.pk], get=CLOSED, case="of a closed question"),
    changing("meetings:extract_form", lambda world: [world.extract_draft.pk], get=True,
             data=lambda world: chosen(world) | {"form_key": "6f1c1c9e-97a7-4a53-9a58-1a1a0d6f9b13"}),
]
