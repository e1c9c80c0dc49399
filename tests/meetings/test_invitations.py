"""People and their calendars are told of a meeting: one event, each telling under a higher SEQUENCE."""
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from meetings.meeting.agendas import Agendas
from meetings.meeting.invited import invited
from meetings.models import AgendaItem, AgendaSpeaker, Meeting, Participant
from meetings.services import invitations
from meetings.services.meeting import cancel_meeting, move_meeting, redraft_meeting
from projectoffice.accounts.models import OfficeProfile, Substitution
from projectoffice.common.models import MailState, OutgoingMail
from projectoffice.common.services import outbox
from tests.factories import AgendaItemFactory, MeetingFactory, ParticipantFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    OfficeProfile.objects.create(pk=1, city="Кленовск", department="", email="office@example.test", phone="00-00-00")
    made = MeetingFactory(title="итоги года")
    AgendaItemFactory(meeting=made, position=1, title="Об итогах года", minutes=20)
    return made


@pytest.fixture
def office():
    return UserFactory(roles=["office_staff"])


def expect(meeting, surname, role="member", **person):
    return ParticipantFactory(meeting=meeting, person=UserFactory(surname=surname, **person), role=role)


def acts_for(absent, acting):
    today = timezone.localdate()
    return Substitution.objects.create(absent=absent, acting=acting, since=today, until=today + timedelta(days=9),
                                       post="И.о.", basis="приказ № 1")


def letters(person=None):
    found = OutgoingMail.objects.order_by("pk")
    return list(found.filter(person=person) if person else found)


def event_in(letter):
    """The one event of the letter's calendar file, with the file's METHOD."""
    [file] = letter.attachments.all()
    calendar = Calendar.from_ical(bytes(file.data))
    [event] = calendar.walk("VEVENT")
    return calendar, event


class TestInviting:
    def test_everybody_with_an_address_gets_one_letter_with_what_when_where_and_the_agenda(self, meeting, office):
        guest = expect(meeting, "Белов")
        expect(meeting, "Нина", email="")
        Participant.objects.create(meeting=meeting, name="Ким А.В.")
        assert invitations.invite(meeting, by=office) == 1
        [letter] = letters()
        assert letter.person == guest.person
        assert letter.subject == f"Приглашение: Заседание {meeting.body.genitive}: итоги года, 4 июня 2027 г., 14:00"
        for words in ("4\xa0июня 2027\xa0г., пятница, 14:00–16:00. Время – Самара.", "Центр развития образования, каб. 21",
                      "1. Об итогах года (20\xa0мин.)", "тел. 00-00-00"):
            assert words in letter.body
        calendar, event = event_in(letter)
        assert calendar["METHOD"] == "REQUEST"
        assert event["UID"].startswith(f"{meeting.uid}@")
        assert event["SEQUENCE"] == 0
        assert event["ORGANIZER"] == "mailto:office@example.test"
        assert event["ATTENDEE"] == f"mailto:{guest.person.email}"
        assert event["DTSTART"].dt == timezone.datetime(2027, 6, 4, 14, tzinfo=ZoneInfo("Europe/Samara"))
        assert "Об итогах года" in event["DESCRIPTION"]

    def test_twice_is_once(self, meeting, office):
        expect(meeting, "Белов")
        invitations.invite(meeting, by=office)
        assert invitations.invite(meeting, by=office) == 0
        assert len(letters()) == 1

    def test_addresses_of_the_others_are_in_no_letter(self, meeting, office):
        people = [expect(meeting, name).person for name in ("Белов", "Орлова", "Зимин")]
        invitations.invite(meeting, by=office)
        for letter in letters():
            sent = outbox.compose(letter).message().as_string() + bytes(letter.attachments.get().data).decode()
            assert letter.address in sent
            assert not [person.email for person in people if person != letter.person and person.email in sent]

    def test_is_refused_to_others(self, meeting):
        expect(meeting, "Белов")
        with pytest.raises(PermissionDenied):
            invitations.invite(meeting, by=UserFactory())
        assert not letters()

    def test_of_a_rolled_back_action_leaves_no_letter(self, meeting, office):
        expect(meeting, "Белов")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            invitations.invite(meeting, by=office)
            raise ZeroDivisionError
        assert not letters()
        assert not Participant.objects.get().told


