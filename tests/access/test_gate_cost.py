"""What the gate costs, however many grants there are."""
from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories

from ckanext.govdata import now
from ckanext.govdata.access import gate, grants
from ckanext.govdata.domain.access import Permitted
from ckanext.govdata.domain.refusal import Refusal
from ckanext.govdata.domain.scope import Scope
from tests.access.granted_world import (
    case_for,
    give,
    make,
)
from tests.access.granted_world import citizen as citizen  # a fixture
from tests.statements import statements

pytestmark = pytest.mark.usefixtures("fresh")


def asked_of_the_gate(user_id: str, resource: dict[str, Any]) -> tuple[int, float]:
    """Statements of one question, and the processor time of the fastest of many."""
    context = {"auth_user_obj": model.User.get(user_id)}
    took = []
    with statements() as sent:
        for _ in range(40):
            sent.clear()
            started = time.thread_time()
            assert not isinstance(gate.allows(context, resource), Refusal)
            took.append(time.thread_time() - started)
    return len(sent), min(took)


def test_the_gate_costs_a_thousand_grants_what_it_costs_one(citizen) -> None:
    """Milliseconds depend on the machine: what is counted are statements, and what is compared
    is the processor time beside that of somebody with one grant."""
    entry, other = make(), factories.User()
    give(entry, other)
    for _ in range(1000):
        grants.open_grant(model.Session, grants.Opening(
            case_for(entry, citizen), "r", citizen["id"], entry["id"], entry["owner_org"],
            Scope(("another",), {}, now.today(), now.today()), "", "", "download", "1"))
    model.Session.commit()
    give(entry, citizen, ("线路名称",))
    resource = entry["resources"][0]
    one, many = (asked_of_the_gate(user["id"], resource) for user in (other, citizen))
    assert one[0] == many[0] == 2
    assert many[1] < 2 * one[1] + 0.0005
    model.Session.execute(sa.text("ANALYZE govdata_grant, govdata_grant_member"))
    assert blocks_read(citizen["id"], entry["id"], resource["id"]) < 20


def test_a_grant_in_force_is_found_behind_many_that_were_stopped(citizen) -> None:
    entry = make()
    resource = entry["resources"][0]["id"]
    scope = Scope((resource,), {}, now.today(), now.today() + timedelta(days=400))
    for _ in range(60):
        grants.open_grant(model.Session, grants.Opening(
            case_for(entry, citizen), "r", citizen["id"], entry["id"], entry["owner_org"],
            scope, "", "", "download", "1"))
    model.Session.execute(sa.text("UPDATE govdata_grant SET revoked = valid_from"))
    model.Session.commit()
    reader = model.User.get(citizen["id"])
    assert isinstance(gate.judged(resource, reader), Refusal)
    give(entry, citizen)
    assert isinstance(gate.judged(resource, reader), Permitted)


def blocks_read(user_id: str, package_id: str, resource_id: str) -> int:
    """Blocks of the database that are read to find a reader's grants of a file."""
    values = {"user": user_id, "package": package_id, "today": now.today()}
    values["resource"] = json.dumps(resource_id)
    explain = sa.text(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {grants.OF_READER.text}")
    plan = model.Session.scalar(explain, values)[0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
