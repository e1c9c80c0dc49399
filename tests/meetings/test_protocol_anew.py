"""A protocol that was annulled leaves its meeting open for another: its own number, its own document, its own assignments."""
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meetings.fulfilment.reading import protocols_in_force
from meetings.management.commands.print_protocol import find_protocol
from meetings.models import Assignment, Meeting, Protocol, ProtocolEntry, Resolution
from meetings.services import protocol as verbs
from meetings.services.assignment_work import accept_report, report_done, tick_institutions
from meetings.services.door import open_meeting
from meetings.services.meeting import redraft_meeting
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.invariants import violations
from projectoffice.common.models import OutgoingMail
from projectoffice.common.uploads import store_upload
from projectoffice.documents.commands import Refusal
from projectoffice.documents.models import Document
from projectoffice.documents.services.annulment import confirm_annulment, propose_annulment, record_annulment
from projectoffice.documents.services.revision import revise
from tests.factories import BodyFactory, InstitutionFactory, ParticipantFactory, UserFactory
from tests.races import MeetingPlace, together

from .held_meetings import considered, held, issued

pytestmark = pytest.mark.django_db
SCAN = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"


def annulled(protocol, cast):
    document = Document.objects.get(pk=protocol.document_id)
    propose_annulment(document, by=cast.office_head, reason="Ошибка в решении")
    confirm_annulment(document, by=cast.department_head)
    return Protocol.objects.select_related("document__in_force").get(pk=protocol.pk)


def charge(text, executor=None, **more):
    return {"text": text, "is_charge": True, "executor": executor, "executor_text": executor.short_name if executor else "школам", **more}


@pytest.fixture
def people(cast):
    return {"executor": UserFactory(surname="Исполняев"), "schools": [InstitutionFactory(), InstitutionFactory()]}


@pytest.fixture
def first(cast, people):
    """№ 1 of the main office's meeting: charges done, reported, left alone, ticked in part, and one to be mended."""
    meeting = held(body=BodyFactory(name="Рабочая группа", genitive="рабочей группы"), secretary=cast.secretary, chair=cast.office_head,
                   day=date(2026, 6, 4))
    executor = people["executor"]
    considered(meeting, "Отчёты команд", decisions=[charge(text, executor) for text in ("Готовое.", "Сданное.", "Начатое.", "Неверное.")])
    considered(meeting, "Сайты школ", decisions=[charge("Обновить сайт.")])
    Resolution.objects.get(text="Обновить сайт.").institutions.set(people["schools"])
    protocol = issued(verbs.create_protocol(meeting, by=cast.secretary), cast.secretary)
    report = report_done(of("Готовое."), by=executor, text="Сделали.", done_on=date(2026, 6, 10))
    accept_report(of("Готовое."), by=cast.secretary, report=report)
    report_done(of("Сданное."), by=executor, text="Сдали.", done_on=date(2026, 6, 11))
    tick_institutions(of("Обновить сайт."), people["schools"][:1], by=cast.secretary, done_on=date(2026, 6, 12))
    return protocol


def of(text):
    """The newest assignment with these words."""
    return Assignment.objects.filter(text=text).order_by("-pk").first()


def anew(meeting, cast):
    return issued(verbs.create_protocol(Meeting.objects.get(pk=meeting.pk), by=cast.secretary), cast.secretary)


def mend(meeting, cast, before, after):
    """What the secretary writes otherwise this time."""
    open_meeting(Meeting.objects.get(pk=meeting.pk), cast.secretary)
    Resolution.objects.filter(item__meeting=meeting, text=before).update(text=after)


def states():
    """[(words, state, number of the protocol)] of everything ever given, in the order of giving."""
    return [(each.text, each.state, each.document.in_force.number_text)
            for each in Assignment.objects.select_related("document__in_force").order_by("pk")]


