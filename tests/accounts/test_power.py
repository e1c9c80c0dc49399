"""Nobody comes by the rights of a head along a side path: the mailbox, the handover, an ended substitution, guesses."""
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from projectoffice.accounts import imports
from projectoffice.accounts.models import Substitution, User
from projectoffice.accounts.services import login, people
from projectoffice.accounts.services.handover import hand_over
from projectoffice.accounts.services.substitutions import create_substitution, end_substitution
from projectoffice.common.models import OutgoingMail
from projectoffice.documents.services.route import sign
from tests.documents.states import paper_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
EVIL = "mine@example.test"


def acting(cast, **more):
    fields = {"absent": cast.department_head, "acting": cast.member_of_school_a, "since": TODAY(),
              "until": TODAY() + timedelta(days=5), "post": "И.о. руководителя", "basis": "приказ № 1"}
    return Substitution.objects.create(**fields | more)


def sign_as_acting(cast):
    """A substitution of today that was signed under."""
    row, document = acting(cast), paper_in("sent", cast)
    sign(document.stamps.get(kind="agree"), by=cast.member_of_school_a, password=PASSWORD,
         shown_hash=document.current_sheet.content_hash)
    return row


# The mailbox and the invitation

def test_staff_cannot_lead_the_first_invitation_of_a_head_to_themselves(cast, client):
    head = UserFactory(username=None, surname="Котова", email="kotova@example.test", roles=["department_head"])
    client.force_login(cast.secretary)
    page = client.get(reverse("accounts:person_edit", args=[head.pk])).content.decode()
    assert "меняет администратор" in page
    client.post(reverse("accounts:person_edit", args=[head.pk]), {
        "surname": "Котова", "given_name": "Анна", "patronymic": "", "email": EVIL, "phone": "11", "version": head.version,
    })
    head.refresh_from_db()
    assert (head.email, head.phone) == ("kotova@example.test", "11"), "names and phones stay the office's work"
    assert client.post(reverse("accounts:person_invite", args=[head.pk])).status_code == 403
    assert not OutgoingMail.objects.filter(person=head).exists()
    login.invite(head, by=cast.administrator)
    assert OutgoingMail.objects.filter(person=head).exists()


@pytest.mark.parametrize("begins_in", [0, 3])
def test_staff_cannot_take_the_account_of_who_acts_for_a_head_now_or_soon(cast, begins_in):
    acting(cast, since=TODAY() + timedelta(days=begins_in))
    person = User.objects.get(pk=cast.member_of_school_a.pk)
    with pytest.raises(PermissionDenied):
        people.save_person(person, by=cast.secretary, version=person.version, email=EVIL)
    with pytest.raises(PermissionDenied):
        login.invite(person, by=cast.secretary)


def test_a_head_to_be_is_guarded_before_the_first_day(cast):
    people.give_role(cast.stranger, by=cast.administrator, role="department_head", since=TODAY() + timedelta(days=2))
    with pytest.raises(PermissionDenied):
        people.save_person(cast.stranger, by=cast.secretary, version=cast.stranger.version, email=EVIL)


def test_staff_still_enter_and_invite_everybody_else_and_heads_keep_their_own_mailbox(cast):
    person = people.create_person(by=cast.secretary, surname="Новиков", email="novikov@example.test")
    login.invite(person, by=cast.secretary)
    people.save_person(person, by=cast.secretary, version=person.version, email="n@example.test")
    people.save_own_contacts(cast.department_head, email="zimin@example.test", phone="", version=1)


def test_a_table_from_excel_does_not_write_a_mailbox_for_a_head(cast):
    UserFactory(username=None, surname="Котова", given_name="Анна", patronymic="", email="", roles=["office_head"])
    row = imports.PeopleTable().check([(1, ["ФИО", "Почта", "Телефон"]), (2, ["Котова Анна", EVIL, "11"])])[0]
    assert "email" not in row.changes


