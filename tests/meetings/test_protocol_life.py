"""A protocol from its making to what is in force: who may, remarks, signing, a change and the way back, the walls."""
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meetings.models import AgendaItem, Assignment, Meeting, Participant, Protocol, ProtocolEntry, Resolution
from meetings.protocol.page import MOST_OPEN
from meetings.services import protocol as verbs
from meetings.services.door import open_meeting
from meetings.services.extract import create_extract
from meetings.services.meeting import save_meeting
from meetings.services.rows import add_row
from projectoffice.accounts.models import Membership, OfficeProfile
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.lines import line
from projectoffice.common.models import OutgoingMail
from projectoffice.common.waiting import waiting_for
from projectoffice.documents.compare import compare
from projectoffice.documents.invariants import live_content_is_the_edition, numbers_without_gaps
from projectoffice.documents.models import Document
from projectoffice.documents.services.annulment import confirm_annulment, propose_annulment
from projectoffice.documents.services.ink import record_ink
from projectoffice.documents.services.revision import abandon_revision, revise
from projectoffice.documents.services.route import hash_shown, send, sign, withdraw
from tests.factories import (
    PASSWORD,
    BodyFactory,
    MeetingFactory,
    MeetingPlanFactory,
    ParticipantFactory,
    StampFactory,
    UserFactory,
)
from tests.meetings.held_meetings import considered, full_meeting, held, in_ink, issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(cast):
    return full_meeting(secretary=cast.secretary, chair=cast.office_head)


@pytest.fixture
def draft(meeting, cast):
    return verbs.create_protocol(meeting, by=cast.secretary)


def texts(snapshot):
    return "\n".join(line["text"] for section in snapshot["sections"] for line in section.get("lines", []))


class TestMaking:
    def test_a_draft_with_its_lines_to_sign_and_a_held_meeting(self, draft, meeting, cast):
        OfficeProfile.load()
        meeting.refresh_from_db()
        assert (meeting.state, meeting.held_at is not None) == (Meeting.State.HELD, True)
        assert draft.document.title == "Протокол заседания Проектного офиса от 04.06.2027"
        assert (draft.heading, draft.document.year, draft.quorum) == ("заседания Проектного офиса", 2027, "half")
        stamps = [(stamp.kind, stamp.place, stamp.post, stamp.name, stamp.signer, stamp.method) for stamp in draft.document.stamps.active()]
        assert stamps == [
            ("sign", "foot", "Председатель", cast.office_head.signature_name, cast.office_head, "electronic"),
            ("sign", "foot", "Секретарь", cast.secretary.signature_name, cast.secretary, "electronic"),
        ]

    def test_outside_a_plan_in_force_the_meeting_is_extraordinary_on_paper(self, cast):
        plan = MeetingPlanFactory(by=cast.secretary)
        add_row(plan, by=cast.secretary, values={"topics": "Итоги", "term": "февраль"})
        StampFactory(document=plan.document, kind="approve", signer=cast.office_head, method="ink")
        ready = send(plan.document, by=cast.secretary)
        record_ink(ready.stamps.get(), by=cast.secretary, signed_on=timezone.localdate())
        meeting = held(body=plan.body, secretary=cast.secretary, day=plan.period_start)
        considered(meeting, "О срочном деле")
        protocol = verbs.create_protocol(meeting, by=cast.secretary)
        assert protocol.heading == f"внеочередного заседания {plan.body.genitive}"
        assert protocol.document.title.startswith(f"Протокол внеочередного заседания {plan.body.genitive} от ")
        issued(protocol, cast.secretary)
        assert ProtocolEntry.objects.get(kind="item").title == "О срочном деле"

    def test_whoever_does_not_log_in_signs_on_paper(self, cast):
        meeting = held(chair=UserFactory(username=None, surname="Римская"), secretary=cast.secretary)
        considered(meeting)
        protocol = verbs.create_protocol(meeting, by=cast.secretary)
        assert [stamp.method for stamp in protocol.document.stamps.active()] == ["ink", "electronic"]

    def test_two_clicks_make_one(self, draft, meeting, cast):
        assert verbs.create_protocol(meeting, by=cast.secretary) == draft
        assert Document.objects.filter(kind="protocol").count() == 1

    def test_formulas_and_names_are_suggested_and_what_was_typed_stays(self, cast):
        meeting = held(secretary=cast.secretary)
        item = considered(meeting, "Итоги года", speakers=("Белова С.И.",))
        typed = considered(meeting, "План", formula="О плане на год", speakers=("Ким А.В.",))
        typed.speakers.update(declined="Кима А.В.")
        verbs.create_protocol(meeting, by=cast.secretary)
        item.refresh_from_db()
        assert (item.formula, item.speakers.get().declined) == ("Об итогах года", "Белову\xa0С.И.")
        typed.refresh_from_db()
        assert (typed.formula, typed.speakers.get().declined) == ("О плане на год", "Кима А.В.")

    @pytest.mark.parametrize(("break_it", "sentence"), [
        (lambda meeting: meeting.participants.filter(role="chair").delete(), "Председатель не указан."),
        (lambda meeting: meeting.participants.filter(role="secretary").delete(), "Секретарь не указан."),
        (lambda meeting: meeting.participants.update(attendance="absent"), "Никто не отмечен присутствующим."),
        (lambda meeting: meeting.items.filter(title__startswith="О летней").update(outcome=""), ""),
        (lambda meeting: Resolution.objects.filter(item__meeting=meeting).update(text="") and
         meeting.items.filter(outcome="considered").update(outcome=""), "нет решения"),
        (lambda meeting: Meeting.objects.filter(pk=meeting.pk).update(date=None, state="draft"), "Укажите день заседания"),
    ])
    def test_what_is_missing_is_told_and_nothing_is_made(self, meeting, cast, break_it, sentence):
        break_it(meeting)
        if not sentence:
            assert verbs.create_protocol(meeting, by=cast.secretary), "a decision is an outcome"
            return
        with pytest.raises(ValidationError) as refusal:
            verbs.create_protocol(meeting, by=cast.secretary)
        assert any(sentence in each for each in refusal.value.messages)
        assert not Protocol.objects.exists()
        meeting.refresh_from_db()
        assert meeting.state != Meeting.State.HELD

    def test_the_meetings_secretary_may_and_others_may_not(self, cast):
        meeting = held(secretary=cast.member_of_school_a, chair=cast.office_head)
        considered(meeting)
        for person in (cast.member_of_school_b, cast.department_head, cast.administrator):
            with pytest.raises(PermissionDenied):
                verbs.create_protocol(meeting, by=person)
        assert verbs.create_protocol(meeting, by=cast.member_of_school_a).document.created_by == cast.member_of_school_a

    def test_a_cancelled_meeting_has_none(self, meeting, cast):
        Meeting.objects.filter(pk=meeting.pk).update(state="cancelled")
        with pytest.raises(TransitionNotAllowed):
            verbs.create_protocol(meeting, by=cast.secretary)


