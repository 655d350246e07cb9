"""An import whose job dies, at any point, is told as broken off when it is looked at and goes on
once; its rows go home once."""
from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa
from catalogue_sheets import act, row, sheet
from ckan import model
from ckan.lib import jobs
from ckan.tests import factories
from werkzeug.datastructures import FileStorage

from ckanext.govdata import leftover_files, now, queued_job
from ckanext.govdata.catalogue import schedule
from ckanext.govdata.catalogue.imports import import_job, import_rows, uploads
from ckanext.govdata.catalogue.model import imports
from ckanext.govdata.notices.model import notice

CKAN = Path(sys.executable).with_name("ckan")
ROWS = 3


class Officer:
    """An officer with a sheet of his that was looked through."""

    def __init__(self, app, fgw, folder: Path) -> None:
        made = factories.UserWithToken()
        self._app, self.id, self.name = app, made["id"], made["name"]
        self.headers = {"Authorization": made["token"]}
        act("organization_member_create", id=fgw["id"], username=self.name, role="editor")
        content = sheet(folder / "a.xlsx", [row(n) for n in range(ROWS)]).read_bytes()
        with app.flask_app.test_request_context("/", environ_overrides={"CKAN_LANG": "en"}):
            upload = FileStorage(io.BytesIO(content), "a.xlsx")
            self.import_id = uploads.start(self.id, upload, {})
            model.Session.commit()
        self.place = f"/catalogue/import/{self.import_id}"

    def press(self, button: str, status: int = 302) -> None:
        answer = self._app.post(f"{self.place}/{button}", headers=self.headers,
                                follow_redirects=False, expect_errors=True)
        assert answer.status_code == status

    def page(self) -> str:
        return self._app.get(self.place, headers=self.headers).body

    def state(self) -> str:
        return self._app.get(f"{self.place}/state", headers=self.headers).json["state"]


@pytest.fixture
def here(monkeypatch) -> Callable[[], None]:
    """From the call on, jobs of imports run in this process."""
    return lambda: monkeypatch.setattr(queued_job, "enqueue", lambda job, args, *_: job(*args))


@pytest.fixture
def officer(app, fgw, tmp_path, here, monkeypatch) -> Officer:
    """His sheet was looked through; what follows is the real queue's."""
    here()
    made = Officer(app, fgw, tmp_path)
    monkeypatch.undo()
    assert made.state() == "looked"
    return made


@pytest.fixture
def worker(request) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """The real worker, in processes of its own, until the queue is empty."""
    begun: list[subprocess.Popen[bytes]] = []
    command = [CKAN, "-c", request.config.getoption("--ckan-ini"), "jobs", "worker", "--burst"]

    def start() -> subprocess.Popen[bytes]:
        begun.append(subprocess.Popen(command, stderr=subprocess.PIPE))
        return begun[-1]

    yield start
    for one in begun:
        one.kill()
        one.wait()
        if one.stderr:
            one.stderr.close()


@contextmanager
def held(statement: str) -> Iterator[sa.Connection]:
    """While this lock is held who writes waits."""
    with model.ensure_engine().connect() as connection:
        connection.execute(sa.text(statement))
        yield connection
        connection.rollback()


WRITES_WAIT = "LOCK TABLE govdata_search_outbox IN SHARE MODE"
"""Entries are written and not committed then: their rows of the index's outbox come last."""


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 180
    while not condition():
        assert time.monotonic() < end, "nothing came of it"
        time.sleep(0.05)


def is_held_up(connection: sa.Connection) -> bool:
    waits = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = " \
            "CAST('govdata_search_outbox' AS regclass)"
    return bool(connection.scalar(sa.text(waits)))


def entries() -> int:
    model.Session.rollback()
    return model.Session.query(model.Package).count()


def backdate(**ago: float) -> None:
    """As if the import had said its last word so long ago."""
    model.Session.execute(sa.update(imports).values(changed=now.real() - timedelta(**ago)))
    model.Session.commit()


