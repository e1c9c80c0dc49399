"""Who reaches which page of this app: one table, every address in it."""
import pytest
from django.urls import reverse

from projectoffice.accounts import urls
from projectoffice.accounts.models import ImportCheck, Membership, RoleAssignment, Substitution
from projectoffice.accounts.services.consent import record_consent
from tests.factories import BodyFactory, InstitutionFactory, PostFactory, UserFactory

pytestmark = pytest.mark.django_db

EVERYBODY = {"secretary", "office_head", "department_head", "administrator", "member_of_school_a", "stranger"}
OFFICE = {"secretary", "office_head"}
KEEPERS = OFFICE | {"administrator"}
READERS = KEEPERS | {"department_head"}
ADMINISTRATOR = {"administrator"}

# name of the address: (what stands in it, who gets an answer to GET; None: POST only, who may POST)
TABLE = {
    "me": (None, EVERYBODY), "me_edit": (None, EVERYBODY), "password": (None, EVERYBODY),
    "second_key_setup": (None, EVERYBODY), "spare_codes": (None, EVERYBODY),
    "people": (None, READERS), "people_suggest": (None, KEEPERS), "person": ("person", READERS),
    "person_new": (None, KEEPERS), "person_edit": ("person", KEEPERS), "person_close": ("person", KEEPERS),
    "person_consent": ("person", KEEPERS), "handover": ("person", OFFICE), "post_new": ("person", KEEPERS),
    "post_edit": ("post", KEEPERS), "role_give": ("person", ADMINISTRATOR),
    "institution_names": (None, EVERYBODY), "institutions": (None, READERS), "institution": ("institution", READERS), "institution_new": (None, KEEPERS),
    "institution_edit": ("institution", KEEPERS), "institution_close": ("institution", KEEPERS),
    "bodies": (None, READERS), "body": ("body", READERS), "body_new": (None, KEEPERS), "body_edit": ("body", KEEPERS),
    "body_close": ("body", KEEPERS), "member_new": ("body", KEEPERS), "member_edit": ("member", KEEPERS),
    "substitutions": (None, READERS), "substitution_new": (None, KEEPERS), "substitution_edit": ("substitution", KEEPERS),
    "office": (None, KEEPERS),
    "people_import": (None, KEEPERS), "people_import_template": (None, KEEPERS),
    "institutions_import": (None, KEEPERS), "institutions_import_template": (None, KEEPERS),
}
POSTS = {
    "person_invite": ("person", KEEPERS), "person_open": ("person", KEEPERS),
    "person_key_remove": ("person", ADMINISTRATOR), "person_consent_revoke": ("person", KEEPERS),
    "post_remove": ("post", KEEPERS), "role_end": ("role", ADMINISTRATOR),
    "institution_open": ("institution", KEEPERS), "body_open": ("body", KEEPERS),
    "member_end": ("member", KEEPERS), "member_move": ("member", KEEPERS), "substitution_end": ("substitution", KEEPERS),
    "consent": (None, EVERYBODY), "second_key_begin": (None, EVERYBODY),
}
# Tried elsewhere: open to everybody, or only to the one who made the thing.
ELSEWHERE = {
    "login", "logout", "login_link", "login_link_use", "second_key", "second_key_remove", "invitation", "emblem",
    "consent_scan", "people_import_check", "people_import_apply", "institutions_import_check",
    "institutions_import_apply",
}


@pytest.fixture
def things(cast):
    person = UserFactory(username=None, email="quiet@example.test")
    record_consent(person, by=cast.secretary, given_on=cast.secretary.created_at.date())
    body = BodyFactory()
    role = RoleAssignment.objects.create(person=person, role="office_staff")
    return {
        "person": person, "post": PostFactory(person=person), "institution": InstitutionFactory(), "body": body,
        "member": Membership.objects.create(body=body, person=person), "role": role,
        "substitution": Substitution.objects.create(
            absent=cast.office_head, acting=UserFactory(), since="2099-01-01", until="2099-02-01", post="И.о.", basis="приказ"
        ),
    }


