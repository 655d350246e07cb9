"""Who is sent away when CKAN is busy."""

from __future__ import annotations

import asyncio
import json

from ckanext.govdata.front import crowd
from ckanext.govdata.front.crowd import Crowd
from tests.front.front_world import Portal, ask, run, until


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


def test_in_ordinary_times_a_page_waits_longer_than_a_search() -> None:
    for inside, search, page in ((17, True, True), (18, False, True), (65, False, True),
                                 (66, False, False)):  # fmt: skip
        crowd = Crowd(threads=2, inside=inside)
        assert crowd.admits(b"/dataset/", emergency=False) is search, inside
        assert crowd.admits(b"/dataset/flood", emergency=False) is page, inside


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


def test_in_an_emergency_what_is_expensive_is_done_one_after_the_other() -> None:
    async def work() -> None:
        crowd, busy, most = Crowd(threads=4), 0, 0

        async def one(path: bytes, emergency: bool) -> None:
            nonlocal busy, most
            async with crowd.place(path, emergency):
                busy += 1
                most = max(most, busy)
                for _ in range(5):  # let all the others in
                    await asyncio.sleep(0)
                busy -= 1

        await asyncio.gather(*(one(b"/dataset/", True) for _ in range(5)))
        assert most == 1
        await asyncio.gather(*(one(b"/dataset/", False) for _ in range(4)))
        assert most == 4
        await asyncio.gather(*(one(b"/dataset/flood", True) for _ in range(5)))
        assert most == 5
        assert crowd.inside == 0

    run(work())


def test_those_that_wait_for_their_turn_keep_nobody_else_out() -> None:
    async def work() -> None:
        found, gate = Crowd(threads=4), asyncio.Event()

        async def one() -> None:
            async with found.place(b"/catalogue/export", True):
                await gate.wait()

        inside = [asyncio.ensure_future(one()) for _ in range(5)]
        await until(lambda: found.inside == 5)
        assert not found.admits(b"/dataset/", emergency=True)
        assert found.admits(b"/api/3/action/govdata_emergency_publish", emergency=True)
        gate.set()
        await asyncio.gather(*inside)
        assert found.admits(b"/dataset/", emergency=True)

    run(work())


def test_who_takes_his_answer_slowly_does_not_keep_the_turn(monkeypatch) -> None:
    monkeypatch.setattr(crowd, "LONGEST", 0.01)

    async def work() -> None:
        found, gate, inside = Crowd(threads=4), asyncio.Event(), 0

        async def one() -> None:
            nonlocal inside
            async with found.place(b"/catalogue/export", True):
                inside += 1
                await gate.wait()

        slow = [asyncio.ensure_future(one()) for _ in range(3)]
        await until(lambda: inside == 3)
        gate.set()
        await asyncio.gather(*slow)
        assert found.inside == 0
        monkeypatch.setattr(crowd, "LONGEST", 60)
        async with found.place(b"/catalogue/export", True):
            waiting = asyncio.ensure_future(one())
            await until(lambda: found.inside == 2)
            assert inside == 3  # the clock gave back no more turns than were taken
        await waiting

    run(work())


def test_a_browser_is_sent_away_with_a_page_in_three_languages() -> None:
    async def work() -> None:
        portal = Portal()
        front = portal.front(threads=1)
        await ask(front, "/emergency/flood")
        front.crowd.inside = 2
        status, headers, body = await ask(front, "/dataset/", accept="text/html,*/*")
        assert (status, headers["retry-after"]) == (503, "2")
        assert headers["content-type"] == "text/html; charset=utf-8"
        for words in ("请稍后再试", "請稍後再試", "try again", 'href="/emergency"'):
            assert words in body.decode()

    run(work())
