"""A flood, a mail server that listens, and somebody who wants to be told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import pytest

from ckanext.govdata.subscriptions import schedule
from tests.emergency.conftest import clock, flood, place, soup
from tests.mailbox import Mailbox, links, portal_mailbox

__all__ = ["clock", "flood", "place", "soup"]
ADDRESS = "wang@example.invalid"
ANYBODY = {"user": "", "auth_user_obj": None}


def anybody(action: str, **data: Any) -> Any:
    """An action as somebody unknown calls it."""
    return tk.get_action(f"govdata_emergency_{action}")(dict(ANYBODY), data)


@pytest.fixture
def post(ckan_config, monkeypatch):
    """The mail server."""
    with portal_mailbox(ckan_config, monkeypatch) as found:
        yield found


@pytest.fixture
def mailed(app, post) -> Callable[[], dict[str, int]]:
    """Let the job run that writes letters."""

    def run() -> dict[str, int]:
        with app.flask_app.app_context():
            return schedule.write_letters()

    return run


def token(letter: Any, purpose: str) -> str:
    """What stands in a letter's link for that purpose."""
    found = next(one for one in links(letter) if one.endswith(f"/{purpose}"))
    return found.split("/")[-2]


@pytest.fixture
def subscribed(flood, post: Mailbox, mailed):
    """Subscribe an address and confirm; the letter of consent is gone."""

    def run(address: str = ADDRESS, **more: Any) -> None:
        given = {} if "region" in more else {"event": flood.event}
        anybody("subscribe", address=address, **given, **more)
        mailed()
        anybody("confirm", token=token(post.to(address)[-1], "confirm"))
        post.letters.clear()

    return run
