"""Whoever goes through every address and action with every identifier reads nothing that is not
his. Generated from the running application: a route or action that is new is asked too.
"""
from __future__ import annotations

import re
from typing import Any

import ckan.logic as logic
import pytest
from ckan.lib import search
from ckan.logic import NotFound
from tour_world import SECRET, Tour, tour

pytestmark = pytest.mark.usefixtures("fresh")
FOUND = re.compile(SECRET)
KEYS = ("id", "resource_id", "package_id", "entity_id", "case", "organization", "object_id",
        "grant_id", "user")


def ask(app: Any, token: str, address: str) -> tuple[int, str]:
    headers = {"Authorization": token} if token else {}
    try:
        answer = app.get(address, headers=headers, status=None, follow_redirects=False)
    except (NotFound, AttributeError, AssertionError):  # CKAN's own views that catch too little
        return 500, ""
    text = answer.get_data().decode("utf-8", "replace")
    return answer.status_code, text + str(answer.headers)


def told(text: str, brought: str) -> list[str]:
    return sorted(set(FOUND.findall(text.replace(brought, ""))))


def routes(application: Any, known: Tour) -> list[tuple[str, str]]:
    """Every GET address with one identifier in each place that takes one."""
    found = []
    for rule in application.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or "stream" in rule.rule:
            continue  # streams of news do not end; tests/front asks them
        if not rule.arguments:
            found.append((rule.rule, ""))
            continue
        found += [(re.sub(r"<[^>]+>", word, rule.rule), word) for word in set(known.ids.values())]
    return found


def test_no_address_tells(app, web_application) -> None:
    known, leaks = tour(), []
    for address, word in routes(web_application, known):
        for reader in ("", "stranger"):
            _status, text = ask(app, known.tokens[reader], address)
            if told(text, word):
                leaks.append((address, reader, told(text, word)))
    assert leaks == []


def test_no_action_tells(app) -> None:
    known, leaks = tour(), []
    logic.get_action("package_show")
    reads = [name for name, do in logic._actions.items() if getattr(do, "side_effect_free", False)]
    for name in sorted(reads):
        for word in sorted(set(known.ids.values())):
            query = "&".join(f"{key}={word}" for key in KEYS)
            for reader, more in (("", ""), ("stranger", "&task_type=loader&key=load")):
                address = f"/api/3/action/{name}?{query}{more}"
                status, text = ask(app, known.tokens[reader], address)
                if told(text, word) or (status >= 500 and name.startswith("govdata_")):
                    leaks.append((address, reader, status, told(text, word)))
    assert leaks == []


def test_the_owners_hear_the_canaries(app) -> None:
    """A check that cannot fail is worth nothing."""
    known = tour()
    ids, citizen, officer = known.ids, known.owners["citizen"], known.owners["officer"]
    for token, address, word in (
        (citizen, f"/api/3/action/govdata_case_show?id={ids['case']}", "kanarie-purpose"),
        (citizen, f"/api/3/action/govdata_case_show?id={ids['begun']}", "kanarie-measures"),
        (officer, f"/api/3/action/govdata_case_show?id={ids['case']}", "kanarie-note"),
        (officer, f"/api/3/action/govdata_emergency_show?id={ids['event']}", "kanarie-address"),
        (officer, f"/api/3/action/govdata_emergency_show?id={ids['drill']}", "kanarie-drill"),
        (officer, f"/api/3/action/package_show?id={ids['private']}", "canary-private-notes"),
        (officer, "/api/3/action/task_status_show?id=" + ids["task-resource"], "kanarie-error"),
        (officer, f"/api/3/action/package_show?id={ids['withdrawn']}", "canary-withdrawn-notes"),
    ):
        assert word in ask(app, token, address)[1], address


def test_nothing_that_is_hidden_is_found(app) -> None:
    """By count, under every field and spelling; tests/search/test_looking_elsewhere.py has more."""
    known = tour()
    search.rebuild(known.ids["withdrawn"])  # counts follow the index, which follows each commit
    for field in ("title", "notes", "tags", "text", "name", "res_name", "res_url", "title_string"):
        for spelling in (f"{field}:*canary*", f"{field}:canary*", f"{field}:*\\u0063anary*"):
            for part in ("q", "fq"):
                address = f"/api/3/action/package_search?rows=0&{part}={spelling}"
                status, text = ask(app, "", address)
                assert status in (400, 409) or '"count": 0' in text, (address, text)
    assert '"count": 0' not in ask(app, known.owners["officer"], (
        "/api/3/action/package_search?rows=0&include_private=true&q=title:canary*"))[1]
