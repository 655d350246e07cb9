"""Who is sent away when CKAN is busy."""

from __future__ import annotations

import asyncio
import json

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
