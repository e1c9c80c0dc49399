"""Ways in: password, mailed link, invitation; and what keeps others out."""
import re
from datetime import timedelta
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.models import Invitation, LoginLink, User
from projectoffice.accounts.services.login import invite
from projectoffice.common.models import OutgoingMail
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
LOGIN = "/login/"


def log_in(client, name, password=PASSWORD, **more):
    return client.post(LOGIN, {"username": name, "password": password, **more})


def is_in(client):
    return client.get("/me/").status_code == 200


def links_in_last_letter():
    return re.findall(r"https?://[^/\s]+(/\S+)", OutgoingMail.objects.latest("pk").body)


@pytest.mark.parametrize("name", ["secretary", "SECRETARY", " secretary ", "secretary@example.test"])
def test_login_name_and_mail_both_open_the_door(client, cast, name):
    assert log_in(client, name).status_code == 302
    assert is_in(client)


def test_the_session_gets_a_new_key_at_login(client, cast):
    client.get(LOGIN)
    session = client.session
    session["before"] = True
    session.save()
    before = client.cookies["session"].value if "session" in client.cookies else session.session_key
    client.cookies["session"] = before
    log_in(client, "secretary")
    assert client.session.session_key != before


def test_a_wrong_password_says_so_and_keeps_the_name(client, cast):
    answer = log_in(client, "secretary", "не тот пароль")
    assert answer.status_code == 200
    assert "не подошли" in answer.text
    assert 'value="secretary"' in answer.text
    assert "не тот пароль" not in answer.text


def test_one_mailbox_of_two_people_with_one_password_lets_nobody_in(client):
    UserFactory(username="first", email="school@example.test")
    UserFactory(username="second", email="school@example.test")
    log_in(client, "school@example.test")
    assert not is_in(client)
    log_in(client, "second")
    assert is_in(client)


@pytest.mark.parametrize("wanted", ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)"])
def test_after_login_nobody_is_led_to_another_site(client, cast, wanted):
    assert log_in(client, "secretary", next=wanted)["Location"] == "/"


@pytest.mark.parametrize(("on", "wanted"), [("/projects/?q=Мост", "/projects/?q=Мост"), ("https://evil.test/", "/"), ("", "/")])
def test_who_came_back_to_a_page_after_the_session_ended_is_led_to_the_page_and_not_to_a_piece_of_it(client, on, wanted):
    here = on and on.startswith("/") and f"http://testserver{quote(on, safe='/?=')}"
    answer = client.get("/institutions/names/", headers={"HX-Request": "true", "HX-Current-URL": here or on})
    assert answer.status_code == 200 and not answer.content
    assert unquote(parse_qs(urlsplit(answer["HX-Redirect"]).query)["next"][0]) == wanted


def test_after_login_one_lands_on_the_page_one_wanted(client, cast):
    assert log_in(client, "secretary", next="/me/edit/")["Location"] == "/me/edit/"


def test_seven_failures_lock_name_and_address_for_a_while_and_others_still_enter(client, cast):
    for _ in range(6):
        assert log_in(client, "secretary", "мимо").status_code == 200
    answer = log_in(client, "secretary", "мимо")
    assert answer.status_code == 429
    assert "откроется сам" in answer.text
    assert log_in(client, "secretary").status_code == 429, "the right password must not help now"
    assert log_in(client, " SECRETARY ").status_code == 429, "another spelling is the same name"
    assert log_in(client, "office-head").status_code == 302


def test_a_lock_ends_by_itself_and_attempts_meanwhile_do_not_prolong_it(client, cast):
    from axes.models import AccessAttempt

    for _ in range(8):
        log_in(client, "secretary", "мимо")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
    log_in(client, "secretary", "мимо")
    assert not AccessAttempt.objects.filter(attempt_time__gt=timezone.now() - timedelta(minutes=1)).exists()
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert log_in(client, "secretary").status_code == 302


def test_a_success_forgets_the_failures(client, cast):
    for _ in range(6):
        log_in(client, "secretary@example.test", "мимо")
    log_in(client, "secretary@example.test")
    client.post("/logout/")
    assert log_in(client, "secretary@example.test", "мимо").status_code == 200


def test_logout_is_a_post(client, cast):
    client.force_login(cast.secretary)
    assert client.get("/logout/").status_code == 405
    client.post("/logout/")
    assert not is_in(client)


def test_the_letter_has_a_link_for_each_person_of_the_mailbox(client):
    first = UserFactory(username="first", email="School@example.test")
    second = UserFactory(username="second", email="school@example.test")
    UserFactory(username="gone", email="school@example.test", is_active=False)
    client.post("/login/link/", {"email": "school@EXAMPLE.test"})
    letter = OutgoingMail.objects.get()
    assert first.full_name in letter.body and second.full_name in letter.body
    assert len(links_in_last_letter()) == 2


def test_the_answer_is_the_same_for_an_unknown_address(client, cast):
    def answer(address):
        page = client.post("/login/link/", {"email": address}).text
        return re.sub(r'nonce="[^"]+"', "", page).replace(address, "")

    assert answer("secretary@example.test") == answer("unknown12@example.test")
    assert OutgoingMail.objects.count() == 1