class TestForm:
    def test_it_is_saved_and_printed(self, draft, cast):
        verbs.save_protocol_form(draft, by=cast.secretary, version=1, heading="заседания рабочей группы", decided_word="ПОСТАНОВИЛИ",
                                 attachments=["Доклад"], opinions=[], number_text="15/2")
        draft.refresh_from_db()
        snapshot = snapshot_of(draft)
        assert snapshot["head"]["title"] == ["ПРОТОКОЛ", "заседания рабочей группы"] and snapshot["head"]["number"] == "15/2"
        assert any(section["title"] == "ПОСТАНОВИЛИ:" for section in snapshot["sections"])
        assert "Доклад." in texts(snapshot)

    def test_an_old_version_is_told_and_the_same_twice_is_once(self, draft, cast):
        verbs.save_protocol_form(draft, by=cast.secretary, version=1, heading="заседания А")
        verbs.save_protocol_form(draft, by=cast.secretary, version=1, heading="заседания А")
        with pytest.raises(StaleVersion):
            verbs.save_protocol_form(draft, by=cast.secretary, version=1, heading="заседания Б")
        draft.refresh_from_db()
        assert (draft.heading, draft.version) == ("заседания А", 2)

    def test_a_number_of_the_journal_is_not_given_twice(self, draft, cast):
        other = held(body=draft.meeting.body, secretary=cast.secretary, day=date(2027, 3, 1))
        considered(other)
        issued(verbs.create_protocol(other, by=cast.secretary), cast.secretary)
        with pytest.raises(ValidationError, match="уже есть"):
            verbs.save_protocol_form(draft, by=cast.secretary, version=1, number_text="1")
        verbs.save_protocol_form(draft, by=cast.secretary, version=1, number_text="2")

    def test_the_switch_prints_the_other_form(self, draft, cast):
        verbs.switch_form(draft, by=cast.secretary, is_short=True)
        titles = [section["title"] for section in snapshot_of(Protocol.objects.get())["sections"]]
        assert "1. О подведении итогов работы за полугодие (Белов\xa0С.И.)" in titles and "1. СЛУШАЛИ:" not in titles

    def test_two_may_write_wording_and_minutes_at_once(self, draft, cast):
        item = draft.meeting.items.get(title="О сайте")
        shown = verbs.wording_version(item)
        AgendaItem.objects.filter(pk=item.pk).update(version=9)  # the minutes went on meanwhile
        verbs.save_wording(item, "О новом сайте", {}, by=cast.secretary, version=shown)
        with pytest.raises(StaleVersion):
            verbs.save_wording(item, "О старом сайте", {}, by=cast.secretary, version=shown)
        item.refresh_from_db()
        assert item.formula == "О новом сайте"


