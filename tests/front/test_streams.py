"""Server-sent events: the version now, each change, a beat, and no more than a process bears."""

from __future__ import annotations

import asyncio
from asyncio import Future
from typing import Any

from ckanext.govdata.front import streams
from tests.front.front_world import Portal, ask, run, until


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


async def listening(versions: dict[str, int]) -> tuple[streams.Streams, Listener, Future[None]]:
    """Somebody who listens to an event and was told how it stands."""
    every, listener = streams.Streams(), Listener()
    running = asyncio.ensure_future(
        every.run("flood", versions.get, listener.receive, listener.send)
    )
    await until(lambda: len(listener.said) == 2)
    return every, listener, running


def test_a_stream_tells_the_version_now_and_when_it_changes() -> None:
    async def work() -> None:
        versions = {"flood": 3}
        every, listener, running = await listening(versions)
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


def test_a_stream_ends_with_its_event() -> None:
    async def work() -> None:
        versions = {"flood": 3}
        every, listener, running = await listening(versions)
        versions.clear()
        every.changed()
        await asyncio.wait_for(running, 5)
        assert len(listener.said) == 2

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


def test_a_stream_of_an_event_that_is_not_public_is_ckans_to_answer() -> None:
    async def work() -> None:
        portal = Portal()
        answer = await ask(portal.front(), "/emergency/elsewhere/stream")
        assert answer[2].startswith(b"ckan")
        assert portal.asked == ["/emergency/elsewhere/stream"]

    run(work())
