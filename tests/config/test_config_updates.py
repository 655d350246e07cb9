"""A request does not ask each time whether somebody changed options in the browser."""
from __future__ import annotations

from ckan.lib.app_globals import app_globals

from ckanext.govdata import config_updates


def test_it_is_asked_once_in_a_while(monkeypatch):
    at = [100.0]
    monkeypatch.setattr(config_updates.time, "monotonic", lambda: at[0])
    asked = []
    ask = config_updates.seldom(lambda: asked.append(at[0]), 1.0)
    for instant in (100.0, 100.5, 100.9, 101.0, 101.2, 102.5):
        at[0] = instant
        ask()
    assert asked == [100.0, 101.0, 102.5]


def test_the_portal_does_so(app):
    assert app.get("/").status_code == 200
    assert hasattr(app_globals._check_uptodate, "__wrapped__")