def snapshot_of(protocol):
    from projectoffice.documents.snapshot import take_snapshot

    return take_snapshot(Document.objects.get(pk=protocol.document_id))


class TestRemarks:
    def test_the_chair_reads_and_writes_the_secretary_answers(self, draft, cast):
        verbs.show_to_chair(draft, by=cast.secretary, key="k")
        verbs.show_to_chair(draft, by=cast.secretary, key="k")
        assert OutgoingMail.objects.filter(person=cast.office_head, key__startswith="show_protocol").count() == 1
        first = verbs.add_remark(draft, "Уточните срок.", by=cast.office_head, item=draft.meeting.items.first())
        second = verbs.add_remark(draft, "Добавьте фамилии.", by=cast.office_head)
        assert OutgoingMail.objects.filter(person=cast.secretary, body__contains="Уточните срок.").count() == 1
        with pytest.raises(ValidationError, match="Ответьте на замечание председателя"):
            send(draft.document, by=cast.secretary)
        verbs.accept_remark(first, by=cast.secretary)
        with pytest.raises(ValidationError, match="почему"):
            verbs.decline_remark(second, by=cast.secretary, answer=" ")
        verbs.decline_remark(second, by=cast.secretary, answer="Фамилии есть в списке.")
        verbs.decline_remark(second, by=cast.secretary, answer="Фамилии есть в списке.")
        assert OutgoingMail.objects.filter(person=cast.office_head, body__contains="Фамилии есть в списке.").count() == 1
        with pytest.raises(TransitionNotAllowed):
            verbs.accept_remark(second, by=cast.secretary)
        assert send(in_ink(draft).document, by=cast.secretary).state == "in_approval"

    def test_what_was_shown_waits_for_the_chair_until_an_answer_or_the_sending(self, draft, cast, client):
        client.force_login(cast.office_head)
        agree, other = reverse("meetings:protocol_no_remarks", args=[draft.pk]), full_meeting(body=BodyFactory(), secretary=cast.secretary, chair=cast.member_of_school_a)
        verbs.show_to_chair(verbs.create_protocol(other, by=cast.secretary), by=cast.secretary, key="other")

        def waits():
            return [row.url for row in waiting_for(cast.office_head) if row.action == "Прочитать проект протокола"]

        assert not waits() and "Замечаний нет</button>" not in client.get(draft.get_absolute_url()).content.decode()
        verbs.show_to_chair(draft, by=cast.secretary, key="1")
        assert waits() == [draft.get_absolute_url()] and "Замечаний нет</button>" in client.get(draft.get_absolute_url()).content.decode()
        for _ in range(2):
            assert client.post(agree).status_code == 302
        assert not waits() and OutgoingMail.objects.filter(person=cast.secretary, key__startswith="no_remarks").count() == 1
        verbs.show_to_chair(draft, by=cast.secretary, key="2")
        assert waits()
        remark = verbs.add_remark(draft, "Уточните срок.", by=cast.office_head)
        assert not waits()
        verbs.accept_remark(remark, by=cast.secretary)
        verbs.show_to_chair(draft, by=cast.secretary, key="3")
        assert waits()
        withdraw(send(draft.document, by=cast.secretary), by=cast.secretary)
        assert not waits()

    def test_only_the_chair_remarks_and_only_the_keepers_answer(self, draft, cast):
        for person in (cast.secretary, cast.department_head, cast.member_of_school_a):
            with pytest.raises(PermissionDenied):
                verbs.add_remark(draft, "Нет.", by=person)
        remark = verbs.add_remark(draft, "Да.", by=cast.office_head)
        for person in (cast.department_head, cast.member_of_school_a):
            with pytest.raises(PermissionDenied):
                verbs.accept_remark(remark, by=person)

    def test_nobody_remarks_on_what_went_its_way(self, draft, cast):
        remark = verbs.add_remark(draft, "Да.", by=cast.office_head)
        verbs.accept_remark(remark, by=cast.secretary)
        send(in_ink(draft).document, by=cast.secretary)
        with pytest.raises(TransitionNotAllowed):
            verbs.add_remark(draft, "Поздно.", by=cast.office_head)

    def test_a_chair_without_mail_is_shown_the_paper(self, cast):
        meeting = held(secretary=cast.secretary, chair=UserFactory(username=None, surname="Римская"))
        considered(meeting)
        with pytest.raises(ValidationError, match="Напечатайте проект"):
            verbs.show_to_chair(verbs.create_protocol(meeting, by=cast.secretary), by=cast.secretary, key="k")


