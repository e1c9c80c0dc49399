"""Bodies, institutions, substitutions, the office's profile."""
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from projectoffice.accounts.forms.office import METHODS, SIDES, STAMP_KINDS, STYLES
from projectoffice.accounts.models import Body, Institution, OfficeProfile, Substitution, User
from projectoffice.accounts.services import bodies, institutions, substitutions
from projectoffice.accounts.services.changing import refusals
from projectoffice.accounts.services.people import fingerprint
from projectoffice.common.errors import StaleVersion
from projectoffice.common.idempotency import new_key
from projectoffice.documents.models import Stamp
from tests.factories import BodyFactory, InstitutionFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def order(body):
    return [member.person.surname for member in body.memberships.current()]


def test_members_move_up_and_down_and_stop_at_the_edges(cast):
    body = BodyFactory()
    first, second, third = (
        bodies.add_member(body, by=cast.secretary, person=UserFactory(surname=name), role="member") for name in "АБВ"
    )
    bodies.move_member(third, by=cast.secretary, up=True)
    assert order(body) == ["А", "В", "Б"]
    bodies.move_member(first, by=cast.secretary, up=True)
    bodies.move_member(second, by=cast.secretary, up=False)
    assert order(body) == ["А", "В", "Б"]


def test_a_person_is_in_a_body_once_at_a_time(cast):
    body, person = BodyFactory(), UserFactory()
    member = bodies.add_member(body, by=cast.secretary, person=person, role="member", since=date(2020, 1, 1))
    with pytest.raises(ValidationError, match="уже в составе"):
        bodies.add_member(body, by=cast.secretary, person=person, role="chair")
    bodies.end_membership(member, by=cast.secretary)
    bodies.add_member(body, by=cast.secretary, person=person, role="chair", since=TODAY())


def test_there_is_one_main_body_and_it_gives_way_to_another(cast):
    first = bodies.create_body(by=cast.secretary, name="Первый", genitive="Первого", is_main=True)
    second = bodies.create_body(by=cast.secretary, name="Второй", genitive="Второго")
    with pytest.raises(ValidationError):
        bodies.close_body(first, by=cast.secretary, closed_on=TODAY())
    bodies.save_body(second, by=cast.secretary, version=1, is_main=True)
    assert Body.objects.main() == second
    with pytest.raises(StaleVersion):
        bodies.save_body(first, by=cast.secretary, version=1, name="Прежний")


def test_the_same_institution_twice_gets_a_sentence(client, cast):
    InstitutionFactory(legal_form="МБОУ", kind="Школа", number=12)
    client.force_login(cast.secretary)
    form = client.get("/institutions/new/").context["form"]
    data = {"legal_form": "МБОУ", "kind": "Школа", "number": "12", "version": 1, "key": form["key"].value()}
    assert "Такое учреждение уже есть" in client.post("/institutions/new/", data).text
    assert "номер или собственное имя" in client.post("/institutions/new/", data | {"number": ""}).text
    assert client.post("/institutions/new/", data | {"number": "13"}).status_code == 302


def test_a_closed_institution_leaves_the_list_and_comes_back(client, cast):
    school = InstitutionFactory(number=77)
    institutions.close_institution(school, by=cast.secretary, closed_on=TODAY())
    client.force_login(cast.secretary)
    assert "№\xa077" not in client.get("/institutions/").text
    assert "№\xa077" in client.get("/institutions/", {"closed": "yes"}).text
    institutions.open_institution(school, by=cast.secretary)
    assert Institution.objects.open().filter(pk=school.pk).exists()


# Substitution

def substitution(cast, **more):
    fields = {"absent": cast.department_head, "acting": cast.stranger, "since": TODAY(),
              "until": TODAY() + timedelta(days=10), "post": "И.о. руководителя", "basis": "приказ № 1"}
    return substitutions.create_substitution(by=cast.secretary, **fields | more)


