"""Every URL has a policy and a row in the map, and answers every actor exactly as the map says."""
from collections import Counter
from copy import deepcopy
from itertools import count

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from projectoffice.common.models import DutyRun
from projectoffice.common.policy import PUBLIC, SIGNED_IN
from tests.access import GROUPS, TO_LOGIN, make_world, rows

ACTORS = sorted(GROUPS["everybody"])
ROWS = rows()
# A session is the visitor's own; axes and the cache count attempts. None of it is the office's data.
OWN_TABLES = {"django_session", "common_cache", "axes_accessattempt", "axes_accesslog", "axes_accessfailurelog"}


def patterns(resolver=None, namespace=""):
    """Yield (name, view) of every URL pattern there is."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from patterns(pattern, inner)
        elif isinstance(pattern, URLPattern):
            yield (f"{namespace}{pattern.name}" if pattern.name else f"(no name) {pattern.pattern}"), pattern.callback


PATTERNS = dict(patterns())
CALLS = count()
pytestmark = pytest.mark.django_db


@pytest.fixture
def _django_db_helper():
    """Instead of a transaction per test: the world is built once, and every test undoes what it did itself."""


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def undone(world):
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(world, row, actor, method, csrf_checked=False):
    call = next(CALLS)
    # A client of its own: logging out in one test logs nobody out in the next, and nobody is asked to wait a minute.
    client = Client(enforce_csrf_checks=csrf_checked, REMOTE_ADDR=f"10.0.{call // 256 % 256}.{call % 256}")
    client.cookies = deepcopy(world.clients[actor].cookies)
    address = reverse(row.name, args=row.args(world)) + row.query
    answer = getattr(row, method)
    data = answer.data(world) if method == "post" and answer and answer.data else {}
    with transaction.atomic():
        response = getattr(client, method)(address, data)
        if response.streaming:
            b"".join(response)
        transaction.set_rollback(True)
    return response


def seen(response):
    if response.status_code == 302 and response.url.split("?")[0] == reverse(settings.LOGIN_URL):
        return TO_LOGIN
    return response.status_code


class TestTheMapIsWhole:
    def test_every_url_has_a_name(self):
        assert not [name for name in PATTERNS if name.startswith("(no name)")]

    @pytest.mark.parametrize("name", PATTERNS)
    def test_every_view_declares_its_policy(self, name):
        from rules.permissions import permissions

        rule = getattr(PATTERNS[name], "policy", None)
        assert rule in (PUBLIC, SIGNED_IN) or rule in permissions, f"{name} declares {rule!r}"

    def test_every_url_has_a_row_and_every_row_a_url(self):
        named = {row.name for row in ROWS}
        assert sorted(PATTERNS.keys() - named) == [], "no row in tests/access/ for these"
        assert sorted(named - PATTERNS.keys()) == [], "rows of tests/access/ without a URL"

    def test_no_two_rows_are_called_the_same(self):
        assert [name for name, times in Counter(map(str, ROWS)).items() if times > 1] == []

    def test_every_url_is_for_somebody(self):
        useful = {row.name for row in ROWS for answer in (row.get, row.post) if answer and answer.allowed and answer.ok < 400}
        assert sorted({row.name for row in ROWS} - useful) == []

    def test_the_map_and_the_policy_agree_on_what_is_public(self):
        for row in ROWS:
            for answer in filter(None, (row.get, row.post)):
                assert answer.public == (PATTERNS[row.name].policy == PUBLIC), str(row)


@pytest.mark.parametrize("row", ROWS, ids=str)
class TestEveryCell:
    def test_answers_as_the_map_says_and_reading_writes_nothing(self, row, world, undone):
        wrong = {}
        for method, answer in (("get", row.get), ("post", row.post)):
            for actor in ACTORS if answer else ():
                before = writes()
                got = seen(ask(world, row, actor, method))
                if got != answer.expected(actor):
                    wrong[f"{method} {actor}"] = f"got {got}, the map says {answer.expected(actor)}"
                if method == "get" and writes() != before:
                    wrong[f"{method} {actor}"] = "reading has written"
        assert wrong == {}

    def test_a_method_the_map_does_not_name_does_nothing_for_anybody(self, row, world, undone):
        if row.get and row.post:
            pytest.skip("both methods are named")
        method = "get" if row.post else "post"
        for actor in ("office_head", "administrator", "anonymous"):
            before = writes()
            got = seen(ask(world, row, actor, method))
            assert got in (403, 404, 405, TO_LOGIN) or writes() == before, f"{method} {actor}"

    def test_a_post_without_the_forms_token_is_refused(self, row, world, undone):
        for actor in ("anonymous", "office_head"):
            assert ask(world, row, actor, "post", csrf_checked=True).status_code == 403, actor


def writes():
    """Rows written in this transaction, by table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return {table: rows for table, rows in cursor.fetchall() if table not in OWN_TABLES}


def test_a_write_would_have_been_noticed(world, undone):
    before = writes()
    row = DutyRun.objects.create(name="control")
    after_insert = writes()
    row.note = "x"
    row.save()
    assert before != after_insert != writes()


def test_a_write_that_is_undone_with_its_request_would_have_been_noticed(world, undone):
    before = writes()
    with transaction.atomic():
        DutyRun.objects.create(name="control")
        transaction.set_rollback(True)
    assert writes() != before


def test_the_actors_whose_rights_are_gone_had_them(world):
    """The control of the negative cells: their sessions are alive, and the rights were real."""
    from projectoffice.accounts.models import RoleAssignment, Substitution, User

    for name in ("disabled", "downgraded", "ended", "acting"):
        assert world.clients[name].session["_auth_user_id"], name
    assert RoleAssignment.objects.filter(person__username="disabled").current().exists()
    assert RoleAssignment.objects.filter(person__username="downgraded").count() == 2
    assert Substitution.objects.filter(acting__username="ended").exists()
    assert User.objects.get(username="acting").roles == {"department_head"}
    assert User.objects.get(username="downgraded").roles == frozenset()