class TestSigning:
    def test_on_paper_the_signed_sheet_is_the_protocol(self, draft, cast):
        document = send(in_ink(draft).document, by=cast.secretary)
        sheet = bytes(document.current_sheet.pdf)
        assert (document.number, document.current_sheet.snapshot["head"]["number"]) == (1, "1")
        withdraw(document, by=cast.secretary)
        protocol = issued(draft, cast.secretary)
        edition = protocol.document.in_force
        assert bytes(edition.file.pdf) == sheet
        assert (edition.date, edition.number_text) == (date(2027, 6, 4), "1"), "the day of the meeting, the number kept"
        assert list(live_content_is_the_edition()) == list(numbers_without_gaps()) == []

    def test_on_the_portal_both_sign(self, draft, cast):
        document = send(draft.document, by=cast.secretary, shown_hash=hash_shown(draft.document))
        for person in (cast.secretary, cast.office_head):
            stamp = document.stamps.get(signer=person)
            document = sign(stamp, by=person, shown_hash=document.current_sheet.content_hash, password=PASSWORD)
        document.refresh_from_db()
        assert document.state == "issued" and not document.in_force.all_ink

    def test_assignments_and_entries_appear_with_it(self, draft, cast):
        assert not Assignment.objects.exists() and not ProtocolEntry.objects.exists()
        issued(draft, cast.secretary)
        assignment = Assignment.objects.get()
        assert (assignment.number, assignment.executor_text, assignment.due_end) == ("1.2", "Белову С.И.", date(2027, 7, 1))
        assert ProtocolEntry.objects.filter(kind="assignment", number="1.2").exists()

    def test_annulled_it_takes_them_along(self, draft, cast):
        protocol = issued(draft, cast.secretary)
        propose_annulment(protocol.document, by=cast.office_head, reason="Ошибка")
        confirm_annulment(protocol.document, by=cast.department_head)
        assert Assignment.objects.get().state == "cancelled" and not ProtocolEntry.objects.exists()

    def test_somebody_must_sign(self, draft, cast):
        draft.document.stamps.update(removed=True)
        with pytest.raises(ValidationError, match="подпись председателя"):
            send(draft.document, by=cast.secretary)

    def test_the_numbers_of_a_year_follow_one_another_by_the_meetings_year(self, cast):
        body, numbers = BodyFactory(), []
        for day in (date(2027, 2, 1), date(2027, 12, 30), date(2028, 1, 15)):
            meeting = held(body=body, secretary=cast.secretary, day=day)
            considered(meeting)
            numbers.append(issued(verbs.create_protocol(meeting, by=cast.secretary), cast.secretary).document.number)
        assert numbers == [1, 2, 1]


