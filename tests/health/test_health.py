"""The health page tells every part's state, and why one is down."""
from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import ckan.lib.jobs as queues
import ckan.model as model
import pytest
import redis
import requests
import sqlalchemy as sa
from ckan.lib.redis import connect_to_redis
from rq import Queue, Worker
from sqlalchemy.exc import OperationalError

from ckanext.govdata import now, web_workers
from ckanext.govdata.health import migrations, probes, report
from ckanext.govdata.notices import outbox
from ckanext.govdata.notices.outbox import Post
from ckanext.govdata.scheduler import timetable
from ckanext.govdata.security import keys

PARTS = {"postgres", "datastore", "solr", "valkey", "worker", "scheduler", "disk", "keys",
         "migrations"}
NOWHERE = 9  # the discard port: nothing listens there


def test_every_part_is_told(app):
    answer = app.get("/api/govdata/health", status=503)  # tests run no worker and no scheduler
    assert set(answer.json["parts"]) == PARTS
    assert answer.json["ok"] is False
    assert "no-store" in answer.headers["Cache-Control"]


def test_services_are_well_and_the_missing_worker_is_named(fresh):
    parts = report.examine()["parts"]
    well = {name for name, part in parts.items() if part["ok"]}
    assert well == PARTS - {"worker", "scheduler"}
    assert "ckan jobs worker" in parts["worker"]["why"]
    assert "schedule run" in parts["scheduler"]["why"]


@pytest.mark.parametrize("days", [-30, 0, 30])
def test_who_gives_signs_of_life_is_alive_whatever_day_the_portal_is_shown(app, fresh, days):
    queue = queues.get_queue()
    worker = Worker([queue], connection=connect_to_redis(), name=f"moved-by-{days}")
    worker.register_birth()
    try:
        now.shift(timedelta(days=days))
        timetable.beat(app.flask_app)
        parts = report.examine()["parts"]
        assert (parts["worker"]["why"], parts["scheduler"]["why"]) == ("", "")
        said = datetime.fromisoformat(timetable.last_beat())
        assert abs(now.real() - said) < timedelta(minutes=1)
        for minutes, alive in ((7, True), (9, False)):
            silent = now.real() - timedelta(minutes=minutes)
            connect_to_redis().hset(
                worker.key, "last_heartbeat", f"{silent:%Y-%m-%dT%H:%M:%S.%fZ}")
            assert report.examine()["parts"]["worker"]["ok"] is alive, minutes
    finally:
        now.shift(None)
        worker.register_death()


def test_a_worker_of_another_portal_is_not_ours(fresh):
    queue = Queue("ckan:another-portal:default", connection=connect_to_redis())
    worker = Worker([queue], connection=connect_to_redis(), name="another-portals")
    worker.register_birth()
    try:
        assert "no worker listens" in report.examine()["parts"]["worker"]["why"]
    finally:
        worker.register_death()


def test_letters_that_nobody_takes_are_warned_of_and_the_portal_serves(fresh):
    outbox.post(model.Session, [Post("a letter", "mail")])
    model.Session.execute(sa.text(
        "UPDATE govdata_outbox SET tries = 9, problem = 'no', at = now() - interval '2 days'"))
    model.Session.commit()
    state = report.examine()
    [said] = [said for said in state["warnings"] if said.startswith("outbox: letters")]
    assert "1 decision" in said
    assert state["parts"]["postgres"]["ok"]


def test_a_check_that_cannot_be_made_is_told_and_stops_no_other(fresh, monkeypatch):
    def bug() -> str:
        raise KeyError("a bug of ours")

    def away() -> list[str]:
        raise OperationalError("SELECT 1", {}, Exception("it went away since it was asked"))

    monkeypatch.setattr(keys, "for_health", bug)
    monkeypatch.setattr(timetable, "late", away)
    state = report.examine()
    assert state["parts"]["keys"] == {"ok": False, "why": "could not be checked: KeyError"}
    assert state["parts"]["postgres"]["ok"]
    assert state["warnings"] == []


def test_without_valkey_nothing_is_said_of_jobs(fresh, ckan_config, monkeypatch):
    assert report.examine()["jobs"]
    monkeypatch.setitem(ckan_config, "ckan.redis.url", f"redis://127.0.0.1:{NOWHERE}/0")
    assert report.examine()["jobs"] == {}


def test_a_search_server_in_trouble_and_a_full_valkey_are_named(monkeypatch, ckan_config):
    answer = requests.Response()
    answer.status_code = 500
    monkeypatch.setattr(requests, "get", lambda *_args, **_named: answer)
    assert probes.solr(ckan_config["solr_url"]).endswith("answers with HTTP 500")

    def full(*_args, **_named):
        raise redis.ResponseError("OOM command not allowed when used memory > 'maxmemory'.")

    monkeypatch.setattr(redis.Redis, "set", full)
    assert probes.valkey(ckan_config["ckan.redis.url"]).endswith("takes no writes: OOM")


