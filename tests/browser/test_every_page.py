"""Every page a person can reach by links, on the demonstration data, at 1280 and at 360 px."""
from collections import Counter
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import override_settings
from django.urls import Resolver404, resolve

from projectoffice.accounts.models import User
from projectoffice.common.demonstration import create_demo
from tests.browser.seeing import FITS, WIDEST, axe_faults, enter, other_faults
from tests.sweeping import sweep

# Pages of one name: two of forty institutions say as much as forty; who comes after the secretary sees one of each.
# What axe finds is in the template, so it reads the first; what a long text breaks is seen on both.
EACH = {"sekretar": 2}
# These read on a phone, so axe looks at their pages there too; whether a page fits is asked for everybody.
ON_PHONES = {"shkola12", ""}
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
PAGES = {}  # by the name of the address, whether a page stands there or a file
LINKS = "[...document.querySelectorAll('a[href]:not([download])')].map(link => link.href)"


@pytest.fixture
def _django_db_helper():
    """Instead of a database emptied after each test: the sittings only read, so they share one demonstration."""


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        with override_settings(DEMO=True):
            create_demo()
        yield
        assert sweep()


def crawl(page, live_server, each):
    """Walk the links from the start page; yields every HTML page once, ``each`` of one name."""
    waiting, seen, names = ["/"], {"/"}, Counter()
    while waiting:
        path = waiting.pop(0)
        if not opened(page, path):
            continue
        yield path
        for link in page.evaluate(LINKS):
            target = urlsplit(urljoin(live_server.url + path, link))
            if f"{target.scheme}://{target.netloc}" != live_server.url or target.path in seen:
                continue
            seen.add(target.path)
            name = name_of(target.path)
            names[name] += 1
            if names[name] <= each:
                waiting.append(target.path + (f"?{target.query}" if target.query else ""))


def opened(page, path):
    """Whether a page stands there; a file is only asked for its kind, once for all of its name."""
    name = name_of(urlsplit(path).path)
    if name not in PAGES:
        answer = page.context.request.head(path, max_redirects=5)
        assert answer.status < 400, f"{path}: {answer.status}"
        PAGES[name] = "text/html" in answer.headers.get("content-type", "")
    if PAGES[name]:
        answer = page.goto(path)
        assert answer.status < 400, f"{path}: {answer.status}"
    return PAGES[name]


def name_of(path):
    try:
        return resolve(path).view_name
    except Resolver404:
        return path


def faults_of_sitting(page, login, first):
    """At both widths; ``first`` is whether no page of this name was seen before."""
    found = (axe_faults(page) if first else []) + other_faults(page)
    page.set_viewport_size(PHONE)
    found += [] if page.evaluate(FITS) else [f"scrolls sideways at 360: {page.evaluate(WIDEST)}"]
    found += axe_faults(page) if first and login in ON_PHONES else []
    page.set_viewport_size(WIDE)
    return found


@pytest.mark.parametrize("login", ["sekretar", "ofis", "admin", "shkola12", ""])
def test_every_page_is_clean(demo, open_page, live_server, login):
    page = open_page(**WIDE)
    if login:
        enter(page, User.objects.get(username=login), live_server)
    faults, names = {}, Counter()
    for path in crawl(page, live_server, EACH.get(login, 1)):
        name = name_of(urlsplit(path).path)
        names[name] += 1
        if found := faults_of_sitting(page, login, first=names[name] == 1):
            faults[path] = found
    assert not faults, faults
    assert len(names) >= (5 if login else 2), names
