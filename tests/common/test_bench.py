"""The frame of ``make bench``: it measures what it says, and nothing of it is in the product."""
import io
import time

import pytest
from django.core.management import CommandError, call_command
from django.urls import NoReverseMatch, reverse

from projectoffice.common.benchmark import FLOOR, Figure, Stand
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def stand(settings):
    settings.ROOT_URLCONF = "projectoffice.common.bench_urls"
    return Stand(UserFactory(roles=["office_staff"]), rounds=3)


def test_the_floor_is_not_an_address_of_the_portal(client):
    with pytest.raises(NoReverseMatch):
        reverse("floor")
    assert client.get(FLOOR).status_code == 404


def test_a_page_is_told_in_milliseconds_times_the_floor_and_queries(stand):
    mine, ratio, queries = stand.page("Письма", lambda: stand.get("/mail/"), times_floor=100, queries=20)
    assert (mine.unit, ratio.unit) == ("мс", "×")
    assert mine.value > 0
    assert 1 < queries.value <= 20
    assert all(figure.kept for figure in (mine, ratio, queries))


def test_what_takes_longer_is_told_as_longer(stand):
    quick, slow = stand.medians(lambda: None, lambda: time.sleep(0.02))
    assert slow > quick


def test_a_page_that_fails_is_not_a_quick_page(stand):
    with pytest.raises(AssertionError, match="404"):
        stand.get("/nowhere/")


def test_a_figure_over_its_target_is_said_to_be():
    assert not Figure("x", 5.1, "мс", 5).kept
    assert Figure("x", 5, "мс", 5).kept
    assert Figure("x", 1e9, "мс").kept


def test_it_refuses_a_database_where_somebody_lives(stand):
    with pytest.raises(CommandError, match="уже есть люди"):
        call_command("bench", here=True, stdout=io.StringIO())
