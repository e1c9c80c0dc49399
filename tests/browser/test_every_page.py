"""Every page a person can reach by links, on the demonstration data, at 1280 and at 360 px."""
from collections import Counter
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import override_settings
from django.urls import Resolver404, resolve

from projectoffice.accounts.models import User
from projectoffice.common.demonstration import create_demo
from tests.browser.seeing import enter, faults_of

# Pages of one name: two of forty institutions say as much as forty; who comes after the secretary sees one of each.
EACH = {("sekretar", 1280): 2}
LINKS = "[...document.querySelectorAll('a[href]:not([download])')].map(link => link.href)"


@pytest.fixture
def demo(transactional_db):
    with override_settings(DEMO=True):
        create_demo()


def crawl(page, live_server, each):
    """Walk the links from the start page; yields every HTML page once, ``each`` of one name."""
    waiting, seen, names = ["/"], {"/"}, Counter()
    while waiting:
        path = waiting.pop(0)
        answer = page.context.request.head(live_server.url + path, max_redirects=5)
        assert answer.status < 400, f"{path}: {answer.status}"
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        page.goto(path)
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


def name_of(path):
    try:
        return resolve(path).view_name
    except Resolver404:
        return path


# On a phone the same pages are read by those who carry it: staff, schools, visitors.
@pytest.mark.parametrize(("login", "width"), [
    ("sekretar", 1280), ("sekretar", 360), ("shkola12", 1280), ("shkola12", 360), ("", 1280), ("", 360),
    ("ofis", 1280), ("admin", 1280),
])
def test_every_page_is_clean(demo, open_page, live_server, login, width):
    page = open_page(width)
    if login:
        enter(page, User.objects.get(username=login), live_server)
    faults, pages = {}, []
    for path in crawl(page, live_server, EACH.get((login, width), 1)):
        pages.append(path)
        if found := faults_of(page):
            faults[path] = found
    assert not faults, faults
    assert len(pages) >= (5 if login else 2), pages
