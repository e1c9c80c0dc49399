"""What staff see of the letters, and what they do not."""
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from projectoffice.common.mail import post
from projectoffice.common.masking import hide_secrets
from projectoffice.common.models import MailState, OutgoingMail
from tests.cast import make_cast
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def as_secretary(client, cast):
    client.force_login(cast.secretary)
    return client


def letter(state=MailState.QUEUED, surname="Громова", **changes):
    person = UserFactory(surname=surname, phone="8 846 000-00-12")
    written = post(key=f"k{person.pk}", subject=f"План для {surname}", body="Здравствуйте", person=person)
    OutgoingMail.objects.filter(pk=written.pk).update(state=state, **changes)
    written.refresh_from_db()
    return written


def page(client, name, *args, **query):
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_says_of_each_letter_how_it_stands(as_secretary):
    letter(surname="Ждущая")
    letter(MailState.SENT, "Ушедшая")
    letter(MailState.RETRY, "Повторная", next_attempt_at=datetime(2027, 5, 14, 11, 10, tzinfo=UTC))
    letter(MailState.FAILED, "Неудачная", last_error="Такого ящика нет.\n550 5.1.1")
    text = page(as_secretary, "common:mail")
    for words in ("В очереди", "Передано почтовому серверу", "Повторим 14.05 в 15:10", "Не доставлено",
                  "Такого ящика нет.", "Кому позвонить: 1"):
        assert words in text
    assert "550 5.1.1" not in text


def test_the_list_is_found_by_state_and_by_words(as_secretary):
    letter(surname="Ждущая")
    letter(MailState.FAILED, "Неудачная")
    text = page(as_secretary, "common:mail", state="failed")
    assert "План для Неудачная" in text
    assert "План для Ждущая" not in text
    text = page(as_secretary, "common:mail", q="ждущ")
    assert "План для Ждущая" in text
    assert "План для Неудачная" not in text
    assert "По этим условиям ничего нет" in page(as_secretary, "common:mail", q="%")


@pytest.mark.parametrize("query", [{"q": "\0"}, {"q": "\ud800".encode("utf-8", "surrogatepass")}, {"q": "я" * 9999},
                                   {"state": "нет"}, {"page": "9" * 400}, {"page": "x"}, {"page": "-1"}])
def test_odd_questions_to_the_list_are_no_error(as_secretary, query):
    letter()
    page(as_secretary, "common:mail", **query)


def test_the_list_asks_the_database_as_often_for_many_letters_as_for_one(as_secretary, django_assert_max_num_queries):
    letter()
    for number in range(3):
        with django_assert_max_num_queries(12) as few:
            page(as_secretary, "common:mail")
        if number == 0:
            first = len(few)
            for surname in ("Вторая", "Третья", "Четвёртая"):
                letter(surname=surname)
    assert len(few) == first


def test_it_is_said_when_there_is_no_mail_server(as_secretary, settings):
    settings.EMAIL_CONFIGURED = False
    assert "Почтовый сервер не настроен. Письма ждут в очереди" in page(as_secretary, "common:mail")
    settings.EMAIL_CONFIGURED = True
    assert "Почтовый сервер не настроен" not in page(as_secretary, "common:mail")


def test_whom_to_phone_is_listed_with_the_phone_and_the_reason(as_secretary):
    letter(MailState.FAILED, "Неудачная", last_error="Такого ящика нет.\n550")
    letter(MailState.SENT, "Ушедшая")
    text = page(as_secretary, "common:undelivered")
    for words in ("Кому позвонить: 1", "Неудачная Анна Игоревна", "8 846 000-00-12", "Такого ящика нет."):
        assert words in text
    assert "Ушедшая" not in text


def test_a_letter_is_read_without_the_keys_of_its_links(as_secretary):
    key = "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA"
    written = letter()
    OutgoingMail.objects.filter(pk=written.pk).update(body=f"Войти: http://po.test/login/link/{key}/\nДо встречи")
    text = page(as_secretary, "common:letter", written.pk)
    assert key not in text
    assert "http://po.test/login/link/••••••/" in text
    assert "До встречи" in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://po.test/i/AAAAAAAAAAAAAAAAAAAAAA.", "https://po.test/i/••••••."),
        ("https://po.test/i/?token=AAAAAAAAAAAAAAAAAAAAAA-_x&a=1", "https://po.test/i/?token=••••••&a=1"),
        ("https://po.test/i/MQ/abc:1aBcDe:AAAAAAAAAAAAAAAAAAAAAA/", "https://po.test/i/MQ/••••••/"),
        ("https://po.test/v/AAAAAAAAAAAAAAAAAAAAAA/", "https://po.test/v/AAAAAAAAAAAAAAAAAAAAAA/"),
        ("https://po.test/documents/12/decide/", "https://po.test/documents/12/decide/"),
        ("Муниципальноебюджетноеобщеобразовательное", "Муниципальноебюджетноеобщеобразовательное"),
    ],
)
def test_only_keys_are_hidden(text, shown):
    assert hide_secrets(text) == shown


def test_sending_again_is_one_button(as_secretary):
    failed = letter(MailState.FAILED, last_error="Такого ящика нет.")
    assert "Отправить снова" in page(as_secretary, "common:letter", failed.pk)
    response = as_secretary.post(reverse("common:mail_resend", args=[failed.pk]), follow=True)
    assert "Письмо снова в очереди" in response.content.decode()
    failed.refresh_from_db()
    assert failed.state == MailState.QUEUED
    response = as_secretary.post(reverse("common:mail_resend", args=[failed.pk]), follow=True)
    assert "стоит в очереди" in response.content.decode()


def test_letters_are_the_business_of_office_and_administrators(client, cast):
    written = letter(MailState.FAILED)
    allowed = {"secretary", "office_head", "administrator"}
    for name, person in cast.everybody().items():
        client.force_login(person)
        for address in (reverse("common:mail"), reverse("common:undelivered"), written.get_absolute_url()):
            assert client.get(address).status_code == (200 if name in allowed else 403), (name, address)


def test_the_watchman_is_told_in_single_words(client):
    response = client.get(reverse("common:health"))
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "disk": "ok", "fonts": "ok", "worker": "fault"}


def test_the_watchman_is_told_of_a_full_disk(client, monkeypatch):
    from projectoffice.common.storage import DurableStorage

    monkeypatch.setattr(DurableStorage, "room", lambda self: 1000)
    response = client.get(reverse("common:health"))
    assert (response.status_code, response.json()["disk"]) == (503, "fault")
