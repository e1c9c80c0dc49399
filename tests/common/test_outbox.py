"""Letters and a real mail server: sent once, tried again, given up, never lost."""
import time
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.mail import post
from projectoffice.common.models import Event, MailState, OutgoingMail
from projectoffice.common.services import outbox
from tests.factories import UserFactory
from tests.races import together


def letter(address="school12@example.test", key=None, **fields):
    return post(key=key or address, subject="Вас просят утвердить: План", body="Прочитать и решить.\n",
                address=address, **fields)


def now_is_due(letter):
    OutgoingMail.objects.filter(pk=letter.pk).update(next_attempt_at=outbox.now())


def minutes_until(letter):
    return round((letter.next_attempt_at - outbox.now()).total_seconds() / 60)


@pytest.mark.django_db
class TestSending:
    def test_a_letter_is_handed_over_with_its_attachment_and_says_so(self, server):
        sent = letter(attachments=[("План.pdf", "application/pdf", b"%PDF-1.7")])
        assert outbox.send_due() == 1
        sent.refresh_from_db()
        assert (sent.state, sent.attempts, sent.last_error) == (MailState.SENT, 1, "")
        assert sent.sent_at
        [(address, message)] = server.taken
        assert address == "school12@example.test"
        assert message["Message-ID"] == sent.message_id
        text, file = message.get_payload()
        assert text.get_payload(decode=True).decode().split() == ["Прочитать", "и", "решить."]
        assert (file.get_filename(), file.get_payload(decode=True)) == ("План.pdf", b"%PDF-1.7")

    def test_a_sent_letter_is_not_sent_again(self, server):
        letter()
        outbox.send_due()
        assert outbox.send_due() == 0
        assert len(server.taken) == 1

    def test_a_letter_of_a_rolled_back_action_does_not_exist(self, server):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            letter()
            raise ZeroDivisionError
        assert outbox.send_due() == 0

    def test_without_a_mail_server_letters_wait(self, settings):
        settings.EMAIL_CONFIGURED = False
        waiting = letter()
        assert outbox.send_due() == 0
        waiting.refresh_from_db()
        assert (waiting.state, waiting.attempts) == (MailState.QUEUED, 0)

    def test_keys_of_one_time_links_are_gone_once_the_letter_is(self, server):
        key = "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA"
        link = f"http://127.0.0.1:8000/login/link/{key}/"
        sent = post(key="link", subject="Вход", body=f"Войти: {link}\n", address="a@example.test")
        outbox.send_due()
        assert key in server.taken[0][1].get_payload(decode=True).decode()
        sent.refresh_from_db()
        assert sent.body == "Войти: http://127.0.0.1:8000/login/link/••••••/\n"


@pytest.mark.django_db
class TestARefusalForGood:
    @pytest.mark.parametrize(
        ("answer", "reason"),
        [
            ("550 5.1.1 User unknown", "такого ящика нет"),
            ("550 No such user here", "такого ящика нет"),
            ("552 5.2.2 Mailbox full", "ящик переполнен"),
            ("554 5.7.1 Spam", "почтовый сервер получателя не пропускает письмо"),
            ("554 No", "почтовый сервер отказал"),
        ],
    )
    def test_is_told_at_once_in_words(self, server, answer, reason):
        server.answers["school12@example.test"] = answer
        refused = letter()
        outbox.send_due()
        refused.refresh_from_db()
        assert refused.state == MailState.FAILED
        sentence, detail = refused.last_error.split("\n")
        assert sentence == f"Письмо на адрес school12@example.test не принято: {reason}. Исправьте адрес или позвоните."
        assert detail == answer

    def test_after_the_text_was_read_counts_as_well(self, server):
        server.after_data["school12@example.test"] = "552 5.3.4 Too big"
        refused = letter()
        outbox.send_due()
        refused.refresh_from_db()
        assert "письмо слишком большое" in refused.last_error

    def test_of_one_address_does_not_hold_up_the_others(self, server):
        server.answers["bad@example.test"] = "550 5.1.1 User unknown"
        for address in ("a@example.test", "bad@example.test", "b@example.test"):
            letter(address)
        assert outbox.send_due() == 3
        assert [address for address, _ in server.taken] == ["a@example.test", "b@example.test"]

    def test_of_an_address_that_cannot_even_be_written_breaks_nothing(self, server):
        poison = letter("a@example.test")
        OutgoingMail.objects.filter(pk=poison.pk).update(address="a\nBcc: all@example.test")
        letter("b@example.test")
        assert outbox.send_due() == 2
        poison.refresh_from_db()
        assert poison.state == MailState.FAILED
        assert "не составить" in poison.last_error
        assert [address for address, _ in server.taken] == ["b@example.test"]