class TestChanging:
    def change(self, protocol, cast):
        protocol.document = revise(protocol.document, by=cast.secretary, basis="приказа", basis_number="84")
        item = protocol.meeting.items.get(title="Подведение итогов работы за полугодие")
        resolution = item.resolutions.get(position=1)
        resolution.text = "Отклонить информацию."
        resolution.save()
        item.heard = []
        item.save()
        item.speakers.update(text="Ким А.В.")
        added = considered(protocol.meeting, "О новом", position=50)
        protocol.meeting.items.filter(title="О сайте").update(position=None)
        protocol.meeting.participants.filter(name="Белов С.И.").delete()
        protocol.meeting.participants.filter(role="chair").update(role="member")
        ParticipantFactory(meeting=protocol.meeting, person=cast.department_head, role="chair")
        Meeting.objects.filter(pk=protocol.meeting_id).update(place="каб. 5", start=None, end=None)
        Protocol.objects.filter(pk=protocol.pk).update(heading="чего-то другого", is_short=True)
        return added

    def test_a_revision_given_up_puts_everything_back(self, draft, cast):
        protocol = issued(draft, cast.secretary)
        told = Participant.objects.get(name="Белов С.И.").pk
        Participant.objects.filter(role="secretary").update(invited_sequence=3)
        before = protocol.document.in_force.snapshot["source"]
        added = self.change(protocol, cast)
        assert snapshot_of(protocol)["source"] != before, "the control"
        abandon_revision(protocol.document, by=cast.secretary)
        assert snapshot_of(protocol)["source"] == before
        assert list(live_content_is_the_edition()) == []
        added.refresh_from_db()
        assert added.position is None
        assert Participant.objects.get(role="secretary").invited_sequence == 3
        assert Participant.objects.get(name="Белов С.И.").pk != told, "who was taken from the list is there again"

    def test_two_editions_are_compared_decision_by_decision(self, draft, cast):
        protocol = issued(draft, cast.secretary)
        old = protocol.document.in_force.snapshot
        protocol.document = revise(protocol.document, by=cast.secretary, basis="приказа", basis_number="84")
        resolution = Resolution.objects.get(text="Утвердить график.")
        resolution.text = "Отклонить график."
        resolution.save()
        in_ink(protocol)
        new = issued(protocol, cast.secretary).document.in_force.snapshot
        [change] = compare(old, new).changed_rows
        assert change.uid == str(resolution.uid)
        assert change.changed_cells[0].new == "6.1.1. Отклонить график."
        assert (change.title, compare(old, new).parts_word) == ("Пункт 6.1.1", "пунктов")

    def test_who_helps_and_controls_is_printed_and_a_new_surname_later_changes_nothing_in_force(self, meeting, cast):
        charge = Resolution.objects.get(item__meeting=meeting, is_charge=True)
        charge.controller = cast.office_head
        charge.save()
        charge.co_executors.set([cast.member_of_school_a])
        protocol = issued(verbs.create_protocol(meeting, by=cast.secretary), cast.secretary)
        words = f"Соисполнитель: {cast.member_of_school_a.short_name}; контроль: {cast.office_head.short_name}"
        assert words.replace("\xa0", " ") in texts(protocol.document.in_force.snapshot).replace("\xa0", " ")
        type(cast.office_head).objects.filter(pk=cast.office_head.pk).update(surname="Замужняя")
        assert list(live_content_is_the_edition()) == []

    def test_what_is_in_force_stands_however_it_would_be_printed_today(self, draft, cast, monkeypatch):
        issued(draft, cast.secretary)
        monkeypatch.setattr("meetings.protocol.printed.PUT_OFF", {"postponed": "Иначе", "withdrawn": "Иначе"})
        assert list(live_content_is_the_edition()) == []


class TestWalls:
    """Whatever goes round the verbs is stopped by the database while the protocol is not a draft."""

    WRITES = {
        "a question": lambda meeting: meeting.items.update(title="Другой"),
        "a new question": lambda meeting: AgendaItem.objects.create(meeting=meeting, title="Ещё", position=99),
        "a question moved here": lambda meeting: AgendaItem.objects.exclude(meeting=meeting).update(meeting=meeting),
        "a question gone": lambda meeting: AgendaItem.objects.filter(meeting=meeting, parent__isnull=False).delete(),
        "a speaker": lambda meeting: meeting.items.first().speakers.update(text="Другой"),
        "a decision": lambda meeting: Resolution.objects.filter(item__meeting=meeting).update(text="Другое"),
        "a co-executor": lambda meeting: Resolution.objects.filter(item__meeting=meeting).first().co_executors.add(UserFactory()),
        "a participant": lambda meeting: meeting.participants.update(name="Другой"),
        "a new participant": lambda meeting: ParticipantFactory(meeting=meeting),
        "a participant gone": lambda meeting: meeting.participants.all().delete(),
        "the day": lambda meeting: Meeting.objects.filter(pk=meeting.pk).update(date=date(2027, 6, 5)),
        "the place": lambda meeting: Meeting.objects.filter(pk=meeting.pk).update(place="Другое"),
        "the form": lambda meeting: Protocol.objects.filter(meeting=meeting).update(heading="Другое"),
    }

    @pytest.mark.parametrize("what", WRITES)
    def test_it_is_refused_in_force_and_open_before(self, what, draft, cast):
        considered(held(body=draft.meeting.body), "Чужой вопрос")
        write = self.WRITES[what]
        with transaction.atomic():
            write(draft.meeting)
            transaction.set_rollback(True)
        protocol = issued(draft, cast.secretary)
        with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
            write(protocol.meeting)

    def test_calendars_may_be_told_at_any_time(self, draft, cast):
        protocol = issued(draft, cast.secretary)
        people, meeting = protocol.meeting.participants, Meeting.objects.filter(pk=protocol.meeting_id)
        assert people.update(invited_sequence=5, told={"at": "14:00"}) == people.count() > 0
        assert meeting.update(sequence=7) == 1

    def test_the_door_says_it_in_words(self, draft, cast):
        protocol = issued(draft, cast.secretary)
        with transaction.atomic(), pytest.raises(TransitionNotAllowed, match="новой редакцией"):
            open_meeting(protocol.meeting, cast.secretary, "minutes")


