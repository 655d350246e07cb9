"""The real queue and the real worker make the table."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.cli.cli import ckan
from ckan.lib import jobs
from table_world import CSV, in_database, make, replace, show, site, table, upload

from ckanext.govdata.tables import follow, load_rows

CKAN = Path(sys.executable).with_name("ckan")


@pytest.mark.usefixtures("fresh")
def test_a_worker_makes_it_once_whoever_replaces_the_file(request) -> None:
    file = upload(make(), CSV)
    replace(file, CSV + "3路,1,王五\n")
    assert show(file)["state"] == "waiting"
    work(request)
    told = show(file)
    assert (told["state"], told["table"]["rows"], len(table(file))) == ("loaded", 3, 3)


@pytest.mark.usefixtures("fresh")
def test_and_takes_it_away_again(request, ckan_config) -> None:
    entry = make()
    file = upload(entry, CSV)
    work(request)
    tk.get_action("package_patch")(site(), {"id": entry["id"], "resources": []})
    assert in_database(ckan_config) == {file}
    work(request)
    assert in_database(ckan_config) == set()


def work(request) -> None:
    """Have a worker of its own do what is in the queue."""
    model.Session.rollback()
    command = [CKAN, "-c", request.config.getoption("--ckan-ini"), "jobs", "worker", "--burst"]
    subprocess.run(command, capture_output=True, check=True, timeout=120)


@pytest.mark.usefixtures("fresh")
def test_what_the_queue_forgot_is_put_into_it_again() -> None:
    file = upload(make(), CSV)
    jobs.get_queue().empty()
    row = load_rows.find(model.Session, file)
    assert row is not None
    load_rows.change(model.Session, row, state="loading")
    model.Session.commit()
    assert follow.look_for_missed() == ""
    again = load_rows.find(model.Session, file)
    assert again is not None
    assert (again.state, again.attempts, again.job != row.job) == ("waiting", 1, True)
    assert again.job in {one.id for one in jobs.get_queue().jobs}


@pytest.mark.usefixtures("fresh")
def test_the_operator_sees_what_failed_and_loads_it_by_hand(cli) -> None:
    file = upload(make(), CSV)
    row = load_rows.find(model.Session, file)
    assert row is not None
    load_rows.change(model.Session, row, state="failed", error={"code": "died"})
    model.Session.commit()
    assert file in cli.invoke(ckan, ["govdata", "tables", "list", "--failed"]).output
    loaded = cli.invoke(ckan, ["govdata", "tables", "load", file])
    assert loaded.exit_code == 0, loaded.output
    assert "2 × 3" in loaded.output
    assert file not in cli.invoke(ckan, ["govdata", "tables", "list", "--failed"]).output
    assert len(table(file)) == 2
