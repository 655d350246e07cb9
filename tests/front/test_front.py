"""What stands before CKAN: kept answers, streams, and who is sent away. No CKAN is needed."""

from __future__ import annotations

import asyncio
import gzip
import json
import threading
from collections.abc import Coroutine
from typing import Any

import pytest

from ckanext.govdata.front import kept, streams
from ckanext.govdata.front.application import Front
from ckanext.govdata.front.crowd import Crowd
from ckanext.govdata.front.kept import Answer, Kept, packed

TYPE = ((b"content-type", b"text/plain"),)


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(work, 20))


class Portal:
    """A WSGI application and its events, both in memory; counts what it is asked."""

    def __init__(self) -> None:
        self.events = {"flood": (1, True)}
        self.rendered: list[str] = []
        self.asked: list[str] = []
        self.gate = threading.Event()
        self.gate.set()
        self.away = False

    def look(self) -> dict[str, tuple[int, bool]]:
        if self.away:
            raise OSError("the database is away")
        return dict(self.events)

    def render(self, target: str) -> Answer | None:
        self.rendered.append(target)
        version = self.events["flood"][0]
        self.gate.wait(10)
        if "manage" in target:
            return None
        if "broken" in target:
            raise ValueError(target)
        return packed(200, TYPE, f"{target} version {version} ".encode() * 50)

    def wsgi(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        self.asked.append(environ["PATH_INFO"])
        self.gate.wait(10)
        length = len(environ["wsgi.input"].read())
        start("200 OK", [("Content-Type", "text/plain")])
        return [f"ckan {environ['QUERY_STRING']} {length}".encode()]

    def front(self, threads: int = 2) -> Front:
        return Front(self.wsgi, self.render, self.look, frozenset({b"ckan"}), threads)


async def ask(
    front: Front,
    path: str,
    method: str = "GET",
    query: bytes = b"",
    body: bytes = b"",
    **headers: str,
) -> tuple[int, dict[str, str], bytes]:
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query,
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 1),
        "root_path": "",
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
    }
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    await front(scope, receive, send)
    start = said[0]
    found = {k.decode(): v.decode() for k, v in start["headers"]}
    return start["status"], found, b"".join(m.get("body", b"") for m in said[1:])


async def until(true: Any) -> None:
    for _ in range(1000):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come about")


def test_a_page_is_rendered_once_and_answered_from_memory() -> None:
    async def work() -> None:
        portal = Portal()
        front = portal.front()
        answers = [await ask(front, "/emergency/flood") for _ in range(5)]
        assert portal.rendered == ["/emergency/flood"]
        assert portal.asked == []
        assert len({body for _s, _h, body in answers}) == 1

    run(work())


def test_many_who_come_at_once_cause_one_rendering() -> None:
    async def work() -> None:
        portal = Portal()
        front = portal.front()
        portal.gate.clear()
        waiting = [asyncio.ensure_future(ask(front, "/emergency/flood")) for _ in range(100)]
        await until(lambda: portal.rendered)
        portal.gate.set()
        answers = await asyncio.gather(*waiting)
        assert portal.rendered == ["/emergency/flood"]
        assert {status for status, _h, _b in answers} == {200}

    run(work())


def test_after_a_change_the_new_answer_is_made_by_itself() -> None:
    async def work() -> None:
        portal = Portal()
        front = portal.front()
        await ask(front, "/emergency/flood")
        await ask(front, "/emergency/flood")
        portal.events["flood"] = (2, True)
        await until(lambda: len(portal.rendered) == 2)
        await until(lambda: not front.kept._making)
        assert b"version 2" in (await ask(front, "/emergency/flood"))[2]
        assert len(portal.rendered) == 2

    run(work())


def test_the_former_answer_is_given_while_the_new_one_is_made_but_not_for_long(
    monkeypatch,
) -> None:
    async def work() -> None:
        portal = Portal()
        front = portal.front()
        await ask(front, "/emergency/flood")
        portal.gate.clear()
        portal.events["flood"] = (2, True)
        await until(lambda: front._events["flood"][0] == 2)
        monkeypatch.setattr(kept, "PATIENCE", 60)
        assert b"version 1" in (await ask(front, "/emergency/flood"))[2]
        monkeypatch.setattr(kept, "PATIENCE", 0)
        late = asyncio.ensure_future(ask(front, "/emergency/flood"))
        await until(lambda: len(portal.rendered) == 2)
        assert not late.done()
        portal.gate.set()
        assert b"version 2" in (await late)[2]

    run(work())


