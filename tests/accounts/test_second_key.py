"""The second key: set up, asked once per session, spare codes, the lost phone."""
import time

import pytest
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from projectoffice.accounts.models import OfficeProfile
from projectoffice.common.models import Event
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


def code_of(person, ahead=0):
    """What the phone shows; ``ahead`` steps later, because one code never works twice."""
    device = TOTPDevice.objects.get(user=person)
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift + ahead)
    totp.time = time.time()
    return f"{totp.token():06d}"


def log_in(client, person):
    return client.post("/login/", {"username": person.username, "password": PASSWORD})


def connect(client, person):
    """Set the key up through the pages; returns the page with the spare codes."""
    client.post("/me/key/begin/")
    page = client.post("/me/key/", {"code": code_of(person)})
    TOTPDevice.objects.filter(user=person).update(last_t=-1)
    return page


def test_the_drawing_and_the_typed_key_lead_to_spare_codes_shown_once(client, cast):
    log_in(client, cast.secretary)
    client.post("/me/key/begin/")
    page = client.get("/me/key/").text
    assert "data:image/svg+xml" in page
    codes = connect(client, cast.secretary).context["codes"]
    assert len(set(codes)) == 10
    assert "Подключён" in client.get("/me/").text
    assert codes[0] not in client.get("/me/key/", follow=True).text


def test_a_wrong_first_code_connects_nothing(client, cast):
    log_in(client, cast.secretary)
    client.post("/me/key/begin/")
    wrong = f"{(int(code_of(cast.secretary)) + 1) % 1_000_000:06d}"
    assert "не подошёл" in client.post("/me/key/", {"code": wrong}).text
    assert not TOTPDevice.objects.filter(confirmed=True).exists()


def test_who_has_a_key_is_asked_for_it_before_anything_else_once_per_session(client, cast):
    log_in(client, cast.secretary)
    connect(client, cast.secretary)
    other = Client()
    log_in(other, cast.secretary)
    for path in ("/", "/me/", "/people/"):
        assert other.get(path)["Location"].startswith("/login/key/")
    assert other.post("/people/new/", {"surname": "Лишний"})["Location"].startswith("/login/key/")
    before = other.session.session_key
    assert other.post("/login/key/", {"code": code_of(cast.secretary), "next": "/people/"})["Location"] == "/people/"
    assert other.session.session_key != before
    assert other.get("/people/").status_code == 200


def test_one_code_never_opens_twice(client, cast):
    log_in(client, cast.secretary)
    connect(client, cast.secretary)
    code = code_of(cast.secretary)
    first, second = Client(), Client()
    log_in(first, cast.secretary), log_in(second, cast.secretary)
    assert first.post("/login/key/", {"code": code}).status_code == 302
    assert second.post("/login/key/", {"code": code}).status_code == 200


def test_a_spare_code_opens_once_and_is_written_down(client, cast):
    log_in(client, cast.secretary)
    code = connect(client, cast.secretary).context["codes"][3]
    for wanted in (302, 200):
        other = Client()
        log_in(other, cast.secretary)
        assert other.post("/login/key/", {"code": code.upper()}).status_code == wanted
    assert Event.objects.filter(verb="use_spare_code").count() == 1


def test_wrong_codes_slow_the_next_ones_down(client, cast):
    log_in(client, cast.secretary)
    connect(client, cast.secretary)
    other = Client()
    log_in(other, cast.secretary)
    other.post("/login/key/", {"code": "000000"})
    assert "Подождите" in other.post("/login/key/", {"code": code_of(cast.secretary)}).text


@pytest.mark.parametrize("role", ["department_head", "office_head", "administrator"])
def test_where_the_office_requires_it_heads_and_administrators_set_it_up_first(client, cast, role):
    OfficeProfile.objects.create(pk=1, city="К", department="Д", totp_required=True)
    person = getattr(cast, role)
    log_in(client, person)
    answer = client.get("/people/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/me/key/")
    assert "обязателен" in answer.text
    connect(client, person)
    assert client.get("/people/").status_code == 200
    assert client.get("/me/key/remove/", follow=True).redirect_chain[-1][0] == "/me/"


def test_where_the_office_requires_it_others_enter_as_before(client, cast):
    OfficeProfile.objects.create(pk=1, city="К", department="Д", totp_required=True)
    log_in(client, cast.secretary)
    assert client.get("/people/").status_code == 200


def test_the_way_out_and_the_look_stay_open_without_the_key(client, cast):
    OfficeProfile.objects.create(pk=1, city="К", department="Д", totp_required=True)
    log_in(client, cast.office_head)
    assert client.post("/logout/")["Location"] == "/"
    assert client.get("/me/")["Location"].startswith("/login/")


def test_setting_the_key_up_ends_other_sessions(client, cast):
    other = Client()
    log_in(other, cast.secretary)
    log_in(client, cast.secretary)
    connect(client, cast.secretary)
    assert client.get("/me/").status_code == 200
    assert other.get("/me/")["Location"].startswith("/login/?")


def test_the_key_is_taken_away_by_its_owner_with_the_password_or_by_an_administrator(client, cast):
    log_in(client, cast.secretary)
    connect(client, cast.secretary)
    assert client.post("/me/key/remove/", {"password": "мимо"}).status_code == 200
    assert TOTPDevice.objects.exists()
    assert client.post("/me/key/remove/", {"password": PASSWORD}).status_code == 302
    assert not TOTPDevice.objects.exists()
    assert client.get("/me/").status_code == 200
    connect(client, cast.secretary)
    admin = Client()
    log_in(admin, cast.administrator)
    admin.post(f"/people/{cast.secretary.pk}/key/remove/")
    assert not TOTPDevice.objects.exists()
    assert client.get("/me/")["Location"].startswith("/login/")
