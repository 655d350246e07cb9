"""Whoever operates the portal: no act of his leads to reading closed data, on whatever way."""

from __future__ import annotations

import io
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import authz
from ckan.tests import factories

from ckanext.govdata.access import operator_rights
from tests.cases.conftest import call, site
from tests.security.test_power import ENTRY, refused, signed_in
from tests.security.test_power import tree as tree  # a fixture
from tests.snapshots import restored

CANARY = "闭门数据甲"


@pytest.fixture
def closed(tree, monkeypatch, ckan_config):
    """A conditional entry with a file and a table, and a private open one, of one department."""
    monkeypatch.setitem(ckan_config, "ckan.auth.allow_dataset_collaborators", True)
    return restored("closed", lambda: _closed(tree))


def _closed(tree: dict[str, Any]) -> dict[str, str]:
    made = {"department": tree["civil"]["id"], "other": tree["traffic"]["id"]}
    made["entry"] = factories.Dataset(name="closed", owner_org=made["department"], **ENTRY)["id"]
    open_ = {**ENTRY, "open_attribute": "unconditional"}
    open_ = {name: value for name, value in open_.items() if name not in ("open_conditions",)}
    made["private"] = factories.Dataset(
        name="hidden", owner_org=made["department"], private=True, **open_)["id"]
    made["file"] = tk.get_action("resource_create")(
        site(), {"package_id": "closed", "name": "a", "url": "https://in.example/k"})["id"]
    tk.get_action("datastore_create")(site(), {
        "resource_id": made["file"], "force": True, "fields": [{"id": "a", "type": "text"}],
        "records": [{"a": CANARY}]})
    return made


def state_of(closed: dict[str, str]) -> Any:
    """What decides who reads: both entries, their files, table and collaborators."""
    queries = (
        "SELECT id, name, private, state, owner_org, extras FROM package ORDER BY id",
        "SELECT id, package_id, url, state, url_type, extras FROM resource ORDER BY id",
        "SELECT resource_id, url FROM govdata_location ORDER BY resource_id",
        "SELECT package_id, user_id FROM package_member",
    )
    model.Session.rollback()
    rows = [[str(tuple(row)) for row in model.Session.execute(sa.text(one))] for one in queries]
    asked = {"resource_id": closed["file"]}
    table = tk.get_action("datastore_search")({"ignore_auth": True}, asked)
    return rows, [row["a"] for row in table["records"]]


OPENS = [
    ("package_patch", {"id": "closed", "open_attribute": "unconditional"}),
    ("package_patch", {"id": "closed", "share_type": "unconditional"}),
    ("package_patch", {"id": "closed", "open_basis": "无"}),
    ("package_patch", {"id": "closed", "title": "另一题名"}),
    ("package_patch", {"id": "closed", "information_items": []}),
    ("package_patch", {"id": "closed", "owner_org": "$other"}),
    ("package_patch", {"id": "hidden", "private": False}),
    ("package_patch", {"id": "closed", "type": "harvest", "open_attribute": "unconditional"}),
    ("package_update", {"id": "closed", "name": "closed", "open_attribute": "unconditional"}),
    ("package_revise", {"match": {"id": "$entry"}, "update": {"open_attribute": "unconditional"}}),
    ("package_revise", {"match": {"id": "$entry"}, "type": "harvest",
                        "update": {"open_attribute": "unconditional", "type": "harvest"}}),
    ("package_owner_org_update", {"id": "closed", "organization_id": "$other"}),
    ("bulk_update_public", {"datasets": ["$private"], "org_id": "$department"}),
    ("package_collaborator_create", {"id": "closed", "user_id": "operator", "capacity": "admin"}),
    ("package_collaborator_create", {"id": "hidden", "user_id": "citizen", "capacity": "member"}),
    ("organization_member_create", {"id": "civil", "username": "operator", "role": "admin"}),
    ("member_create", {"id": "civil", "object": "operator", "object_type": "user",
                       "capacity": "editor"}),
    ("resource_update", {"id": "$file", "url": "https://x.example/z", "name": "b"}),
    ("resource_patch", {"id": "$file", "url": "https://x.example/z"}),
    ("resource_create", {"package_id": "closed", "name": "b", "url": "https://x.example/z"}),
    ("resource_delete", {"id": "$file"}),
    ("resource_view_create", {"resource_id": "$file", "title": "x", "view_type": "text_view"}),
    ("package_resource_reorder", {"id": "closed", "order": ["$file"]}),
    ("datastore_create", {"resource_id": "$file", "force": True, "aliases": ["open_way"]}),
    ("datastore_create", {"resource_id": "$file", "force": True, "fields": [{"id": "a"}],
                          "primary_key": ["a"], "include_records": True}),
    ("datastore_create", {"resource": {"package_id": "$entry"}, "fields": [{"id": "a"}]}),
    ("datastore_upsert", {"resource_id": "$file", "force": True, "method": "insert",
                          "records": [{"a": "x"}]}),
    ("datastore_upsert", {"resource_id": "$file", "force": True, "method": "insert",
                          "records": [{"a": "x"}], "dry_run": True}),
    ("datastore_records_delete", {"resource_id": "$file", "force": True, "filters": {}}),
    ("datastore_delete", {"resource_id": "$file", "force": True}),
    ("datastore_function_create", {"name": "f", "rettype": "trigger", "or_replace": True,
                                   "definition": "BEGIN RETURN NEW; END;"}),
    ("datastore_function_delete", {"name": "f", "if_exists": True}),
    ("datastore_run_triggers", {"resource_id": "$file"}),
    ("govdata_catalogue_import", {"rows": [{
        "id": "closed", "信息资源名称": "公交线路", "提供方": "瑶海区民政局", "摘要": "路",
        "开放属性": "无条件开放"}], "partial": True}),
    ("package_relationship_create", {"subject": "closed", "object": "hidden", "type": "child_of"}),
    ("api_token_create", {"user": "civil-head", "name": "t"}),
    ("user_patch", {"id": "civil-head", "password": "Chosen-by-me-7"}),
]


