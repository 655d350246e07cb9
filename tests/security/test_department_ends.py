"""A department is deleted: what its entries, files, cases, grants and members are afterwards."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan.tests import factories

from ckanext.govdata.access import gate
from ckanext.govdata.departments import seats
from ckanext.govdata.domain.refusal import Refusal
from tests.cases.conftest import call, site, world  # noqa: F401
from tests.cases.test_entry_changed import granted

CANARY = "kanarie-zeile"
LINK = "https://intern.example.org/kanarie?key=1"


@pytest.fixture
def ended(world) -> dict[str, Any]:  # noqa: F811
    """A department with a grant that runs, a case that is open and an open entry, deleted.

    CKAN refuses while it has entries; past that (a statement, another program, CKAN's own option)
    is what has to hold here.
    """
    file = world.entry["resources"][0]["id"]
    tk.get_action("datastore_create")(site(), {
        "resource_id": file, "force": True, "fields": [{"id": "线路名称", "type": "text"}],
        "records": [{"线路名称": CANARY}]})
    tk.get_action("resource_patch")(site(), {"id": file, "url": LINK})
    made = {"grant": granted(world), "case": world.apply()["id"], "file": file,
            "name": world.entry["name"], "entry": world.entry["id"],
            "department": world.department["id"]}
    made["token"] = call("citizen", "govdata_grant_token_create", id=made["grant"],
                         name="t")["token"]
    return made


def delete(department: str) -> None:
    group = model.Group.get(department)
    group.state = "deleted"
    model.Session.commit()
    model.Session.expire_all()


def headers_of(name: str) -> dict[str, str]:
    return {"Authorization": factories.APIToken(user=name)["token"]} if name else {}


def test_ckan_refuses_while_there_are_entries(ended) -> None:
    for who in ("root", "head", "authority"):
        with pytest.raises((tk.ValidationError, tk.NotAuthorized)):
            call(who, "organization_delete", id=ended["department"])
        model.Session.rollback()
        with pytest.raises((tk.ValidationError, tk.NotAuthorized)):
            call(who, "organization_purge", id=ended["department"])
        model.Session.rollback()
    assert model.Group.get(ended["department"]).state == "active"


@pytest.mark.parametrize("who", ["", "citizen", "other", "officer", "head", "authority", "root"])
def test_nobody_reads_its_closed_data_any_more(ended, app, who) -> None:
    delete(ended["department"])
    headers = headers_of(who)
    for path in (
        f"/dataset/{ended['name']}/resource/{ended['file']}/download",
        f"/datastore/dump/{ended['file']}",
        f"/api/3/action/datastore_search?id={ended['file']}",
        f"/api/3/action/datastore_info?id={ended['file']}",
        f"/api/3/action/resource_show?id={ended['file']}",
        f"/api/3/action/package_show?id={ended['name']}",
        f"/api/3/action/govdata_access_location?resource_id={ended['file']}",
        f"/grants/{ended['grant']}/data/{ended['file']}",
        f"/dataset/{ended['name']}",
    ):
        answer = app.get(path, headers=headers, status=None, follow_redirects=False)
        assert CANARY not in answer.body, path
        assert "intern.example.org" not in answer.body + str(answer.headers), path
        assert answer.status_code < 500, path
    asked = app.get(f"/api/govdata/granted/{ended['file']}", status=None,
                    headers={"X-Grant-Token": ended["token"]})
    assert asked.status_code in (401, 403)
    user = model.User.get(who) if who else None
    assert isinstance(gate.judged(ended["file"], user), Refusal)


def test_its_people_have_no_seat_and_no_power_over_it(ended) -> None:
    delete(ended["department"])
    for who in ("officer", "head"):
        assert seats.memberships(model.User.get(who).id) == {}
        for action, data in (
            ("package_patch", {"id": ended["entry"], "open_attribute": "unconditional"}),
            ("package_create", {"name": "n", "title": "n", "owner_org": ended["department"]}),
            ("organization_patch", {"id": ended["department"], "contact_phone": "1"}),
            ("organization_patch", {"id": ended["department"], "state": "active"}),
            ("organization_member_create", {"id": ended["department"], "username": "citizen",
                                            "role": "editor"}),
            ("datastore_upsert", {"resource_id": ended["file"], "force": True, "records": []}),
            ("govdata_case_act", {"id": ended["case"], "command": "accept", "fields": {}}),
            ("govdata_grant_revoke", {"id": ended["grant"], "reason": "部门已撤销，授权终止"}),
            ("govdata_emergency_declare", {"title": "x", "kind": "natural_disaster"}),
        ):
            with pytest.raises((tk.NotAuthorized, tk.ValidationError, tk.ObjectNotFound)):
                call(who, action, **data)
            model.Session.rollback()


@pytest.mark.parametrize("who", ["officer", "head"])
def test_nobody_provides_for_it(ended, who) -> None:
    """What every slice asks before it shows an entry's own side: the seats stand in the table."""
    user = model.User.by_name(who)
    assert gate.provides(user, ended["department"])
    delete(ended["department"])
    assert not gate.provides(user, ended["department"])


def test_what_was_decided_and_asked_for_stays_readable_to_whose_it_is(ended, app) -> None:
    delete(ended["department"])
    shown = call("citizen", "govdata_grant_show", id=ended["grant"])
    assert shown["reference"]
    assert call("citizen", "govdata_case_show", id=ended["case"])["id"] == ended["case"]
    for path in (f"/cases/{ended['case']}", f"/grants/{ended['grant']}", "/cases/mine", "/desk",
                 "/decisions", "/", "/dataset/", "/organization/"):
        for who in ("", "citizen", "officer", "authority"):
            answer = app.get(path, headers=headers_of(who), status=None, follow_redirects=False)
            assert answer.status_code < 500, (path, who)
            assert CANARY not in answer.body


def test_its_grants_are_suspended_and_wait_for_a_head(ended) -> None:
    """Restored, or taken over by another department, they are confirmed before they give again."""
    delete(ended["department"])
    assert call("citizen", "govdata_grant_show", id=ended["grant"])["standing"] == "suspended"
    model.Group.get(ended["department"]).state = "active"
    model.Session.commit()
    model.Session.expire_all()
    assert isinstance(gate.judged(ended["file"], model.User.get("citizen")), Refusal)
    call("head", "govdata_grant_revoke", id=ended["grant"], lift=True,
         reason="部门恢复，授权继续有效。")
    assert not isinstance(gate.judged(ended["file"], model.User.get("citizen")), Refusal)


def test_it_is_in_the_ledger(ended) -> None:
    delete(ended["department"])
    query = sa.text("SELECT content FROM govdata_ledger WHERE action = 'organization_changed' "
                    "AND object_id = :id ORDER BY number DESC LIMIT 1")
    told = model.Session.scalar(query, {"id": ended["department"]})
    assert '"state":{"from":"active","to":"deleted"}' in told
