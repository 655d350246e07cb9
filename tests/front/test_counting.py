"""Data that is given from memory is counted there; the pages of an archive tell how much."""

from __future__ import annotations

import asyncio

import pytest

from tests.front.front_world import Portal, ask, run

DATA = "/emergency/flood/data/water.csv"


def counted(portal: Portal, *asked: tuple[str, str, dict[str, str]]) -> list[dict]:
    async def work() -> None:
        front = portal.front()
        for path, method, headers in asked:
            await ask(front, path, method, **headers)
        await front._keep_count()

    run(work())
    return portal.counted


def test_what_is_fetched_is_counted_by_event_and_dataset() -> None:
    portal = Portal()
    found = counted(
        portal,
        (DATA, "GET", {}),
        (DATA, "GET", {}),
        ("/emergency/flood/data/water.json", "GET", {}),
        (f"/en{DATA}", "GET", {}),
        ("/emergency/flood/data/rain.csv", "GET", {}),
    )
    assert found == [{("flood", "water"): 4, ("flood", "rain"): 1}]


def test_what_is_not_data_or_not_given_is_not_counted() -> None:
    portal = Portal()
    assert counted(
        portal,
        (DATA, "HEAD", {}),
        ("/emergency/flood.json", "GET", {}),
        ("/emergency/flood", "GET", {}),
        ("/emergency/nothing/data/water.csv", "GET", {}),
        (DATA, "GET", {"cookie": "ckan=1"}),
    ) == []  # fmt: skip


def test_who_has_it_still_does_not_fetch_it() -> None:
    portal = Portal()

    async def work() -> None:
        front = portal.front()
        _status, headers, _body = await ask(front, DATA)
        status, _headers, _body = await ask(front, DATA, if_none_match=headers["etag"])
        assert status == 304
        await front._keep_count()

    run(work())
    assert portal.counted == [{("flood", "water"): 1}]


def test_while_the_database_is_away_the_count_is_kept() -> None:
    portal = Portal()

    async def work() -> None:
        front = portal.front()
        await ask(front, DATA)
        portal.away = True
        await front._keep_count()
        await ask(front, DATA)
        portal.away = False
        await front._keep_count()

    run(work())
    assert portal.counted == [{("flood", "water"): 2}]


def test_nothing_is_written_where_nothing_was_fetched() -> None:
    portal = Portal()
    assert counted(portal) == []


def test_the_watch_writes_it_down_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    from ckanext.govdata.front import application

    monkeypatch.setattr(application, "COUNTING", 0.0)
    portal = Portal()

    async def work() -> None:
        front = portal.front()
        await ask(front, DATA)
        for _ in range(200):
            if portal.counted:
                return
            await asyncio.sleep(0.02)

    run(work())
    assert portal.counted == [{("flood", "water"): 1}]


def test_what_was_fetched_last_is_counted_when_the_process_ends() -> None:
    portal = Portal()

    async def work() -> None:
        front, ends = portal.front(), asyncio.Event()
        begins = iter((True,))

        async def receive() -> dict[str, str]:
            if not next(begins, False):
                await ends.wait()
            return {"type": "lifespan"}

        async def send(message: dict[str, str]) -> None:
            said.append(message["type"])

        said: list[str] = []
        living = asyncio.ensure_future(front({"type": "lifespan"}, receive, send))
        await ask(front, DATA)
        ends.set()
        await living
        assert said == ["lifespan.startup.complete", "lifespan.shutdown.complete"]

    run(work())
    assert portal.counted == [{("flood", "water"): 1}]