def test_a_change_during_a_rendering_is_not_missed() -> None:
    async def work() -> None:
        portal = Portal()
        front = portal.front()
        portal.gate.clear()
        first = asyncio.ensure_future(ask(front, "/emergency/flood"))
        await until(lambda: portal.rendered)
        portal.events["flood"] = (2, True)
        await until(lambda: front._events["flood"][0] == 2)
        portal.gate.set()
        assert b"version 1" in (await first)[2]
        await until(lambda: front.kept._entries)
        await ask(front, "/emergency/flood")
        await until(lambda: len(portal.rendered) == 2 and not front.kept._making)
        assert b"version 2" in (await ask(front, "/emergency/flood"))[2]

    run(work())


def test_while_the_database_is_away_what_is_kept_is_right() -> None:
    async def work() -> None:
        portal = Portal()
        front = portal.front()
        await ask(front, "/emergency/flood")
        portal.away = True
        await asyncio.sleep(0.6)
        assert (await ask(front, "/emergency/flood"))[0] == 200

    run(work())


def test_whoever_is_signed_in_is_answered_by_ckan() -> None:
    async def work() -> None:
        portal = Portal()
        front = portal.front()
        await ask(front, "/emergency/flood", cookie="a=b; ckan=secret")
        await ask(front, "/emergency/flood", authorization="token")
        assert portal.rendered == []
        await ask(front, "/emergency/flood", cookie="a=b; ckanx=1")
        assert portal.rendered == ["/emergency/flood"]

    run(work())


@pytest.mark.parametrize(
    ("path", "query", "method"),
    [
        ("/dataset/x", b"", "GET"),
        ("/emergency/unknown", b"", "GET"),
        ("/emergency/flood", b"at=2026-07-01", "GET"),
        ("/emergency/flood/manage", b"", "GET"),
        ("/emergency/flood", b"", "POST"),
        ("/emergencyx", b"", "GET"),
    ],
)
def test_what_is_not_kept_is_ckans(path, query, method) -> None:
    async def work() -> None:
        portal = Portal()
        status, _headers, body = await ask(portal.front(), path, method, query, b"four")
        assert (status, portal.asked) == (200, [path])
        assert body == b"ckan " + query + b" 4"

    run(work())


def test_an_address_that_ckan_gives_itself_is_not_rendered_again_and_again() -> None:
    async def work() -> None:
        portal = Portal()
        front = portal.front()
        for _ in range(3):
            await ask(front, "/emergency/flood/manage")
        assert portal.rendered == ["/emergency/flood/manage"]
        assert len(portal.asked) == 3

    run(work())


def test_every_language_has_its_own_answer() -> None:
    async def work() -> None:
        portal = Portal()
        front = portal.front()
        await ask(front, "/en/emergency/flood")
        await ask(front, "/zh_Hant_TW/emergency/flood.json")
        await ask(front, "/emergency")
        await ask(front, "/emergency.json")
        assert portal.rendered == [
            "/en/emergency/flood",
            "/zh_Hant_TW/emergency/flood.json",
            "/emergency",
            "/emergency.json",
        ]

    run(work())


def test_the_entity_tag_saves_the_body_and_gzip_most_of_it() -> None:
    async def work() -> None:
        front = Portal().front()
        _status, headers, body = await ask(front, "/emergency/flood")
        zipped = await ask(front, "/emergency/flood", accept_encoding="br, gzip")
        assert gzip.decompress(zipped[2]) == body
        assert zipped[1]["etag"] != headers["etag"]
        for tag in (headers["etag"], zipped[1]["etag"], f"W/{headers['etag']}"):
            again = await ask(front, "/emergency/flood", if_none_match=tag)
            assert (again[0], again[2]) == (304, b"")
        head = await ask(front, "/emergency/flood", "HEAD")
        assert (head[1]["content-length"], head[2]) == (str(len(body)), b"")

    run(work())


def test_a_query_that_is_no_ascii_reaches_ckan_quoted() -> None:
    async def work() -> None:
        answer = await ask(Portal().front(), "/dataset/", query="q=水".encode())
        assert answer[2] == b"ckan q=%E6%B0%B4 0"

    run(work())


