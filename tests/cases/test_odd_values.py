"""No odd value of any parameter of any action of ours is a fault of the server."""
from __future__ import annotations

import contextlib
import re
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import logic, model
from ckan.lib.search import SearchError, SearchQueryError
from ckan.tests import helpers

from tests.cases.conftest import call, make_user

ODD: list[Any] = [
    "", " ", "x", "1e2", "-1", "0", "1.5", "١٢", "9" * 30, "水" * 3000, "\u202e", "%", "'\"", "[]",
    "2026-02-30", "0000-00-00", "10000-01-01", "../..", 0, -1, 1.5, 10**30, True, None,
    [], [1], [None], [[]], [{}], {}, {"a": 1}, {"a": {"b": [None]}}, ["x"] * 200,
]  # fmt: skip
FINE = (tk.ValidationError, tk.NotAuthorized, tk.ObjectNotFound, SearchQueryError, SearchError)
PARAMETER = re.compile(r":param ([\w, ]+):")


def ours() -> dict[str, Any]:
    logic.get_action("package_show")
    return {n: logic.get_action(n) for n in sorted(logic._actions) if n.startswith("govdata_")}


def parameters(action: Any) -> list[str]:
    """What the action's documentation says that it takes."""
    found = [n.strip() for m in PARAMETER.findall(action.__doc__ or "") for n in m.split(",")]
    return list(dict.fromkeys(name for name in found if name))


def sensible(world, case: dict[str, Any]) -> dict[str, Any]:
    """A value for parameters that lead further in."""
    return {
        "id": case["id"], "dataset_id": world.entry["id"], "dataset": world.entry["name"],
        "kind": "open_application", "command": "remark", "fields": {}, "jurisdiction": "yaohai",
        "q": "公交", "dry_run": True,
    }  # fmt: skip


def failures(name: str, contexts: list[dict[str, Any]], asked: dict[str, Any]) -> list[str]:
    found = []
    for context in contexts:
        try:
            tk.get_action(name)({**context}, {**asked})
        except FINE:
            pass
        except Exception as error:
            found.append(f"{name}({_short(asked)}) as {context['user']}: {error!r:.150}")
        finally:
            model.Session.rollback()
    return found


def _short(asked: dict[str, Any]) -> str:
    return ", ".join(f"{key}={value!r:.40}" for key, value in asked.items())


def test_no_odd_value_is_our_fault(world):
    case = world.apply()
    make_user("operator9", sysadmin=True)
    contexts = [{"user": "citizen"}, {"user": "officer"}, {"user": "operator9"}]
    wrong: list[str] = []
    for name, action in ours().items():
        names = parameters(action)
        known = {k: v for k, v in sensible(world, case).items() if k in names}
        for parameter in names:
            for value in ODD:
                wrong += failures(name, contexts, {**known, parameter: value})
        wrong += failures(name, contexts, {"nobody": {"knows": [None]}})
    assert not wrong, f"{len(wrong)} faults:\n" + "\n".join(wrong[:: max(1, len(wrong) // 100)])


def test_an_anonymous_reader_is_refused_the_collaborators(world, app):
    for name in (world.entry["id"], "absent"):
        answer = app.get(f"/api/3/action/package_collaborator_list?id={name}")
        assert answer.status_code in (403, 404)


def test_the_head_takes_the_list_of_members(world, app):
    token = helpers.call_action("api_token_create", context={"user": "head"}, user="head", name="t")
    name = call("head", "organization_list_for_user")[0]["name"]
    url = f"/organization/member_dump/{name}"
    answer = app.get(url, headers={"Authorization": token["token"]}, status=200)
    assert "officer" in answer.body
    app.get(url, status=404)


@pytest.mark.parametrize("value", ["1e2", [3], "x", {}, -1, 10**30, None, "", True, 1.5])
def test_a_limit_under_a_grant(world, value):
    from ckanext.govdata.access import rows
    from ckanext.govdata.domain.access import Permitted, Way

    allowed = Permitted(Way.GRANT, grant="g", columns=("a",), row_limit=3)
    for name in ("limit", "offset"):
        asked = {"fields": ["a"], name: value}
        with contextlib.suppress(tk.ValidationError):  # what it says, and no other exception
            rows.within(allowed, asked)