@pytest.mark.parametrize(("action", "data"), OPENS, ids=[f"{a}-{n}" for n, (a, _) in
                                                          enumerate(OPENS)])
def test_no_act_of_the_operator_opens_anything(closed, action, data):
    before = state_of(closed)
    refused("operator", action, **filled(data, closed))
    assert state_of(closed) == before
    assert CANARY not in str(refused("operator", "datastore_search", resource_id=closed["file"]))


def filled(value: Any, world: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: filled(one, world) for name, one in value.items()}
    if isinstance(value, list):
        return [filled(one, world) for one in value]
    return world[value[1:]] if isinstance(value, str) and value.startswith("$") else value


def test_by_the_web_neither(closed, app):
    headers = signed_in("operator")
    before = state_of(closed)
    shown = tk.get_action("package_show")(site(), {"id": "closed"})
    form = {"name": "closed", "title": "x", "notes": "x", "save": "",
            "owner_org": shown["owner_org"], "open_attribute": "unconditional"}
    for address in ("/dataset/edit/closed", "/dataset/new"):
        assert app.get(address, headers=headers).status_code == 403
        assert app.post(address, headers=headers, data=form).status_code == 403
    place = f"/dataset/closed/resource/{closed['file']}/edit"
    assert app.post(place, headers=headers, data={"url": "https://z.example/"}).status_code == 403
    sheet = {"upload": (io.BytesIO("信息资源名称,摘要\n甲,乙\n".encode()), "a.csv")}
    assert app.get("/catalogue/import", headers=headers).status_code == 403
    assert app.post("/catalogue/import", headers=headers, data=sheet).status_code == 403
    many = {"dataset_" + closed["private"]: "on", "bulk_action.public": "public"}
    app.post("/organization/bulk_process/civil", headers=headers, data=many)
    assert state_of(closed) == before
    page = app.get("/en/dataset/closed", headers=headers).body
    assert "/dataset/edit/closed" not in page


def test_he_takes_entries_from_the_public(closed, app):
    def state(name: str) -> tuple[bool, str]:
        model.Session.expire_all()
        package = model.Package.get(name)
        return package.private, package.state

    wanted = {"datasets": [closed["entry"]], "org_id": closed["department"]}
    call("operator", "bulk_update_private", **wanted)
    assert state("closed") == (True, "active")
    many = {"dataset_" + closed["private"]: "on", "bulk_action.delete": "delete"}
    app.post("/organization/bulk_process/civil", headers=signed_in("operator"), data=many)
    assert state("hidden")[1] == "deleted"
    call("operator", "package_delete", id="closed")
    assert state("closed")[1] == "deleted"
    refused("operator", "package_patch", id="closed", state="active")
    call("operator", "dataset_purge", id="closed")
    call("operator", "dataset_purge", id="hidden")
    model.Session.expire_all()
    assert model.Package.get("closed") is None


def test_what_the_database_is_about_to_keep_is_judged_whatever_wrote_it(closed):
    """A plug-in's action that asks nobody, or CKAN's with an open context inside."""
    for change in ({"open_attribute": "unconditional"}, {"open_basis": "x"}):
        with pytest.raises(tk.ValidationError) as caught:
            _written_as_operator(lambda package, one=change: package.extras.update(one))
        assert "department" in str(caught.value.error_dict)
    with pytest.raises(tk.ValidationError):
        _written_as_operator(lambda package: setattr(package, "owner_org", closed["other"]))
    with pytest.raises(tk.ValidationError):
        _written_as_operator(lambda package: setattr(package.resources[0], "url", "https://b.ex/"))
    _written_as_operator(lambda package: setattr(package, "private", True))
    with pytest.raises(tk.ValidationError):
        _written_as_operator(lambda package: setattr(package, "private", False))


def _written_as_operator(change: Any) -> None:
    from ckanext.govdata.ledger import actors

    try:
        with actors.called("some_plugins_action", {"user": "operator"}):
            package = model.Package.get("closed")
            change(package)
            model.Session.add(package)
            sa.orm.attributes.flag_modified(package, "extras")
            model.Session.commit()
    finally:
        model.Session.rollback()