@pytest.mark.parametrize("who", ["horse", "worker"])
def test_a_job_killed_in_the_middle_of_writing(officer, worker, here, who) -> None:
    """The worker lives and knows of it, or died with it; then another does what was left."""
    officer.press("confirm")
    assert officer.state() == "waiting"
    with held(WRITES_WAIT) as lock:
        process = worker()
        until(lambda: is_held_up(lock))
        assert officer.state() in ("reading", "writing")
        horses = psutil.Process(process.pid).children()
        for one in [*horses, *([process] if who == "worker" else [])]:
            os.kill(one.pid, signal.SIGKILL)
        process.wait(180)
        until(lambda: officer.state() == "broken_off")
    assert entries() == 0
    page = officer.page()
    assert "Nothing of the sheet was written" in page
    assert "/resume" in page
    if who == "horse":
        here()
    for _ in range(2):
        officer.press("resume")
    if who == "worker":
        assert officer.state() == "waiting"
        assert worker().wait(180) == 0
    assert officer.state() == "done"
    assert entries() == ROWS
    assert not import_rows.sheet(officer.import_id).exists()


def test_a_job_that_hangs_and_comes_back_writes_nothing(officer, worker) -> None:
    """It was taken for dead, and another has its place: what it wrote is taken back."""
    officer.press("confirm")
    with held(WRITES_WAIT) as lock:
        process = worker()
        until(lambda: is_held_up(lock))
        backdate(minutes=16)
        assert officer.state() == "broken_off"
        officer.press("resume")
        first = import_rows.find(model.Session, officer.import_id)
        assert first
        before = first.job
    assert process.wait(180) == 0
    assert officer.state() == "done"
    assert entries() == ROWS
    last = import_rows.find(model.Session, officer.import_id)
    assert last
    assert last.job == before  # the second job wrote it, not the first


def test_a_queue_that_was_emptied(officer) -> None:
    """Valkey came back without its data: the row knows that it waits, and nobody else does."""
    officer.press("confirm")
    found = import_rows.find(model.Session, officer.import_id)
    assert found
    jobs.job_from_id(found.job).delete()
    assert officer.state() == "waiting"  # for a moment it may be on its way
    backdate(seconds=6)
    assert officer.state() == "broken_off"
    officer.press("resume")
    assert officer.state() == "waiting"


def test_what_is_rolled_back_calls_no_worker(app, officer, monkeypatch) -> None:
    called: list[object] = []
    monkeypatch.setattr(queued_job, "enqueue", lambda *given: called.append(given))
    found = import_rows.find(model.Session, officer.import_id)
    assert found
    assert uploads.confirm(found, False, "")
    model.Session.rollback()
    assert called == []
    assert officer.state() == "looked"


