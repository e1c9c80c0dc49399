"""Who leaves hands over the places at meetings that are still to come; what was held stays as it was."""
from datetime import date, timedelta

import pytest
from django.utils import timezone

from meetings.models import AgendaSpeaker, Meeting
from meetings.services.invitations import invite
from projectoffice.accounts.services.handover import hand_over
from projectoffice.common.models import OutgoingMail
from tests.factories import AgendaItemFactory, MeetingFactory, ParticipantFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(cast):
    return UserFactory(surname="Уходова"), UserFactory(surname="Новикова")


def meeting_with(leaver, day, state=Meeting.State.ANNOUNCED, **participant):
    meeting = MeetingFactory(date=day, state=state)
    ParticipantFactory(meeting=meeting, person=leaver, name=leaver.short_name, **participant)
    AgendaSpeaker.objects.create(item=AgendaItemFactory(meeting=meeting), person=leaver, text=leaver.short_name)
    return meeting


def next_week():
    return timezone.localdate() + timedelta(days=7)


def test_the_successor_chairs_speaks_and_the_leaver_is_called_off(cast, people):
    leaver, successor = people
    meeting = meeting_with(leaver, next_week(), role="chair")
    invite(meeting, by=cast.secretary)

    words = hand_over(leaver, successor, by=cast.secretary)

    assert [(each.person, each.role) for each in meeting.participants.all()] == [(successor, "chair")]
    assert [each.text for each in AgendaSpeaker.objects.filter(item__meeting=meeting)] == [successor.short_name]
    assert OutgoingMail.objects.filter(person=leaver, subject__startswith="Отзыв приглашения").count() == 1
    assert "места на предстоящих заседаниях: 1" in words.lower()


def test_who_is_expected_already_takes_the_role_and_stands_once(cast, people):
    leaver, successor = people
    meeting = meeting_with(leaver, next_week(), role="secretary")
    ParticipantFactory(meeting=meeting, person=successor, name=successor.short_name)

    hand_over(leaver, successor, by=cast.secretary)

    assert [(each.person, each.role) for each in meeting.participants.all()] == [(successor, "secretary")]


def test_what_was_held_or_cancelled_stays(cast, people):
    leaver, successor = people
    held = meeting_with(leaver, date(2026, 2, 12), state=Meeting.State.HELD)
    cancelled = meeting_with(leaver, next_week(), state=Meeting.State.CANCELLED)

    hand_over(leaver, successor, by=cast.secretary)

    for meeting in (held, cancelled):
        assert [each.person for each in meeting.participants.all()] == [leaver]
