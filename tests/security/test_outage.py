"""While PostgreSQL is away strangers read copies of CKAN's own pages: what was public, no more."""
from __future__ import annotations

from urllib.parse import urlsplit

import ckan.model as model
import pytest
import sqlalchemy as sa
from ckan.tests import factories
from ckan.tests.helpers import call_action
from sqlalchemy.exc import SQLAlchemyError

from ckanext.govdata import settings
from ckanext.govdata.catalogue.entry.public_changes import PublicChanges
from ckanext.govdata.front.application import Front
from ckanext.govdata.front.portal_outage import outage
from tests.front.front_world import ask, run, until

FACTS = {
    "domain": "living", "open_attribute": "unconditional", "share_type": "unconditional",
    "update_period": "yearly",
}
PAGES = {
    "": ("/", "/dataset/e0", "/dataset/", "/about", "/help", "/rules", "/organization/"),
    "/zh_Hant_TW": ("/dataset/e0",),
    "/zh_Hans_CN": ("/dataset/e0",),
}


@pytest.fixture
def entries(fresh):
    department = factories.Organization()["id"]
    return [
        factories.Dataset(name=name, title=f"公厕信息{name}", owner_org=department, **FACTS)
        for name in ("e0", "e1")
    ]


@pytest.fixture
def front(entries, web_application, ckan_config, monkeypatch):
    """As a web process has it, without emergencies, before the application of the tests."""
    monkeypatch.setattr("ckanext.govdata.front.application.PAUSE", 0.02)
    monkeypatch.setitem(ckan_config, "ckan.cache_enabled", True)  # as a portal is configured
    cookies = settings.signed_in_cookies()
    return Front(web_application, lambda _: None, dict, cookies, 1, outage=outage(web_application))


@pytest.fixture
def lose(front, monkeypatch):
    """Call it, and nothing listens where the database was."""
    def away() -> None:
        nowhere = sa.create_engine("postgresql://nobody@127.0.0.1:9/nothing")
        monkeypatch.setattr(model.meta, "engine", nowhere)
        model.Session.session_factory.configure(bind=nowhere)
        for name in ("_heard", "_listening"):
            monkeypatch.setattr(PublicChanges, name, _refused)

    there = model.meta.engine
    yield away
    model.Session.remove()
    model.Session.session_factory.configure(bind=there)


def _refused(_self: object, *_: object) -> None:
    raise SQLAlchemyError("nothing listens")


async def read(front: Front, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
    host = {"host": urlsplit(settings.site_url()).netloc}
    status, told, body = await ask(front, path, **{**host, **headers})
    return status, told, body.decode()


@pytest.mark.parametrize(("language", "words"), [
    ("", "This page is a copy of "), ("/zh_Hant_TW", "本頁為"), ("/zh_Hans_CN", "本页为")])
def test_pages_are_read_on_in_their_language(front, lose, language, words) -> None:
    async def work() -> None:
        for path in PAGES[language]:
            assert (await read(front, language + path))[0] == 200, path
        lose()
        await until(front._away)
        for path in PAGES[language]:
            status, headers, body = await read(front, language + path)
            assert status == 200, path
            assert words in body.partition("gd-banner__text")[2][:200], path
            assert headers["cache-control"] == "no-store"
            assert "set-cookie" not in headers
            assert headers["content-security-policy"]
            assert 'name="_csrf_token" value="' not in body.replace('value=""', "")
        assert "/dataset/e0" in (await read(front, f"{language}/dataset/e0"))[2]
        assert (await read(front, f"{language}/user/login"))[0] == 503
        assert (await read(front, f"{language}/dataset/e1"))[0] == 503, "nobody had read it"
        assert (await read(front, "/api/3/action/package_list"))[0] == 503

    run(work())


def withdrawn(entry: dict) -> None:
    call_action("package_patch", id=entry["id"], private=True)


def deleted(entry: dict) -> None:
    call_action("package_delete", id=entry["id"])


def purged(entry: dict) -> None:
    call_action("dataset_purge", id=entry["id"])


def by_hand(entry: dict) -> None:
    with model.meta.engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE package SET private = true WHERE id = :id"), {"id": entry["id"]})


def corrected(entry: dict) -> None:
    call_action("package_patch", id=entry["id"], title="公厕")


@pytest.mark.parametrize("change", [withdrawn, deleted, purged, by_hand, corrected])
def test_what_was_taken_back_before_is_in_no_copy(front, lose, entries, change) -> None:
    async def work() -> None:
        read_before = ("/", "/dataset/", "/dataset/e0")
        for path in read_before:
            assert "公厕信息e0" in (await read(front, path))[2], path
        turn = front._outage.copies.turn
        change(entries[0])
        await until(lambda: front._outage.copies.turn > turn)
        lose()
        await until(front._away)
        for path in read_before:
            status, _headers, body = await read(front, path)
            assert status == 503, path
            assert "公厕信息e0" not in body

    run(work())


def test_a_change_of_one_entry_leaves_the_page_of_another(front, lose, entries) -> None:
    async def work() -> None:
        assert (await read(front, "/about"))[0] == 200
        turn = front._outage.copies.turn
        call_action("package_patch", id=entries[1]["id"], title="路灯")
        await until(lambda: front._outage.copies.turn > turn)
        assert front._outage.copies.find("/about") is not None

    run(work())


def test_a_department_that_is_renamed_is_in_no_copy(front, entries) -> None:
    async def work() -> None:
        await read(front, "/about")
        call_action("organization_patch", id=entries[0]["owner_org"], title="新局")
        await until(lambda: front._outage.copies.find("/about") is None)

    run(work())


def test_what_was_told_while_nobody_listened_may_be_anything(entries) -> None:
    changes = PublicChanges(settings.database_url())
    assert changes.taken() is None
    assert changes.taken() == frozenset()
    corrected(entries[0])
    assert changes.taken() >= {"e0", entries[0]["id"]}
    with model.meta.engine.begin() as connection:
        ended = sa.text("SELECT pg_terminate_backend(:pid)")
        driver = changes._connection.connection.driver_connection
        connection.execute(ended, {"pid": driver.info.backend_pid})
    corrected(entries[1])
    assert changes.taken() is None
    assert changes.taken() == frozenset()