def test_a_page_that_died_before_it_called_the_worker(officer, here, monkeypatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(queued_job, "enqueue", lambda *_: None)
        officer.press("confirm")
    backdate(seconds=6)
    assert officer.state() == "broken_off"
    here()
    officer.press("resume")
    assert officer.state() == "done"
    assert entries() == ROWS


def lost(officer: Officer) -> None:
    """His import was confirmed, and its job is gone."""
    officer.press("confirm")
    found = import_rows.find(model.Session, officer.import_id)
    assert found
    jobs.job_from_id(found.job).delete()
    backdate(seconds=6)


def test_what_nobody_looks_at_is_found_and_told_once(app, officer) -> None:
    lost(officer)
    for _ in range(2):
        schedule.look_after_imports()
    model.Session.rollback()
    [told] = model.Session.execute(
        sa.select(notice).where(notice.c.user_id == officer.id)).all()
    assert (told.kind, json.loads(told.facts)["title"]) == ("import_broken_off", "a.xlsx")
    page = app.get("/notices", headers=officer.headers).body
    assert "The import of “a.xlsx” broke off" in page
    assert officer.place in page


def test_who_lost_his_rights_lets_nothing_go_on(app, fgw, officer, monkeypatch) -> None:
    lost(officer)
    act("organization_member_delete", id=fgw["id"], username=officer.name)
    officer.press("resume", 403)
    answer = app.post("/api/3/action/govdata_catalogue_import_resume", headers=officer.headers,
                      json={"id": officer.import_id}, expect_errors=True)
    assert answer.status_code == 403
    assert entries() == 0


@pytest.mark.parametrize("ends", ["membership", "account"])
def test_who_lost_his_rights_while_it_waited_writes_nothing(
    app, fgw, officer, monkeypatch, ends
) -> None:
    officer.press("confirm")
    found = import_rows.find(model.Session, officer.import_id)
    assert found
    if ends == "account":
        act("user_delete", id=officer.id)
    else:
        act("organization_member_delete", id=fgw["id"], username=officer.name)
    with app.flask_app.app_context():
        import_job.run(found.id, found.job)
    assert entries() == 0
    left = import_rows.find(model.Session, officer.import_id)
    assert left is None if ends == "account" else left and left.state == "failed"
    assert not import_rows.sheet(officer.import_id).exists()


def test_a_job_that_fails_is_told_with_its_sheet_kept(app, officer, monkeypatch) -> None:
    monkeypatch.setattr(import_job.tk, "get_action", lambda name: 1 / 0)
    officer_row = import_rows.find(model.Session, officer.import_id)
    assert officer_row
    with app.flask_app.test_request_context("/", environ_overrides={"CKAN_LANG": "en"}):
        assert uploads.confirm(officer_row, False, "")
        model.Session.commit()
    asked = import_rows.find(model.Session, officer.import_id)
    assert asked
    with app.flask_app.app_context(), pytest.raises(ZeroDivisionError):
        import_job.run(asked.id, asked.job)
    monkeypatch.undo()
    assert officer.state() == "broken_off"
    assert "The operator finds the reason in the log" in officer.page()
    assert import_rows.sheet(officer.import_id).exists()


def test_by_the_api(app, officer) -> None:
    lost(officer)

    def call(name: str):
        answer = app.post(f"/api/3/action/govdata_catalogue_import_{name}", status=200,
                          headers=officer.headers, json={"id": officer.import_id})
        return answer.json["result"]

    shown = call("show")
    assert (shown["state"], shown["writes"], shown["running"]) == ("broken_off", True, False)
    assert "Nothing of the sheet was written" in shown["error"]
    assert call("resume")["state"] == "waiting"
    assert call("resume")["state"] == "waiting"
    stranger = {"Authorization": factories.SysadminWithToken()["token"]}
    for name in ("show", "resume"):
        app.post(f"/api/3/action/govdata_catalogue_import_{name}", headers=stranger,
                 json={"id": officer.import_id}, status=403)


def test_open_imports_stand_on_the_page(app, officer) -> None:
    page = app.get("/catalogue/import", headers=officer.headers).body
    assert officer.place in page
    officer.press("discard")
    assert officer.place not in app.get("/catalogue/import", headers=officer.headers).body


def test_the_sheet_stays_until_nobody_came_back_for_a_week(officer) -> None:
    kept = import_rows.sheet(officer.import_id)
    os.utime(kept, (1, 1))
    backdate(days=6)
    leftover_files.sweep(model.Session)
    schedule.look_after_imports()
    assert kept.exists()
    backdate(days=8)
    schedule.look_after_imports()
    assert not kept.exists()
    assert import_rows.find(model.Session, officer.import_id) is None


def test_the_command_killed_in_the_middle(fgw, tmp_path, request) -> None:
    """Nothing stands, and the same command again writes all."""
    path = sheet(tmp_path / "a.xlsx", [row(n) for n in range(ROWS)])
    ini = request.config.getoption("--ckan-ini")
    command = [CKAN, "-c", ini, "govdata", "import", path]
    with held(WRITES_WAIT) as lock:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        until(lambda: is_held_up(lock))
        process.kill()
        process.communicate()
    assert entries() == 0
    subprocess.run(command, check=True, capture_output=True)
    assert entries() == ROWS
