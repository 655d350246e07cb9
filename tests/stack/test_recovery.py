"""Real servers, really killed: the next start finds everything as it was."""
from __future__ import annotations

import contextlib
import re
import time
from dataclasses import replace

import psutil
import psycopg2
import pytest
import redis
import requests

from ckanext.govdata.health import probes
from ckanext.govdata.stack import postgres, processes, solr, tasks, valkey
from ckanext.govdata.stack.home import Home
from ckanext.govdata.stack.processes import Supervisor, leftovers


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Services of their own in an awkward folder; nothing of them stays."""
    made = Home.open(tmp_path_factory.mktemp("stack") / "数据 开放")
    try:
        tasks.services(made)
        yield made
    finally:
        tasks.purge(made, time.time())
    assert not leftovers(made)


def write(home: Home, word: str) -> None:
    with psycopg2.connect(postgres.url(home, "ckan", "ckan")) as connection:
        connection.cursor().execute("CREATE TABLE IF NOT EXISTS words (word text)")
        connection.cursor().execute("INSERT INTO words VALUES (%s)", [word])
    redis.from_url(valkey.url(home)).set(word, "1")
    document = {"index_id": word, "site_id": "test", "id": word, "title": word}
    requests.post(f"{solr.url(home)}/update?commit=true", json=[document], timeout=30)


def read(home: Home, word: str) -> tuple[int, int, int]:
    with psycopg2.connect(postgres.url(home, "ckan", "ckan")) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT count(*) FROM words WHERE word = %s", [word])
        rows = cursor.fetchone()[0]
    keys = redis.from_url(valkey.url(home)).exists(word)
    answer = requests.get(
        f"{solr.url(home)}/select", params={"q": f"index_id:{word}", "wt": "json"}, timeout=30
    )
    return rows, keys, answer.json()["response"]["numFound"]


@pytest.mark.slow
def test_a_killed_stack_recovers_with_its_data(home):
    write(home, "before")
    killed = leftovers(home)
    assert {"java", "postgres"} <= {process.name() for process in killed}
    for process in killed:
        process.kill()
    assert processes.wait(lambda: not leftovers(home), 20)
    assert not Supervisor(home).is_running()

    tasks.services(home)
    assert read(home, "before") == (1, 1, 1)
    write(home, "after")
    assert read(home, "after") == (1, 1, 1)


@pytest.mark.slow
def test_orphans_of_a_killed_supervisor_are_taken_over(home):
    ports = dict(home.state.ports)
    supervisors = [p for p in leftovers(home) if "supervisor.supervisord" in p.cmdline()]
    assert len(supervisors) == 1
    supervisors[0].kill()
    supervisors[0].wait(10)
    tasks.services(home)
    assert home.state.ports == ports
    assert probes.postgres(postgres.url(home, "ckan", "ckan")) == ""


@pytest.mark.slow
def test_a_part_that_falls_is_started_again(home):
    server = next(p for p in leftovers(home) if "valkey" in p.name())
    server.kill()
    assert processes.wait(lambda: probes.valkey(valkey.url(home)) == "", 30)
    assert next(p for p in leftovers(home) if "valkey" in p.name()).pid != server.pid


@pytest.mark.slow
def test_what_the_index_took_in_the_seconds_before_a_kill_is_in_it(home):
    """Solr writes its files every fifteen seconds; what came since stands in its log of updates.
    With a version that is no number it reads none of what it finds in the index already."""
    def send(what, **how):
        address = f"{solr.url(home)}/update"
        requests.post(address, json=what, params=how, timeout=30).raise_for_status()

    def titles():
        asked = {"q": "index_id:(changed OR gone)", "fl": "title", "wt": "json"}
        answer = requests.get(f"{solr.url(home)}/select", asked, timeout=30).json()
        return [document["title"] for document in answer["response"]["docs"]]

    written = [{"index_id": one, "site_id": "test", "id": one, "title": "before"}
               for one in ("changed", "gone")]  # fmt: skip
    send(written, commit="true")
    send([{**written[0], "title": "after"}], softCommit="true")
    send({"delete": {"id": "gone"}}, softCommit="true")
    assert titles() == ["after"]
    server = next(p for p in leftovers(home) if p.name() == "java")
    server.kill()
    server.wait(10)
    assert processes.wait(lambda: probes.solr(solr.url(home)) == "", 60)
    assert processes.wait(lambda: titles() == ["after"], 20)


@pytest.mark.slow
def test_a_database_whose_child_noticed_nothing_is_started_again(home):
    """A child that hangs outlives its killed server, and no new one could have the data."""
    address = postgres.url(home, "ckan", "ckan")
    with psycopg2.connect(address) as connection:
        child = psutil.Process(connection.info.backend_pid)
        child.suspend()
        psutil.Process(postgres.process_id(home)).kill()
    assert processes.wait(lambda: probes.postgres(address) == "", 30)
    assert not child.is_running()


@pytest.mark.slow
def test_what_a_killed_server_began_is_swept_with_the_rest(home):
    with psycopg2.connect(postgres.url(home, "ckan", "ckan")) as connection:
        child = psutil.Process(connection.info.backend_pid)
        child.suspend()
        for process in [one for one in leftovers(home) if one != child]:
            with contextlib.suppress(psutil.Error):
                process.kill()
    assert child in leftovers(home)
    tasks.services(home)
    assert not child.is_running()
    assert probes.postgres(postgres.url(home, "ckan", "ckan")) == ""


@pytest.mark.slow
def test_a_part_that_the_running_supervisor_does_not_know_is_no_crash(home):
    """An upgrade brings one; `make restart` comes before the supervisor learns of it."""
    Supervisor(home).halt([replace(tasks.SERVICES[0], name="tomorrow")])


@pytest.mark.slow
def test_status_names_the_part_that_is_down_and_shows_its_log(home, capsys):
    Supervisor(home).halt([part for part in tasks.SERVICES if part.name == "solr"])
    assert tasks.status(home, time.time()) == 1
    told = capsys.readouterr().out
    assert "✗ Solr" in told
    assert "the process is not running (stopped)" in told
    assert str(home.log("solr")) in told
    assert "✓ PostgreSQL" in told


@pytest.mark.slow
def test_a_second_start_is_harmless(home):
    tasks.services(home)
    before = {process.pid for process in leftovers(home)}
    tasks.services(home)
    assert {process.pid for process in leftovers(home)} == before


@pytest.mark.slow
def test_what_an_older_configset_indexed_does_not_stand_in_the_way(home):
    """Lucene refuses doc values for a field that had none before: `make up` must begin anew."""
    document = {"index_id": "old", "site_id": "test", "id": "old", "metadata_created": "NOW"}
    schema = home.path / "solr" / "configsets" / solr.CONFIGSET / "conf" / "schema.xml"
    field = 'name="metadata_created" type="date"'
    assert field in schema.read_text("utf-8")
    older = schema.read_text("utf-8")
    older = re.sub(f"{field}[^/]*", f"{field} indexed=\"true\" docValues=\"false\" ", older)
    solr_part = [part for part in tasks.SERVICES if part.name == "solr"]
    Supervisor(home).halt(solr_part)
    solr.forget(home)
    schema.write_text(older, "utf-8")
    Supervisor(home).launch(solr_part)
    assert processes.wait(lambda: probes.solr(solr.url(home)) == "", 60)
    address = f"{solr.url(home)}/update?commit=true"
    assert requests.post(address, json=[document], timeout=30).status_code == 200

    tasks.services(home)
    assert (home.path / tasks.REINDEX_DUE).exists()
    assert requests.post(address, json=[document], timeout=30).status_code == 200
