"""No page sends a reader out of the portal, whatever the address says where to go back to."""
from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from ckan.tests import factories, helpers

OURS = "test.govdata.example"
NAMES = ("came_from", "next", "return_to", "back", "url", "redirect", "target", "to")
WAYS_OUT = [
    "//evil.example", "\\\\evil.example", "/\\evil.example", "\\/evil.example", "/\t/evil.example",
    "/\r/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example",
    "https://evil.example", "https:evil.example", "https:/evil.example", "///evil.example",
    "/%09/evil.example", "/%5cevil.example", "/%2fevil.example", "/／evil.example",
    f"https://{OURS}@evil.example", f"http://{OURS}.evil.example", f"//{OURS}@evil.example",
    f"http://{OURS}\\@evil.example", "javascript:alert(1)", "data:text/html,x",
    "/\x00/evil.example",
    "/\r\nSet-Cookie: a=b", "user.read", "evil", "\ufeff//evil.example",
]  # fmt: skip
ASIDE = ("static", "webassets.index")
"""Files."""


def stays(answer) -> bool:
    """Whether a browser that follows the answer is still here, and no words were added to it."""
    location = answer.headers.get("Location", "")
    read = "".join(c for c in location.replace("\\", "/").strip() if c not in "\t\r\n")
    there = urlsplit(urljoin(f"http://{OURS}/x/y", read))
    cookies = str(answer.headers.get_all("Set-Cookie"))
    return there.hostname in (OURS, "localhost") and "a=b" not in cookies


@pytest.mark.parametrize("way", WAYS_OUT)
def test_signing_in_leads_into_the_portal(portal, reader, way):
    client = portal.test_client()
    form = {"login": reader["name"], "password": reader["password"]}
    for name in ("came_from", "next"):
        answer = client.post("/user/login", query_string={name: way}, data=form,
                             follow_redirects=False)
        assert answer.status_code < 500, way
        assert stays(answer), (way, answer.headers.get("Location"))
        left = client.get("/user/_logout", query_string={name: way}, follow_redirects=False)
        assert left.status_code < 500, way
        assert stays(left), (way, left.headers.get("Location"))


@pytest.mark.parametrize("way", WAYS_OUT)
def test_closing_a_banner_and_the_redirector_stay(portal, way):
    client = portal.test_client()
    for answer in (
        client.post("/emergency/any/banner", data={"back": way}, follow_redirects=False),
        client.get("/util/redirect", query_string={"url": way}, follow_redirects=False),
    ):
        assert answer.status_code < 500, way
        assert stays(answer), (way, answer.headers.get("Location"))


@pytest.mark.parametrize("path", ["/dataset/x?q=水价", f"http://{OURS}/dataset/x"])
def test_a_page_of_the_portal_is_returned_to(portal, reader, path):
    client = portal.test_client()
    form = {"login": reader["name"], "password": reader["password"]}
    answer = client.post("/user/login", query_string={"came_from": path}, data=form,
                         follow_redirects=False)
    assert urlsplit(answer.headers["Location"]).path == "/dataset/x"


@pytest.mark.parametrize("signed_in", [False, True])
def test_no_route_takes_a_reader_out(portal, loaded_plugins, signed_in):
    """Every route of the running application, with every name under which such a place is given."""
    headers = {}
    if signed_in:
        token = helpers.call_action("api_token_create", user=factories.User()["name"], name="t")
        headers = {"Authorization": token["token"]}
    client, wrong = portal.test_client(), []
    for rule in portal.flask_app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in ASIDE:
            continue
        path = _filled(rule)
        for way in ("\\\\evil.example", "/\t/evil.example", "//evil.example"):
            answer = client.get(path, query_string=dict.fromkeys(NAMES, way), headers=headers,
                                follow_redirects=False)
            answer.close()
            if not stays(answer) or (answer.status_code == 500):
                wrong.append((rule.rule, way, answer.status_code, answer.headers.get("Location")))
    assert wrong == []


def _filled(rule) -> str:
    """An address of the route with something in each of its places."""
    path = rule.rule
    for name in rule.arguments:
        for kind in ("int:", "path:", "uuid:", "string:", "float:", ""):
            path = path.replace(f"<{kind}{name}>", "1")
    return path.partition("<")[0] if "<" in path else path
