"""Invitations to meetings and what is written for one of them: its brief."""
from meetings.services.brief import create_brief, save_brief, take_from_meeting
from projectoffice.documents.services.route import send
from tests.factories import MeetingFactory, ParticipantFactory

from . import Row, only


def furnish(world):
    world.invited_meeting = MeetingFactory(body=world.body)
    ParticipantFactory(meeting=world.invited_meeting, person=world.cast.member_of_school_a)
    world.meeting_in_preparation = MeetingFactory(body=world.body, state="draft")
    ParticipantFactory(meeting=world.meeting_in_preparation, person=world.cast.member_of_school_a)
    furnish_briefs(world)


def furnish_briefs(world):
    """A draft whose chair and secretary are outsiders of the office, one in force, and a meeting without any."""
    secretary = world.cast.secretary
    led = MeetingFactory(body=world.body)
    ParticipantFactory(meeting=led, person=world.cast.member_of_school_a, role="chair")
    ParticipantFactory(meeting=led, person=world.cast.member_of_school_b, role="secretary")
    ParticipantFactory(meeting=led, person=world.cast.stranger)
    world.draft_brief = create_brief(led, by=secretary)
    save_brief(world.draft_brief, {"plan": "Регистрация", "when": "завтра"}, version=1, by=secretary)
    world.taken = take_from_meeting(world.draft_brief, "when", by=secretary)
    world.draft_brief.refresh_from_db()
    world.brief_in_force = create_brief(world.invited_meeting, by=secretary)
    save_brief(world.brief_in_force, {"goal": "цель", "plan": "Регистрация"}, version=1, by=secretary)
    send(world.brief_in_force.document, by=secretary)
    world.meeting_without_brief = MeetingFactory(body=world.body)
    ParticipantFactory(meeting=world.meeting_without_brief, person=world.cast.member_of_school_b, role="secretary")
    ParticipantFactory(meeting=world.meeting_without_brief, person=world.cast.member_of_school_a)


def draft(world):
    return [world.draft_brief.pk]


def without_brief(world):
    return [world.meeting_without_brief.pk]


def texts(world):
    brief = world.draft_brief
    return {"title": brief.title, "goal": "цель", "when": brief.when, "place": brief.place, "version": brief.version}


EDITS = {"hidden_from": ["stranger", "downgraded", "ended"], "ok": 302}


def invited_meeting(world):
    return [world.invited_meeting.pk]


ROWS = [
    Row("meetings:meeting_ics", invited_meeting, case="announced",
        get=only("staff", "member_of_school_a", hidden_from=["others"])),
    Row("meetings:meeting_ics", lambda world: [world.meeting_in_preparation.pk], case="in preparation",
        get=only("staff", hidden_from=["others"])),
    Row("meetings:brief_new", without_brief,
        get=only("office", "member_of_school_b", hidden_from=["stranger", "downgraded", "ended"]),
        post=only("office", "member_of_school_b", ok=302, hidden_from=["stranger", "downgraded", "ended"])),
    Row("meetings:brief", draft, case="a draft",
        get=only("staff", "member_of_school_a", "member_of_school_b", hidden_from=["others"])),
    Row("meetings:brief", lambda world: [world.brief_in_force.pk], case="in force",
        get=only("staff", "member_of_school_a", hidden_from=["others"])),
    Row("meetings:brief_save", draft, post=only("office", "member_of_school_b", data=texts, **EDITS)),
    Row("meetings:brief_take", draft, post=only("office", "member_of_school_b", data=lambda world: {"what": "plan"}, **EDITS)),
    Row("meetings:brief_return", draft, post=only(
        "office", "member_of_school_b", data=lambda world: {"event": world.taken.pk}, **EDITS)),
]
