from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from projectoffice.accounts.models import (
    ImportCheck,
    Invitation,
    LoginLink,
    Membership,
    OfficeProfile,
    RoleAssignment,
    Substitution,
)
from projectoffice.accounts.services.consent import record_consent
from projectoffice.accounts.services.login import hash_of
from projectoffice.common.idempotency import new_key
from projectoffice.common.uploads import IMAGES, store_upload
from tests.accounts.test_import import HEAD, table
from tests.common.files import PDF, picture
from tests.factories import PASSWORD, BodyFactory, InstitutionFactory, PostFactory, UserFactory

from . import Row, everybody, only, public

TOKEN = "an-open-token"
NEW_PASSWORD = {"old_password": PASSWORD, "new_password": "липовый-мёд-17", "repeated": "липовый-мёд-17"}


def furnish(world):
    tomorrow = timezone.now() + timedelta(days=1)
    world.newcomer = UserFactory(username=None, surname="Новикова")
    furnish_lists(world)
    LoginLink.objects.create(person=world.cast.stranger, token_hash=hash_of(TOKEN), expires_at=tomorrow)
    Invitation.objects.create(person=world.newcomer, token_hash=hash_of(TOKEN), expires_at=tomorrow)


def furnish_lists(world):
    secretary, person = world.cast.secretary, UserFactory(username=None, email="quiet@example.test", surname="Тихонова")
    world.person, world.post, world.gone = person, PostFactory(person=person), UserFactory(is_active=False)
    world.institution, world.closed_institution = InstitutionFactory(), InstitutionFactory(closed_on=timezone.localdate())
    world.group, world.closed_group = BodyFactory(), BodyFactory(closed_on=timezone.localdate())
    world.role = RoleAssignment.objects.create(person=person, role="office_staff")
    world.member = Membership.objects.create(body=world.group, person=person)
    world.substitution = Substitution.objects.create(
        absent=world.cast.office_head, acting=UserFactory(), since="2099-01-01", until="2099-02-01", post="И.о.", basis="приказ"
    )
    scan = store_upload(SimpleUploadedFile("согласие.pdf", PDF), by=secretary)
    record_consent(person, by=secretary, given_on=timezone.localdate(), scan=scan)
    world.consent = person.consents.get()
    world.checks = {
        kind: ImportCheck.objects.create(kind=kind, file_name="a.xlsx", rows=[], created_by=secretary)
        for kind in ("people", "institutions")
    }
    emblem = store_upload(SimpleUploadedFile("герб.png", picture()), by=secretary, allowed=IMAGES)
    world.profile, _ = OfficeProfile.objects.update_or_create(
        pk=1, defaults={"city": "Кленовск", "department": "Департамент образования", "emblem": emblem}
    )


def about(name):
    """Arguments of a page about this thing of the world."""
    return lambda world: [getattr(world, name).pk]


def checked(kind):
    return lambda world: [world.checks[kind].pk]


def keepers(ok=200, **data):
    """Those who keep the lists; values that are functions are asked of the world."""
    return only("office", "administrator", ok=ok, data=lambda world: {
        key: value(world) if callable(value) else value for key, value in data.items()
    })


def changed(**data):
    return keepers(302, **data)


def today(world):
    return f"{timezone.localdate():%Y-%m-%d}"


def fresh_key(world):
    return new_key()


def excel(world):
    return table(HEAD, ["Новая", "Анна", "", "", "", "", ""])


READERS = only("staff")
ADMINISTRATOR = only("administrator", ok=302)
OWN_CHECK = only("secretary", hidden_from=["office_head", "administrator"])
OWN_CHECK_APPLIED = only("secretary", ok=302, hidden_from=["office_head", "administrator"])


def token(world):
    return [TOKEN]


def outdated(world):
    return ["used-long-ago"]


def own_password(world):
    return {"password": PASSWORD}