def test_a_bug_in_rendering_is_told_by_ckan_and_not_kept() -> None:
    async def work() -> None:
        portal = Portal()
        front = portal.front()
        for _ in range(2):
            with pytest.raises(ValueError, match="broken"):
                await ask(front, "/emergency/flood/broken")
        assert len(portal.rendered) == 2

    run(work())


def test_memory_stays_bounded(monkeypatch) -> None:
    async def work() -> None:
        monkeypatch.setattr(kept, "MOST_BYTES", 5000)

        async def render(target: str) -> Answer:
            return packed(200, TYPE, target.encode() * 1000)

        cache = Kept(render)
        for number in range(50):
            await cache.get(str(number), 1)
        assert cache._bytes <= 5000
        assert sum(e.answer.size for e in cache._entries.values() if e.answer) == cache._bytes

    run(work())


def test_an_emergency_sends_searches_away_before_anything_else() -> None:
    crowd = Crowd(threads=2, inside=4)
    assert not crowd.admits(b"/dataset/", emergency=True)
    assert not crowd.admits(b"/api/3/action/package_search", emergency=True)
    assert not crowd.admits(b"/en/organization/yaohai", emergency=True)
    assert crowd.admits(b"/dataset/flood", emergency=True)
    assert crowd.admits(b"/api/3/action/govdata_emergency_publish", emergency=True)
    assert crowd.admits(b"/dataset/", emergency=False)
    assert crowd.shed == 3
    assert Crowd(threads=2, inside=1).admits(b"/dataset/", emergency=True)
    assert not Crowd(threads=2, inside=200).admits(b"/dataset/flood", emergency=False)


def test_whoever_is_sent_away_hears_when_to_come_back_and_events_are_still_answered() -> None:
    async def work() -> None:
        portal = Portal()
        front = portal.front(threads=1)
        await ask(front, "/emergency/flood")
        portal.gate.clear()
        inside = [asyncio.ensure_future(ask(front, "/dataset/x")) for _ in range(2)]
        await until(lambda: front.crowd.inside == 2)
        status, headers, body = await ask(front, "/dataset/")
        assert (status, headers["retry-after"]) == (503, "2")
        assert json.loads(body)["error"]["__type"] == "Busy"
        assert (await ask(front, "/emergency/flood"))[0] == 200
        portal.gate.set()
        await asyncio.gather(*inside)
        assert front.crowd.inside == 0

    run(work())


class Listener:
    """Somebody at a stream."""

    def __init__(self) -> None:
        self.said: list[bytes] = []
        self.gone = asyncio.Event()
        self.status = 0

    async def receive(self) -> dict[str, str]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        self.status = message.get("status", self.status)
        if message.get("body"):
            self.said.append(message["body"])


def test_a_stream_tells_the_version_now_and_when_it_changes() -> None:
    async def work() -> None:
        versions = {"flood": 3}
        every, listener = streams.Streams(), Listener()
        running = asyncio.ensure_future(
            every.run("flood", versions.get, listener.receive, listener.send)
        )
        await until(lambda: len(listener.said) == 2)
        assert b'id: 3\nevent: version\ndata: {"event": "flood", "version": 3}' in listener.said[1]
        versions["flood"] = 4
        every.changed()
        await until(lambda: len(listener.said) == 3)
        assert b"id: 4" in listener.said[2]
        assert every.open == 1
        listener.gone.set()
        await running
        assert every.open == 0

    run(work())


def test_a_stream_beats_while_nothing_happens(monkeypatch) -> None:
    async def work() -> None:
        monkeypatch.setattr(streams, "BEAT", 0.01)
        every, listener = streams.Streams(), Listener()
        running = asyncio.ensure_future(
            every.run("flood", {"flood": 1}.get, listener.receive, listener.send)
        )
        await until(lambda: b": still here\n\n" in listener.said)
        listener.gone.set()
        await running

    run(work())


def test_a_flood_of_streams_is_limited(monkeypatch) -> None:
    async def work() -> None:
        monkeypatch.setattr(streams, "MOST", 0)
        listener = Listener()
        await streams.Streams().run("flood", {"flood": 1}.get, listener.receive, listener.send)
        assert listener.status == 503

    run(work())
