"""People: the list, the card, posts, roles, access, consent; what staff may not do to a head."""
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape
from lxml import html

from projectoffice.accounts.models import Invitation, LoginLink, Membership, RoleAssignment, User
from projectoffice.accounts.services import consent, login, people
from projectoffice.common.errors import StaleVersion
from projectoffice.common.models import Event, OutgoingMail
from tests.factories import PASSWORD, BodyFactory, InstitutionFactory, PostFactory, UserFactory

pytestmark = pytest.mark.django_db


def queries(client, path):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def fill(count):
    for _ in range(count):
        person = UserFactory(roles=["office_staff"])
        PostFactory(person=person, institution=InstitutionFactory())


@pytest.mark.parametrize("path", ["/people/", "/institutions/", "/people/suggest/?q=Петр"])
def test_a_list_costs_the_same_for_few_and_many(client, cast, path):
    client.force_login(cast.secretary)
    client.get(path)
    fill(3)
    few = queries(client, path)
    fill(27)
    assert queries(client, path) == few <= 20


def test_the_card_and_the_body_cost_the_same_for_few_and_many(client, cast):
    client.force_login(cast.secretary)
    body, person = BodyFactory(), UserFactory()

    def grow(count):
        for place in range(count):
            Membership.objects.create(body=body, person=UserFactory(), position=place)
            PostFactory(person=person, institution=InstitutionFactory())
            people.save_person(person, by=cast.secretary, version=User.objects.get(pk=person.pk).version,
                               phone=str(User.objects.count()))

    paths = [f"/bodies/{body.pk}/", f"/people/{person.pk}/", "/bodies/"]
    grow(3)
    client.get(paths[0])
    few = [queries(client, path) for path in paths]
    grow(17)
    assert [queries(client, path) for path in paths] == few
    assert max(few) <= 22


def surnames(client, **filters):
    return [person.surname for person in client.get("/people/", filters).context["page"]]


def test_the_search_takes_beginnings_of_words_in_any_order_and_ё_is_е(client, cast):
    UserFactory(surname="Берёзкина", given_name="Алёна", patronymic="Фёдоровна")
    client.force_login(cast.secretary)
    for text in ("Берез", "берёзк ал", "алена берез", "Березкина А.Ф."):
        assert surnames(client, q=text) == ["Берёзкина"], text
    assert surnames(client, q="ерёзк") == []
    assert surnames(client, q="secretary@") == ["Сорокина"]


def test_the_list_narrows_by_institution_role_and_state(client, cast):
    school = InstitutionFactory()
    PostFactory(person=UserFactory(surname="Школьная", username=None), institution=school)
    PostFactory(person=UserFactory(surname="Бывшая"), institution=school, until=timezone.localdate() - timedelta(days=1))
    client.force_login(cast.secretary)
    assert surnames(client, institution=school.pk) == ["Школьная"]
    assert surnames(client, role="administrator") == ["Белов"]
    assert surnames(client, status="none") == ["Школьная"]


def test_suggestions_need_three_letters_and_give_ten(client, cast):
    client.force_login(cast.secretary)
    for _ in range(12):
        UserFactory(surname="Однофамильцева")
    assert "option" not in client.get("/people/suggest/", {"signer": "Од"}).text
    page = client.get("/people/suggest/", {"signer": "Одн"}).text
    assert page.count("<option") == 10
    assert "data-id=" in page


def test_the_names_of_institutions_are_those_that_work_and_come_only_when_asked_for(client, cast):
    school = InstitutionFactory(own_name="Радуга <и> мост")
    closed = InstitutionFactory(closed_on=timezone.localdate())
    client.force_login(cast.secretary)
    names = client.get("/institutions/names/").text
    assert f'<option value="{escape(school)}"></option>' in names and str(closed) not in names
    page = client.get(f"/people/{cast.stranger.pk}/posts/new/").text
    assert 'hx-get="/institutions/names/"' in page and str(school) not in page and "<option value=\"МБОУ" not in page