class TestAnother:
    def test_it_has_its_own_document_and_number_and_the_annulled_one_stays_as_it_was(self, first, cast, client):
        meeting = first.meeting
        client.force_login(cast.secretary)
        old = annulled(first, cast)
        told = old.document.in_force.snapshot
        page = client.get(meeting.get_absolute_url()).text
        assert "Отменён: №\xa01" in page and "Собрать протокол" in page and old.get_absolute_url() in page
        assert "Новый протокол собирают" in client.get(old.get_absolute_url()).text
        mend(meeting, cast, "Неверное.", "Исправленное.")
        client.post(reverse("meetings:protocol_new", args=[meeting.pk]))
        draft = Meeting.objects.get(pk=meeting.pk).protocol
        assert draft.pk != old.pk and verbs.create_protocol(meeting, by=cast.secretary) == draft
        assert "готовится новый" in client.get(old.get_absolute_url()).text
        new = issued(draft, cast.secretary)
        assert (new.document.in_force.number_text, new.document.in_force.snapshot["head"]["number"]) == ("2", "2")
        text = client.get(old.get_absolute_url()).text
        assert "Неверное." in text and "Исправленное." not in text and "протокол №&nbsp;2" in text
        assert Document.objects.get(pk=old.document_id).in_force.snapshot == told
        page = client.get(meeting.get_absolute_url()).text
        assert "Собрать протокол" not in page and old.get_absolute_url() in page and new.get_absolute_url() in page
        assert [sentence for _, sentence in violations()] == []

    def test_lists_search_fulfilment_and_the_command_know_the_one_in_force(self, first, cast, client):
        client.force_login(cast.secretary)
        without, address = reverse("meetings:meetings") + "?no_protocol=on", first.meeting.get_absolute_url()
        assert address not in client.get(without).text
        old = annulled(first, cast)
        assert address in client.get(without).text and "№\xa01, отменён" in client.get(reverse("meetings:meetings")).text
        assert "Протокол не готов" not in client.get(address).text
        mend(first.meeting, cast, "Неверное.", "Исправленное.")
        new = anew(first.meeting, cast)
        assert address not in client.get(without).text and "№\xa01, отменён" not in client.get(reverse("meetings:meetings")).text
        assert set(ProtocolEntry.objects.values_list("document", flat=True)) == {new.document_id}
        assert protocols_in_force({first.meeting_id}) == {first.meeting_id: new}
        body = first.meeting.body.name
        assert find_protocol("2", 2026, body) == new
        with pytest.raises(Refusal, match=r"№ 1 за 2026 год отменён\. Вместо него – № 2"):
            find_protocol("1", 2026, body)
        register = client.get(reverse("documents:register")).text
        assert old.get_absolute_url() in register or old.document.get_absolute_url() in register

    def test_an_act_ends_it_while_a_change_is_being_prepared(self, first, cast):
        document = revise(first.document, by=cast.secretary, basis="приказа")
        Resolution.objects.filter(text="Неверное.").update(text="Набросок.")
        scan = store_upload(ContentFile(SCAN, name="act.pdf"), by=cast.secretary)
        record_annulment(document, by=cast.secretary, act="приказ № 7", scan=scan)
        assert not Resolution.objects.filter(text="Набросок.").exists()
        new = anew(first.meeting, cast)
        assert (new.document.in_force.number_text, new.document.in_force.number) == ("2", 1)

    def test_a_member_sees_neither_the_draft_nor_the_button(self, first, cast, client):
        member = UserFactory()
        old = annulled(first, cast)
        ParticipantFactory(meeting=first.meeting, person=member)
        draft = verbs.create_protocol(first.meeting, by=cast.secretary)
        client.force_login(member)
        page = client.get(first.meeting.get_absolute_url()).text
        assert old.get_absolute_url() in page and draft.get_absolute_url() not in page and "Собрать протокол" not in page
        assert client.get(draft.get_absolute_url()).status_code == 404
        assert "готовится новый" not in client.get(old.get_absolute_url()).text