def path_of(name, kind, things):
    return reverse(f"accounts:{name}", args=[things[kind].pk] if kind else [])


def test_every_address_of_the_app_stands_in_the_table():
    assert {pattern.name for pattern in urls.urlpatterns} == TABLE.keys() | POSTS.keys() | ELSEWHERE


@pytest.mark.parametrize("name", TABLE)
def test_a_page_answers_those_who_may_and_refuses_the_others(client, cast, things, name):
    kind, allowed = TABLE[name]
    path = path_of(name, kind, things)
    for role, user in cast.everybody().items():
        client.force_login(user)
        wanted = 200 if role in allowed or (role == "member_of_school_b" and allowed is EVERYBODY) else 403
        assert client.get(path).status_code == wanted, role
    client.logout()
    assert client.get(path)["Location"].startswith("/login/")


@pytest.mark.parametrize("name", POSTS)
def test_a_button_obeys_those_who_may_and_refuses_the_others(client, cast, things, name):
    kind, allowed = POSTS[name]
    path = path_of(name, kind, things)
    client.logout()
    assert client.post(path)["Location"].startswith("/login/")
    refused = {role: user for role, user in cast.everybody().items() if role not in allowed and allowed is not EVERYBODY}
    for role, user in refused.items():
        client.force_login(user)
        assert client.post(path).status_code == 403, role
    client.force_login(getattr(cast, min(allowed)))
    assert client.get(path).status_code == 405
    assert client.post(path).status_code == 302


@pytest.mark.parametrize("name", [name for name, (kind, _) in TABLE.items() if kind])
@pytest.mark.parametrize("pk", [0, 999_999_999, 10**30])
def test_what_does_not_exist_is_404(client, cast, name, pk):
    client.force_login(cast.administrator)
    client.raise_request_exception = True
    answer = client.get(reverse(f"accounts:{name}", args=[pk]))
    assert answer.status_code == (403 if name == "handover" else 404)


def test_a_checked_table_is_seen_by_the_one_who_loaded_it(client, cast):
    check = ImportCheck.objects.create(kind="people", file_name="a.xlsx", rows=[], created_by=cast.secretary)
    for user, wanted in ((cast.secretary, 200), (cast.office_head, 404), (cast.stranger, 403)):
        client.force_login(user)
        assert client.get(check.get_absolute_url()).status_code == wanted


BAD = ["\x00", "a" * 10_000, "‮", "%", "_", "\\", "'", "9" * 5000, "-1", "1e9", "<script>", "«№»", "😀", "ё е"]


@pytest.mark.parametrize("path", ["/people/", "/institutions/", "/bodies/", "/substitutions/", "/people/suggest/"])
@pytest.mark.parametrize("bad", BAD)
def test_nonsense_in_a_filter_is_no_fault_of_ours(client, cast, path, bad):
    client.force_login(cast.secretary)
    for name in ("q", "page", "institution", "role", "status", "kind", "closed", "order_by"):
        answer = client.get(path, {name: bad})
        assert answer.status_code == 200
        assert "<script>" + "<" not in answer.text


@pytest.mark.parametrize("name", ["person_new", "person_edit", "post_new", "institution_new", "body_new", "member_new",
                                  "substitution_new", "office", "person_close", "person_consent", "handover", "me_edit"])
@pytest.mark.parametrize("bad", ["", "\x00", "a" * 10_000, "0001-01-01", "9" * 5000, "‮"])
def test_nonsense_in_a_form_is_a_sentence_beside_the_field(client, cast, things, name, bad):
    client.force_login(cast.secretary)
    kind = TABLE[name][0]
    path = path_of(name, kind, things)
    fields = client.get(path).context["form"].fields
    data = dict.fromkeys(fields, bad)
    data |= {"stamps-TOTAL_FORMS": "1", "stamps-INITIAL_FORMS": "0", "stamps-0-post": bad}
    answer = client.post(path, data)
    assert answer.status_code in (200, 302)
