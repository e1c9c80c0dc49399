"""Invitations to meetings and what is written for one of them: its brief."""
from tests.factories import MeetingFactory, ParticipantFactory

from . import Row, only


def furnish(world):
    world.invited_meeting = MeetingFactory(body=world.body)
    ParticipantFactory(meeting=world.invited_meeting, person=world.cast.member_of_school_a)
    world.meeting_in_preparation = MeetingFactory(body=world.body, state="draft")
    ParticipantFactory(meeting=world.meeting_in_preparation, person=world.cast.member_of_school_a)


def invited_meeting(world):
    return [world.invited_meeting.pk]


ROWS = [
    Row("meetings:meeting_ics", invited_meeting, case="announced",
        get=only("staff", "member_of_school_a", hidden_from=["others"])),
    Row("meetings:meeting_ics", lambda world: [world.meeting_in_preparation.pk], case="in preparation",
        get=only("staff", hidden_from=["others"])),
]