def test_the_acting_person_holds_the_absent_ones_role_until_it_ends(cast):
    row = substitution(cast, since=TODAY() - timedelta(days=1))
    assert "department_head" in User.objects.get(pk=cast.stranger.pk).roles
    substitutions.end_substitution(row, by=cast.secretary)
    assert User.objects.get(pk=cast.stranger.pk).roles == frozenset()


def test_overlapping_substitutions_get_a_sentence_beside_the_dates(client, cast):
    substitution(cast)
    client.force_login(cast.secretary)
    form = client.get("/substitutions/new/").context["form"]
    data = {"absent": cast.department_head.full_name, "acting": cast.office_head.full_name, "since": TODAY().isoformat(),
            "until": TODAY().isoformat(), "post": "И.о.", "basis": "приказ № 2", "key": form["key"].value()}
    answer = client.post("/substitutions/new/", data)
    assert "уже замещает Чужов" in str(answer.context["form"].errors["since"])
    assert "приказ № 2" in answer.text, "what was typed stays"
    assert Substitution.objects.count() == 1


def test_the_database_itself_refuses_an_overlap(cast):
    first = substitution(cast)
    with pytest.raises(ValidationError, match="уже кто-то замещает"), refusals(first):
        Substitution.objects.create(absent=first.absent, acting=cast.office_head, since=first.since, until=first.until,
                                    post="И.о.", basis="приказ")


def test_nobody_gives_oneself_the_signature_of_another(cast):
    with pytest.raises(ValidationError, match="оформляет другой сотрудник"):
        substitution(cast, acting=cast.secretary)
    with pytest.raises(PermissionDenied):
        substitution(cast, absent=cast.administrator)


def test_one_that_has_begun_keeps_its_people(cast):
    row = substitution(cast)
    fields = {name: getattr(row, name) for name in substitutions.FIELDS}
    shown = (substitutions.FIELDS, fingerprint(row, substitutions.FIELDS))
    with pytest.raises(ValidationError, match="уже идёт"):
        substitutions.save_substitution(row, by=cast.secretary, shown=shown, **fields | {"acting": cast.member_of_school_a})
    longer = row.until + timedelta(days=5)
    assert substitutions.save_substitution(row, by=cast.secretary, shown=shown, **fields | {"until": longer}).until == longer


# The office

def office_form(client):
    page = client.get("/office/")
    form, stamps = page.context["form"], page.context["stamps"]
    data = {name: form[name].value() for name in form.fields if name not in ("emblem", "no_emblem")}
    data |= {f"stamps-{name}": value for name, value in stamps.management_form.initial.items()}
    for row in stamps:
        data |= {row.add_prefix(name): row[name].value() for name in row.fields if name != "DELETE"}
    return {name: "" if value is None else value for name, value in data.items() if value is not False}


@pytest.fixture
def profile(db):
    return OfficeProfile.objects.create(pk=1, city="Кленовск", department="Департамент")


def picture(side=600, **more):
    content = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "СЕКРЕТ-ИЗ-EXIF"
    Image.new("RGB", (side, side), "navy").save(content, "JPEG", exif=exif)
    return SimpleUploadedFile("герб.jpg", content.getvalue())


def test_the_profile_is_changed_with_stamps_and_shown_back(client, cast, profile):
    client.force_login(cast.secretary)
    data = office_form(client) | {
        "city": "Новокленовск", "stamps-0-kind": "approve", "stamps-0-side": "right", "stamps-0-style": "gost",
        "stamps-0-step": "2", "stamps-0-post": "Руководитель\nофиса", "stamps-0-signer": cast.office_head.full_name,
        "stamps-0-method": "electronic",
    }
    assert client.post("/office/", data).status_code == 302
    saved = OfficeProfile.load()
    assert saved.city == "Новокленовск"
    (stamp,) = saved.default_stamps
    assert (stamp["name"], stamp["signer_id"], stamp["step"]) == (
        cast.office_head.signature_name, cast.office_head.pk, 2)
    again = office_form(client)
    assert again["stamps-0-signer"].startswith(cast.office_head.full_name)
    assert client.post("/office/", again).status_code == 302
    assert OfficeProfile.load().default_stamps == [stamp], "saved unchanged it stays the same"
    assert client.post("/office/", office_form(client) | {"stamps-0-DELETE": "on"}).status_code == 302
    assert OfficeProfile.load().default_stamps == []


