"""While the database is away what everybody may read is read from copies, and from nothing else."""

from __future__ import annotations

import gzip
import threading
import time
from typing import Any

import pytest

from ckanext.govdata.front import copies, outage
from ckanext.govdata.front.application import Front
from ckanext.govdata.front.copies import Copies
from ckanext.govdata.front.outage import TIME, Database, Outage, OutageWords
from ckanext.govdata.front.page_cache import Unmade
from tests.front.front_world import Portal, ask, run, until

HOST = {"host": "data.example"}
PUBLIC = "public, max-age=60"
WORDS = {
    "": OutageWords(f"<p>副本 {TIME}</p>", "<p>没有回应"),
    "en": OutageWords(f"<p>Copy {TIME}</p>", "<p>Away"),
}


@pytest.fixture(autouse=True)
def _often(monkeypatch):
    monkeypatch.setattr("ckanext.govdata.front.application.PAUSE", 0.01)


class Pages(Portal):
    """A portal of pages before a database that can go, hang, and tell of changes."""

    def __init__(self) -> None:
        super().__init__()
        self.title, self.links = "first", ""
        self.headers = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", PUBLIC)]
        self.status = "200 OK"
        self.changed: set[str] | None = set()
        self.hanging = threading.Event()
        self.hanging.set()
        self.broken_off = 0

    def render(self, target: str):
        if self.away:
            raise Unmade
        return super().render(target)

    def wsgi(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        self.asked.append(environ["PATH_INFO"])
        if self.away:
            start("503 Service Unavailable", [("Content-Type", "text/html")])
            return [b"away"]
        start(self.status, self.headers)
        return [b"<html><body class='a'>", f"{self.title} {self.links}".encode(), b"</body>"]

    def changes(self) -> frozenset[str] | None:
        self.hanging.wait(10)
        if self.away:
            raise OSError("the database is away")
        told, self.changed = self.changed, set()
        return None if told is None else frozenset(told)

    def let_go(self) -> None:
        self.broken_off += 1

    def front(self, threads: int = 2) -> Front:
        kept = Copies(["en"], "data.example", ["x-token"])
        away = Outage(Database(self.changes, self.let_go), kept, WORDS)
        return Front(self.wsgi, self.render, self.look, frozenset({b"ckan"}), threads, outage=away)

    async def lose(self, front: Front) -> None:
        self.away = True
        await until(front._away)


async def read_then_lose(portal: Pages, front: Front, path: str, **asked: Any) -> None:
    status, _headers, _body = await ask(front, path, **{**HOST, **asked})
    assert status == 200 or portal.status != "200 OK"
    await portal.lose(front)


def test_what_was_read_is_read_on_and_says_of_when_it_is() -> None:
    async def work() -> None:
        portal = Pages()
        front = portal.front()
        await read_then_lose(portal, front, "/en/dataset/x")
        for cookie in ({}, {"cookie": "ckan=secret"}):
            status, headers, body = await ask(front, "/en/dataset/x", **cookie)
            assert status == 200
            assert b"<body class='a'><p>Copy " in body
            assert b"first" in body
            assert b"{" not in body
            assert headers["cache-control"] == "no-store"
            assert int(headers["age"]) < 10
            assert headers["warning"].startswith("111 ")
            assert "etag" not in headers
        assert (await ask(front, "/dataset/x"))[0] == 503, "of another language there is no copy"
        await ask(front, "/en/dataset/x", "POST")
        assert portal.asked[-1] == "/en/dataset/x"

    run(work())


def test_a_copy_is_whole_whatever_the_reader_asks_of_it() -> None:
    async def work() -> None:
        portal = Pages()
        front = portal.front()
        await read_then_lose(portal, front, "/")
        plain = await ask(front, "/", if_none_match='"x"', range="bytes=0-3")
        assert plain[0] == 200
        assert plain[1]["content-length"] == str(len(plain[2]))
        zipped = await ask(front, "/", accept_encoding="br, gzip")
        assert gzip.decompress(zipped[2]) == plain[2]
        head = await ask(front, "/", "HEAD")
        assert (head[0], head[1]["content-length"], head[2]) == (200, str(len(plain[2])), b"")

    run(work())


@pytest.mark.parametrize("asked", [
    {"cookie": "ckan=secret"}, {"cookie": "anything=1"}, {"authorization": "t"}, {"x_token": "t"},
    {"host": "evil.example"}, {"hx_request": "true"}, {"x_requested_with": "XMLHttpRequest"},
    {"accept": "application/ld+json"}, {"method": "HEAD"}, {"method": "POST"},
])
def test_only_what_a_stranger_reads_in_the_usual_way_is_copied(asked: dict[str, str]) -> None:
    async def work() -> None:
        portal = Pages()
        front = portal.front()
        await read_then_lose(portal, front, "/dataset/x", **asked)
        assert (await ask(front, "/dataset/x", **HOST))[0] == 503

    run(work())


@pytest.mark.parametrize("path", [
    "/dataset/x/resource/y", "/dataset/x/resource/y/download/z.csv", "/user/somebody",
    "/cases/mine", "/en/notices", "/api/3/action/package_show", "/about/more", "/zz/dataset/x",
    "/dataset/x?y",
])
def test_of_other_addresses_there_is_no_copy(path: str) -> None:
    async def work() -> None:
        portal = Pages()
        front = portal.front()
        await read_then_lose(portal, front, path)
        assert (await ask(front, path, **HOST))[0] == 503

    run(work())


@pytest.mark.parametrize(("status", "headers"), [
    ("404 Not Found", {}), ("302 Found", {}), ("200 OK", {"Cache-Control": "private"}),
    ("200 OK", {"Cache-Control": "public, no-store"}), ("200 OK", {"Set-Cookie": "ckan=1"}),
    ("200 OK", {"Content-Type": "application/json"}), ("200 OK", {"Content-Encoding": "gzip"}),
])
def test_only_pages_that_everybody_may_keep_are_copied(status, headers) -> None:
    async def work() -> None:
        portal = Pages()
        portal.status = status
        portal.headers = list({**dict(portal.headers), **headers}.items())
        front = portal.front()
        await read_then_lose(portal, front, "/dataset/x")
        assert (await ask(front, "/dataset/x", **HOST))[0] == 503

    run(work())


def test_queries_are_other_pages_of_lists_and_none_of_others() -> None:
    async def work() -> None:
        portal = Pages()
        front = portal.front()
        await ask(front, "/dataset/", query=b"q=a", **HOST)
        await ask(front, "/dataset/", query=b"q=" + b"a" * 400, **HOST)
        await ask(front, "/dataset/x", query=b"a=1", **HOST)
        await portal.lose(front)
        assert (await ask(front, "/dataset/", query=b"q=a"))[0] == 200
        assert (await ask(front, "/dataset/", query=b"q=b"))[0] == 503
        assert (await ask(front, "/dataset/", query=b"q=" + b"a" * 400))[0] == 503
        assert (await ask(front, "/dataset/"))[0] == 503
        assert (await ask(front, "/dataset/x", query=b"a=1"))[0] == 503
        assert (await ask(front, "/dataset/x"))[0] == 503

    run(work())


def test_ever_other_addresses_drive_out_no_page_of_the_house(monkeypatch) -> None:
    monkeypatch.setattr(copies, "MOST_BYTES", {False: 30_000, True: 10_000})

    async def work() -> None:
        portal = Pages()
        front = portal.front()
        await ask(front, "/", **HOST)
        for number in range(200):
            await ask(front, "/dataset/", query=b"q=%d" % number, **HOST)
        kept = front._outage.copies
        assert sum(kept._bytes.values()) <= 40_000
        await portal.lose(front)
        assert (await ask(front, "/"))[0] == 200
        assert (await ask(front, "/dataset/", query=b"q=0"))[0] == 503
        assert (await ask(front, "/dataset/", query=b"q=199"))[0] == 200

    run(work())


@pytest.mark.parametrize(("changed", "left"), [
    (set(), ["/", "/dataset/x", "/dataset/y"]),
    ({"x", "id-of-x"}, ["/dataset/y"]),
    ({"id-of-y"}, ["/", "/dataset/x"]),
    (None, []),
])
def test_what_names_a_changed_entry_goes_and_all_of_what_is_withdrawn(changed, left) -> None:
    async def work() -> None:
        portal = Pages()
        front = portal.front()
        portal.links = "<a href='/dataset/x'>"
        await ask(front, "/", **HOST)
        await ask(front, "/dataset/x", **HOST)
        portal.links = "<a href='/en/dataset/id-of-y/resource/1'>"
        await ask(front, "/dataset/y", **HOST)
        turn = front._outage.copies.turn
        portal.changed = changed
        await until(lambda: changed == set() or front._outage.copies.turn > turn)
        await portal.lose(front)
        found = [p for p in ("/", "/dataset/x", "/dataset/y") if (await ask(front, p))[0] == 200]
        assert found == left

    run(work())


def test_a_page_that_was_begun_before_a_change_is_not_copied_after_it() -> None:
    async def work() -> None:
        portal = Pages()
        front = portal.front()
        await ask(front, "/about", **HOST)
        passing = front._outage.passing(
            {"method": "GET", "path": "/dataset/x", "query_string": b"",
             "headers": [(b"host", b"data.example")]}, _nowhere)
        portal.changed = {"another"}
        turn = passing.turn
        await until(lambda: front._outage.copies.turn > turn)
        await passing.send({"type": "http.response.start", "status": 200, "headers": [
            (b"content-type", b"text/html"), (b"cache-control", b"public")]})
        await passing.send({"type": "http.response.body", "body": b"<body>old"})
        await passing.end()
        assert front._outage.copies.find("/dataset/x") is None

    run(work())


async def _nowhere(_message: Any) -> None:
    pass


def test_an_event_that_begins_takes_every_copy_for_each_page_tells_of_it() -> None:
    async def work() -> None:
        portal = Pages()
        front = portal.front()
        await ask(front, "/", **HOST)
        portal.events["quake"] = (1, True, "")
        await until(lambda: front._outage.copies.find("/") is None)

    run(work())


def test_a_service_that_only_ckan_misses_has_the_copy_given_in_the_place_of_its_503() -> None:
    async def work() -> None:
        portal = Pages()
        front = portal.front()
        await ask(front, "/dataset/", **HOST)
        portal.status = "503 Service Unavailable"
        status, headers, body = await ask(front, "/dataset/", **HOST)
        assert (status, headers["cache-control"]) == (200, "no-store")
        assert "副本".encode() in body
        assert (await ask(front, "/region/", **HOST))[0] == 503

    run(work())


def test_with_the_database_back_pages_are_made_again() -> None:
    async def work() -> None:
        portal = Pages()
        front = portal.front()
        await read_then_lose(portal, front, "/")
        portal.away, portal.title, portal.changed = False, "second", None
        await until(lambda: not front._away())
        body = (await ask(front, "/", **HOST))[2]
        assert b"second" in body
        assert "副本".encode() not in body

    run(work())


def test_a_database_that_hangs_is_let_go_and_nobody_waits_for_it(monkeypatch) -> None:
    monkeypatch.setattr(outage, "PATIENCE", 0.1)

    async def work() -> None:
        portal = Pages()
        front = portal.front()
        await ask(front, "/en/dataset/x", **HOST)
        portal.hanging.clear()
        await until(lambda: portal.broken_off)
        asked = len(portal.asked)
        assert (await ask(front, "/en/dataset/x"))[0] == 200
        status, headers, body = await ask(front, "/en/cases/mine", accept="text/html")
        assert (status, headers["retry-after"], body) == (503, "30", b"<p>Away")
        status, headers, body = await ask(front, "/api/3/action/package_list", accept="*/*")
        assert (status, headers["content-type"]) == (503, "application/json; charset=utf-8")
        assert b"Service Unavailable" in body
        assert len(portal.asked) == asked
        await ask(front, "/api/govdata/health")
        assert portal.asked[-1] == "/api/govdata/health"
        portal.hanging.set()
        await until(lambda: not front._away())
        assert (await ask(front, "/en/cases/mine"))[0] == 200

    run(work())


def test_an_emergency_stands_as_long_as_the_database_is_away_and_says_so(monkeypatch) -> None:
    monkeypatch.setattr("ckanext.govdata.front.page_cache.LIFE", 0.0)
    monkeypatch.setattr("ckanext.govdata.front.page_cache.PATIENCE", 0.0)
    monkeypatch.setattr("tests.front.front_world.TYPE", (
        (b"content-type", b"text/html; charset=utf-8"), (b"cache-control", b"public")))
    monkeypatch.setattr(Portal, "page", "<body>{}</body>")

    async def work() -> None:
        portal = Pages()
        front = portal.front()
        await ask(front, "/en/emergency/flood")
        await ask(front, "/webassets/x.css")
        portal.away = True
        assert (await ask(front, "/en/emergency/flood"))[0] == 200, "before anybody noticed"
        await until(front._away)
        for _ in range(2):
            status, headers, body = await ask(front, "/en/emergency/flood")
            assert status == 200
            assert b"<p>Copy " in body
            assert b"version 1" in body
            assert headers["cache-control"] == "no-store"
            assert (await ask(front, "/en/emergency/flood", cookie="ckan=1"))[0] == 200
            assert (await ask(front, "/webassets/x.css"))[0] == 200

    run(work())


def test_a_database_that_hangs_and_takes_no_connection_hangs_on(monkeypatch) -> None:
    """The listener's connection breaks while it hangs, and a new one times out again and again."""
    monkeypatch.setattr(outage, "PATIENCE", 0.02)

    async def work() -> None:
        portal = Pages()
        front = portal.front()
        await ask(front, "/about", **HOST)
        portal.away = True
        portal.hanging.wait = lambda _seconds: time.sleep(0.05)  # type: ignore[method-assign]
        await until(lambda: portal.broken_off > 2)
        asked = len(portal.asked)
        for _ in range(10):
            assert (await ask(front, "/cases/mine"))[0] == 503
        assert len(portal.asked) == asked, "nobody is sent to wait"

    run(work())
