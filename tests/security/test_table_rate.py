"""Whatever reads a table is limited, and is sent away first when CKAN is busy."""
from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ckan.logic import _actions, get_action
from ckan.tests import factories

from ckanext.govdata.front.crowd import EXPENSIVE
from ckanext.govdata.security import rates

pytestmark = pytest.mark.ckan_config("ckanext.govdata.search.anonymous_per_minute", 1)
NGINX = Path(__file__).resolve().parents[2] / "config/deploy/nginx/portal.conf"
READERS = {"readable_table", "table_under"}
"""Who reads a table begins with one of these."""


def reads(function: Callable[..., Any]) -> bool:
    module = sys.modules.get(getattr(function, "__module__", ""))
    return bool(module and READERS & set(vars(module)))


def routes(portal: Any) -> list[str]:
    views = portal.flask_app.view_functions
    return [one.rule for one in portal.flask_app.url_map.iter_rules()
            if one.endpoint in views and reads(views[one.endpoint])]


def test_each_way_to_a_table_is_in_a_class(portal) -> None:
    get_action("status_show")  # has them all loaded
    pages, actions = routes(portal), [name for name, one in _actions.items() if reads(one)]
    assert len(pages) > 1
    assert actions == ["govdata_table_rows"]
    paths = [re.sub("<[^>]*>", "x", one) for one in pages]
    paths += [f"/api/{ver}action/{name}" for name in actions for ver in ("", "3/")]
    limited = [re.compile(one) for one, zone in re.findall(
        r'location ~ "(\S+)" \{\n[^}]*?zone=(table) ', NGINX.read_text())]
    for path in paths:
        for prefix in ("", "/zh_Hans_CN"):
            assert EXPENSIVE.match(f"{prefix}{path}".encode()), path
            assert any(one.match(f"{prefix}{path}") for one in limited), path
        with portal.flask_app.test_request_context(path):
            assert rates.is_reading(), path


def ask(portal, path: str, address: str = "198.51.100.7", **headers: str):
    return portal.test_client().get(
        path, environ_overrides={"REMOTE_ADDR": address}, headers=headers).status_code


def test_over_the_limit_it_is_429_whoever_asks(portal) -> None:
    paths = ["/dataset/x/data/y", "/api/3/action/govdata_table_rows?resource_id=y"] * 2
    found = [ask(portal, path) for path in paths]
    assert 429 not in found[:2]
    assert found[2:] == [429, 429]
    assert ask(portal, paths[0], "203.0.113.1") != 429
    token = factories.UserWithToken()["token"]
    assert [ask(portal, paths[0], Authorization=token) == 429 for _ in range(3)] == [
        False, False, True]
