"""A portal with the demo in it, and a real browser to walk through it."""
from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from ckanext.govdata.stack import portal as stack_portal
from ckanext.govdata.stack.home import Home
from tests.mailbox import Mailbox, mailbox
from tests.portals import PROGRAMS, Portal, environ, running

PASSWORD = os.environ.get("GOVDATA_DEMO_PASSWORD", "demo-password-for-journeys")
PATIENCE = 60_000
"""Milliseconds until something that does not appear fails the test."""
expect.set_options(timeout=PATIENCE)
CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here drives a browser."""
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker("journey")


@pytest.fixture(scope="session")
def post() -> Iterator[Mailbox]:
    """The mail server of the portal."""
    if os.environ.get("GOVDATA_JOURNEYS"):
        pytest.skip("a portal that was running before sends its mail elsewhere")
    with mailbox() as found:
        yield found


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest) -> Iterator[Portal]:
    """The demo portal with a worker, on stores of its own.

    ``GOVDATA_JOURNEYS`` names the address of a running one (password of its accounts in
    ``GOVDATA_DEMO_PASSWORD``) to walk through while writing a journey.
    """
    home = Home.open()
    if address := os.environ.get("GOVDATA_JOURNEYS"):
        yield Portal("running", home, home.ini, address, "")
        return
    place: Mailbox = request.getfixturevalue("post")
    mail = {"smtp.server": place.place, "smtp.starttls": "false",
            "smtp.mail_from": "portal@example.invalid"}  # fmt: skip
    with running(home, "journeys", options=mail) as served:
        stack_portal.ckan(
            home, served.ini, "govdata", "demo", "load", GOVDATA_DEMO_PASSWORD=PASSWORD
        )
        worker = subprocess.Popen(
            [str(PROGRAMS / "ckan"), "-c", str(served.ini), "jobs", "worker"],
            env=environ(served),
            stderr=subprocess.DEVNULL,
        )
        yield served
        worker.terminate()
        worker.wait(30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; skipped where there is none. Its event loop ends with the module's tests:
    others, in the same process, have loops of their own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next(filter(None, map(shutil.which, names)), None)
    if not program:
        pytest.skip("no Chromium on this machine: `make browser` says what is missing")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM))
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def keys() -> dict[str, Any]:
    """The cookies of those who signed in before, so that nobody signs in twice."""
    return {}


@pytest.fixture
def visit(
    site: Portal, browser: Browser, keys: dict[str, Any]
) -> Iterator[Callable[..., Page]]:
    """Open a path of the portal in a window of its own; ``as_user`` signs in first."""
    contexts = []

    def open_page(path: str, *, as_user: str | None = None, **options: object) -> Page:
        settings = {"locale": "zh-CN", "viewport": {"width": 1280, "height": 900}, **options}
        if as_user in keys:
            settings["storage_state"] = keys[as_user]
        context = browser.new_context(base_url=site.url, **settings)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        if as_user and as_user not in keys:
            page.goto("/user/login")
            page.fill("input[name=login]", as_user)
            page.fill("input[name=password]", PASSWORD)
            page.press("input[name=password]", "Enter")
            page.wait_for_url(lambda url: "/user/login" not in url)
            keys[as_user] = context.storage_state()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def on_day(site: Portal) -> Iterator[Callable[[date | str], None]]:
    """Move the portal's clock to a day and let the daily sweep run; the real time comes back."""

    def go(day: date | str) -> None:
        site.pretend(str(day))
        stack_portal.ckan(site.home, site.ini, "govdata", "sweep", "--today", str(day))

    yield go
    site.pretend("")


@pytest.fixture
def yaohai_in_force(site: Portal) -> Iterator[None]:
    """A day on which Yaohai's own text binds: after 7 February 2027 the level above does."""
    site.pretend("2026-11-23")
    yield
    site.pretend("")


@pytest.fixture
def job(site: Portal) -> Callable[[str], None]:
    """Let a job run that the scheduler would run within the minute, by the portal's clock."""

    def run(name: str) -> None:
        clock = str(site.ini.with_suffix(".today"))
        stack_portal.ckan(
            site.home, site.ini, "govdata", "schedule", "run", name, GOVDATA_CLOCK=clock
        )

    return run