def test_an_electronic_default_stamp_needs_somebody_who_logs_in(client, cast, profile):
    client.force_login(cast.secretary)
    data = office_form(client) | {"stamps-0-kind": "approve", "stamps-0-name": "О.П. Котова", "stamps-0-method": "electronic"}
    assert "подписывает тот, кто входит" in client.post("/office/", data).text


def test_two_who_change_the_profile_do_not_overwrite_each_other(client, cast, profile):
    client.force_login(cast.secretary)
    data = office_form(client) | {"phone": "11-11"}
    OfficeProfile.objects.update(phone="22-22", version=2, default_stamps=[{"kind": "agree", "name": "В.П. Другая"}])
    answer = client.post("/office/", data)
    assert "22-22" in answer.text and "11-11" in answer.text and "В.П. Другая" in answer.text
    assert OfficeProfile.load().phone == "22-22"


def test_the_emblem_is_drawn_anew_without_what_the_camera_wrote(client, cast, profile):
    client.force_login(cast.secretary)
    assert client.post("/office/", office_form(client) | {"emblem": picture()}).status_code == 302
    client.logout()
    answer = client.get("/office/emblem/")
    content = b"".join(answer.streaming_content)
    assert answer["Content-Type"] == "image/png"
    assert "СЕКРЕТ".encode() not in content
    assert max(Image.open(BytesIO(content)).size) <= 512


def test_a_picture_of_too_many_points_is_refused(client, cast, profile):
    client.force_login(cast.secretary)
    answer = client.post("/office/", office_form(client) | {"emblem": picture(side=5100)})
    assert "25 миллионов" in answer.text


def test_the_second_key_for_all_heads_is_an_administrators_decision(client, cast, profile):
    client.force_login(cast.secretary)
    assert "решает администратор" in client.post("/office/", office_form(client) | {"totp_required": "on"}).text
    client.force_login(cast.administrator)
    client.post("/office/", office_form(client) | {"totp_required": "on"})
    assert OfficeProfile.load().totp_required


def test_the_codes_of_default_stamps_are_those_of_the_documents():
    assert {code for code, _ in STAMP_KINDS} <= set(Stamp.Kind.values)
    assert {code for code, _ in SIDES} == set(Stamp.Side.values)
    assert {code for code, _ in STYLES} == set(Stamp.Style.values)
    assert {code for code, _ in METHODS} == set(Stamp.Method.values)


def test_the_quorum_of_a_body_and_the_limit_of_names_are_the_offices_own(client, cast, profile):
    client.force_login(cast.secretary)
    body = BodyFactory(quorum="half")
    page = client.get(f"/bodies/{body.pk}/")
    assert "не менее половины членов" in page.text
    fields = {"name": body.name, "genitive": body.genitive, "version": body.version, "key": new_key()}
    client.post(f"/bodies/{body.pk}/edit/", fields | {"quorum": "two_thirds"})
    body.refresh_from_db()
    assert body.quorum == "two_thirds"
    assert client.post(f"/bodies/{body.pk}/edit/", fields | {"quorum": "all", "version": 2}).context["form"].errors["quorum"]
    client.post("/office/", office_form(client) | {"attendance_limit": "10"})
    assert OfficeProfile.load().attendance_limit == 10
    refused = client.post("/office/", office_form(client) | {"attendance_limit": "1" * 30})
    assert refused.context["form"].errors["attendance_limit"] == ["Укажите число от 0 до 500."]
