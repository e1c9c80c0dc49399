"""What a page must look like in a browser, whoever opens it: axe finds nothing, nothing scrolls sideways, one blue."""
import time

from axe_playwright_python.sync_playwright import Axe
from django.test import Client

from tests.browsers import PATIENCE

ONLY_FAULTS = {"resultTypes": ["violations"]}  # what passed is not listed node by node
OLD_BLUE = """[...document.querySelectorAll('*')].filter(part => {
  const look = getComputedStyle(part);
  return ['color', 'backgroundColor', 'borderTopColor', 'boxShadow'].some(name => look[name].includes('13, 110, 253'));
}).map(part => part.outerHTML.slice(0, 100))"""
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
WIDEST = """[...document.querySelectorAll('body *')].filter(part =>
  part.getBoundingClientRect().right > document.documentElement.clientWidth + 1
).slice(0, 3).map(part => part.outerHTML.slice(0, 120))"""


def axe_faults(page):
    found = Axe().run(page, options=ONLY_FAULTS).response["violations"]
    return [f"axe {fault['id']}: {fault['nodes'][0]['html'][:200]}" for fault in found]


def arrives(page):
    """``with arrives(page):`` do what leads to another page; that one has come whole then, with its scripts.

    Whatever does not wait by itself (``all``, ``count``, ``inner_text``, ``evaluate``, a key, the database, another
    person's page) would else meet the page before, half a page, or a server that has not answered yet.
    """
    return page.expect_navigation()


def follow(page, name, exact=False):
    with arrives(page):
        page.get_by_role("link", name=name, exact=exact).first.click()


def press(page, name, exact=True):
    with arrives(page):
        page.get_by_role("button", name=name, exact=exact).first.click()


def until(page, condition):
    """Poll an expression of the page: its policy lets nobody evaluate a text inside it for long."""
    end = time.monotonic() + PATIENCE / 1000
    while not page.evaluate(condition):
        assert time.monotonic() < end, condition
        page.wait_for_timeout(50)


def faults_of(page):
    """Sentences about what is wrong with the page that is open."""
    page.wait_for_load_state()
    return axe_faults(page) + other_faults(page)


def other_faults(page):
    """What is seen without axe, in no time."""
    found = []
    if not page.evaluate(FITS):
        found.append(f"scrolls sideways: {page.evaluate(WIDEST)}")
    found += [f"Bootstrap's blue: {part}" for part in page.evaluate(OLD_BLUE)]
    if page.locator("h1").count() != 1:
        found.append("not exactly one h1")
    return found


def enter(page, person, live_server):
    """Open the portal as this person, without the walk through the login form."""
    from django.conf import settings

    client = Client()
    client.force_login(person, backend="projectoffice.accounts.backends.LoginOrEmailBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    return page
