"""A secret is shown once: who loads its page anew, or sits down after somebody, does not see it."""
from __future__ import annotations

from typing import get_type_hints

from bs4 import BeautifulSoup

from ckanext.govdata import slices
from ckanext.govdata.repeats.keyed_actions import SHOWN_ONCE
from tests.access.opened_grants import opened
from tests.declarations import answer_of

SECRETS = {"token", "secret", "key", "password"}
"""What the declared answers call what nobody else may read."""


def test_every_action_that_answers_a_secret_is_known(with_plugins) -> None:
    found = {
        name for name, action in slices.functions("action").items()
        if not getattr(action, "side_effect_free", False)
        and SECRETS & set(getattr(answer_of(action), "__annotations__", {}) and
                          get_type_hints(answer_of(action)))
    }
    assert found == SHOWN_ONCE


def secret_of(body: str) -> str:
    found = BeautifulSoup(body, "html.parser").select_one(".gd-case-token, .gd-em-secret")
    return found.get_text() if found else ""


def test_a_grants_token_is_not_shown_again(world, app, token) -> None:
    path, headers = f"/en/grants/{opened(world)['id']}", token("citizen")
    page = BeautifulSoup(app.get(path, headers=headers).body, "html.parser")
    form = page.select_one("form:has(#name)")
    asked = {one["name"]: one.get("value", "") for one in form.select("input[type=hidden]")}
    asked["name"] = "每周更新"
    first, again = (
        app.post(form["action"], data=asked, headers=headers).body for _ in range(2)
    )
    assert secret_of(first)
    assert secret_of(first) not in again


def test_a_webhooks_secret_is_not_shown_again(flood, page, app, token) -> None:
    asked = {**page("citizen", "/emergency-hooks"), "url": "https://example.org/hook",
             "region": "340102"}
    first, again = (
        app.post("/en/emergency-hooks", data=asked, headers=token("citizen")).body
        for _ in range(2)
    )
    assert secret_of(first)
    assert secret_of(first) not in again
