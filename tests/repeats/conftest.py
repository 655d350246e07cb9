"""Programs that ask with a key, and what goes wrong once an act is committed."""
from __future__ import annotations

from contextlib import contextmanager

import ckan.model as model
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan.lib import redis as ckan_redis
from ckan.lib.search import common
from ckan.tests.helpers import call_action
from redis import ConnectionPool, Redis
from sqlalchemy import event

from ckanext.govdata.ledger import actors
from tests.cases.conftest import browse, world  # noqa: F401
from tests.emergency.conftest import flood, place  # noqa: F401


@pytest.fixture
def token():
    """The headers by which somebody's program is known."""
    made = {}

    def of(who):
        if who not in made:
            given = call_action("api_token_create", context={"user": who}, user=who, name="p")
            made[who] = given["token"]
        return {"Authorization": made[who]}

    return of


@pytest.fixture
def ask(app, token):
    """Call an action as a program does, with a key."""

    def called(who, action, key=None, **sent):
        headers = token(who) | ({"Idempotency-Key": key} if key is not None else {})
        return app.post(f"/api/3/action/{action}", json=sent, headers=headers)

    return called


@pytest.fixture
def page(app, token):
    """A page as somebody sees it; the fields of its form that nobody sees, by name."""

    def hidden(who, path):
        body = app.get(f"/en{path}", headers=token(who)).body
        fields = BeautifulSoup(body, "html.parser").select("form input[type=hidden]")
        return {one["name"]: one.get("value", "") for one in fields}

    return hidden


@pytest.fixture
def send(app, token):
    def sent(who, path, **data):
        return app.post(f"/en{path}", data=data, headers=token(who), follow_redirects=False)

    return sent


@contextmanager
def when_committed(action, break_it):
    """Break something between the first commit of an action and all that comes after it."""
    state = {"pid": 0, "broken": False}

    def before(session):
        if actors.outermost() == action and not session.in_nested_transaction():
            state["pid"] = session.scalar(sa.text("SELECT pg_backend_pid()"))

    def after(session):
        if state["pid"] and not state["broken"] and not session.in_nested_transaction():
            state["broken"] = True
            break_it(state["pid"])

    event.listen(model.Session, "before_commit", before)
    event.listen(model.Session, "after_commit", after)
    try:
        yield state
    finally:
        event.remove(model.Session, "before_commit", before)
        event.remove(model.Session, "after_commit", after)


@pytest.fixture
def mend(monkeypatch):
    """All is there again."""
    there = model.meta.engine

    def mended():
        monkeypatch.undo()
        model.Session.remove()
        model.Session.session_factory.configure(bind=there)

    return mended


@pytest.fixture(params=["connection", "postgresql", "solr", "valkey"])
def breaking(request, monkeypatch, mend, web_application):
    """What breaks: a function that takes the number of the backend that committed."""

    def backend(pid):
        other = sa.create_engine(model.meta.engine.url)
        with other.connect() as connection:
            connection.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        other.dispose()

    def postgresql(pid):
        """It goes and does not come back: nothing listens where it was."""
        backend(pid)
        nowhere = sa.create_engine("postgresql://nobody@127.0.0.1:9/nothing")
        monkeypatch.setattr(model.meta, "engine", nowhere)
        model.Session().bind = nowhere
        model.Session.session_factory.configure(bind=nowhere)

    def solr(_pid):
        def away(*_given, **_more):
            raise OSError("Solr is away")

        monkeypatch.setattr(common, "make_connection", away)

    def valkey(_pid):
        nowhere = ConnectionPool.from_url("redis://127.0.0.1:9/0")
        monkeypatch.setattr(ckan_redis, "_connection_pool", nowhere)
        kept = web_application.session_interface
        monkeypatch.setattr(kept._kept, "client", Redis(connection_pool=nowhere))

    ways = {"connection": backend, "postgresql": postgresql, "solr": solr, "valkey": valkey}
    yield ways[request.param]
    mend()