def test_a_double_is_shown_before_it_is_made(client, cast):
    UserFactory(username=None, surname="Королёва", given_name="Анна")
    client.force_login(cast.secretary)
    key = client.get("/people/new/").context["form"]["key"].value()
    data = {"surname": "Королева", "given_name": "А.", "key": key}
    assert "уже есть в списке" in client.post("/people/new/", data).text
    assert User.objects.filter(surname="Королева").count() == 0
    assert client.post("/people/new/", data | {"knows_doubles": "on"}).status_code == 302
    assert client.post("/people/new/", data | {"knows_doubles": "on"}).status_code == 302
    assert User.objects.filter(surname="Королева").count() == 1, "sent twice is done once"


def test_two_who_change_one_card_see_both_texts(client, cast):
    person = UserFactory(username=None, surname="Прежняя")
    client.force_login(cast.secretary)
    form = client.get(f"/people/{person.pk}/edit/").context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {"surname": "Моя"}
    people.save_person(person, by=cast.office_head, version=1, surname="Чужая")
    answer = client.post(f"/people/{person.pk}/edit/", typed)
    assert "Моя" in answer.text and "Чужая" in answer.text
    assert User.objects.get(pk=person.pk).surname == "Чужая"
    again = {name: answer.context["form"][name].value() or "" for name in form.fields}
    assert client.post(f"/people/{person.pk}/edit/", again).status_code == 302
    assert User.objects.get(pk=person.pk).surname == "Моя"


def test_a_post_changed_meanwhile_is_not_overwritten(client, cast):
    post = PostFactory(title="методист")
    client.force_login(cast.secretary)
    form = client.get(f"/people/posts/{post.pk}/").context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {"title": "директор"}
    post.title = "завуч"
    post.save()
    answer = client.post(f"/people/posts/{post.pk}/", typed)
    assert "завуч" in answer.text and "директор" in answer.text
    again = {name: answer.context["form"][name].value() or "" for name in form.fields}
    assert client.post(f"/people/posts/{post.pk}/", again).status_code == 302
    post.refresh_from_db()
    assert post.title == "директор"


def test_an_outdated_version_is_refused(cast):
    person = UserFactory(username=None)
    people.save_person(person, by=cast.secretary, version=1, phone="1")
    with pytest.raises(StaleVersion):
        people.save_person(person, by=cast.secretary, version=1, phone="2")


# Power over heads

def test_staff_do_not_lead_a_heads_letters_elsewhere_nor_close_an_administrator(cast):
    for head in (cast.department_head, cast.administrator):
        with pytest.raises(PermissionDenied):
            people.save_person(head, by=cast.secretary, version=1, email="mine@example.test")
        with pytest.raises(PermissionDenied):
            login.invite(head, by=cast.secretary)
        with pytest.raises(PermissionDenied):
            people.close_access(head, by=cast.secretary)
    people.save_person(cast.department_head, by=cast.secretary, version=1, phone="11")


def test_a_changed_mailbox_is_told_to_the_old_one_and_kills_its_links(cast):
    login.mail_login_links("stranger@example.test")
    people.save_person(cast.stranger, by=cast.secretary, version=1, email="new@example.test")
    assert OutgoingMail.objects.filter(subject="Адрес почты изменён", address="stranger@example.test").exists()
    assert not LoginLink.objects.usable().exists()


# Roles

def test_only_an_administrator_gives_and_ends_roles(cast):
    with pytest.raises(PermissionDenied):
        people.give_role(cast.secretary, by=cast.office_head, role="administrator")
    role = people.give_role(cast.stranger, by=cast.administrator, role="office_staff")
    with pytest.raises(PermissionDenied):
        people.end_role(role, by=cast.secretary)
    people.end_role(role, by=cast.administrator)
    assert User.objects.get(pk=cast.stranger.pk).roles == frozenset()


def test_nobody_takes_the_last_administrators_role_or_access(cast):
    role = cast.administrator.role_assignments.get()
    with pytest.raises(ValidationError, match="последний администратор"):
        people.end_role(role, by=cast.administrator)
    second = UserFactory()
    until = timezone.localdate() + timedelta(days=30)
    people.give_role(second, by=cast.administrator, role="administrator", until=until)
    with pytest.raises(ValidationError, match="последний администратор"):
        people.end_role(role, by=cast.administrator)
    people.give_role(UserFactory(), by=cast.administrator, role="administrator")
    people.end_role(role, by=cast.administrator)
    assert not RoleAssignment.objects.current().filter(person=cast.administrator).exists()