class TestAssignments:
    def test_what_was_done_stays_done_and_the_rest_is_given_once_more(self, first, cast, people):
        annulled(first, cast)
        assert {state for _, state, _ in states()} == {"done", "cancelled"}
        OutgoingMail.objects.all().delete()
        mend(first.meeting, cast, "Неверное.", "Исправленное.")
        anew(first.meeting, cast)
        assert states() == [
            ("Готовое.", "done", "1"), ("Сданное.", "cancelled", "1"), ("Начатое.", "cancelled", "1"), ("Неверное.", "cancelled", "1"),
            ("Обновить сайт.", "cancelled", "1"),
            ("Сданное.", "active", "2"), ("Начатое.", "active", "2"), ("Исправленное.", "active", "2"), ("Обновить сайт.", "active", "2")]
        ticks = {tick.institution: tick.done_on for tick in of("Обновить сайт.").ticks.all()}
        assert ticks == dict(zip(people["schools"], [date(2026, 6, 12), None], strict=True))
        letter = OutgoingMail.objects.get(person=people["executor"], key__startswith="assignments:")
        assert "3 поручения" in letter.subject and "Готовое." not in letter.body
        assert [sentence for _, sentence in violations()] == []

    def test_both_pages_say_where_the_other_is(self, first, cast, people, client):
        old = of("Сданное.")
        annulled(first, cast)
        anew(first.meeting, cast)
        new, done = of("Сданное."), of("Готовое.")
        for person in (people["executor"], cast.secretary):
            client.force_login(person)
            assert f'<dt>Поручено заново</dt><dd><a href="{new.get_absolute_url()}">' in client.get(old.get_absolute_url()).text
            page = client.get(new.get_absolute_url()).text
            assert f'<dt>Поручали раньше</dt><dd><a href="{old.get_absolute_url()}">' in page and "отчёты хранятся там" in page
            assert "Поручение дано заново" in page
            page = client.get(done.get_absolute_url()).text
            assert "Сделанное остаётся сделанным" in page and "(отменён)" in page
        client.force_login(UserFactory())
        assert client.get(new.get_absolute_url()).status_code == 404

    def test_what_the_new_protocol_says_otherwise_is_asked_though_the_old_was_done(self, first, cast):
        annulled(first, cast)
        mend(first.meeting, cast, "Готовое.", "Готовое, но иначе.")
        again = anew(first.meeting, cast)
        assert (of("Готовое.").state, of("Готовое, но иначе.").state) == ("done", "active")
        annulled(again, cast)
        mend(first.meeting, cast, "Готовое, но иначе.", "Готовое.")
        anew(first.meeting, cast)
        assert [state for text, state, _ in states() if text.startswith("Готовое")] == ["done", "cancelled", "active"]


class TestWalls:
    def test_a_meeting_keeps_one_living_protocol_and_stays_held(self, first, cast):
        meeting = annulled(first, cast).meeting
        with pytest.raises(TransitionNotAllowed, match="оно проведено"):
            redraft_meeting(meeting, by=cast.secretary)
        for write in (lambda: Meeting.objects.filter(pk=meeting.pk).update(state="draft"),
                      lambda: Protocol.objects.filter(pk=first.pk).update(annulled=False),
                      lambda: Protocol.objects.filter(pk=first.pk).update(heading="иначе")):
            with pytest.raises(DatabaseError), transaction.atomic():
                write()
        verbs.create_protocol(meeting, by=cast.secretary)
        document = Document.objects.create(kind="protocol", title="Ещё один", body=meeting.body, year=2026)
        with pytest.raises(DatabaseError, match="one_living_protocol"), transaction.atomic():
            Protocol.objects.create(document=document, meeting=meeting, heading="заседания")

    def test_the_page_of_a_meeting_costs_the_same_with_annulled_ones(self, first, cast, client):
        client.force_login(cast.secretary)

        def cost():
            with CaptureQueriesContext(connection) as asked:
                client.get(first.meeting.get_absolute_url())
            return len(asked)

        cost()
        alone = cost()
        annulled(first, cast)
        annulled(anew(first.meeting, cast), cast)
        anew(first.meeting, cast)
        assert cost() <= alone


class TestTwoSecretaries:
    pytestmark = pytest.mark.django_db(transaction=True)

    @pytest.fixture
    def cast(self, transactional_db):
        from tests.cast import make_cast

        return make_cast()

    @pytest.fixture
    def meet(self, monkeypatch):
        """Each has looked for a protocol and has begun none."""
        return MeetingPlace(monkeypatch).before(verbs, "missing")

    @pytest.fixture
    def meeting(self, cast):
        meeting = held(secretary=cast.secretary, chair=cast.office_head)
        considered(meeting)
        annulled(issued(verbs.create_protocol(meeting, by=cast.secretary), cast.secretary), cast)
        return Meeting.objects.get(pk=meeting.pk)

    def collect(self, meeting, cast):
        found = together(*[lambda by=by: verbs.create_protocol(meeting, by=by) for by in (cast.secretary, cast.office_head)])
        assert Protocol.objects.living().filter(meeting=meeting).count() == 1
        assert Document.objects.filter(kind="protocol", state="draft").count() == 1
        return [type(error).__name__ for error in found if error]

    def test_make_one_and_both_get_it(self, meeting, cast, meet):
        assert self.collect(meeting, cast) == []

    def test_without_the_lock_one_of_them_runs_into_the_wall(self, meeting, cast, meet):
        meet.without_lock(verbs)
        assert self.collect(meeting, cast) == ["IntegrityError"]