ROWS = [
    Row("accounts:login", get=public("visitors", refused=302),
        post=everybody(ok=302, data=lambda world: {"username": "stranger", "password": PASSWORD})),
    Row("accounts:logout", post=everybody(ok=302)),
    Row("accounts:login_link", get=everybody(), post=everybody(data=lambda world: {"email": "nobody@example.test"})),
    Row("accounts:login_link_use", token, get=everybody(), post=everybody(ok=302), case="open"),
    Row("accounts:login_link_use", outdated, get=everybody(ok=410), post=everybody(ok=410), case="outdated"),
    Row("accounts:invitation", token, get=everybody(), case="open",
        post=everybody(ok=302, data=lambda world: {"username": "novikova"} | NEW_PASSWORD)),
    Row("accounts:invitation", outdated, get=everybody(ok=410), post=everybody(ok=410), case="outdated"),
    Row("accounts:second_key", get=only("known", ok=302), post=only("known", ok=302)),
    Row("accounts:me", get=only("known")),
    Row("accounts:me_edit", get=only("known"), post=only(
        "known", ok=302, data=lambda world: {"email": "own@example.test", "phone": "", "version": 1})),
    Row("accounts:password", get=only("known"), post=only("known", ok=302, data=lambda world: NEW_PASSWORD)),
    Row("accounts:consent", post=only("known", ok=302)),
    Row("accounts:second_key_setup", get=only("known"), post=only("known")),
    Row("accounts:second_key_begin", post=only("known", ok=302)),
    Row("accounts:spare_codes", get=only("known"), post=only("known", data=own_password)),
    Row("accounts:second_key_remove", get=only("known"), post=only("known", data=own_password)),
    Row("accounts:people_suggest", get=only("office", "administrator"), query="?q=Оре"),

    Row("accounts:people", get=READERS),
    Row("accounts:person", about("person"), get=READERS),
    Row("accounts:person_new", get=keepers(), post=changed(surname="Иная", given_name="Ия", key=fresh_key)),
    Row("accounts:person_edit", about("person"), get=keepers(), post=changed(surname="Тихая", version=1)),
    Row("accounts:person_invite", about("person"), post=changed()),
    Row("accounts:person_close", about("person"), get=keepers(), post=changed(left_on=today)),
    Row("accounts:person_open", about("gone"), post=changed()),
    Row("accounts:person_key_remove", about("person"), post=ADMINISTRATOR),
    Row("accounts:person_consent", about("gone"), get=keepers(), post=changed(given_on=today)),
    Row("accounts:person_consent_revoke", about("person"), post=changed()),
    Row("accounts:consent_scan", about("consent"), get=keepers()),
    Row("accounts:handover", about("person"), get=only("office"), post=only("office", ok=302, data=lambda world: {
        "successor": world.cast.administrator.full_name, "key": new_key(), "left_on": ""})),
    Row("accounts:post_new", about("person"), get=keepers(), post=changed(title="методист")),
    Row("accounts:post_edit", about("post"), get=keepers(), post=keepers(title="")),
    Row("accounts:post_remove", about("post"), post=changed()),
    Row("accounts:role_give", about("gone"), get=only("administrator"), post=only(
        "administrator", ok=302, data=lambda world: {"role": "office_staff"})),
    Row("accounts:role_end", about("role"), post=ADMINISTRATOR),

    Row("accounts:institutions", get=READERS),
    Row("accounts:institution_names", get=only("known")),
    Row("accounts:institution", about("institution"), get=READERS),
    Row("accounts:institution_new", get=keepers(), post=changed(
        legal_form="МБОУ", kind="Лицей", number=77, version=1, key=fresh_key)),
    Row("accounts:institution_edit", about("institution"), get=keepers(), post=changed(
        legal_form="МБОУ", kind="Лицей", number=78, version=1, key=fresh_key)),
    Row("accounts:institution_close", about("institution"), get=keepers(), post=changed(closed_on=today)),
    Row("accounts:institution_open", about("closed_institution"), post=changed()),

    Row("accounts:bodies", get=READERS),
    Row("accounts:body", about("group"), get=READERS),
    Row("accounts:body_new", get=keepers(), post=changed(
        name="Совет", genitive="совета", quorum="half", version=1, key=fresh_key)),
    Row("accounts:body_edit", about("group"), get=keepers(), post=changed(
        name="Совет", genitive="совета", quorum="none", version=1, key=fresh_key)),
    Row("accounts:body_close", about("group"), get=keepers(), post=changed(closed_on=today)),
    Row("accounts:body_open", about("closed_group"), post=changed()),
    Row("accounts:member_new", about("group"), get=keepers(), post=changed(
        person=lambda world: world.cast.administrator.full_name, role="member")),
    Row("accounts:member_edit", about("member"), get=keepers(), post=keepers(role="nobody")),
    Row("accounts:member_end", about("member"), post=changed()),
    Row("accounts:member_move", about("member"), post=changed()),

    Row("accounts:substitutions", get=READERS),
    Row("accounts:substitution_new", get=keepers(), post=changed(
        absent=lambda world: world.cast.secretary.full_name, acting=lambda world: world.cast.member_of_school_a.full_name,
        since=today, until=today, post="И.о.", basis="приказ", key=fresh_key)),
    Row("accounts:substitution_edit", about("substitution"), get=keepers(), post=keepers(post="")),
    Row("accounts:substitution_end", about("substitution"), post=changed()),

    Row("accounts:office", get=keepers(), post=changed(**{
        "city": "Кленовск", "department": "Департамент", "name": "Проектный офис", "time_zone": "Europe/Samara",
        "zone_name": "Самара", "attendance_limit": 15, "version": 1, "stamps-TOTAL_FORMS": 0, "stamps-INITIAL_FORMS": 0})),
    Row("accounts:emblem", get=everybody()),

    Row("accounts:people_import", get=keepers(), post=changed(file=excel)),
    Row("accounts:people_import_template", get=keepers()),
    Row("accounts:people_import_check", checked("people"), get=OWN_CHECK),
    Row("accounts:people_import_apply", checked("people"), post=OWN_CHECK_APPLIED),
    Row("accounts:institutions_import", get=keepers(), post=keepers()),
    Row("accounts:institutions_import_template", get=keepers()),
    Row("accounts:institutions_import_check", checked("institutions"), get=OWN_CHECK),
    Row("accounts:institutions_import_apply", checked("institutions"), post=OWN_CHECK_APPLIED),
]