def test_one_mailbox_is_not_flooded(client, cast):
    for _ in range(10):
        client.post("/login/link/", {"email": "secretary@example.test"})
    assert OutgoingMail.objects.count() == 3


def test_opening_the_link_burns_nothing_and_the_button_works_once(client, cast):
    client.post("/login/link/", {"email": "secretary@example.test"})
    (link,) = links_in_last_letter()
    assert client.get(link).status_code == 200
    assert "Сорокина" in client.get(link).text
    assert client.post(link).status_code == 302
    assert is_in(client)
    client.post("/logout/")
    assert client.get(link).status_code == 410
    assert client.post(link).status_code == 410
    assert not is_in(client)


def test_only_the_hash_of_a_link_is_kept_and_an_old_link_is_dead(client, cast):
    client.post("/login/link/", {"email": "secretary@example.test"})
    (link,) = links_in_last_letter()
    token = link.strip("/").rsplit("/", 1)[1]
    row = LoginLink.objects.get()
    assert token not in (row.token_hash, str(row.__dict__))
    LoginLink.objects.update(expires_at=timezone.now())
    assert client.post(link).status_code == 410


def test_after_a_link_the_password_is_set_without_the_old_one(client, cast):
    client.post("/login/link/", {"email": "secretary@example.test"})
    client.post(links_in_last_letter()[0])
    words = {"new_password": "осенний-лес-77", "repeated": "осенний-лес-77"}
    assert client.post("/me/password/", words).status_code == 302
    assert is_in(client), "the session that changed the password stays"
    client.post("/logout/")
    assert log_in(client, "secretary", "осенний-лес-77").status_code == 302


def test_the_freedom_of_a_link_ends_with_its_half_hour(client, cast):
    client.post("/login/link/", {"email": "secretary@example.test"})
    client.post(links_in_last_letter()[0])
    session = client.session
    session["login_by_link"] -= 31 * 60
    session.save()
    words = {"new_password": "осенний-лес-77", "repeated": "осенний-лес-77"}
    assert "Введите нынешний пароль" in client.post("/me/password/", words).text


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(client, cast):
    from django.test import Client

    other = Client()
    log_in(other, "secretary")
    log_in(client, "secretary")
    words = {"new_password": "осенний-лес-77", "repeated": "осенний-лес-77"}
    assert "нынешний" in client.post("/me/password/", words).text
    assert client.post("/me/password/", {**words, "old_password": PASSWORD}).status_code == 302
    assert is_in(client)
    assert not is_in(other)
    assert OutgoingMail.objects.filter(subject="Пароль изменён").exists()


def invited(by, **fields):
    person = UserFactory(username=None, email="new@example.test", **fields)
    invite(person, by=by)
    return person, links_in_last_letter()[0]


def test_an_invited_person_chooses_login_and_password_once(client, cast):
    person, link = invited(cast.secretary)
    assert client.get(link).status_code == 200
    words = {"username": "novaya", "new_password": "осенний-лес-77", "repeated": "осенний-лес-77"}
    assert client.post(link, words).status_code == 302
    assert is_in(client)
    assert User.objects.get(pk=person.pk).username == "novaya"
    assert client.post(link, words).status_code == 410


@pytest.mark.parametrize(("words", "sentence"), [
    ({"username": "Secretary"}, "занят"),
    ({"username": "с пробелом"}, "без пробелов"),
    ({"new_password": "123", "repeated": "123"}, "слишком короткий"),
    ({"repeated": "другой-пароль-1"}, "не совпали"),
    ({"username": ""}, "Придумайте логин"),
])
def test_what_is_wrong_with_the_choice_stands_beside_the_field(client, cast, words, sentence):
    _, link = invited(cast.secretary)
    good = {"username": "novaya", "new_password": "осенний-лес-77", "repeated": "осенний-лес-77"}
    answer = client.post(link, good | words)
    assert answer.status_code == 200
    assert sentence in answer.text
    assert Invitation.objects.usable().exists()


def test_a_new_invitation_kills_the_earlier_one(client, cast):
    person, first = invited(cast.secretary)
    invite(person, by=cast.secretary)
    assert client.get(first).status_code == 410


@pytest.mark.parametrize("path", ["/login/link/нет/", "/login/link/x/", "/invitation/x/", "/login/link/" + "a" * 5000 + "/"])
def test_an_invented_link_opens_nothing(client, db, path):
    assert client.get(path).status_code in (404, 410)
    assert client.post(path).status_code in (404, 410)


@pytest.mark.parametrize("bad", ["\x00", "a" * 10_000, "‮", "'; drop table", "%00", "\ud800".encode("utf-8", "surrogatepass")])
def test_nonsense_in_the_login_form_is_no_fault_of_ours(client, db, bad):
    for data in ({"username": bad, "password": "x"}, {"username": "x", "password": bad}):
        assert client.post(LOGIN, data).status_code == 200
    assert client.post("/login/link/", {"email": bad}).status_code == 200
    assert client.get(LOGIN, {"next": bad}).status_code == 200


def test_closed_access_ends_the_session_at_the_next_request(client, cast):
    client.force_login(cast.stranger)
    assert is_in(client)
    User.objects.filter(pk=cast.stranger.pk).update(is_active=False)
    assert client.get("/me/")["Location"].startswith(reverse("accounts:login"))
