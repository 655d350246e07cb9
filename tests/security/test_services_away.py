"""PostgreSQL or Valkey does not answer, or a lock is not given back: 503 in words, and as it was
when it is there again."""
from __future__ import annotations

import io
import json
import resource

import ckan.model as model
import pytest
import sqlalchemy as sa
from ckan.lib import redis as ckan_redis
from ckan.tests import factories
from ckan.tests.helpers import call_action
from redis import ConnectionPool, Redis

from ckanext.govdata.ledger import book
from ckanext.govdata.security import kept_texts, services_away
from tests.snapshots import restored

PASSWORD = "Baohe-2026-lake"
PAGES = (
    "/", "/dataset/e0", "/dataset/", "/about", "/help", "/rules", "/emergency", "/emergency.json",
    "/organization/", "/user/login", "/cases/mine", "/notices", "/nowhere-at-all",
    "/feeds/dataset.atom",
)
CALLS = ("package_show?id=e0", "package_list", "organization_list", "govdata_emergency_list")


@pytest.fixture
def entry(fresh):
    return restored("services away", lambda: factories.Dataset(
        name="e0", title="公厕信息", owner_org=factories.Organization()["id"], domain="living",
        open_attribute="unconditional", share_type="unconditional", update_period="yearly",
    ))  # fmt: skip


@pytest.fixture
def reader(entry, app):
    """Somebody who is signed in by his session."""
    user = factories.User(password=PASSWORD)
    answer = app.post("/user/login", data={"login": user["name"], "password": PASSWORD})
    assert answer.status_code == 200
    assert user["fullname"] in app.get("/dashboard/datasets").body
    return user


@pytest.fixture
def no_postgres(entry, monkeypatch):
    """Nothing listens where the database was: each new connection is refused, by TCP itself."""
    nowhere = sa.create_engine("postgresql://nobody@127.0.0.1:9/nothing")
    model.Session.remove()
    there = model.meta.engine
    monkeypatch.setattr(model.meta, "engine", nowhere)
    model.Session.session_factory.configure(bind=nowhere)
    yield
    model.Session.remove()
    model.Session.session_factory.configure(bind=there)


@pytest.fixture
def no_valkey(reader, web_application, monkeypatch):
    """Nothing listens where Valkey was."""
    nowhere = ConnectionPool.from_url("redis://127.0.0.1:9/0")
    monkeypatch.setattr(ckan_redis, "_connection_pool", nowhere)
    kept = web_application.session_interface
    monkeypatch.setattr(kept._kept, "client", Redis(connection_pool=nowhere))


@pytest.mark.parametrize(("language", "words"), [
    ("/zh_Hans_CN", "平台部分服务暂时没有响应"), ("/zh_Hant_TW", "平臺部分服務暫時沒有回應"),
    ("/en", "A part of the portal does not answer at the moment."),
])
@pytest.mark.parametrize("path", PAGES)
def test_without_postgresql_every_page_says_so(no_postgres, app, path, language, words) -> None:
    answer = app.get(language + path)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == services_away.AGAIN
    assert "no-store" in answer.headers["Cache-Control"]
    assert words in answer.body
    assert "<main>" in answer.body
    assert ("Try again" in answer.body) == (language == "/en")
    assert "127.0.0.1" not in answer.body


@pytest.mark.parametrize("path", ["/", "/dataset/e0", "/cases/mine", "/user/login", "/favicon.ico"])
def test_whoever_is_signed_in_is_told_the_same(reader, no_postgres, app, path) -> None:
    """His account is looked for before anything else, when nothing of the request is ready."""
    for _ in range(2):
        answer = app.get(f"/en{path}")
        assert answer.status_code == 503
        assert "A part of the portal does not answer" in answer.body
    assert app.get("/api/govdata/health").status_code in (200, 503)


@pytest.mark.parametrize("call", CALLS)
def test_without_postgresql_the_api_says_so_in_its_form(no_postgres, app, call) -> None:
    answer = app.get(f"/api/3/action/{call}")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == services_away.AGAIN
    told = json.loads(answer.body)
    assert told["success"] is False
    assert told["error"]["__type"] == "Service Unavailable"


def test_the_health_page_answers_all_the_same(no_postgres, app) -> None:
    answer = app.get("/api/govdata/health")
    assert answer.status_code in (200, 503)
    assert "postgres" in json.loads(answer.body)["parts"]


