"""A long protocol carries the forms of one question at a time: the one that was asked for."""
import pytest
from django.test import Client

from meetings.protocol.page import MOST_OPEN
from meetings.services.protocol import create_protocol
from tests.factories import AgendaItemFactory, MeetingFactory, ParticipantFactory, ResolutionFactory

pytestmark = pytest.mark.django_db


def protocol_of(count, by):
    meeting = MeetingFactory()
    for role in ("chair", "secretary"):
        ParticipantFactory(meeting=meeting, role=role)
    items = [AgendaItemFactory(meeting=meeting, outcome="considered") for _ in range(count)]
    for item in items:
        ResolutionFactory(item=item)
    return create_protocol(meeting, by=by), items


def page_of(protocol, by, query=""):
    client = Client()
    client.force_login(by, backend="projectoffice.accounts.backends.LoginOrEmailBackend")
    return client.get(f"{protocol.get_absolute_url()}{query}").text


def test_a_short_one_has_every_question_at_hand(cast):
    protocol, items = protocol_of(MOST_OPEN, cast.secretary)
    page = page_of(protocol, cast.secretary)
    assert all(f"heard-{item.uid}" in page for item in items)


def test_a_long_one_opens_the_question_asked_for_and_leads_to_the_others(cast):
    protocol, items = protocol_of(MOST_OPEN + 1, cast.secretary)
    page = page_of(protocol, cast.secretary, f"?edit={items[3].uid}")
    assert [item for item in items if f"heard-{item.uid}" in page] == [items[3]]
    assert all(f"?edit={item.uid}#question-{item.uid}" in page for item in items if item != items[3])


def test_an_odd_wish_opens_nothing(cast):
    protocol, items = protocol_of(MOST_OPEN + 1, cast.secretary)
    page = page_of(protocol, cast.secretary, "?edit=%00%D0%B0")
    assert not any(f"heard-{item.uid}" in page for item in items)
