"""Answers kept in memory: made once, made anew after a change, never given when too old."""

from __future__ import annotations

import asyncio

import pytest

from ckanext.govdata.front import page_cache
from ckanext.govdata.front.page_cache import Answer, Kept, packed
from tests.front.front_world import TYPE, Portal, ask, run, until


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
        portal.events["flood"] = (2, True, "")
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
        portal.events["flood"] = (2, True, "")
        await until(lambda: front._events["flood"][0] == 2)
        monkeypatch.setattr(page_cache, "PATIENCE", 60)
        assert b"version 1" in (await ask(front, "/emergency/flood"))[2]
        monkeypatch.setattr(page_cache, "PATIENCE", 0)
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
        portal.events["flood"] = (2, True, "")
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


@pytest.mark.parametrize("asked_before", [1, 2])
def test_after_a_silence_the_former_answer_is_not_given(monkeypatch, asked_before) -> None:
    async def work() -> None:
        portal = Portal()
        front = portal.front()
        for _ in range(asked_before):
            await ask(front, "/emergency/flood")
        monkeypatch.setattr(page_cache, "PATIENCE", 0.05)
        portal.events["flood"] = (2, True, "")
        await until(lambda: front._events["flood"][0] == 2)
        await asyncio.sleep(0.1)
        assert b"version 2" in (await ask(front, "/emergency/flood"))[2]

    run(work())


def test_a_rendering_overtaken_by_a_change_is_not_given_later(monkeypatch) -> None:
    async def work() -> None:
        portal = Portal()
        front = portal.front()
        monkeypatch.setattr(page_cache, "PATIENCE", 0.05)
        portal.gate.clear()
        first = asyncio.ensure_future(ask(front, "/emergency/flood"))
        await until(lambda: portal.rendered)
        portal.events["flood"] = (2, True, "")
        await until(lambda: front._events["flood"][0] == 2)
        portal.gate.set()
        await first
        await asyncio.sleep(0.1)
        assert b"version 2" in (await ask(front, "/emergency/flood"))[2]

    run(work())


def test_a_rendering_overtaken_by_a_withdrawal_is_not_given_later(monkeypatch) -> None:
    """Only how the data stands has changed, not the event's version."""
    async def work() -> None:
        portal, target = Portal(), "/emergency/flood.json"
        front = portal.front()
        monkeypatch.setattr(page_cache, "PATIENCE", 0.05)
        portal.gate.clear()
        first = asyncio.ensure_future(ask(front, target))
        await until(lambda: portal.rendered)
        portal.events["flood"] = (1, True, "rain active true")
        await until(lambda: front._events["flood"][2] != "")
        portal.gate.set()
        await first
        await asyncio.sleep(0.1)
        before = len(portal.rendered)
        await ask(front, target)
        assert len(portal.rendered) > before

    run(work())


def test_what_goes_by_the_clock_is_made_anew_before_it_is_given(monkeypatch) -> None:
    async def work() -> None:
        portal = Portal()
        front = portal.front()
        await ask(front, "/emergency/flood")
        monkeypatch.setattr(page_cache, "LIFE", 0.02)
        monkeypatch.setattr(page_cache, "PATIENCE", 0.02)
        await asyncio.sleep(0.1)
        portal.gate.clear()
        late = asyncio.ensure_future(ask(front, "/emergency/flood"))
        await until(lambda: len(portal.rendered) == 2)
        assert not late.done()
        portal.gate.set()
        await late

    run(work())


def test_memory_stays_bounded(monkeypatch) -> None:
    async def work() -> None:
        monkeypatch.setattr(page_cache, "MOST_BYTES", 5000)

        async def render(target: str) -> Answer:
            return packed(200, TYPE, target.encode() * 1000)

        cache = Kept(render)
        for number in range(50):
            await cache.get(str(number), 1)
        assert cache._bytes <= 5000
        assert sum(e.answer.size for e in cache._entries.values() if e.answer) == cache._bytes

    run(work())


def test_one_answer_that_is_very_large_is_not_kept(monkeypatch) -> None:
    async def work() -> None:
        async def render(_target: str) -> Answer:
            return packed(200, TYPE, b"water" * 1000)

        monkeypatch.setattr(page_cache, "LARGEST", 5000)
        cache = Kept(render)
        assert await cache.get("large", 1) is None, "CKAN gives it itself"
        assert cache._bytes == 0

    run(work())


def test_a_slow_rendering_does_not_take_the_place_of_a_newer_one() -> None:
    async def work() -> None:
        slow, made = asyncio.Event(), []

        async def render(_target: str) -> Answer:
            number = len(made) + 1
            made.append(number)
            if number == 1:
                await slow.wait()
            return packed(200, TYPE, f"rendering {number}".encode())

        cache = Kept(render)
        first = asyncio.ensure_future(cache.get("page", 1))
        await until(lambda: made == [1])
        await cache.get("page", 2)
        slow.set()
        await first
        answer = await cache.get("page", 2)
        assert answer is not None
        assert answer.plain == b"rendering 2"
        assert made == [1, 2]

    run(work())


def test_what_cannot_be_made_anew_is_not_given_as_it_was() -> None:
    async def work() -> None:
        broken = False

        async def render(_target: str) -> Answer:
            if broken:
                raise ValueError("a bug")
            return packed(200, TYPE, b"as it was")

        cache = Kept(render)
        assert await cache.get("page", 1) is not None
        broken = True
        assert await cache.get("page", 2) is not None, "while the new one is made"
        await until(lambda: not cache._making)
        with pytest.raises(ValueError, match="a bug"):
            await cache.get("page", 2)

    run(work())


def test_what_is_of_an_event_that_has_gone_is_forgotten() -> None:
    async def work() -> None:
        made = []

        async def render(target: str) -> Answer:
            made.append(target)
            return packed(200, TYPE, b"flood")

        cache = Kept(render)
        await cache.get("page", 1)
        cache.refresh(lambda _target: None)
        await cache.get("page", 1)
        assert made == ["page", "page"], "were it there again it would not be as it was"

    run(work())


def test_the_list_is_kept_after_an_event_has_gone() -> None:
    """Its mark may not fall with the sum of what is left, or nothing new would be kept."""

    async def work() -> None:
        portal = Portal()
        portal.events["storm"] = (5, True, "")
        front = portal.front()
        for _ in range(2):
            await ask(front, "/emergency")
        portal.events = {"flood": (2, True, "")}
        await until(lambda: portal.rendered.count("/emergency") == 2)
        await until(lambda: not front.kept._making)
        assert b"version 2" in (await ask(front, "/emergency"))[2]

    run(work())


def test_what_was_withdrawn_is_not_given_out_of_memory() -> None:
    """The event goes on as it was, only its data is closed: no former answer meanwhile."""
    async def work() -> None:
        portal, target = Portal(), "/emergency/flood.json"
        front = portal.front()
        await ask(front, target)
        before = len(portal.rendered)
        portal.events["flood"] = (1, True, "rain active true")
        await until(lambda: front._events["flood"][2] != "")
        await ask(front, target)
        assert len(portal.rendered) > before

    run(work())
