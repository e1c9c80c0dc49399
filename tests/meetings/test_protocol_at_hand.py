"""A long protocol carries the forms of one question at a time: the one that was asked for."""
import pytest
from django.template.loader import render_to_string
from django.test import Client

from meetings.kinds.protocol import source_of
from meetings.minutes.questions import questions_of
from meetings.models import Protocol
from meetings.protocol.page import MOST_OPEN
from meetings.services.protocol import create_protocol
from projectoffice.documents.snapshot import paper_parts, take_snapshot
from tests.factories import AgendaItemFactory, InstitutionFactory, MeetingFactory, ParticipantFactory, ResolutionFactory

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


def test_a_long_one_reads_no_more_than_it_prints_and_prints_the_same(cast):
    """Its page reads people as keys; what is printed, hashed and signed must not tell the difference."""
    protocol, items = protocol_of(MOST_OPEN + 1, cast.secretary)
    charge = items[0].resolutions.get()
    charge.is_charge, charge.executor, charge.controller = True, cast.office_head, cast.secretary
    charge.save()
    charge.co_executors.set([cast.member_of_school_a, cast.office_head])
    charge.institutions.set([InstitutionFactory(), InstitutionFactory()])
    items[1].speakers.create(person=cast.office_head, text="Орлова А.И.")
    AgendaItemFactory(meeting=protocol.meeting, parent=items[2], outcome="considered")
    printed = source_of(Protocol.objects.get(pk=protocol.pk))
    protocol.questions = questions_of(protocol.meeting)
    assert source_of(protocol) == printed
    assert printed["items"][0]["resolutions"][0]["co_executors"] == sorted([cast.member_of_school_a.pk, cast.office_head.pk])


@pytest.mark.parametrize("count", [2, MOST_OPEN + 1])
def test_the_sheet_of_a_draft_is_drawn_as_any_paper(cast, count):
    """The draft draws its texts in one go; the words and their places are those of every other sheet."""
    protocol, _ = protocol_of(count, cast.secretary)
    page = " ".join(page_of(protocol, cast.secretary).split())
    parts = paper_parts(take_snapshot(protocol.document))[0]
    assert len(parts) > count
    for part in parts:
        assert " ".join(render_to_string("components/_paper_part.html", {"part": part}).split()) in page