def test_without_valkey_a_signed_in_reader_reads_what_is_public(no_valkey, reader, app) -> None:
    for path in ("/", "/dataset/e0", "/dataset/", "/about", "/rules", "/emergency"):
        answer = app.get(f"/en{path}")
        assert answer.status_code == 200, path
        assert "You are shown what everybody sees" in answer.body, path
        assert reader["fullname"] not in answer.body, path
        assert "no-store" in answer.headers["Cache-Control"], path
        assert "Set-Cookie" not in answer.headers, path


def test_without_valkey_what_needs_the_reader_is_refused_in_words(no_valkey, app) -> None:
    for path in ("/cases/mine", "/notices", "/grants", "/cases/desk"):
        answer = app.get(f"/en{path}", follow_redirects=False)
        assert answer.status_code == 503, path
        assert "You are still signed in" in answer.body, path
    answer = app.post("/en/notices/preference", data={"mail": "none"})
    assert answer.status_code == 503
    assert "before you send it again" in answer.body


def test_with_valkey_back_he_is_signed_in_as_before(reader, app, web_application, monkeypatch):
    with monkeypatch.context() as away:
        nowhere = Redis(connection_pool=ConnectionPool.from_url("redis://127.0.0.1:9/0"))
        away.setattr(web_application.session_interface._kept, "client", nowhere)
        assert reader["fullname"] not in app.get("/dataset/e0").body
    assert reader["fullname"] in app.get("/dashboard/datasets").body


def test_an_error_of_ours_is_no_service_that_is_away() -> None:
    assert not services_away.is_away(ValueError("no"))
    assert not services_away.is_away(sa.exc.ProgrammingError("SELECT", {}, Exception("no column")))
    later = RuntimeError("the page of the error failed too")
    later.__context__ = sa.exc.OperationalError("SELECT", {}, Exception("refused"))
    assert services_away.is_away(later)


def test_who_waits_for_the_ledger_is_told_and_nothing_is_half_written(entry, app) -> None:
    """A process hangs while it has the ledger's turn: others wait two seconds, not ten."""
    operator = factories.SysadminWithToken()
    headers, hidden = {"Authorization": operator["token"]}, {"id": "e0"}
    with model.meta.engine.begin() as connection:
        connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({book.LOCK})"))
        answer = app.post("/api/3/action/package_delete", json=hidden, headers=headers)
        assert answer.status_code == 503
        told = json.loads(answer.body)["error"]["message"]
        assert "Somebody else is writing here" in told
        assert "Nothing of what you sent was kept." in told
    model.Session.expire_all()
    assert model.Package.get("e0").state == "active"
    answer = app.post("/api/3/action/package_delete", json=hidden, headers=headers)
    assert answer.status_code == 200


@pytest.fixture
def little_room():
    """No file of this process grows beyond 128 KiB, as on a disk that is full then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**17, hard))
    yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("by_program", [True, False])
def test_a_disk_that_fills_in_an_upload_is_said_and_nothing_is_kept(
    entry, app, little_room, by_program
) -> None:
    officer = factories.UserWithToken()
    call_action("organization_member_create", id=entry["owner_org"], username=officer["name"],
                role="editor")
    headers = {"Authorization": officer["token"]}
    path = "/api/3/action/resource_create" if by_program else "/en/dataset/e0/resource/new"

    def upload():
        sent = {"package_id": "e0", "name": "a", "url": "a.csv", "save": "go-metadata", "id": ""}
        file = (io.BytesIO(b"name\n" + b"a row\n" * 60_000), "a.csv")
        return app.post(path, headers=headers, data={**sent, "upload": file},
                        content_type="multipart/form-data", follow_redirects=False)

    answer = upload()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == services_away.AGAIN
    told = json.loads(answer.body)["error"]["message"] if by_program else answer.body
    assert "no room left" in told
    assert "Nothing of what you sent was kept." in told
    model.Session.expire_all()
    assert model.Package.get("e0").resources == []
    little_room()
    assert upload().status_code == (200 if by_program else 302)


def test_a_form_with_a_key_may_be_loaded_anew(no_postgres, app) -> None:
    safe = "it is carried out only once"
    sent = {"login": "somebody", "password": PASSWORD}
    assert safe not in app.post("/en/user/login", data=sent).body
    answer = app.post("/en/user/login", data={**sent, kept_texts.ONCE: "0" * 32})
    assert answer.status_code == 503
    assert safe in answer.body
    assert "kept whole or not at all" in answer.body
    assert safe not in app.get("/en/user/login?_once=1").body