class TestWhoReads:
    """The table: who gets what of a draft, of a sheet being signed, of what is in force, of one with a closed question."""

    @pytest.fixture
    def people(self, cast):
        body = BodyFactory()
        people = {
            "office": cast.secretary, "head": cast.department_head, "chair": UserFactory(surname="Главная"), "secretary": UserFactory(surname="Писарева"),
            "participant": UserFactory(surname="Участников"), "member": UserFactory(surname="Членов"), "former": UserFactory(surname="Бывшев"),
            "signer": UserFactory(surname="Юристов"), "stranger": cast.stranger,
        }
        Membership.objects.create(body=body, person=people["member"])
        Membership.objects.create(body=body, person=people["former"], since=date(2020, 1, 1), until=date(2021, 1, 1))
        meeting = held(body=body, chair=people["chair"], secretary=people["secretary"])
        ParticipantFactory(meeting=meeting, person=people["participant"])
        return people, meeting

    def readers(self, people, protocol):
        return {name for name, person in people.items() if Protocol.objects.visible_to(type(person).objects.get(pk=person.pk)).filter(pk=protocol.pk)}

    @pytest.mark.parametrize("closed", [False, True])
    def test_each_state_has_its_readers(self, people, cast, closed):
        people, meeting = people
        considered(meeting, closed=closed)
        protocol = verbs.create_protocol(meeting, by=cast.secretary)
        always = {"office", "head", "chair", "secretary"}
        assert self.readers(people, protocol) == always
        StampFactory(document=protocol.document, kind="agree", signer=people["signer"], method="ink")
        send(in_ink(protocol).document, by=cast.secretary)
        assert self.readers(people, protocol) == always | {"signer"}
        withdraw(Document.objects.get(pk=protocol.document_id), by=cast.secretary)
        issued(protocol, cast.secretary)
        assert self.readers(people, protocol) == (always if closed else always | {"participant", "member"})

    def test_once_closed_it_stays_so_for_every_edition(self, people, cast):
        people, meeting = people
        item = considered(meeting, closed=True)
        protocol = issued(verbs.create_protocol(meeting, by=cast.secretary), cast.secretary)
        protocol.document = revise(protocol.document, by=cast.secretary, basis="приказа")
        AgendaItem.objects.filter(pk=item.pk).update(closed=False)
        issued(protocol, cast.secretary)
        assert "participant" not in self.readers(people, protocol)

    def test_a_reader_of_what_is_in_force_does_not_see_the_change_prepared(self, people, cast):
        people, meeting = people
        considered(meeting, "Итоги")
        protocol = issued(verbs.create_protocol(meeting, by=cast.secretary), cast.secretary)
        revise(protocol.document, by=cast.secretary, basis="приказа")
        AgendaItem.objects.filter(meeting=meeting).update(heard=[{"text": "Тайная правка", "level": 0, "marker": "paragraph"}])
        client, office = Client(), Client()
        client.force_login(people["participant"])
        office.force_login(people["chair"])
        assert "Тайная правка" not in client.get(protocol.get_absolute_url()).content.decode()
        assert "Тайная правка" in office.get(protocol.get_absolute_url()).content.decode()