@pytest.mark.django_db
class TestARefusalForNow:
    def test_is_tried_again_after_1_5_30_minutes_4_and_24_hours_and_then_given_up(self, server):
        server.answers["school12@example.test"] = "451 4.7.1 Greylisted"
        waiting, pauses = letter(), []
        for _ in range(5):
            now_is_due(waiting)
            outbox.send_due()
            waiting.refresh_from_db()
            assert waiting.state == MailState.RETRY
            pauses.append(minutes_until(waiting))
        assert pauses == [1, 5, 30, 240, 1440]
        now_is_due(waiting)
        outbox.send_due()
        waiting.refresh_from_db()
        assert waiting.state == MailState.FAILED

    def test_is_not_tried_again_before_its_time(self, server):
        server.answers["school12@example.test"] = "451 later"
        letter()
        assert [outbox.send_due(), outbox.send_due()] == [1, 0]

    def test_a_server_that_is_not_there_puts_letters_off_without_losing_any(self, mail_settings):
        first, second = letter("a@example.test"), letter("b@example.test")
        with pytest.raises(outbox.ServerDown):
            outbox.send_due()
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.state, first.attempts, second.state, second.attempts) == ("retry", 1, "queued", 0)
        assert first.last_error.startswith("Почтовый сервер офиса не отвечает.")

    def test_a_server_that_hangs_is_left_in_time_and_the_next_letter_goes(self, server):
        server.answers["slow@example.test"] = "hang"
        slow = letter("slow@example.test")
        letter("b@example.test")
        started = time.monotonic()
        assert outbox.send_due() == 2
        assert time.monotonic() - started < 5
        slow.refresh_from_db()
        assert slow.state == MailState.RETRY
        assert [address for address, _ in server.taken] == ["b@example.test"]

    def test_a_server_that_dies_after_the_text_gets_the_same_message_again(self, server):
        server.after_data["school12@example.test"] = "die"
        waiting = letter()
        outbox.send_due()
        waiting.refresh_from_db()
        assert waiting.state == MailState.RETRY
        server.after_data.clear()
        now_is_due(waiting)
        outbox.send_due()
        waiting.refresh_from_db()
        assert waiting.state == MailState.SENT
        assert server.ids() == [waiting.message_id] * 2


@pytest.mark.django_db
class TestAWorkerThatDies:
    def test_leaves_a_letter_that_another_takes_up_later_under_the_same_id(self, server):
        waiting = letter()
        outbox.claim()  # and is killed
        assert outbox.send_due() == 0
        OutgoingMail.objects.filter(pk=waiting.pk).update(next_attempt_at=outbox.now() - timedelta(seconds=1))
        outbox.send_due()
        assert server.ids() == [waiting.message_id]

    def test_or_only_sleeps_cannot_overwrite_what_the_other_noted(self, server):
        letter()
        slow = outbox.claim()
        OutgoingMail.objects.filter(pk=slow.pk).update(next_attempt_at=outbox.now())
        outbox.send_due()
        outbox.put_off(slow, outbox.Refusal("Не вышло.", "timeout"))
        slow.refresh_from_db()
        assert slow.state == MailState.SENT


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_take_the_same_letter(server):
    for number in range(20):
        letter(f"school{number}@example.test")

    assert together(*[outbox.send_due] * 4) == [None] * 4
    assert sorted(address for address, _ in server.taken) == sorted(f"school{n}@example.test" for n in range(20))


@pytest.mark.django_db
class TestSendingAgain:
    @pytest.fixture
    def staff(self):
        return UserFactory(roles=["office_staff"])

    @pytest.fixture
    def failed(self):
        person = UserFactory(username="olga")
        refused = post(key="k", subject="Тема", body="Текст", person=person)
        OutgoingMail.objects.filter(pk=refused.pk).update(state=MailState.FAILED, attempts=6, last_error="Нет")
        refused.refresh_from_db()
        return refused

    def test_starts_over_with_the_address_the_person_has_now(self, staff, failed):
        failed.person.email = "new@example.test"
        failed.person.save()
        again = outbox.resend(failed, by=staff)
        assert (again.state, again.attempts, again.address) == (MailState.QUEUED, 0, "new@example.test")
        event = Event.objects.about(failed).get()
        assert event.changes == {"address": ["olga@example.test", "new@example.test"]}

    def test_is_for_staff_only(self, failed):
        with pytest.raises(PermissionDenied):
            outbox.resend(failed, by=UserFactory())

    def test_is_not_for_letters_that_went(self, staff, failed):
        OutgoingMail.objects.filter(pk=failed.pk).update(state=MailState.SENT)
        with pytest.raises(TransitionNotAllowed):
            outbox.resend(failed, by=staff)