def test_the_same_role_twice_in_the_same_days_is_refused(cast):
    with pytest.raises(ValidationError, match="уже есть"):
        people.give_role(cast.secretary, by=cast.administrator, role="office_staff")


# Access

def test_closed_access_ends_sessions_links_and_invitations_at_once(cast):
    client = Client()
    client.post("/login/", {"username": "stranger", "password": PASSWORD})
    login.mail_login_links("stranger@example.test")
    login.invite(cast.stranger, by=cast.secretary)
    people.close_access(cast.stranger, by=cast.secretary)
    assert client.get("/me/")["Location"].startswith("/login/")
    assert not LoginLink.objects.usable().exists()
    assert not Invitation.objects.usable().exists()
    people.open_access(cast.stranger, by=cast.secretary)
    assert client.get("/me/")["Location"].startswith("/login/"), "an old session does not come back to life"
    assert client.post("/login/", {"username": "stranger", "password": PASSWORD}).status_code == 302


def test_nobody_closes_oneself(cast):
    with pytest.raises(ValidationError):
        people.close_access(cast.secretary, by=cast.secretary)


# Consent

def test_consent_is_given_to_the_words_that_were_shown_and_revoked_any_day(client, cast):
    client.force_login(cast.stranger)
    assert not cast.stranger.name_is_public
    text = client.get("/me/").context["consent_text"]
    client.post("/me/consent/", {"text": "другой текст"})
    assert not User.objects.with_consent().exists()
    client.post("/me/consent/", {"text": text})
    assert list(User.objects.with_consent()) == [cast.stranger]
    assert cast.stranger.consents.get().text == text
    client.post("/me/consent/", {"revoke": "1"})
    assert not User.objects.with_consent().exists()
    assert not User.objects.get(pk=cast.stranger.pk).name_is_public


def test_nobody_consents_for_another_except_by_paper(cast):
    with pytest.raises(PermissionDenied):
        consent.give_consent(cast.stranger, by=cast.secretary, shown_text=consent.consent_text())
    consent.record_consent(cast.stranger, by=cast.secretary, given_on=timezone.localdate())
    assert cast.stranger.consents.get().on_paper
    event = Event.objects.about(cast.stranger).get()
    assert (event.actor, event.on_behalf_of) == (cast.secretary, cast.stranger)


def test_the_scan_of_a_paper_consent_is_for_those_who_keep_people(client, cast):
    client.force_login(cast.secretary)
    scan = SimpleUploadedFile("согласие.pdf", b"%PDF-1.4\nwords\n%%EOF\n")
    data = {"given_on": "2026-01-12", "scan": scan}
    assert client.post(f"/people/{cast.stranger.pk}/consent/", data).status_code == 302
    path = f"/people/consents/{cast.stranger.consents.get().pk}/scan/"
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    client.force_login(cast.stranger)
    assert client.get(path).status_code == 403


def test_a_bad_scan_keeps_the_date_and_says_why(client, cast):
    client.force_login(cast.secretary)
    data = {"given_on": "2026-01-12", "scan": SimpleUploadedFile("x.pdf", b"<html>")}
    answer = client.post(f"/people/{cast.stranger.pk}/consent/", data)
    assert "2026-01-12" in answer.text
    assert answer.context["form"].errors["scan"]


@pytest.mark.parametrize(("path", "title"), [
    ("/people/{person}/edit/", "Громова Е.В."), ("/people/{person}/posts/new/", "Громова Е.В."), ("/substitutions/new/", "Замещения"),
    ("/institutions/new/", "Учреждения"), ("/bodies/new/", "Органы"), ("/people/import/", "Люди"), ("/me/edit/", "Мой профиль"),
])
def test_a_form_names_the_page_it_leads_back_to(client, cast, path, title):
    person = UserFactory(surname="Громова", given_name="Елена", patronymic="Викторовна")
    client.force_login(cast.secretary)
    page = html.fromstring(client.get(path.format(person=person.pk)).content.decode())
    (crumb,) = page.xpath('//p[@class="crumb"]/a')
    assert crumb.text_content().replace("\xa0", " ").strip() == title
    assert client.get(crumb.get("href")).status_code == 200
