"""The stand of ``make bench``: a person logged in, a floor page, and figures told as ratios within one run.

Absolute times say more about the machine and its neighbours than about us. So every page takes turns with the
floor page – the same middleware, session, login and base layout, and one query – and medians are compared.
An app contributes with a module ``figures.py``: ``figures(stand) -> iterable of Figure``.
"""
import gc
import json
import resource
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from importlib.util import find_spec
from multiprocessing import get_context
from statistics import median
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
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


@dataclass(frozen=True)
class Answer:
    """What the portal answered, how many milliseconds it took and how many queries it asked (0 unless they are counted)."""

    status_code: int
    headers: dict
    content: bytes
    ms: float
    queries: int

    def __getitem__(self, header):
        return self.headers[header]

    def json(self):
        return json.loads(self.content)


class Portal:
    """Answers people who are logged in, without a network between them."""

    def __init__(self):
        address = urlsplit(settings.SITE_URL)
        self.server, self.secure, self.browsers = address.hostname, address.scheme == "https", {}

    def ask(self, person, method, path, *args, counts=False, **how):
        send = getattr(self.browser_of(person), method)
        with CaptureQueriesContext(connection) if counts else nullcontext(()) as asked:
            ms, response = timed(partial(send, path, *args, secure=self.secure, **how))
        return Answer(response.status_code, dict(response.headers), response.getvalue(), ms, len(asked))

    def browser_of(self, person):
        if person not in self.browsers:
            browser = Client(SERVER_NAME=self.server, headers={"accept-encoding": "identity"})
            browser.force_login(get_user_model().objects.get(pk=person), backend="projectoffice.accounts.backends.LoginOrEmailBackend")
            self.browsers[person] = browser
        return self.browsers[person]

    def call(self, do):
        """Milliseconds of a function."""
        return timed(do)[0]

    def rest(self):
        """Collect and set the collector as a worker of the web server does once it has loaded."""
        gc.collect()
        gc.freeze()
        gc.set_threshold(*COLLECT_AFTER)

    def memory(self):
        """The most this process has held, MiB."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class PortalApart:
    """A portal in a process that does nothing else, as in production.

    Whoever fills a database with 100 000 rows has a heap in which every page is slower, and the more so the larger it is.
    """

    def __init__(self):
        connection.close()  # the process to come has one of its own
        self.process = ProcessPoolExecutor(1, mp_context=get_context("fork"))
        self.rest()  # it begins here, while this heap is still small

    def __getattr__(self, name):
        return lambda *args, **how: self.process.submit(_served, name, args, how).result()


@cache
def _portal():
    return Portal()


def _served(name, args, how):
    return getattr(_portal(), name)(*args, **how)


def timed(do):
    started = time.perf_counter()
    found = do()
    return (time.perf_counter() - started) * 1000, found


class Stand:
    """One person's browser before a portal; ``spent`` and ``asked`` add up what its answers cost."""

    def __init__(self, person, rounds=ROUNDS, portal=None):
        self.person, self.rounds, self.portal = person, rounds, portal or Portal()
        self.spent, self.asked, self.counts = 0.0, 0, False

    def of(self, person):
        """Another person before the same portal."""
        return Stand(person, self.rounds, self.portal)

    def get(self, path, status=200, **headers):
        return self.send("get", path, status=status, headers=headers)

    def send_json(self, path, data):
        return self.send("post", path, data, "application/json", headers={"accept": "application/json"})

    def send_form(self, path, data):
        """A form saved while it is typed: sent as a form, answered with JSON."""
        return self.send("post", path, data, headers={"accept": "application/json"})

    def send(self, method, path, *args, status=200, **how):
        answer = self.portal.ask(self.person.pk, method, path, *args, counts=self.counts, **how)
        assert answer.status_code == status, f"{path}: {answer.status_code}"  # noqa: S101
        self.spent += answer.ms
        self.asked += answer.queries
        return answer

    def call(self, do):
        """A function, run where the pages are."""
        self.spent += self.portal.call(do)

    def queries(self, do):
        """How many queries one call asks, there or here, after a first one that fills the caches."""
        do()
        self.asked, self.counts = 0, True
        with CaptureQueriesContext(connection) as captured:
            do()
        self.counts = False
        return max(self.asked, len(captured))

    def took(self, do):
        """Milliseconds the portal spent on it, or this process where the portal had no part."""
        self.spent = 0.0
        ms, _ = timed(do)
        return self.spent or ms

    def medians(self, *ways):
        """Median milliseconds of each way; they take turns, so that a noisy neighbour troubles all alike."""
        times = [[] for _ in ways]
        for way in ways:
            way()
        self.portal.rest()
        for _ in range(self.rounds):
            for way, taken in zip(ways, times, strict=True):
                taken.append(self.took(way))
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
