"""A lock that is held too long and a database that is away: 503 in plain words, never a fault of the page."""
import threading

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from projectoffice.common.views.errors import database_trouble
from projectoffice.documents.models import Document
from tests.documents.states import fresh, paper_in


@pytest.fixture
def held(transactional_db):
    """A paper on the route whose row another transaction keeps locked."""
    from tests.cast import make_cast

    cast = make_cast()
    paper = paper_in("sent", cast)
    is_held, let_go = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            Document.objects.select_for_update().get(pk=paper.pk)
            is_held.set()
            let_go.wait(300)  # the test says when
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert is_held.wait(60)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")  # the real one is longer than a test should wait
    client = Client()
    client.force_login(cast.secretary)
    yield client, paper
    let_go.set()
    thread.join()
    connection.close()


@pytest.fixture
def away(transactional_db):
    """No connection can be made: nobody listens at the address."""
    before = {name: connection.settings_dict[name] for name in ("HOST", "PORT", "OPTIONS")}
    connection.close()
    connection.settings_dict.update(HOST="127.0.0.1", PORT="1", OPTIONS={})
    yield Client(raise_request_exception=False)
    connection.settings_dict.update(before)
    connection.close()


def test_somebody_else_is_saving_is_told_and_nothing_is_changed(held):
    client, paper = held
    answer = client.post(reverse("documents:withdraw", args=[paper.pk]))
    assert answer.status_code == 503 and answer["Retry-After"] == "60"
    assert "сохраняет другой человек" in answer.content.decode() and "введённое уйдёт снова" in answer.content.decode()
    assert fresh(paper).state == "in_approval"


@pytest.mark.parametrize(("headers", "kind"), [({"Accept": "application/json"}, "application/json"), ({"HX-Request": "true"}, "text/plain")])
def test_a_script_gets_the_same_in_its_own_form(held, headers, kind):
    client, paper = held
    answer = client.post(reverse("documents:withdraw", args=[paper.pk]), headers=headers)
    assert answer.status_code == 503 and answer["Content-Type"].startswith(kind)


def test_a_database_that_is_away_has_a_page_of_its_own(away):
    answer = away.get("/")
    assert answer.status_code == 503 and answer["Retry-After"] == "60"
    assert "База портала сейчас недоступна" in answer.content.decode()


def test_the_watchman_is_told_that_the_database_is_away(away):
    answer = away.get(reverse("common:health"))
    assert answer.status_code == 503 and answer.json()["database"] == "fault"


def test_a_fault_of_a_statement_stays_a_fault_of_ours(rf):
    assert database_trouble(rf.get("/"), ValueError("нет")) is None
    assert database_trouble(rf.get("/"), DatabaseError("no such column")) is None
