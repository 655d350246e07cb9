"""The real queue and the real worker make the table."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from ckan import model
from ckan.cli.cli import ckan
from ckan.lib import jobs
from table_world import CSV, make, replace, show, table, upload

from ckanext.govdata.tables import follow, load_rows

CKAN = Path(sys.executable).with_name("ckan")


@pytest.mark.usefixtures("fresh")
def test_a_worker_makes_it_once_whoever_replaces_the_file(request) -> None:
    file = upload(make(), CSV)
    replace(file, CSV + "3路,1,王五\n")
    assert show(file)["state"] == "waiting"
    model.Session.rollback()
    command = [CKAN, "-c", request.config.getoption("--ckan-ini"), "jobs", "worker", "--burst"]
    subprocess.run(command, capture_output=True, check=True, timeout=120)
    told = show(file)
    assert (told["state"], told["table"]["rows"], len(table(file))) == ("loaded", 3, 3)


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
