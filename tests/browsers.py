"""Chromium for whole journeys: `page` (1280 px) and `phone` (360 px), each with a witness.

At the end of the test the witness must have seen nothing: no word on the console above a message, no
violation of the Content-Security-Policy, no failed answer, no request that leaves the site.
A test that provokes an answer on purpose says so: `page.witness.expect("409")`.
"""
import os
import re
import shutil
from urllib.parse import urlsplit

import pytest

FLAGS = [
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    "--disable-default-apps", "--disable-domain-reliability", "--disable-client-side-phishing-detection",
    "--disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication",
    "--no-pings", "--disable-dev-shm-usage",
    "--no-sandbox",  # root and containers have none, and only our own pages are opened
]

PATIENCE = 30_000  # a busy machine is slow, not wrong; what comes at once is not waited for


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Witness:
    """Collects what a page must never do."""

    def __init__(self, page, base_url):
        self.home = urlsplit(base_url).netloc
        self.faults = []
        self.expected = []
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("request", self.request)
        page.on("requestfailed", self.failed)
        page.on("response", self.response)

    def expect(self, pattern):
        """Faults matching this regular expression are what the test wants to see."""
        self.expected.append(pattern)

    def console(self, message):
        if message.type in ("error", "warning"):
            self.faults.append(f"console: {message.text}")

    def request(self, request):
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob", "about") and address.netloc != self.home:
            self.faults.append(f"leaves the site: {request.url}")

    def failed(self, request):
        # A navigation away aborts what is still on its way, and a download ends its navigation.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"failed: {request.url} {request.failure}")

    def response(self, response):
        if response.status >= 400:
            self.faults.append(f"{response.status}: {response.request.method} {response.url}")

    def verdict(self):
        return [fault for fault in self.faults if not any(re.search(one, fault) for one in self.expected)]


@pytest.fixture(scope="session")
def browser():
    path = chromium()
    if not path:
        without_browser("there is no Chromium in PATH")
    from playwright.sync_api import Error, expect, sync_playwright

    # Playwright keeps an event loop in this thread; the tests' own queries are not asynchronous for that.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE)
    manager = sync_playwright()
    try:
        chrome = manager.start().chromium.launch(executable_path=path, args=FLAGS)
    except Exception as error:
        if not isinstance(error, Error) and "driver" not in str(error):
            raise
        without_browser(f"Chromium does not start: {error}")
    yield chrome
    chrome.close()
    manager.__exit__()


def without_browser(reason):
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(f"REQUIRE_BROWSER=1, but {reason}")
    pytest.skip(f"{reason}: journeys in a browser are not tried")


@pytest.fixture
def open_page(browser, live_server):
    """open_page(width, height) opens a page with a session of its own: a second person, a second tab."""
    contexts, witnesses = [], []

    def open_page(width=1280, height=900, **options):
        context = browser.new_context(
            base_url=live_server.url, locale="ru-RU", timezone_id="Europe/Samara", accept_downloads=True,
            viewport={"width": width, "height": height}, **options,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.witness = Witness(page, live_server.url)
        witnesses.append(page.witness)
        return page

    yield open_page
    for context in contexts:
        context.close()
    faults = [fault for witness in witnesses for fault in witness.verdict()]
    assert not faults, "\n".join(faults)


@pytest.fixture
def page(open_page):
    return open_page()


@pytest.fixture
def phone(open_page):
    return open_page(360, 740, has_touch=True)
