"""Sent twice, done once."""
import uuid

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from projectoffice.common.idempotency import KeyedForm, key_from, new_key, once
from projectoffice.common.models import IdempotencyKey
from tests.factories import UserFactory
from tests.races import together


@pytest.fixture
def person(db):
    return UserFactory()


def counted(results):
    def create():
        results.append(f"/{len(results) + 1}/")
        return results[-1]

    return create


def test_the_second_call_returns_the_first_result(person):
    key, results = new_key(), []
    assert [once(person, "make", key, counted(results)) for _ in range(3)] == ["/1/"] * 3
    assert results == ["/1/"]


def test_another_key_action_or_person_is_another_thing(person):
    key, results = new_key(), []
    create = counted(results)
    for who, action, what in ((person, "make", key), (person, "make", new_key()), (person, "other", key),
                              (UserFactory(), "make", key), (None, "make", key)):
        once(who, action, what, create)
    assert len(results) == 5


def test_a_failed_first_call_leaves_the_key_free(person):
    key, results = new_key(), []
    with pytest.raises(ZeroDivisionError):
        once(person, "make", key, lambda: 1 / 0)
    assert not IdempotencyKey.objects.exists()
    assert once(person, "make", key, counted(results)) == "/1/"


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_thing():
    person, key, made, answers = UserFactory(), new_key(), [], []

    assert together(*[lambda: answers.append(once(person, "make", key, counted(made)))] * 2) == [None, None]
    assert (made, answers) == (["/1/"], ["/1/", "/1/"])


class Named(KeyedForm):
    name = forms.CharField()


def test_a_form_gets_a_fresh_key_and_keeps_it_when_it_comes_back():
    assert Named()["form_key"].value() != Named()["form_key"].value()
    key = str(new_key())
    back = Named({"form_key": key, "name": ""})
    assert not back.is_valid()
    assert f'value="{key}"' in str(back["form_key"])
    assert Named({"form_key": key, "name": "x"}).is_valid()


@pytest.mark.parametrize("key", ["", "x", "\0"])
def test_a_lost_key_asks_to_send_again(key):
    assert Named({"form_key": key, "name": "x"}).errors["form_key"]


def test_the_tag_writes_a_key_the_view_can_read():
    written = Template("{% load keys %}{% form_key %}").render(Context())
    key = written.split('value="')[1].split('"')[0]
    assert key_from(RequestFactory().post("/", {"form_key": key})) == uuid.UUID(key)
    assert key_from(RequestFactory().post("/", {"form_key": "x"})) != key_from(RequestFactory().post("/"))
