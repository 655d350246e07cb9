"""An import is undone within its day: each row is what it was, unless changed or used since."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from catalogue_sheets import act, row, sheet
from ckan import model
from import_officer import Sender, entries

from ckanext.govdata import leftover_files, now, queued_job
from ckanext.govdata.catalogue import schedule
from ckanext.govdata.catalogue.imports import import_job, import_rows
from ckanext.govdata.catalogue.model import former_rows, imports
from ckanext.govdata.ledger.model import ledger

CHANGED = "换过的摘要"


@pytest.fixture
def officer(app, fgw, at_once) -> Sender:
    return Sender(app, fgw)


def imported(officer: Sender, folder, rows) -> None:
    officer.send(sheet(folder / "a.xlsx", rows))
    officer.press("confirm")
    assert officer.state["state"] == "done", officer.state


@pytest.fixture
def twice(officer, tmp_path) -> Sender:
    """Rows 1 and 2 were there before; the import changed both and made 3 and 4."""
    imported(officer, tmp_path, [row(1), row(2, 关键字="老词")])
    act("package_patch", id=entry("水价信息1").id, open_conditions="原有条件")
    imported(officer, tmp_path, [row(1, 摘要=CHANGED), row(2, 摘要=CHANGED, 关键字="新词"),
                                 row(3), row(4)])  # fmt: skip
    assert entry("水价信息1").notes == CHANGED
    return officer


def of_it(officer: Sender) -> sa.Select:
    """How much is kept of what the rows of his import were."""
    here = former_rows.c.import_id == officer.import_id
    return sa.select(sa.func.count()).select_from(former_rows).where(here)


def entry(title: str) -> model.Package:
    model.Session.rollback()
    model.Session.expire_all()
    return model.Session.query(model.Package).filter_by(title=title).one()


def shown(title: str) -> dict:
    found = act("package_show", id=entry(title).id)
    return {name: found.get(name) for name in (
        "title", "notes", "url", "owner_org", "open_attribute", "open_conditions", "domain",
        "catalogue_code", "issued", "data_formats", "update_period", "state", "private",
    )} | {"tags": sorted(tag["name"] for tag in found["tags"])}  # fmt: skip


def test_each_row_is_what_it_was(officer, tmp_path) -> None:
    imported(officer, tmp_path, [row(1), row(2, 关键字="老词")])
    act("package_patch", id=entry("水价信息1").id, usage_requirements="注明来源")
    before = [shown(f"水价信息{n}") for n in (1, 2)]
    imported(officer, tmp_path, [
        row(1, 摘要=CHANGED, 所属领域="教育科技", 数据格式="pdf"),
        row(2, 摘要=CHANGED, 关键字="新词、又一个"), row(3),
    ])  # fmt: skip
    assert shown("水价信息1") != before[0]
    page = officer.look().get_text(" ", strip=True)
    assert "can be undone" in page
    assert "24 hours" in page
    officer.press("undo")
    state = officer.state
    assert (state["state"], state["undo_until"]) == ("undone", "")
    assert state["undone"] == {"restored": 2, "withdrawn": 1, "left": 0, "rows": []}
    assert [shown(f"水价信息{n}") for n in (1, 2)] == before
    assert entries()["水价信息3"] == "deleted"
    found = act("package_search", q="*:*", rows=10)
    assert {one["title"] for one in found["results"]} == {"水价信息1", "水价信息2"}
    assert "The import was undone" in officer.look().get_text()
    [noted] = model.Session.execute(
        sa.select(ledger).where(ledger.c.action == "import_undone")).all()
    assert noted.object_id == officer.import_id
    assert noted.actor_id == officer.id
    assert model.Session.scalar(of_it(officer)) == 0


def test_once_whoever_asks_how_often(twice) -> None:
    twice.press("undo")
    act("package_patch", id=entry("水价信息1").id, notes="之后写的")
    for _ in range(2):
        twice.press("undo")
        twice.call("import_undo", id=twice.import_id)
    assert entry("水价信息1").notes == "之后写的"


def test_what_was_changed_since_is_left_and_named(twice) -> None:
    act("package_patch", id=entry("水价信息1").id, notes="人工改过")
    act("package_patch", id=entry("水价信息3").id, notes="人工改过")
    act("resource_create", package_id=entry("水价信息4").id, name="表", url="https://a.example/1.csv")
    twice.press("undo")
    undone = twice.state["undone"]
    assert (undone["restored"], undone["withdrawn"], undone["left"]) == (1, 0, 3)
    assert {one["title"]: one["why"] for one in undone["rows"]} == {
        "水价信息1": "changed_since", "水价信息3": "changed_since", "水价信息4": "used_since",
    }  # fmt: skip
    assert entry("水价信息1").notes == "人工改过"
    assert {one["title"]: one["row"] for one in undone["rows"]}["水价信息4"] == 5
    page = twice.look().get_text(" ", strip=True)
    assert "The entry was changed after the import" in page
    assert "The entry is used" in page
    assert entries()["水价信息3"] == "active"


def test_a_later_import_of_the_same_entry_is_a_change(twice, tmp_path) -> None:
    first = twice.place
    imported(twice, tmp_path, [row(2, 摘要="第三次")])
    twice.place = first
    twice.press("undo")
    undone = twice.state["undone"]
    assert [one["title"] for one in undone["rows"]] == ["水价信息2"]
    assert entry("水价信息2").notes == "第三次"
    assert entry("水价信息1").notes != CHANGED


def test_after_its_day_it_stays(twice) -> None:
    model.Session.execute(sa.update(imports).values(written=now.real() - timedelta(hours=25)))
    model.Session.commit()
    assert "can no longer be undone" in twice.look().get_text()
    assert "24 hours" in twice.press("undo", 409)
    twice.call("import_undo", 409, id=twice.import_id)
    assert entry("水价信息1").notes == CHANGED
    schedule.look_after_imports()
    model.Session.rollback()
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(former_rows)) == 0


@pytest.mark.ckan_config("ckanext.govdata.catalogue.undo_hours", 0)
def test_a_portal_that_undoes_nothing(twice) -> None:
    assert "This portal undoes no imports" in twice.look().get_text()
    assert "This portal undoes no imports" in twice.press("undo", 409)


def test_what_was_never_written(officer, tmp_path) -> None:
    officer.send(sheet(tmp_path / "a.xlsx", [row(1)]))
    assert "nothing to undo" in officer.press("undo", 409)


def test_only_his_own_and_only_with_the_right(app, twice, fgw) -> None:
    colleague = Sender(app, fgw)
    colleague.place = twice.place
    colleague.press("undo", 404)
    act("organization_member_delete", id=fgw["id"], username=twice.name)
    twice.press("undo", 403)
    twice.call("import_undo", 403, id=twice.import_id)
    assert entry("水价信息1").notes == CHANGED


def test_rows_of_a_department_that_is_no_longer_his(app, fgw, tmp_path, at_once) -> None:
    other = act("organization_create", name="hefei-jy", title="合肥市教育局", role="department",
                level="city", region="3401", groups=[{"name": "hefei"}])  # fmt: skip
    officer = Sender(app, fgw, other)
    imported(officer, tmp_path, [row(1), row(2, 提供单位="合肥市教育局")])
    act("organization_member_delete", id=other["id"], username=officer.name)
    officer.press("undo")
    undone = officer.state["undone"]
    assert (undone["withdrawn"], [one["why"] for one in undone["rows"]]) == (1, ["not_yours"])
    assert entries() == {"水价信息1": "deleted", "水价信息2": "active"}


def test_rights_are_asked_again_by_the_job(app, twice, fgw, monkeypatch) -> None:
    monkeypatch.setattr(queued_job, "enqueue", lambda *_: None)
    twice.press("undo")
    act("organization_member_delete", id=fgw["id"], username=twice.name)
    found = import_rows.find(model.Session, twice.import_id)
    assert found
    with app.flask_app.app_context():
        import_job.run(found.id, found.job)
    assert entry("水价信息1").notes == CHANGED
    left = import_rows.find(model.Session, twice.import_id)
    assert left
    assert (left.state, left.undoes) == ("done", False)
    assert left.error


def test_one_whose_job_died_goes_on(twice, monkeypatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(queued_job, "enqueue", lambda *_: None)
        twice.press("undo")
        model.Session.execute(sa.update(imports).values(changed=now.real() - timedelta(minutes=1)))
        model.Session.commit()
        assert "Nothing was taken back" in twice.look().get_text()
    twice.press("resume")
    assert twice.state["state"] == "undone"
    assert entry("水价信息1").notes != CHANGED


@pytest.mark.parametrize("button", ["", "resume"])
def test_one_that_goes_on_too_late_is_done_with_the_reason(app, twice, monkeypatch, button) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(queued_job, "enqueue", lambda *_: None)
        twice.press("undo")
        late = now.real() - timedelta(hours=25)
        model.Session.execute(sa.update(imports).values(
            written=late, changed=late if button else now.real()))  # fmt: skip
        model.Session.commit()
        found = import_rows.find(model.Session, twice.import_id)
        assert found
        if not button:
            with app.flask_app.app_context():
                import_job.run(found.id, found.job)
    if button:
        twice.press(button)
    state = twice.state
    assert (state["state"], entry("水价信息1").notes) == ("done", CHANGED)
    assert "24" in state["error"]


def test_withdrawn_entries_come_again_with_the_sheet(twice, tmp_path) -> None:
    code = shown("水价信息3")["catalogue_code"]
    twice.press("undo")
    imported(twice, tmp_path, [row(3)])
    assert (twice.state["answer"]["created"], twice.state["answer"]["updated"]) == (1, 0)
    assert entries()["水价信息3"] == "active"
    assert shown("水价信息3")["catalogue_code"] == code
    twice.press("undo")
    assert twice.state["undone"]["withdrawn"] == 1
    assert entries()["水价信息3"] == "deleted"


def test_the_marked_sheet_is_there_while_the_day_lasts(officer, tmp_path) -> None:
    officer.send(sheet(tmp_path / "a.xlsx", [row(1), row(2, 发布日期="2022-02-30")]))
    officer.press("confirm", partial="true")
    leftover_files.sweep(model.Session)
    page = officer.look()
    assert "was left out" in page.get_text()
    assert page.select_one("a[href$=marked]")
    model.Session.execute(sa.update(imports).values(written=now.real() - timedelta(hours=25)))
    model.Session.commit()
    schedule.look_after_imports()
    assert not import_rows.sheet(officer.import_id).exists()
    assert officer.look().select_one("a[href$=marked]") is None


@pytest.mark.parametrize("button", ["confirm", "undo"])
def test_another_of_the_department_is_under_way(app, twice, fgw, tmp_path, monkeypatch, button):
    colleague = Sender(app, fgw)
    colleague.send(sheet(tmp_path / "b.xlsx", [row(7)]))
    mine = Sender(app, fgw)
    mine.send(sheet(tmp_path / "c.xlsx", [row(8)]))
    with monkeypatch.context() as patched:
        patched.setattr(queued_job, "enqueue", lambda *_: None)
        colleague.press("confirm")
        me = twice if button == "undo" else mine
        page = me.press(button, 409)
        assert "Another import for 合肥市发展和改革委员会 is under way: “b.xlsx” by 周敏" in page
    assert me.state["state"] == ("done" if button == "undo" else "looked")
    model.Session.execute(
        sa.update(imports).where(imports.c.id == colleague.import_id).values(state="done"))
    model.Session.commit()
    me.press(button)
    assert me.state["state"] == ("undone" if button == "undo" else "done")


def test_others_do_not_wait(app, twice, tmp_path, monkeypatch) -> None:
    other = act("organization_create", name="hefei-jy", title="合肥市教育局", role="department",
                level="city", region="3401", groups=[{"name": "hefei"}])  # fmt: skip
    apart = Sender(app, other)
    apart.send(sheet(tmp_path / "b.xlsx", [row(7, 提供单位="合肥市教育局")]))
    with monkeypatch.context() as patched:
        patched.setattr(queued_job, "enqueue", lambda *_: None)
        twice.press("undo")
    apart.press("confirm")
    assert apart.state["state"] == "done"


def test_grants_and_cases_are_not_ended_by_an_undo(twice, monkeypatch) -> None:
    """What the entry was would end a grant that was given since: it is left."""
    from ckanext.govdata.catalogue.imports import dependents

    found = entry("水价信息2")
    depended = dependents.Dependent(3, found.name, found.title, dependents.Count(revoked=1))
    monkeypatch.setattr(dependents, "of", lambda rows: [depended] if list(rows) else [])
    twice.press("undo")
    assert [(one["title"], one["why"]) for one in twice.state["undone"]["rows"]] == [
        ("水价信息2", "used_since")
    ]


def test_twenty_batches_are_undone(officer, tmp_path) -> None:
    rows = [row(n) for n in range(1200)]
    imported(officer, tmp_path, rows)
    size = model.Session.scalar(sa.select(sa.func.sum(sa.func.length(former_rows.c.content))))
    assert size < 400 * len(rows)
    officer.press("undo")
    assert officer.state["undone"]["withdrawn"] == 1200


def test_of_an_account_that_is_gone_nothing_is_undone(app, twice, monkeypatch) -> None:
    monkeypatch.setattr(queued_job, "enqueue", lambda *_: None)
    twice.press("undo")
    found = import_rows.find(model.Session, twice.import_id)
    act("user_delete", id=twice.id)
    with app.flask_app.app_context():
        import_job.run(found.id, found.job)
    assert entry("水价信息1").notes == CHANGED
