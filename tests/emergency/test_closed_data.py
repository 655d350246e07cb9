"""What an emergency let through is closed again with the event, or as soon as its entry is."""
from __future__ import annotations

import json

import ckan.plugins.toolkit as tk
import pytest

from tests.cases.conftest import call, site

CANARY = "https://intern.example.org/canary?key=k-canary"
TABLE = "column-canary,n\nrow-canary,48151623\n"
OVERRIDE = {"bans": ["conditional"], "reason": "群众转移急需，经区长批准开放。"}
TOLD = ("canary", "48151623")


@pytest.fixture(params=["interface", "table"])
def published(request, flood):
    """A conditional entry let through; its id."""
    entry = flood.entry()
    given = {"table": TABLE, "figures": ["n"]} if request.param == "table" else {"url": CANARY}
    flood.publish("head", package=entry["id"], override=OVERRIDE, **given)
    return entry["id"]


def patch(name: str, **fields) -> None:
    tk.get_action("package_patch")(site(), {"id": name, **fields})


CLOSED = {
    "ended": lambda flood, name: call(
        "head", "govdata_emergency_end", id=flood.event, text="险情解除，应急响应终止。"),
    "private": lambda _flood, name: patch(name, private=True),
    "deleted": lambda _flood, name: tk.get_action("package_delete")(site(), {"id": name}),
    "non_open": lambda _flood, name: patch(
        name, open_attribute="non_open", information_items=[{"name": "甲", "type": "C"}]),
}


@pytest.mark.parametrize("change", CLOSED)
def test_nothing_of_the_content_is_public_any_more(flood, published, app, change) -> None:
    shown = flood.show()
    [one] = shown["datasets"]
    digest, at = one["latest"]["digest"], one["latest"]["at"]
    assert one["readable"]
    CLOSED[change](flood, published)
    base = f"/emergency/{flood.event}"
    data = f"{base}/data/{one['name']}"
    for path in (base, f"{base}.json", f"{base}.jsonld", f"{base}.atom", f"{base}/timeline",
                 f"{base}.json?at={at.replace('+', '%2B')}", f"{data}.json", f"{data}.csv",
                 f"{data}.json?at={at.replace('+', '%2B')}", f"{base}/light", "/emergency.json"):
        body = app.get(path, status=None).get_data(as_text=True)
        assert not [word for word in (*TOLD, digest) if word in body], path
    told = json.dumps(tk.get_action("govdata_emergency_show")({"user": ""}, {"id": flood.event}))
    assert not [word for word in (*TOLD, digest) if word in told]
    assert tk.get_action("govdata_emergency_show")({"user": ""}, {"id": flood.event})[
        "datasets"][0]["versions"][0]["number"] == 1
    assert "canary" in json.dumps(flood.show("head")), "whoever answers for it still sees it"