class TestAChange:
    @pytest.fixture
    def guest(self, meeting, office):
        guest = expect(meeting, "Белов")
        invitations.invite(meeting, by=office)
        return guest

    def test_is_told_under_the_same_name_and_a_higher_number(self, meeting, office, guest):
        meeting.start, meeting.place = time(15), "каб. 5"
        meeting.save()
        invitations.tell_change(meeting, by=office)
        first, second = letters()
        assert "Изменилось: начало (было 14:00), место (было «Центр развития образования, каб. 21»)." in second.body
        before, after = event_in(first)[1], event_in(second)[1]
        assert after["UID"] == before["UID"]
        assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
        assert after["DTSTAMP"].dt >= before["DTSTAMP"].dt
        assert after["LOCATION"] == "каб. 5"

    def test_reaches_the_newly_added_as_an_invitation(self, meeting, office, guest):
        added = expect(meeting, "Зимин")
        invitations.tell_change(meeting, by=office)
        assert len(letters(guest.person)) == 1
        [letter] = letters(added.person)
        assert letter.subject.startswith("Приглашение")

    def test_who_is_removed_gets_a_cancellation_and_nobody_else_a_letter(self, meeting, office, guest):
        stays = expect(meeting, "Зимин")
        invitations.tell_change(meeting, by=office)
        invitations.uninvite(Participant.objects.get(pk=guest.pk), by=office)
        calendar, event = event_in(letters(guest.person)[-1])
        assert (calendar["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")
        assert event["SEQUENCE"] > event_in(letters(guest.person)[0])[1]["SEQUENCE"]
        assert len(letters(stays.person)) == 1

    def test_who_is_taken_back_is_invited_under_a_still_higher_number(self, meeting, office, guest):
        invitations.uninvite(Participant.objects.get(pk=guest.pk), by=office)
        guest.delete()
        ParticipantFactory(meeting=meeting, person=guest.person)
        meeting.refresh_from_db()
        invitations.tell_change(meeting, by=office)
        numbers = [event_in(letter)[1]["SEQUENCE"] for letter in letters(guest.person)]
        assert numbers == sorted(set(numbers))

    def test_who_was_never_told_gets_no_cancellation(self, meeting, office, guest):
        assert invitations.uninvite(expect(meeting, "Зимин"), by=office) == 0

    def test_a_cancelled_meeting_is_cancelled_for_all_invited_with_the_reason(self, meeting, office, guest):
        meeting.state, meeting.reason = Meeting.State.CANCELLED, "болезнь председателя"
        meeting.save()
        expect(meeting, "Зимин")  # never told
        assert invitations.tell_cancel(meeting, by=office, reason=meeting.reason) == 1
        letter = letters(guest.person)[-1]
        assert "отменено. Причина: болезнь председателя" in letter.body
        assert "Об итогах года" not in letter.body
        calendar, event = event_in(letter)
        assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
        assert invitations.tell_cancel(meeting, by=office) == 0

    def test_a_moved_meeting_is_called_off_and_comes_back_with_its_new_day(self, meeting, office, guest):
        meeting.state, meeting.moved_from, meeting.date = Meeting.State.MOVED, meeting.date, None
        meeting.save()
        invitations.tell_cancel(meeting, by=office, reason="ремонт")
        meeting.state, meeting.date = Meeting.State.ANNOUNCED, date(2027, 6, 18)
        meeting.save()
        invitations.invite(meeting, by=office)
        told = [event_in(letter) for letter in letters(guest.person)]
        assert [calendar["METHOD"] for calendar, _ in told] == ["REQUEST", "CANCEL", "REQUEST"]
        assert [event["SEQUENCE"] for _, event in told] == [0, 1, 2]
        assert len({event["UID"] for _, event in told}) == 1
        assert "переносится, новый день сообщим. Причина: ремонт" in letters(guest.person)[1].body
        assert "Заседание перенесено с 4\xa0июня 2027\xa0г." in letters(guest.person)[2].body

    @pytest.mark.parametrize("verb", ["move", "cancel", "uninvite"])
    def test_a_letter_that_calls_off_never_reads_as_if_the_old_day_stood(self, meeting, office, guest, verb):
        if verb == "move":
            AgendaItemFactory(meeting=meeting, position=5)
            move_meeting(meeting, by=office, version=meeting.version, reason="ремонт", place=meeting.place)
        elif verb == "cancel":
            cancel_meeting(meeting, by=office, reason="ремонт")
        else:
            invitations.uninvite(Participant.objects.get(pk=guest.pk), by=office)
        letter = letters(guest.person)[-1]
        stands = verb == "uninvite"  # the meeting will be, without this person
        assert ("Когда: 4\xa0июня" in letter.body, "Было назначено на 4\xa0июня 2027\xa0г. (пятница), 14:00." in letter.body) == (stands, not stands)
        assert letter.subject.endswith("4 июня 2027 г., 14:00" if stands else "было назначено на 4 июня 2027 г.")
        assert "сообщим позже" not in letter.body
        assert letter.attachments.get().name == "Отмена.ics"

    def test_a_new_day_is_told_with_the_old_one_and_the_reason(self, meeting, office, guest):
        meeting.moved_from, meeting.date, meeting.reason = meeting.date, date(2027, 6, 18), "ремонт"
        meeting.save()
        invitations.tell_change(meeting, by=office)
        body = letters(guest.person)[-1].body
        assert "Изменилось: день (было 4\xa0июня 2027\xa0г.)." in body
        assert "Заседание перенесено с 4\xa0июня 2027\xa0г. Причина: ремонт" in body
        meeting.place = "каб. 5"
        meeting.save()
        invitations.tell_change(meeting, by=office)
        assert "Причина" not in letters(guest.person)[-1].body


    def test_who_was_told_hears_of_a_cancellation_out_of_preparation_too(self, meeting, office, guest):
        AgendaItemFactory(meeting=meeting, position=5)
        redraft_meeting(meeting, by=office)
        cancel_meeting(meeting, by=office, reason="ремонт")
        assert event_in(letters(guest.person)[-1])[0]["METHOD"] == "CANCEL"


class TestActingForAnother:
    def test_who_acts_gets_a_copy_and_its_cancellation_even_when_no_longer_acting(self, meeting, office):
        guest, acting = expect(meeting, "Орлова"), UserFactory(surname="Ионов")
        substitution = acts_for(guest.person, acting)
        invitations.invite(meeting, by=office)
        [copy] = letters(acting)
        assert "замещаете: Орлова" in copy.body
        assert event_in(copy)[1]["ATTENDEE"] == f"mailto:{acting.email}"
        substitution.ended_at = timezone.now()
        substitution.save()
        meeting.state = Meeting.State.CANCELLED
        meeting.save()
        assert invitations.tell_cancel(meeting, by=office) == 2
        assert event_in(letters(acting)[-1])[0]["METHOD"] == "CANCEL"

    def test_who_is_expected_oneself_gets_one_letter(self, meeting, office):
        guest, acting = expect(meeting, "Орлова"), expect(meeting, "Ионов")
        acts_for(guest.person, acting.person)
        invitations.invite(meeting, by=office)
        assert len(letters(acting.person)) == 1


class TestAClosedQuestion:
    """Known to the office, the chair, the secretary and its speakers, to nobody else by any letter."""

    @pytest.fixture
    def people(self, meeting, office):
        closed = AgendaItemFactory(meeting=meeting, position=2, title="О доплатах", minutes=45, closed=True)
        AgendaItemFactory(meeting=meeting, position=1, parent=closed, title="О доплате заместителям")
        AgendaItemFactory(meeting=meeting, position=3, title="Разное")
        people = {"chair": expect(meeting, "Орлова", "chair"), "member": expect(meeting, "Белов"),
                  "speaker": expect(meeting, "Зимин"), "staff": ParticipantFactory(meeting=meeting, person=office)}
        AgendaSpeaker.objects.create(item=closed, person=people["speaker"].person, text="Зимин К.А.")
        return people

    def test_is_in_the_letters_of_those_who_may_know(self, meeting, office, people):
        invitations.invite(meeting, by=office)
        knows = {name for name, guest in people.items() if "О доплатах" in letters(guest.person)[0].body}
        assert knows == {"chair", "speaker", "staff"}
        [letter] = letters(people["member"].person)
        assert "2. Разное" in letter.body
        assert "доплат" not in event_in(letter)[1].to_ical().decode().replace("\r\n ", "")

    def test_that_changes_writes_to_none_of_the_others(self, meeting, office, people):
        invitations.invite(meeting, by=office)
        AgendaItem.objects.filter(title="О доплатах").update(title="О надбавках")
        invitations.tell_change(meeting, by=office)
        assert {name for name, guest in people.items() if len(letters(guest.person)) == 2} == {"chair", "speaker", "staff"}

    def test_is_told_to_the_same_people_who_see_it_on_pages(self, meeting, office, people):
        seen = [guest.person for guest in people.values()]
        acting, head = UserFactory(surname="Ионов"), UserFactory(roles=["department_head"])
        acts_for(people["chair"].person, acting)
        agendas = Agendas(meeting, [*seen, acting, head])
        for person in [*seen, acting, head]:
            fresh = type(person).objects.get(pk=person.pk)
            on_pages = set(AgendaItem.objects.visible_to(fresh).filter(meeting=meeting))
            assert {question.item for question in agendas.of(person)} == on_pages

    def test_stays_unknown_to_who_has_lost_access(self, meeting, office, people):
        chair = people["chair"].person
        chair.is_active = False
        chair.save()
        invitations.invite(meeting, by=office)
        assert "доплат" not in letters(chair)[0].body


class TestOverARealMailServer:
    def test_the_calendar_arrives_byte_for_byte_beside_the_text_and_as_a_file(self, meeting, office, server):
        expect(meeting, "Белов")
        invitations.invite(meeting, by=office)
        kept = bytes(letters()[0].attachments.get().data)
        assert outbox.send_due() == 1
        [(_, message)] = server.taken
        alternative, file = message.get_payload()
        text, calendar = alternative.get_payload()
        assert (alternative.get_content_type(), text.get_content_type()) == ("multipart/alternative", "text/plain")
        assert calendar.get_content_type() == "text/calendar"
        assert sorted(calendar.get_params()[1:]) == [("charset", "utf-8"), ("method", "REQUEST")]
        assert calendar["Content-Transfer-Encoding"] == "base64"  # servers that know seven bits alone change nothing
        assert calendar.get("Content-Disposition") is None
        assert (file.get_content_type(), file.get_filename()) == ("application/ics", "Приглашение.ics")
        for part in (calendar, file):
            assert part.get_payload(decode=True) == kept
        assert Calendar.from_ical(calendar.get_payload(decode=True))["METHOD"] == "REQUEST"

    def test_that_is_away_the_letter_waits_and_the_page_says_so(self, meeting, office, mail_settings):
        expect(meeting, "Белов")
        invitations.invite(meeting, by=office)
        with pytest.raises(outbox.ServerDown):
            outbox.send_due()
        meeting.refresh_from_db()
        assert meeting.sequence == 0
        [guest] = invited(meeting).guests
        assert guest.letters[0].word.startswith("Повторим")
        assert guest.letters[0].reason == "Почтовый сервер офиса не отвечает. Письмо ждёт."


class TestTheFileToDownload:
    def read(self, client, meeting, person):
        client.force_login(person)
        return client.get(reverse("meetings:meeting_ics", args=[meeting.pk]))

    def test_holds_the_agenda_as_its_reader_may_see_it_and_nobodys_address(self, client, meeting, office):
        AgendaItemFactory(meeting=meeting, position=2, title="О доплатах", closed=True)
        chair, guest = expect(meeting, "Орлова", "chair"), expect(meeting, "Белов")
        files = {person: self.read(client, meeting, person) for person in (chair.person, guest.person)}
        assert files[guest.person]["Content-Type"] == "text/calendar; charset=utf-8"
        assert "attachment" in files[guest.person]["Content-Disposition"]
        texts = {person: str(Calendar.from_ical(file.content).walk("VEVENT")[0]["DESCRIPTION"]) for person, file in files.items()}
        assert "О доплатах" in texts[chair.person]
        assert "О доплатах" not in texts[guest.person]
        assert b"METHOD:PUBLISH" in files[guest.person].content
        assert b"ATTENDEE" not in files[guest.person].content

    def test_is_the_same_event_as_in_the_letter(self, client, meeting, office):
        guest = expect(meeting, "Белов")
        invitations.invite(meeting, by=office)
        meeting.refresh_from_db()
        [downloaded] = Calendar.from_ical(self.read(client, meeting, guest.person).content).walk("VEVENT")
        mailed = event_in(letters()[0])[1]
        for name in ("UID", "SEQUENCE", "DTSTART", "DTEND", "DTSTAMP", "SUMMARY", "DESCRIPTION", "LOCATION"):
            assert downloaded[name] == mailed[name]

    def test_of_a_meeting_without_a_day_is_a_sentence(self, client, meeting, office):
        Meeting.objects.update(date=None, state="draft")
        client.force_login(office)
        answer = client.get(reverse("meetings:meeting_ics", args=[meeting.pk]))
        assert answer.status_code == 302
        assert "добавлять в календарь пока нечего" in str(next(iter(get_messages(answer.wsgi_request))))


class TestThePageOfInvitations:
    def shown(self, meeting, **more):
        meeting.refresh_from_db()
        return render_to_string("meetings/_invited.html", {
            "invited": invited(meeting), "meeting": meeting, "may_see_mail": True, **more,
        })

    def test_says_who_must_be_phoned_and_what_became_of_each_letter(self, meeting, office):
        guest = expect(meeting, "Белов")
        expect(meeting, "Безпочты", email="", phone="8 846 000-00-12")
        invitations.invite(meeting, by=office)
        OutgoingMail.objects.update(state=MailState.FAILED, last_error="Такого ящика нет.\n550")
        text = self.shown(meeting)
        for words in ("Не доставлено", "Такого ящика нет.", guest.person.email, "8 846 000-00-12", "Почты нет",
                      "не доставлено 1"):
            assert words in text
        assert "Об изменениях" not in text

    def test_says_that_a_change_is_not_told_yet(self, meeting, office):
        expect(meeting, "Белов")
        invitations.invite(meeting, by=office)
        assert "Об изменениях" not in self.shown(meeting)
        Meeting.objects.update(place="каб. 5")
        assert "Об изменениях ещё не сообщали" in self.shown(meeting)
        assert len(invited(Meeting.objects.get()).to_tell) == 1

    def test_asks_as_often_for_many_people_as_for_one(self, client, meeting, office):
        AgendaItemFactory(meeting=meeting, position=2, closed=True)
        client.force_login(office)

        def cost(show):
            with CaptureQueriesContext(connection) as asked:
                show()
            return len(asked)

        def costs():
            return cost(lambda: self.shown(meeting)), cost(lambda: client.get(reverse("meetings:meeting_invitations", args=[meeting.pk])))

        acts_for(expect(meeting, "Белов").person, UserFactory())
        invitations.invite(meeting, by=office)
        few = costs()
        for number in range(4):
            acts_for(expect(meeting, f"Гость{number}").person, UserFactory(roles=["office_staff"]))
            AgendaItemFactory(meeting=meeting, position=3 + number)
        invitations.tell_change(meeting, by=office)
        assert costs() == few
        assert few[0] <= 12
        assert few[1] <= 20, few

    def test_is_shown_to_those_who_send_letters_alone(self, client, meeting, office):
        guest = expect(meeting, "Белов")
        invitations.invite(meeting, by=office)
        texts = {}
        for person in (guest.person, office):
            client.force_login(person)
            texts[person] = client.get(reverse("meetings:meeting_invitations", args=[meeting.pk]))
        assert guest.person.email in texts[office].content.decode()
        assert texts[guest.person].status_code == 403
