"""What is loaded is given to nobody who may not have it, whatever happens meanwhile."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from table_world import CSV, in_database, make, replace, set_aside, show, site, table, upload

from ckanext.govdata import ckan_uploads
from ckanext.govdata.tables import datastore_table, follow, load_job, load_rows

pytestmark = pytest.mark.usefixtures("at_once")
SECRET = "司机甲乙丙"
ROWS = f"线路名称,客流量,司机\n{SECRET}路,12,{SECRET}\n"


def attacks(app: Any, entry: dict[str, Any], file: str, headers: dict[str, str]) -> list[str]:
    """What somebody gets who asks in every way for the table."""
    row = load_rows.find(model.Session, file)
    built = f"_govdata_{row.job if row else file}"
    asked = [
        f"/api/action/datastore_search?resource_id={file}",
        f"/api/action/datastore_search?resource_id={file}&fields=司机",
        f"/api/action/datastore_search?resource_id={file}&distinct=true&fields=司机",
        f"/api/action/datastore_search?resource_id={built}",
        f"/api/action/datastore_info?id={file}",
        f"/api/action/datastore_info?id={built}",
        "/api/action/datastore_search?resource_id=_table_metadata",
        f'/api/action/datastore_search_sql?sql=SELECT * FROM "{file}"',
        f'/api/action/datastore_search_sql?sql=SELECT * FROM "{built}"',
        f"/api/action/govdata_table_show?resource_id={file}",
        f"/datastore/dump/{file}", f"/datastore/dump/{file}?format=json",
        f"/datastore/dump/{built}",
        f"/dataset/{entry['name']}", f"/dataset/{entry['name']}?preview={file}",
        f"/dataset/{entry['name']}/resource/{file}",
        f"/dataset/{entry['name']}/resource/{file}/download/a.csv",
        f"/api/govdata/granted/{file}?format=json", f"/dataset/{entry['name']}.json",
    ]
    return [app.get(path, headers=headers, expect_errors=True).body for path in asked]


@pytest.fixture
def strangers(app) -> list[dict[str, str]]:
    """Nobody, and somebody who is signed in."""
    return [{}, {"Authorization": factories.UserWithToken()["token"]}]


@pytest.mark.parametrize("more", [
    {"attribute": "conditional"}, {"private": True}, {"attribute": "conditional", "private": True},
])
def test_a_table_of_what_is_not_open_is_given_to_no_stranger(
        app, strangers, more: dict[str, Any]) -> None:
    entry = make(**more)
    file = upload(entry, ROWS)
    assert len(table(file)) == 1
    for who in strangers:
        for body in attacks(app, entry, file, who):
            assert SECRET not in body


def test_nor_is_one_that_was_replaced_and_is_kept_for_a_while(app, strangers) -> None:
    """Whoever knows its name gets nothing of it, also of an open entry."""
    for more in ({"attribute": "conditional"}, {}):
        file = upload(make(**more), ROWS)
        replace(file, "线路名称,客流量,司机\n1路,12,x\n")
    assert len(set_aside()) == 2
    for name in set_aside():
        for who in strangers:
            for path in (f"/api/action/datastore_search?resource_id={name}",
                         f"/api/action/datastore_info?id={name}", f"/datastore/dump/{name}",
                         f'/api/action/datastore_search_sql?sql=SELECT * FROM "{name}"',
                         f"/api/action/datastore_search?resource_id={name}&q={SECRET}"):
                assert SECRET not in app.get(path, headers=who, expect_errors=True).body


def test_a_closed_entry_has_no_table_at_all(ckan_config) -> None:
    file = upload(make("non_open"), ROWS)
    assert (show(file)["state"], in_database(ckan_config)) == ("none", set())


def test_of_an_open_table_strangers_get_what_is_declared_open(app, strangers) -> None:
    entry = make()
    file = upload(entry, "线路名称,客流量,司机,手机\n1路,12,张三三,13800000000\n")
    for who in strangers:
        listed = attacks(app, entry, file, who)
        assert "1路" in listed[0].encode().decode("unicode_escape", "ignore") or "1路" in listed[0]
        for body in listed:
            for word in ("张三三", "13800000000", "手机"):
                assert word not in body + body.encode().decode("unicode_escape", "ignore")


def test_what_a_file_says_is_text_on_every_page(app) -> None:
    entry = make(information_items=[])
    bad = '<script>alert(1)</script>'
    file = upload(entry, f'{bad},公式\n{bad},"=HYPERLINK(""http://x"")"\n')
    for path in (f"/dataset/{entry['name']}?preview={file}",
                 f"/dataset/{entry['name']}/resource/{file}"):
        assert bad not in app.get(path).body
    assert table(file) == [[bad, '=HYPERLINK("http://x")']]


@pytest.fixture
def meanwhile(monkeypatch) -> Callable[[Callable[[], object]], None]:
    """Have something happen when the new table is built and not in its place yet."""
    def have(work: Callable[[], object]) -> None:
        built = datastore_table.NewTable.build

        def build(self: datastore_table.NewTable, columns: Any) -> None:
            built(self, columns)
            monkeypatch.setattr(datastore_table.NewTable, "build", built)
            work()
            model.Session.remove()

        monkeypatch.setattr(datastore_table.NewTable, "build", build)

    return have


def test_an_entry_made_private_while_its_table_is_built(app, strangers, meanwhile) -> None:
    entry = make()
    meanwhile(lambda: tk.get_action("package_patch")(
        site(), {"id": entry["id"], "private": True}))
    file = upload(entry, ROWS)
    assert len(table(file)) == 1
    for who in strangers:
        assert not any(SECRET in body for body in attacks(app, entry, file, who))


@pytest.mark.parametrize("gone", ["resource_delete", "package_delete", "dataset_purge"])
def test_what_is_deleted_while_its_table_is_built_leaves_none(
        meanwhile, ckan_config, gone: str) -> None:
    entry = make()
    file: list[str] = []

    def delete() -> None:
        known = model.Session.query(model.Resource).filter_by(package_id=entry["id"]).one()
        file.append(known.id)
        tk.get_action(gone)(site(), {"id": known.id if gone.startswith("res") else entry["id"]})

    meanwhile(delete)
    upload(entry, ROWS)
    assert file
    assert in_database(ckan_config) == set()


def test_an_entry_closed_while_its_table_is_built_has_none(meanwhile, ckan_config) -> None:
    entry = make()
    meanwhile(lambda: tk.get_action("package_patch")(site(), {
        "id": entry["id"], "open_attribute": "non_open", "resources": [],
        "open_basis": "《中华人民共和国政府信息公开条例》第十五条"}))
    upload(entry, ROWS)
    assert in_database(ckan_config) == set()


def test_a_file_replaced_while_its_table_is_built(meanwhile, ckan_config) -> None:
    """The table is of the newer file, whoever comes last."""
    file = upload(make(), CSV)
    meanwhile(lambda: replace(file, "线路名称\n新\n", "c.csv"))
    replace(file, "线路名称\n旧\n", "b.csv")
    assert (table(file), show(file)["state"]) == ([["新"]], "loaded")
    assert show(file)["table"]["filename"] == "c.csv"
    assert in_database(ckan_config) == {file}


def test_readers_have_the_old_table_until_the_new_one_is_whole(meanwhile) -> None:
    file = upload(make(information_items=[]), "甲\n旧\n")
    seen: list[Any] = []
    meanwhile(lambda: seen.append(tk.get_action("datastore_search")(
        {"user": ""}, {"resource_id": file})["records"]))
    replace(file, "甲,乙\n新,1\n")
    assert seen == [[{"_id": 1, "甲": "旧"}]]
    assert table(file) == [["新", 1]]


@pytest.mark.parametrize("step", ["append", "build", "take_place", "keep"])
def test_whatever_breaks_the_old_table_stays(monkeypatch, step: str, ckan_config) -> None:
    file = upload(make(information_items=[]), "甲\n旧\n")
    def fail(*_: object) -> None:
        raise RuntimeError("broken")
    monkeypatch.setattr(datastore_table.NewTable, step, fail)
    monkeypatch.setattr(load_job.uncaught_errors, "let_go", lambda: None)
    replace(file, "甲\n新\n")
    told = show(file)
    assert (told["state"], told["code"], table(file)) == ("failed", "unexpected", [["旧"]])
    assert in_database(ckan_config) == {file}
    monkeypatch.undo()


def test_the_database_of_tables_away(monkeypatch) -> None:
    file = upload(make(information_items=[]), "甲\n旧\n")
    away = sa.create_engine("postgresql://nobody@127.0.0.1:9/none")
    with monkeypatch.context() as patch:
        patch.setattr(datastore_table, "_engine", lambda: away)
        replace(file, "甲\n新\n")
        assert (show(file)["state"], show(file)["code"]) == ("waiting", "datastore_away")
    assert table(file) == [["旧"]]
    tk.get_action("govdata_table_load")(site(), {"resource_id": file})
    model.Session.remove()


def test_a_table_that_is_read_all_the_time(monkeypatch) -> None:
    monkeypatch.setattr(datastore_table, "WAITED", 1)
    file = upload(make(information_items=[]), "甲\n旧\n")
    with datastore_table._engine().connect() as reader:
        reader.execute(sa.text(f'SELECT * FROM "{file}"'))
        replace(file, "甲\n新\n")
        assert (show(file)["state"], show(file)["code"]) == ("waiting", "table_busy")
        reader.rollback()
    assert table(file) == [["旧"]]


def test_who_may_ask(app) -> None:
    entry = make()
    file = upload(entry, CSV)
    people = {role: factories.UserWithToken() for role in ("editor", "member", "stranger")}
    for role in ("editor", "member"):
        tk.get_action("organization_member_create")(site(), {
            "id": entry["owner_org"], "username": people[role]["name"], "role": role})
    operator = factories.SysadminWithToken()
    told = {role: [app.post(f"/api/action/govdata_table_{act}", json={"resource_id": file},
                            headers={"Authorization": who["token"]}, expect_errors=True).status_code
                   for act in ("load", "show")]
            for role, who in {**people, "operator": operator}.items()}
    assert told == {"editor": [200, 200], "member": [403, 403], "stranger": [403, 403],
                    "operator": [403, 403]}


def test_what_was_missed_is_found(monkeypatch, ckan_config) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(follow, "entry_written", lambda *_entry, **_more: None)
        file = upload(make(), CSV)
    assert in_database(ckan_config) == set()
    assert follow.look_for_missed() == ""
    assert len(table(file)) == 2


def cut_off(file: str) -> None:
    """Its job begins, and its process ends."""
    row = load_rows.find(model.Session, file)
    assert row is not None
    load_rows.change(model.Session, row, state="loading")
    model.Session.commit()


def test_a_job_that_died_is_begun_again_once_and_then_told(monkeypatch, fresh) -> None:
    from ckanext.govdata import queued_job

    begun: list[str] = []
    monkeypatch.setattr(queued_job, "enqueue", lambda _job, args, *_: begun.append(args[0]))
    file = upload(make(), CSV)
    monkeypatch.setattr(queued_job, "is_coming", lambda *_: False)
    cut_off(file)
    assert follow.look_for_missed() == ""
    assert begun == [file, file]
    cut_off(file)
    assert follow.look_for_missed() != ""
    assert (show(file)["state"], show(file)["code"], begun) == ("failed", "died", [file, file])
    assert follow.look_for_missed() == ""
    tk.get_action("govdata_table_load")(site(), {"resource_id": file})
    assert (show(file)["state"], show(file)["code"], len(begun)) == ("waiting", "", 3)
    row = load_rows.find(model.Session, file)
    assert row is not None
    model.Session.rollback()  # who looked whether the job is at work holds its lock until then
    load_job.run(file, row.job)
    assert show(file)["state"] == "loaded"
    load_job.run(file, "another")
    assert ckan_uploads.place_of(file) is not None


def test_a_file_of_no_open_column_is_refused_in_words(app) -> None:
    entry = make(information_items=[{"name": "线路", "type": "C", "opened": True}])
    file = upload(entry, "甲,乙\n1,2\n")
    answer = app.get(
        f"/dataset/{entry['name']}/resource/{file}/download/a.csv", status=None,
        headers={"Accept-Language": "en"})
    assert answer.status_code == 409
    assert "No column of this file is declared open" in answer.body
