"""What happens around a protocol: the meeting it tells of changes, it is revised, given up, annulled; extracts of it live on."""
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.urls import reverse
from django.utils import timezone

from meetings.kinds.protocol import people
from meetings.models import AgendaItem, Assignment, ProtocolExtract
from meetings.services import agenda
from meetings.services import meeting as meetings
from meetings.services.extract import create_extract, save_extract
from meetings.services.protocol import create_protocol
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.uploads import store_upload
from projectoffice.documents.models import Document
from projectoffice.documents.services.annulment import record_annulment
from projectoffice.documents.services.ink import record_ink
from projectoffice.documents.services.revision import revise
from projectoffice.documents.services.route import send
from tests.factories import BodyFactory, MeetingFactory, ParticipantFactory, UserFactory

from .held_meetings import considered, held, in_ink, issued

pytestmark = pytest.mark.django_db


def charge(person, text="Представить отчёт."):
    return {"text": text, "is_charge": True, "executor": person, "executor_text": person.short_name}


def drafted(cast, **people):
    meeting = held(secretary=cast.secretary, chair=cast.office_head, **people)
    considered(meeting)
    return create_protocol(meeting, by=cast.secretary)


def annul(document, by):
    scan = store_upload(ContentFile(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n", name="act.pdf"), by=by)
    return record_annulment(document, by=by, act="приказ № 7", scan=scan)


def uids(protocol):
    source = Document.objects.get(pk=protocol.document_id).in_force.snapshot["source"]
    return {each["title"]: each["resolutions"][0]["uid"] for each in source["items"]}


class TestTheMeetingOfAProtocol:
    def test_the_protocol_follows_the_day_of_its_meeting(self, cast):
        protocol = drafted(cast, day=date(2027, 12, 30))
        meeting = protocol.meeting
        meetings.save_meeting(meeting, by=cast.secretary, version=meeting.version, date=date(2028, 1, 10))
        document = Document.objects.get(pk=protocol.document_id)
        assert document.year == 2028
        assert "10.01.2028" in document.title

    def test_a_day_in_another_year_takes_the_number_of_that_year(self, cast):
        body = BodyFactory()
        first = issued(drafted(cast, body=body, day=date(2027, 12, 20)), cast.secretary)
        second = drafted(cast, body=body, day=date(2027, 12, 30))
        meetings.save_meeting(second.meeting, by=cast.secretary, version=second.meeting.version, date=date(2028, 1, 10))
        second = issued(type(second).objects.get(pk=second.pk), cast.secretary)
        assert [(each.document.year, each.document.number) for each in (first, second)] == [(2027, 1), (2028, 1)]

    def test_a_number_that_is_taken_stays_in_its_year(self, cast):
        protocol = issued(drafted(cast, day=date(2027, 12, 30)), cast.secretary)
        revise(protocol.document, by=cast.secretary, basis="приказа")
        meeting = type(protocol.meeting).objects.get(pk=protocol.meeting_id)
        meetings.save_meeting(meeting, by=cast.secretary, version=meeting.version, date=date(2028, 1, 10))
        document = Document.objects.get(pk=protocol.document_id)
        assert (document.year, document.number) == (2027, 1)
        assert "10.01.2028" in document.title

    def test_a_meeting_with_a_protocol_is_not_prepared_anew(self, client, cast):
        protocol = drafted(cast)
        with pytest.raises(TransitionNotAllowed, match="протокол"):
            meetings.redraft_meeting(protocol.meeting, by=cast.secretary)
        client.force_login(cast.secretary)
        page = client.get(protocol.meeting.get_absolute_url()).content.decode()
        address = reverse("meetings:meeting_redraft", args=[protocol.meeting_id])
        assert address not in page
        asked = client.get(address, follow=True)
        assert "собран протокол" in asked.content.decode()


class TestReadersOfAnExtract:
    def closed_extract(self, cast):
        """An extract in force of a closed decision, and a person whom the open decision charges."""
        reader = UserFactory()
        meeting = held(secretary=cast.secretary, chair=cast.office_head)
        considered(meeting, "Открытый", decisions=(charge(reader),))
        considered(meeting, "Закрытый", decisions=("Наградить КАНАРЕЙКУ.",), closed=True)
        protocol = issued(create_protocol(meeting, by=cast.secretary), cast.secretary)
        extract = issued(create_extract(protocol, [uids(protocol)["Закрытый"]], by=cast.secretary), cast.secretary)
        return protocol, extract, reader

    def test_another_choice_being_prepared_opens_nothing_of_what_is_in_force(self, client, cast):
        protocol, extract, reader = self.closed_extract(cast)
        revise(extract.document, by=cast.secretary, basis="приказа")
        extract = ProtocolExtract.objects.get(pk=extract.pk)
        save_extract(extract, [uids(protocol)["Открытый"]], by=cast.secretary, version=extract.version)
        assert not ProtocolExtract.objects.visible_to(reader).filter(pk=extract.pk).exists()
        client.force_login(reader)
        assert client.get(extract.get_absolute_url()).status_code == 404

    def test_what_was_closed_once_stays_closed_with_its_older_editions(self, cast):
        protocol, extract, reader = self.closed_extract(cast)
        revise(extract.document, by=cast.secretary, basis="приказа")
        extract = ProtocolExtract.objects.get(pk=extract.pk)
        save_extract(extract, [uids(protocol)["Открытый"]], by=cast.secretary, version=extract.version)
        issued(ProtocolExtract.objects.get(pk=extract.pk), cast.secretary)
        assert not ProtocolExtract.objects.visible_to(reader).filter(pk=extract.pk).exists()

    def test_whom_the_extract_in_force_charges_reads_it(self, cast):
        protocol, _, reader = self.closed_extract(cast)
        extract = create_extract(protocol, [uids(protocol)["Открытый"]], by=cast.secretary)
        assert not ProtocolExtract.objects.visible_to(reader).exists()
        issued(extract, cast.secretary)
        assert ProtocolExtract.objects.visible_to(reader).get() == extract


def test_an_extract_of_an_annulled_protocol_is_not_certified(cast):
    meeting = held(secretary=cast.secretary, chair=cast.office_head)
    considered(meeting, "Открытый")
    protocol = issued(create_protocol(meeting, by=cast.secretary), cast.secretary)
    extract = create_extract(protocol, [uids(protocol)["Открытый"]], by=cast.secretary)
    document = send(in_ink(extract).document, by=cast.secretary)
    annul(Document.objects.get(pk=protocol.document_id), cast.secretary)
    with pytest.raises((ValidationError, TransitionNotAllowed), match="отменён"):
        record_ink(document.stamps.get(), by=cast.secretary, signed_on=timezone.localdate())
    assert Document.objects.get(pk=document.pk).in_force is None


def test_a_protocol_with_a_closed_question_is_not_offered_to_everybody_it_names(cast):
    executor, member = UserFactory(), UserFactory()
    meeting = held(secretary=cast.secretary, chair=cast.office_head)
    ParticipantFactory(meeting=meeting, person=member)
    considered(meeting, "Открытый", decisions=(charge(executor),))
    considered(meeting, "Закрытый", closed=True)
    protocol = issued(create_protocol(meeting, by=cast.secretary), cast.secretary)
    assert set(people(protocol.document)) == {cast.secretary, cast.office_head}


class TestCarryingOver:
    def test_a_closed_part_of_an_earlier_question_does_not_come_to_who_may_not_see_it(self, cast):
        """The secretary of the next meeting is no office staff and saw only the open question."""
        body, newcomer = BodyFactory(), UserFactory()
        earlier = MeetingFactory(body=body, state="held", date=date(2027, 5, 4))
        ParticipantFactory(meeting=earlier, person=newcomer, role="member")
        question = considered(earlier, "Порядок смотра", decisions=(), outcome="postponed")
        considered(earlier, "О КАНАРЕЙКЕ", parent=question, decisions=(), outcome="", closed=True)
        considered(earlier, "О сроках", parent=question, decisions=(), outcome="")
        following = MeetingFactory(body=body, date=date(2027, 6, 4))
        ParticipantFactory(meeting=following, person=newcomer, role="secretary")
        agenda.carry_over(following, [question], by=newcomer)
        assert {item.title for item in following.items.all()} == {"Порядок смотра", "О сроках"}


class TestAssignmentsOfAClosedQuestion:
    def test_what_was_done_before_the_question_was_closed_forgets_where_it_is_from(self, cast):
        executor = UserFactory()
        meeting = held(secretary=cast.secretary, chair=cast.office_head)
        item = considered(meeting, "Вопрос", decisions=(charge(executor),))
        protocol = issued(create_protocol(meeting, by=cast.secretary), cast.secretary)
        revise(protocol.document, by=cast.secretary, basis="приказа")
        AgendaItem.objects.filter(pk=item.pk).update(closed=True)
        item.resolutions.update(text="Представить другой отчёт.")
        issued(type(protocol).objects.select_related("document").get(pk=protocol.pk), cast.secretary)
        assert {each.closed for each in Assignment.objects.all()} == {True}


class TestTheWalls:
    def test_a_protocol_in_force_is_not_removed_from_under_its_meeting(self, cast):
        protocol = issued(drafted(cast), cast.secretary)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM meetings_protocol WHERE id = %s", [protocol.pk])

    def test_a_meeting_told_by_a_protocol_stays_held(self, cast):
        protocol = issued(drafted(cast), cast.secretary)
        with pytest.raises(DatabaseError), transaction.atomic():
            type(protocol.meeting).objects.filter(pk=protocol.meeting_id).update(state="cancelled")


def test_a_file_of_a_removed_question_is_gone_for_its_readers(client, cast):
    """A file of a question that left the agenda is read by who may change the agenda alone."""
    member = UserFactory()
    meeting = MeetingFactory()
    ParticipantFactory(meeting=meeting, person=member)
    item = considered(meeting, decisions=())
    material = agenda.add_material(item, ContentFile(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n", name="a.pdf"), by=cast.secretary)
    address = reverse("meetings:agenda_material", args=[material.pk])
    client.force_login(member)
    assert client.get(address).status_code == 200
    agenda.remove_item(item, by=cast.secretary)
    assert client.get(address).status_code == 404


