"""Every change that matters is in the ledger, whoever makes it and on whatever way."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
import yaml
from ckan import logic
from ckan.tests import factories

from ckanext.govdata.ledger import book, configuration, settlement, triggers
from ckanext.govdata.ledger.model import ledger
from ckanext.govdata.search import shipped_knowledge, store
from tests.cases.conftest import site
from tests.security.test_power import ENTRY

ROWS = yaml.safe_load(Path(__file__).with_name("write_actions.yaml").read_text("utf-8"))
RECORDED = [next(iter(row.items())) for row in ROWS["recorded"]]


@pytest.fixture
def world(fresh, ckan_config, monkeypatch):
    """Words for the rows: a department and another, an entry, a user."""
    monkeypatch.setitem(ckan_config, "ckan.auth.allow_dataset_collaborators", True)
    made = {
        "department": department("civil", "瑶海区民政局"),
        "other": department("traffic", "瑶海区交通运输局"),
        "user": factories.User(name="clerk")["name"],
    }
    made["entry"] = factories.Dataset(name="entry", owner_org=made["department"], **ENTRY)["id"]
    return made


def department(name: str, title: str) -> str:
    wanted = {"name": name, "title": title, "level": "county", "region": "340102"}
    return tk.get_action("organization_create")(site(), {**wanted, "role": "department"})["id"]


def entries(after: int = 0) -> list[dict[str, Any]]:
    query = sa.select(ledger).where(ledger.c.number > after).order_by(ledger.c.number)
    return [
        {"action": row.action, "object": row.object_type, "id": row.object_id,
         "actor": row.actor_id, **json.loads(row.content)["facts"]}
        for row in model.Session.execute(query)
    ]


def test_each_action_that_writes_has_one_row():
    logic.get_action("status_show")
    running = {
        name for name, function in logic._actions.items()
        if not getattr(function, "side_effect_free", False)
    }
    told = {name for name, _row in RECORDED}
    told |= {name for part in ("people", "files") for row in ROWS[part] for name in row}
    assert sorted(told & set(ROWS["nothing"])) == []
    assert sorted(running - told - set(ROWS["nothing"])) == []
    assert all(len(str(reason)) > 20 for reason in ROWS["nothing"].values())


def test_each_recorded_action_leaves_its_entry(world, with_request_context, monkeypatch):
    """All of them, one after another: the figure is 100 %."""
    monkeypatch.setattr("ckan.lib.mailer.send_invite", lambda *_: None)
    a_version_that_shipped_one_line_less()
    assert missing_of(RECORDED, world) == []
    assert book.verify(model.Session)[2] is None
    assert pending() == 0


def a_version_that_shipped_one_line_less() -> None:
    """So that there is something to take over from this one."""
    store.seed()  # another test may have emptied the tables
    kind, line = sorted(shipped_knowledge.now_shipped())[0]
    store.lock()
    store.change("", kind, line, "")
    store.keep_shipped(model.Session.connection(), shipped_knowledge.now_shipped() - {(kind, line)})
    model.Session.commit()


def missing_of(rows: Any, world: dict[str, Any]) -> list[str]:
    """Carry the rows out one after another; the entries that one should have left and did not."""
    missing = []
    for name, row in rows:
        before = book.head(model.Session)[0]
        context = acting_as(row["as"]) if "as" in row else site()
        answer = tk.get_action(name)(context, filled(row["with"], world))
        found = [one["action"] for one in entries(before)]
        missing += [f"{name}: {event} not in {found}" for event in row["events"]
                    if event not in found]
        world |= learned(name, row, answer)
    return missing


def acting_as(who: str) -> dict[str, Any]:
    return {"user": who, "auth_user_obj": model.User.get(who)}


def filled(wanted: Any, world: dict[str, str]) -> Any:
    if isinstance(wanted, dict):
        found = {key: filled(value, world) for key, value in wanted.items() if key != "$fields"}
        return {**copy.deepcopy(ENTRY), **found} if "$fields" in wanted else found
    if isinstance(wanted, list):
        return [filled(one, world) for one in wanted]
    return world[wanted[1:]] if isinstance(wanted, str) and wanted.startswith("$") else wanted


def learned(name: str, row: dict[str, Any], answer: Any) -> dict[str, str]:
    if name == "api_token_create":
        return {"token": model.Session.scalar(sa.select(model.ApiToken.id))}
    return {word: answer[key] for word, key in row.get("keep", {}).items()}


def test_the_triggers_are_those_of_the_declaration(with_plugins):
    """A change of config/ledger.yaml needs a migration that installs them anew."""
    installed = {
        row.proname: row.prosrc
        for row in model.Session.execute(
            sa.text("SELECT proname, prosrc FROM pg_proc WHERE proname LIKE 'govdata_note_%'")
        )
    }
    wanted = {}
    for statement in triggers.installing():
        if statement.startswith("CREATE OR REPLACE FUNCTION govdata_note_"):
            name = statement.split("(")[0].split()[-1]
            wanted[name] = statement.split("$$")[1]
    assert {k: v.split() for k, v in installed.items()} == {k: v.split() for k, v in wanted.items()}


def pending() -> int:
    return model.Session.scalar(sa.text("SELECT count(*) FROM govdata_change"))


def test_who_from_and_to(world):
    before = book.head(model.Session)[0]
    tk.get_action("package_patch")(site(), {"id": "entry", "open_attribute": "unconditional"})
    (entry,) = entries(before)
    assert (entry["action"], entry["id"]) == ("dataset_changed", world["entry"])
    assert entry["changes"] == {"open_attribute": {"from": "conditional", "to": "unconditional"}}
    assert entry["by"] == "package_patch"
    assert entry["command_line"]


def test_what_is_rolled_back_leaves_nothing(world):
    before = book.head(model.Session)
    model.Package.get("entry").private = True
    model.Session.flush()
    assert pending() == 1
    model.Session.rollback()
    assert (pending(), book.head(model.Session)) == (0, before)


def test_a_statement_in_the_database_is_told_too(world):
    """Another program writes; the job of every minute brings it into the ledger, and says so."""
    before = book.head(model.Session)[0]
    with model.meta.engine.begin() as connection:
        connection.execute(sa.text("UPDATE package SET private = true"))
    assert pending() == 1
    settlement.settle_rest()
    (entry,) = entries(before)
    assert entry["changes"] == {"private": {"from": "false", "to": "true"}}
    assert entry["actor"] == ""
    assert entry["database"]


STATEMENTS = [
    ("member_changed", "capacity", "UPDATE member SET capacity = 'admin' WHERE table_id = :user"),
    ("member_changed", "state", "UPDATE member SET state = 'deleted' WHERE table_id = :user"),
    ("member_removed", "capacity", "DELETE FROM member WHERE table_id = :user"),
    ("user_changed", "sysadmin", 'UPDATE "user" SET sysadmin = true WHERE id = :user'),
    ("user_changed", "name", "UPDATE \"user\" SET name = 'another' WHERE id = :user"),
    ("user_changed", "email", "UPDATE \"user\" SET email = 'a@b.example' WHERE id = :user"),
    ("user_changed", "password", "UPDATE \"user\" SET password = 'hash' WHERE id = :user"),
    ("user_changed", "state", "UPDATE \"user\" SET state = 'deleted' WHERE id = :user"),
    ("api_token_issued", "name",
     "INSERT INTO api_token (id, name, user_id) VALUES ('t', 'theirs', :user)"),
    ("api_token_revoked", "name", "DELETE FROM api_token WHERE id = 't'"),
    ("organization_changed", "role",
     """UPDATE "group" SET extras = extras || '{"role": "authority"}' WHERE name = 'civil'"""),
    ("organization_changed", "state",
     "UPDATE \"group\" SET state = 'deleted' WHERE name = 'civil'"),
    ("configuration_changed", "value",
     "INSERT INTO system_info (key, value, state) VALUES ('k', 'one', 'active')"),
    ("configuration_changed", "value", "UPDATE system_info SET value = 'two' WHERE key = 'k'"),
    ("configuration_changed", "value", "DELETE FROM system_info WHERE key = 'k'"),
    ("collaborator_added", "capacity",
     "INSERT INTO package_member (package_id, user_id, capacity, modified)"
     " VALUES (:entry, :user, 'member', now())"),
    ("collaborator_changed", "capacity", "UPDATE package_member SET capacity = 'editor'"),
    ("collaborator_removed", "capacity", "DELETE FROM package_member"),
    ("file_changed", "url", "UPDATE govdata_location SET url = 'https://a.example/'"),
    ("dataset_changed", "private", "UPDATE package SET private = true WHERE id = :entry"),
    ("dataset_changed", "owner_org", "UPDATE package SET owner_org = :other WHERE id = :entry"),
    ("dataset_changed", "open_attribute",
     """UPDATE package SET extras = extras || '{"open_attribute": "unconditional"}'"""
     " WHERE id = :entry"),
    ("file_changed", "url", "UPDATE resource SET url = 'https://b.example/' WHERE id = :file"),
    ("file_changed", "state", "UPDATE resource SET state = 'deleted' WHERE id = :file"),
    ("file_changed", "package_id", "UPDATE resource SET package_id = :second WHERE id = :file"),
    ("file_removed", "name", "DELETE FROM resource WHERE id = :file"),
    ("dataset_changed", "state", "UPDATE package SET state = 'deleted' WHERE id = :entry"),
]
"""What carries power or data, each changed by itself, with its entry and the field that it tells;
listed here and not taken from the declaration, so that what is taken out there is missed."""


def test_each_thing_that_carries_power_is_told_though_a_program_changes_it(world):
    site_user, told = site(), []
    words = {**world, "user": model.User.get("clerk").id}
    tk.get_action("organization_member_create")(
        site_user, {"id": world["department"], "username": "clerk", "role": "editor"})
    words["file"] = tk.get_action("resource_create")(
        site(), {"package_id": "entry", "name": "a", "url": "https://in.example/x"})["id"]
    words["second"] = factories.Dataset(owner_org=world["other"], **ENTRY)["id"]
    model.Session.commit()
    for event, field, statement in STATEMENTS:
        before = book.head(model.Session)[0]
        model.Session.commit()
        with model.meta.engine.begin() as connection:
            connection.execute(sa.text(statement), words)
        settlement.settle_rest()
        told += [(event, field) for one in entries(before)
                 if one["action"] == event and field in one["changes"]][:1] or [statement]
    assert told == [(event, field) for event, field, _statement in STATEMENTS]


def test_no_secret_and_no_address_is_told(world):
    before = book.head(model.Session)[0]
    tk.get_action("user_patch")(site(), {"id": "clerk", "password": "Another-horse-9"})
    file = tk.get_action("resource_create")(
        site(), {"package_id": "entry", "name": "a", "url": "https://in.example/x?key=hunter2"}
    )
    tk.get_action("resource_patch")(site(), {"id": file["id"], "url": "https://in.example/?key=b2"})
    token = tk.get_action("api_token_create")(site(), {"user": "clerk", "name": "t"})["token"]
    told = json.dumps(entries(before))
    for word in ("Another-horse", "hunter2", "in.example", "pbkdf2", token):
        assert word not in told
    assert "sha256:" in told


def test_a_user_who_changes_his_own_password_gains_nothing(world):
    user = model.User.get("clerk")
    before = book.head(model.Session)[0]
    tk.get_action("user_patch")(
        {"user": user.name, "auth_user_obj": user},
        {"id": user.id, "email": "n@example.invalid", "password": "Another-horse-9",
         "old_password": "x"},
    )
    assert entries(before) == []


def test_an_address_that_another_changed_and_an_account_that_one_ended_are_told(world):
    chief = model.User.get(factories.Sysadmin(name="chief")["id"])
    before = book.head(model.Session)[0]
    clerk, who = model.User.get("clerk").id, {"user": "chief", "auth_user_obj": chief}
    tk.get_action("user_patch")(dict(who), {"id": clerk, "email": "m@example.invalid"})
    tk.get_action("user_delete")(dict(who), {"id": chief.id})
    told = [(one["id"], one["changes"], one["actor"]) for one in entries(before)]
    assert [(one[0], one[2]) for one in told] == [(clerk, chief.id), (chief.id, chief.id)]
    assert [field in one[1] for field, one in zip(("email", "state"), told, strict=True)] == [
        True, True]


def test_changes_of_one_transaction_are_told_in_their_order(world):
    before = book.head(model.Session)[0]
    for title in ("甲局", "乙局", "丙局"):
        statement = sa.text('UPDATE "group" SET title = :title WHERE id = :id')
        model.Session.execute(statement, {"title": title, "id": world["department"]})
    model.Session.commit()
    told = [one["changes"]["title"]["to"] for one in entries(before)]
    assert told == ["甲局", "乙局", "丙局"]


def test_the_command_line_is_told_with_the_systems_account(world, cli):
    from ckan.cli.cli import ckan

    before = book.head(model.Session)[0]
    assert cli.invoke(ckan, ["dataset", "delete", "entry"]).exit_code == 0
    (entry,) = [one for one in entries(before) if one["action"] == "dataset_changed"]
    assert entry["command_line"]
    before = book.head(model.Session)[0]
    assert cli.invoke(ckan, ["sysadmin", "add", "clerk"]).exit_code == 0
    (entry,) = [one for one in entries(before) if one["object"] == "user"]
    assert entry["changes"]["sysadmin"] == {"from": "false", "to": "true"}


def test_many_rows_of_one_statement_are_as_many_entries(world):
    before = book.head(model.Session)[0]
    model.Session.execute(sa.text(
        "INSERT INTO package (id, name, type, state, private, extras) SELECT 'p' || n, 'p' || n, "
        "'dataset', 'active', false, '{\"open_attribute\": \"unconditional\"}'::jsonb "
        "FROM generate_series(1, 12000) n"
    ))
    model.Session.commit()
    assert book.head(model.Session)[0] - before == 12000
    assert book.verify(model.Session)[2] is None


@pytest.mark.ckan_config("ckanext.govdata.auditors", "inspector")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Entry changed", "Department changed", "Role", "Government-openness office")),
        ("zh_Hans_CN", ("条目变更", "变更部门信息", "角色", "政务公开机构", "无条件开放")),
        ("zh_Hant_TW", ("條目變更", "變更部門資訊", "角色", "政務公開機構")),
    ],
)
def test_the_auditor_reads_it_in_words(world, app, language, words):
    inspector = factories.UserWithToken(name="inspector")
    tk.get_action("organization_patch")(site(), {"id": "civil", "role": "openness_office"})
    tk.get_action("package_patch")(site(), {"id": "entry", "open_attribute": "unconditional"})
    tk.get_action("user_patch")(site(), {"id": "clerk", "password": "Another-horse-9"})
    page = app.get(f"/{language}/audit", headers={"Authorization": inspector["token"]}).body
    for word in words:
        assert word in page


def test_a_change_of_the_rules_is_told_by_digest(world, ckan_config, monkeypatch):
    assert configuration.record() > 5
    assert configuration.record() == 0
    monkeypatch.setitem(ckan_config, "ckanext.govdata.auditors", ["inspector"])
    before = book.head(model.Session)[0]
    assert configuration.record() == 1
    (entry,) = entries(before)
    assert entry["changes"] == {"auditors": {"from": "auditor", "to": "inspector"}}
    assert configuration.record() == 0
    monkeypatch.setitem(ckan_config, "ckanext.govdata.cases.one_step", ["yaohai"])
    assert configuration.record() == 1
    assert list(entries(before)[-1]["changes"]) == ["one_step"]
