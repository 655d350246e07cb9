"""The search server is away: whoever needs it is told so and when to ask again; the rest works."""
from __future__ import annotations

import json
import socketserver
import threading

import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.govdata import settings
from ckanext.govdata.catalogue.index import writer
from ckanext.govdata.domain.breaker import Breaker
from ckanext.govdata.search import connection

NOWHERE = "http://127.0.0.1:9/solr/nowhere"
NEEDS_IT = (
    "/feeds/dataset.atom", "/feeds/custom.atom?q=a", "/group/", "/user/{name}",
    "/dashboard/datasets", "/govdata/search/explain?q=公厕",
    "/govdata/search/preview?q=公厕&line=a b&kind=synonym", "/dataset/", "/",
)
WORKS = (
    "/dataset/e0", "/organization/", "/region/", "/search/ask", "/help", "/rules", "/emergency",
    "/govdata/search", "/govdata/search/seeds", "/api/3/action/package_show?id=e0",
    "/api/3/action/package_list", "/api/3/action/organization_list", "/api/3/action/status_show",
    "/api/govdata/suggest?q=gong",
)


@pytest.fixture
def away(portal, operator, ckan_config, monkeypatch):
    """An entry in the database, and then no search server."""
    factories.Dataset(
        name="e0", title="公厕信息", owner_org=factories.Organization()["id"], domain="living",
        open_attribute="unconditional", share_type="unconditional", update_period="yearly",
    )
    monkeypatch.setitem(ckan_config, "solr_url", NOWHERE)


def test_the_api_says_so_in_its_own_form(away, app):
    for path, body in (
        ("package_search?q=公厕", None), ("package_autocomplete?q=a", None), ("package_search", {}),
    ):
        path = f"/api/3/action/{path}"
        answer = app.get(path) if body is None else app.post(path, json=body)
        assert answer.status_code == 503, path
        assert answer.headers["Retry-After"] == "60"
        told = json.loads(answer.body)
        assert told["success"] is False
        assert told["error"]["__type"] == "Search Connection Error"
        assert "search server" in told["error"]["message"]
        assert "result" not in told


def test_pages_that_need_it_say_so_and_the_others_work(away, app, operator):
    headers = {"Authorization": operator["token"]}
    for path in NEEDS_IT:
        answer = app.get("/en" + path.format(**operator), headers=headers)
        assert answer.status_code == 503, path
        assert answer.headers["Retry-After"] == "60", path
        assert "Please try again in a minute." in answer.body, path
    for path in WORKS:
        assert app.get(path, headers=headers).status_code == 200, path


def test_columns_say_so_on_their_page(away, app):
    assert "The search service is resting." in app.get("/en/search/items?q=经度").body


def test_a_server_without_our_core_is_away_too(portal, app, ckan_config, monkeypatch):
    absent = ckan_config["solr_url"].rsplit("/", 1)[0] + "/absent"
    monkeypatch.setitem(ckan_config, "solr_url", absent)
    for path in ("/", "/dataset/", "/feeds/dataset.atom", "/api/3/action/package_search"):
        assert app.get(path).status_code == 503, path


def test_a_wrong_question_is_no_absence(titled, app):
    titled("公厕信息")
    answer = app.get("/api/3/action/package_search", query_string={
        "q": "title:(Failed to connect to server Solr responded with an error (HTTP 404)"})
    assert answer.status_code in (400, 409)
    assert app.get("/api/3/action/no_such_action").status_code == 400


HALF = json.dumps({
    "responseHeader": {"status": 0, "partialResults": True}, "facet_counts": {},
    "response": {"numFound": 1, "start": 0, "docs": []},
}).encode()
"""What Solr answers whose time is over."""


class Silent(socketserver.StreamRequestHandler):
    """Takes a question and does not answer until the test is over; an easy one where it is well."""

    def handle(self) -> None:
        line = self.rfile.readline()
        easy = b"q=*:*&rows=0" in line
        while self.rfile.readline().strip():
            pass
        if easy and self.server.well:  # type: ignore[attr-defined]
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            return
        self.server.asked += not easy  # type: ignore[attr-defined]
        if self.server.half and b"timeAllowed=80" in line:  # type: ignore[attr-defined]
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(HALF) + HALF)
            return
        self.server.answers.wait(60)  # type: ignore[attr-defined]


@pytest.fixture
def silent(away, ckan_config, monkeypatch):
    """In its place one that hangs; its clock stands still."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Silent) as server:
        server.asked, server.answers = 0, threading.Event()  # type: ignore[attr-defined]
        server.well = server.half = False  # type: ignore[attr-defined]
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        host = f"127.0.0.1:{server.server_address[1]}"
        monkeypatch.setitem(ckan_config, "solr_url", f"http://{host}/solr/x")
        monkeypatch.setattr(settings, "search_patience", lambda: 0.1)
        monkeypatch.setattr(connection, "EASY_PATIENCE", 0.1)
        server.now = 0.0  # type: ignore[attr-defined]
        guard = Breaker(connection.MOST, connection.REST, lambda: server.now)
        monkeypatch.setattr(connection, "breaker_of", lambda _server: guard)
        yield server
        server.answers.set()
        server.shutdown()


def test_a_server_that_hangs_is_waited_for_by_few(silent, app):
    """Every thread of the portal would stand there else, and entries and home with them."""
    for _ in range(4):
        assert app.get("/dataset/e0").status_code == 200
        assert app.get("/api/3/action/package_show?id=e0").status_code == 200
        answer = app.get("/dataset/")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert silent.asked == connection.MOST


def test_questions_that_are_too_much_keep_nobody_from_asking(silent, app):
    """Else three of a stranger's would take the search away from everybody."""
    silent.well = True
    for number in range(connection.MOST + 2):
        assert app.get(f"/dataset/?q=a{number}").status_code == 503
    assert silent.asked == connection.MOST + 2


def test_half_of_the_hits_are_not_shown_as_all(silent, app):
    silent.well = silent.half = True
    answer = app.get("/en/dataset/?q=a")
    assert answer.status_code == 503
    assert "Lists and counts are not available for the moment" in answer.body
    assert app.get("/api/3/action/package_search?q=a").status_code == 503
    assert silent.asked == 2


def test_one_asks_for_all_whether_it_is_back(silent, app):
    for path in ("/dataset/e0", "/dataset/", "/dataset/e0", "/dataset/"):
        app.get(path)
    silent.now += connection.REST
    for _ in range(3):
        app.get("/dataset/")
    assert silent.asked == connection.MOST + 1


def test_what_is_saved_while_it_hangs_is_kept(silent, app):
    officer, own = factories.UserWithToken(), model.Package.get("e0").owner_org
    call_action("organization_member_create", id=own, username=officer["name"], role="editor")
    headers = {"Authorization": officer["token"]}
    changed = {"id": "e0", "title": "公厕分布"}
    answer = app.post("/api/3/action/package_patch", json=changed, headers=headers)
    assert (answer.status_code, answer.json["result"]["title"]) == (200, "公厕分布")
    assert writer.waiting() == 1