def test_tables_that_are_behind_the_code_are_named(fresh, ckan_config):
    url = ckan_config["sqlalchemy.url"]
    assert migrations.complaint(url) == ""
    with model.meta.engine.connect() as connection:
        known = connection.scalar(sa.text("SELECT version_num FROM govdata_alembic_version"))
        keep = sa.text("UPDATE govdata_alembic_version SET version_num = :version")
        try:
            connection.execute(keep, {"version": "001"})
            connection.commit()
            assert "the tables of govdata are not up to date" in migrations.complaint(url)
        finally:
            connection.execute(keep, {"version": known})
            connection.commit()


@pytest.mark.parametrize(
    ("option", "address", "part"),
    [
        ("sqlalchemy.url", f"postgresql://ckan:hush@127.0.0.1:{NOWHERE}/ckan", "postgres"),
        ("ckan.datastore.write_url", f"postgresql://w:hush@127.0.0.1:{NOWHERE}/d", "datastore"),
        ("solr_url", f"http://user:hush@127.0.0.1:{NOWHERE}/solr/ckan", "solr"),
        ("ckan.redis.url", f"redis://:hush@127.0.0.1:{NOWHERE}/0", "valkey"),
    ],
)
def test_a_part_that_is_down_is_named_without_its_password(
    fresh, ckan_config, monkeypatch, option, address, part
):
    monkeypatch.setitem(ckan_config, option, address)
    state = report.examine()
    assert not state["ok"]
    assert f"127.0.0.1:{NOWHERE}" in state["parts"][part]["why"]
    assert "hush" not in str(state)


def test_a_wrong_password_is_told_as_such(ckan_config):
    url = ckan_config["sqlalchemy.url"]
    password = url.split(":")[2].split("@")[0]
    assert "refuses the password" in probes.postgres(url.replace(password, "wrong"))
    valkey = ckan_config["ckan.redis.url"]
    password = valkey.split(":")[2].split("@")[0]
    assert "refuses the password" in probes.valkey(valkey.replace(password, "wrong"))


def test_a_core_that_is_missing_is_told(ckan_config):
    assert "no core named absent" in probes.solr(ckan_config["solr_url"] + "/../absent")


def test_a_disk_without_room_or_folder_is_told(tmp_path):
    assert probes.disk(tmp_path, 0) == ""
    assert "MiB are free" in probes.disk(tmp_path, 2**62)
    assert "does not exist" in probes.disk(tmp_path / "absent", 0)


def test_another_portal_on_our_port_is_not_taken_for_ours(app, monkeypatch):
    """Stacks know each other by their marks, not by an answer."""
    answer = app.get("/api/govdata/health", status=503)

    class Answered:
        json = staticmethod(lambda: answer.json)

    monkeypatch.setattr(requests, "get", lambda *args, **kwargs: Answered)
    assert "another program" in probes.web("http://127.0.0.1:5000", "a-stack-of-mine")


@pytest.fixture
def workers(monkeypatch) -> Iterator[Path]:
    """The folder in which web workers answer; a short one, for sockets."""
    with tempfile.TemporaryDirectory() as made:
        monkeypatch.setenv(web_workers.FOLDER, made)
        yield Path(made)


def of_web() -> list[str]:
    return [one for one in report.examine()["warnings"] if one.startswith("web: ")]


def test_a_worker_that_does_not_answer_is_told_and_one_that_is_gone_is_not(workers, monkeypatch):
    monkeypatch.setattr(report, "SOCKET_PATIENCE", 0.1)
    with socket.socket(socket.AF_UNIX) as gone:
        gone.bind(str(web_workers.socket_path(workers, 41)))
    assert of_web() == []
    with socket.socket(socket.AF_UNIX) as hanging:
        hanging.bind(str(web_workers.socket_path(workers, 42)))
        hanging.listen()
        assert of_web() == ["web: worker 42 does not answer; it is replaced after 20 seconds"]


def test_a_worker_that_was_replaced_is_told_for_an_hour(workers):
    for minutes in (61, 59, 1):
        at = now.real() - timedelta(minutes=minutes)
        web_workers.note_replaced(workers, 42, web_workers.LOOP, at)
    (told,) = of_web()
    assert now.in_beijing(at).isoformat(timespec="seconds") in told
    assert "(loop)" in told
    assert told.endswith("2 within the last hour")