def test_every_action_of_ckan_that_writes_entries_asks(closed):
    """A new action of CKAN or the DataStore stands behind the same door."""
    may = {*operator_rights.powers().actions, *operator_rights.MAINTENANCE}
    names = set(operator_rights.auth())
    user = model.User.get("operator")
    for name in sorted(names - may - {"bulk_update_public"}):  # a page asks; the action refuses
        context = {"user": "operator", "auth_user_obj": user}
        data = {"id": closed["entry"], "resource_id": closed["file"], "update": {}, "match": {}}
        answer = authz.is_authorized(name, context, data)
        assert answer["success"] is False, name
    assert {"package_create", "resource_update", "datastore_upsert"} <= names


def test_a_dataset_of_another_type_is_the_operators(closed):
    """A harvester's source is no catalogue entry; nothing of an entry is reached by it."""
    assert authz.is_authorized("package_create", _operator(), {"type": "harvest"})["success"]
    assert not authz.is_authorized("package_create", _operator(), {"type": "dataset"})["success"]
    named = {"id": closed["entry"], "type": "harvest"}
    assert not authz.is_authorized("package_update", _operator(), named)["success"]


def _operator() -> dict[str, Any]:
    return {"user": "operator", "auth_user_obj": model.User.get("operator")}


def test_the_command_line_works_for_the_portal_itself(closed):
    """Demo, import and harvest write as the portal's own account; that is in the ledger."""
    own = {"user": site()["user"]}
    tk.get_action("package_patch")(own, {"id": "closed", "title": "公交线路二"})
    assert model.Package.get("closed").title == "公交线路二"


def test_options_that_are_changed_at_runtime_carry_no_power():
    from ckan.logic.schema import update_configuration_schema

    assert set(update_configuration_schema()) <= {
        "ckan.site_title", "ckan.site_logo", "ckan.site_url", "ckan.site_description",
        "ckan.site_about", "ckan.site_intro_text", "ckan.site_custom_css", "ckan.theme",
        "ckan.homepage_style", "logo_upload", "clear_logo_upload",
    }


@pytest.mark.parametrize("field", ["password", "password_hash"])
def test_a_password_is_chosen_by_its_owner(closed, field):
    refused("operator", "user_patch", id="civil-head", **{field: "Chosen-by-me-7"})
    wanted = {"name": "civil-head", "email": "x@example.invalid", field: "Chosen-by-me-7"}
    refused("operator", "user_update", id=model.User.get("civil-head").id, **wanted)


def test_he_reads_no_digest_of_a_password(closed):
    found = call("operator", "user_show", id="civil-head", include_password_hash=True)
    assert "password_hash" not in found
    assert not found.get("apikey")


def test_his_page_of_an_account_offers_a_letter_and_no_password(closed, app):
    headers = signed_in("operator")
    page = app.get("/en/user/edit/civil-head", headers=headers).body
    assert "password1" not in page
    assert "/user/reset" in page
    form = {"name": "civil-head", "email": model.User.get("civil-head").email, "save": "",
            "old_password": "Correct-horse-7", "password1": "Chosen-7-x", "password2": "Chosen-7-x"}
    before = model.User.get("civil-head").password
    answer = app.post("/en/user/edit/civil-head", headers=headers, data=form)
    assert "chosen by" in answer.body
    model.Session.expire_all()
    assert model.User.get("civil-head").password == before
    assert "password1" in app.get("/en/user/edit/operator", headers=headers).body


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (["sysadmin", "add", "civil-head"], "瑶海区民政局"),
        (["sysadmin", "add", "civil-head", "--create"], "瑶海区民政局"),
        (["user", "remove", "nobody-here"], ""),
        (["user", "add", "civil-head", "email=a@example.invalid", "password=Correct-horse-7"], ""),
        (["user", "token", "add", "nobody-here", "t"], ""),
        (["dataset", "purge", "closed"], None),
        (["dataset", "delete", "closed"], None),
        (["sysadmin", "add", "citizen"], None),
        (["sysadmin", "remove", "operator"], None),
        (["sysadmin", "list"], None),
        (["user", "setpass", "clerk", "-p", "Correct-horse-8"], None),
        (["user", "remove", "clerk"], None),
        (["user", "show", "clerk"], None),
        (["user", "list"], None),
        (["user", "token", "add", "clerk", "t"], None),
        (["user", "token", "list", "clerk"], None),
        (["user", "add", "fresh", "email=f@example.invalid", "password=Correct-horse-7"], None),
        (["dataset", "list"], None),
        (["dataset", "show", "closed"], None),
        (["search-index", "rebuild", "closed"], None),
        (["views", "clear", "-y"], None),
    ],
    ids=lambda value: "-".join(value)[:30] if isinstance(value, list) else None,
)
def test_ckans_commands_answer_in_a_sentence(closed, cli, line, words):
    from ckan.cli.cli import ckan

    result = cli.invoke(ckan, line)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    if words is None:
        assert result.exit_code == 0, result.output
    else:
        assert result.exit_code == 1
        assert words in result.output
        assert not model.User.get("civil-head").sysadmin