def queries(client, url):
    """How many a page asks; none reads the bytes of a sheet or an edition."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    assert not [each["sql"] for each in asked if '."pdf"' in each["sql"]]
    return len(asked)


@pytest.mark.parametrize("state", ["draft", "issued", "revised"])
@pytest.mark.parametrize("sizes", [((2, 3), (MOST_OPEN, 20)), ((MOST_OPEN + 1, 3), (30, 60))])
def test_the_page_asks_the_same_for_few_and_many_questions(sizes, state, cast, client):
    """Up to MOST_OPEN questions a draft has their forms at hand, above that it reads only what it prints."""
    client.force_login(cast.secretary)
    counts = []
    for place, (questions, people) in enumerate(sizes, start=1):
        meeting = held(secretary=cast.secretary, chair=cast.office_head, body=BodyFactory(), members=[f"Участник{n} А.А." for n in range(people)])
        for number in range(questions):
            considered(meeting, f"Вопрос {number}", decisions=("Одобрить.", "Продолжить."))
        protocol = verbs.create_protocol(meeting, by=cast.secretary)
        for _ in range(place):
            verbs.accept_remark(verbs.add_remark(protocol, "Замечание.", by=cast.office_head), by=cast.secretary)
        if state != "draft":
            protocol = issued(protocol, cast.secretary)
        if state == "revised":
            protocol.document = revise(protocol.document, by=cast.secretary, basis="приказа", basis_number="84")
            send(in_ink(protocol).document, by=cast.secretary)
        client.get(protocol.get_absolute_url())
        counts.append(queries(client, protocol.get_absolute_url()))
    assert counts[0] == counts[1] <= 20, counts


class TestWhoSigns:
    def hand_over(self, meeting, cast):
        """The secretary of the minutes becomes the chair, somebody else writes them."""
        meeting.participants.filter(role="chair").delete()
        meeting.participants.filter(role="secretary").update(role="chair")
        ParticipantFactory(meeting=meeting, person=cast.member_of_school_a, role="secretary")

    def test_lines_that_name_others_than_the_minutes_are_told_and_mended_by_one_click(self, draft, meeting, cast, client):
        client.force_login(cast.secretary)
        words = "Строки подписи расходятся с участниками заседания"
        assert words not in client.get(draft.get_absolute_url()).text
        self.hand_over(meeting, cast)
        page = client.get(draft.get_absolute_url()).text
        assert words in page
        assert f"председатель – {cast.secretary.short_name}, секретарь – {cast.member_of_school_a.short_name}" in page
        for _ in range(2):
            client.post(reverse("meetings:protocol_signers", args=[draft.pk]))
            lines = [(stamp.post, stamp.signer) for stamp in draft.document.stamps.active()]
            assert lines == [("Председатель", cast.secretary), ("Секретарь", cast.member_of_school_a)]
        assert words not in client.get(draft.get_absolute_url()).text

    def test_an_absent_speaker_is_a_remark_and_no_refusal(self, cast, client):
        meeting = held(secretary=cast.secretary, members=("Белов С.И.", "Громова Е.В.", "Ким А.В."))
        meeting.participants.filter(name__in=("Белов С.И.", "Громова Е.В.")).update(attendance="absent")
        considered(meeting, "О сайте", speakers=("Белов С.И.",), discussed=[line("Ким А.В. – поддержал.")])
        considered(meeting, "О плане", speakers=("Ким А.В.",), discussed=[line("Громова Е.В. – против.")])
        considered(meeting, "О лете", speakers=("Белов С.И.",), outcome="postponed", decisions=())
        draft = verbs.create_protocol(meeting, by=cast.secretary)
        client.force_login(cast.secretary)
        page = client.get(draft.get_absolute_url()).content.decode()
        words = "выступают: Белов С.И. (вопрос 1), Громова Е.В. (вопрос 2). Проверьте явку."
        assert words in page and words in client.get(reverse("documents:send", args=[draft.document_id])).content.decode()
        assert send(draft.document, by=cast.secretary).state == Document.State.IN_APPROVAL

    def test_a_post_written_by_hand_is_trusted(self, draft, cast, client):
        client.force_login(cast.secretary)
        draft.document.stamps.filter(post="Председатель").update(post="Заместитель главы")
        assert "Строки подписи расходятся" not in client.get(draft.get_absolute_url()).text


class TestPages:
    def test_what_is_missing_leads_to_the_secretarys_page(self, cast, client):
        client.force_login(cast.secretary)
        meeting = MeetingFactory()
        answer = client.post(reverse("meetings:protocol_new", args=[meeting.pk]), follow=True)
        assert answer.redirect_chain[-1][0] == reverse("meetings:meeting_day", args=[meeting.pk])
        assert "Чтобы собрать протокол, осталось" in answer.content.decode()

    def test_the_coming_number_is_shown_and_the_journals_may_be_typed(self, draft, client, cast):
        client.force_login(cast.secretary)
        assert "при отправке получит №&nbsp;1" in client.get(draft.get_absolute_url()).content.decode()
        url = reverse("meetings:protocol_form", args=[draft.pk])
        data = {"heading": "заседания", "decided_word": "РЕШИЛИ", "attendance_limit": "15", "number_text": "7-А", "version": "1"}
        assert client.post(url, data).status_code == 302
        page = client.get(draft.get_absolute_url()).content.decode()
        assert "№&nbsp;7-А" in page and "при отправке получит" not in page
        stale = client.post(url, data | {"heading": "другое"})
        assert stale.status_code == 422 and "Сейчас записано" in stale.content.decode() and "другое" in stale.content.decode()

    @pytest.mark.parametrize("text", ["\x00", "a" * 5000, ""])
    def test_a_bad_remark_stays_in_its_field_with_a_sentence(self, draft, client, cast, text):
        client.force_login(cast.office_head)
        answer = client.post(reverse("meetings:protocol_remark_add", args=[draft.pk]),
                             {"text": text, "item": "", "form_key": "6f1c1c9e-97a7-4a53-9a58-1a1a0d6f9b11"})
        assert answer.status_code == 422 and not draft.remarks.exists()

    def test_a_remark_sent_twice_is_one(self, draft, client, cast):
        client.force_login(cast.office_head)
        for _ in range(2):
            client.post(reverse("meetings:protocol_remark_add", args=[draft.pk]),
                        {"text": "Уточните.", "item": "", "form_key": "6f1c1c9e-97a7-4a53-9a58-1a1a0d6f9b11"})
        assert draft.remarks.count() == 1

    def test_the_draft_is_edited_on_the_sheet(self, draft, client, cast):
        client.force_login(cast.secretary)
        page = client.get(draft.get_absolute_url()).content.decode()
        item = draft.meeting.items.get(title="О сайте")
        assert f'name="heard-{item.uid}"' in page and reverse("meetings:protocol_wording", args=[draft.pk, item.uid]) in page
        data = {"formula": "О новом сайте", "version": verbs.wording_version(item),
                **{f"declined-{each.pk}": "Белова С.И." for each in item.speakers.all()}}
        assert client.post(reverse("meetings:protocol_wording", args=[draft.pk, item.uid]), data).status_code == 302
        assert "О новом сайте." in client.get(draft.get_absolute_url()).content.decode()

    def test_the_chair_reads_the_draft_and_edits_nothing(self, cast, client):
        chair = UserFactory(surname="Главная")
        meeting = held(secretary=cast.secretary, chair=chair)
        considered(meeting)
        protocol = verbs.create_protocol(meeting, by=cast.secretary)
        client.force_login(chair)
        page = client.get(protocol.get_absolute_url()).content.decode()
        assert "Отправить замечание" in page and "data-minutes" not in page
        for name in ("draft_pdf", "docx", "history"):
            assert client.get(reverse(f"documents:{name}", args=[protocol.document_id])).status_code == 200
        assert client.post(reverse("meetings:protocol_switch", args=[protocol.pk]), {"form": "short"}).status_code == 403


def test_the_year_and_title_follow_the_day_while_it_is_a_draft(draft, cast):
    meeting = Meeting.objects.get(pk=draft.meeting_id)
    save_meeting(meeting, by=cast.secretary, version=meeting.version, date=date(2026, 12, 28))
    document = Document.objects.get(pk=draft.document_id)
    assert (document.year, document.title) == (2026, "Протокол заседания Проектного офиса от 28.12.2026")
    assert issued(draft, cast.secretary).document.in_force.date == date(2026, 12, 28)


def test_the_page_leads_to_its_meeting_and_extracts(draft, cast, client):
    client.force_login(cast.secretary)
    protocol = issued(draft, cast.secretary)
    chosen = protocol.document.in_force.snapshot["source"]["items"][0]["resolutions"][0]["uid"]
    extract = create_extract(protocol, [chosen], by=cast.secretary)
    page = client.get(protocol.get_absolute_url()).content.decode()
    assert protocol.meeting.get_absolute_url() in page and extract.get_absolute_url() in page