# The handover

def test_staff_do_not_hand_the_place_of_the_acting_head_to_themselves(cast):
    row = acting(cast, since=TODAY() - timedelta(days=1))
    with pytest.raises(ValidationError, match="другой сотрудник"):
        hand_over(cast.member_of_school_a, cast.secretary, by=cast.secretary)
    row.refresh_from_db()
    assert Substitution.objects.current().get() == row


def test_staff_do_not_hand_a_waiting_signature_to_themselves(cast):
    document = paper_in("sent", cast)
    with pytest.raises(ValidationError, match="другой сотрудник"):
        hand_over(cast.department_head, cast.secretary, by=cast.secretary)
    assert document.stamps.get(kind="agree").signer == cast.department_head


def test_only_an_administrator_arranges_who_acts_for_an_administrator_by_a_handover_too(cast):
    acting(cast, absent=cast.administrator, since=TODAY() - timedelta(days=1))
    with pytest.raises(PermissionDenied):
        hand_over(cast.member_of_school_a, cast.member_of_school_b, by=cast.secretary)


def test_a_substitution_of_today_that_was_signed_under_is_handed_over(cast):
    row = sign_as_acting(cast)
    hand_over(cast.member_of_school_a, cast.member_of_school_b, by=cast.secretary)
    assert Substitution.objects.current().get().acting == cast.member_of_school_b
    row.refresh_from_db()
    assert row.is_over, "the signature keeps its row"


# The end of a substitution

def test_a_substitution_ended_on_its_first_day_ends_this_minute(cast):
    row = sign_as_acting(cast)
    end_substitution(row, by=cast.secretary)
    assert not Substitution.objects.current().exists()
    former = User.objects.get(pk=cast.member_of_school_a.pk)
    assert former.roles == frozenset()
    document = paper_in("sent", cast)
    with pytest.raises(PermissionDenied):
        sign(document.stamps.get(kind="agree"), by=former, password=PASSWORD,
             shown_hash=document.current_sheet.content_hash)


def test_the_day_is_free_for_another_when_a_substitution_was_ended_on_it(cast, client):
    row = sign_as_acting(cast)
    end_substitution(row, by=cast.secretary)
    end_substitution(row, by=cast.secretary)
    create_substitution(by=cast.secretary, absent=cast.department_head, acting=cast.member_of_school_b, since=TODAY(),
                        until=TODAY() + timedelta(days=5), post="И.о.", basis="приказ № 2")
    client.force_login(cast.secretary)
    assert "Закончено" in client.get("/substitutions/").content.decode()


# Guessing the password at an open session

@pytest.mark.parametrize("address, field", [
    ("/me/key/remove/", "password"), ("/me/key/codes/", "password"), ("/me/password/", "old_password"),
])
def test_an_open_session_does_not_find_the_password_out(cast, client, address, field):
    cache.clear()
    TOTPDevice.objects.create(user=cast.secretary, confirmed=True)
    client.force_login(cast.secretary)
    new = {"new_password": "кленовый-лист-77", "repeated": "кленовый-лист-77"}
    for number in range(8):
        client.post(address, {field: f"wrong{number}"} | new)
    answer = client.post(address, {field: PASSWORD} | new)
    assert answer.status_code == 200 and "Подождите четверть часа" in answer.content.decode()
    cache.clear()
    assert "Подождите" not in client.post(address, {field: PASSWORD} | new).content.decode()


def test_the_absent_head_and_the_acting_person_learn_by_letter_who_acts(cast):
    create_substitution(by=cast.secretary, absent=cast.department_head, acting=cast.member_of_school_b, since=TODAY(),
                        until=TODAY(), post="И.о. руководителя", basis="приказ № 5")
    told = OutgoingMail.objects.filter(subject__startswith="Оформлено замещение", body__contains="приказ № 5")
    assert {letter.person for letter in told} == {cast.department_head, cast.member_of_school_b}
