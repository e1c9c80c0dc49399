"""The stand of ``make bench``: a person logged in, a floor page, and figures told as ratios within one run.

Absolute times say more about the machine and its neighbours than about us. So every page takes turns with the
floor page – the same middleware, session, login and base layout, and one query – and medians are compared.
An app contributes with a module ``figures.py``: ``figures(stand) -> iterable of Figure``.
"""
import gc
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from statistics import median
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.shortcuts import render
from django.test import Client
from django.test.utils import CaptureQueriesContext

from .house.web import COLLECT_AFTER
from .models import CalendarDay
from .policy import SIGNED_IN, policy

ROUNDS = 40
FLOOR = "/bench/floor/"


@dataclass(frozen=True)
class Figure:
    """One line of the table; ``target`` is the most ``value`` may be, in its unit."""

    name: str
    value: float
    unit: str
    target: float | None = None

    @property
    def kept(self):
        return self.target is None or self.value <= self.target


@policy(SIGNED_IN)
def floor(request):
    """The least a page of this portal can cost."""
    return render(request, "common/bench_floor.html", {"days": CalendarDay.objects.count()})


class Stand:
    """One logged-in browser without a network between it and the portal."""

    def __init__(self, person, rounds=ROUNDS):
        self.person, self.rounds = person, rounds
        address = urlsplit(settings.SITE_URL)
        self.client = Client(SERVER_NAME=address.hostname, headers={"accept-encoding": "identity"})
        self.secure = address.scheme == "https"
        self.client.force_login(person, backend="projectoffice.accounts.backends.LoginOrEmailBackend")

    def get(self, path, status=200, **headers):
        response = self.client.get(path, secure=self.secure, headers=headers)
        assert response.status_code == status, f"{path}: {response.status_code}"  # noqa: S101
        return response

    def send_json(self, path, data):
        response = self.client.post(path, data, "application/json", secure=self.secure, headers={"accept": "application/json"})
        assert response.status_code == 200, f"{path}: {response.status_code}"  # noqa: S101
        return response

    def send_form(self, path, data):
        """A form saved while it is typed: sent as a form, answered with JSON."""
        response = self.client.post(path, data, secure=self.secure, headers={"accept": "application/json"})
        assert response.status_code == 200, f"{path}: {response.status_code}"  # noqa: S101
        return response

    def queries(self, do):
        """How many queries one call asks, after a first one that fills the caches."""
        do()
        with CaptureQueriesContext(connection) as captured:
            do()
        return len(captured)

    def medians(self, *ways):
        """Median milliseconds of each way; they take turns, so that a noisy neighbour troubles all alike."""
        times = [[] for _ in ways]
        for way in ways:
            way()
        # As a worker of the web server does once it has loaded.
        gc.collect()
        gc.freeze()
        gc.set_threshold(*COLLECT_AFTER)
        for _ in range(self.rounds):
            for way, taken in zip(ways, times, strict=True):
                started = time.perf_counter()
                way()
                taken.append((time.perf_counter() - started) * 1000)
        return [median(taken) for taken in times]

    def page(self, name, do, *, times_floor, queries=None) -> Iterator[Figure]:
        """Milliseconds of a page, its ratio to the floor, its queries."""
        mine, ground = self.medians(do, partial(self.get, FLOOR))
        yield Figure(name, mine, "мс")
        yield Figure(f"{name}: к полу", mine / ground, "×", times_floor)
        if queries:
            yield Figure(f"{name}: запросов", self.queries(do), "", queries)

    def ground(self):
        return Figure("Пол: сеанс, вход, оболочка, один запрос", self.medians(partial(self.get, FLOOR))[0], "мс")


def settle():
    """What autovacuum does within minutes to tables that were just filled: without statistics plans are guesses."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def all_figures(stand) -> Iterator[Figure]:
    yield stand.ground()
    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.figures"):
            yield from import_module(f"{config.name}.figures").figures(stand)
