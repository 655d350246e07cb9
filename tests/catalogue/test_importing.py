"""A catalogue file goes in whole, or not at all; again it changes nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
from catalogue_sheets import HEAD, act, row, sheet
from ckan import model

from ckanext.govdata.catalogue.index import writer

SAMPLES = (
    Path(os.environ.get("GOVDATA_SHARED", Path(__file__).parents[3] / "shared"))
    / "data"
    / "import-samples"
)


def entries() -> int:
    return model.Session.query(model.Package).filter_by(state="active").count()


def codes_of(answer) -> set[str]:
    return {cell["code"] for cell in answer["rejected"]}


def show(title: str):
    found = model.Session.query(model.Package).filter_by(title=title).one()
    return act("package_show", id=found.id)


def test_a_sheet_goes_in(tmp_path, fgw, run):
    answer = run(sheet(tmp_path / "a.xlsx", [row(1), row(2)]))
    assert (answer["created"], answer["rejected"], answer["written"]) == (2, [], True)
    assert answer["headings"]["信息资源名称（必填）"] == "title"
    assert answer["unknown_columns"] == ["浏览量"]
    mapped = {(m["column"], m["value"], m["became"]): m["count"] for m in answer["mappings"]}
    assert mapped[("更新频率", "每年", "yearly")] == 2
    entry = show("水价信息1")
    assert entry["owner_org"] == fgw["id"]
    assert entry["domain"] == "housing"
    assert entry["open_attribute"] == "unconditional"
    assert entry["data_formats"] == ["xls", "csv"]
    assert entry["issued"] == "2022-11-09"
    assert {tag["name"] for tag in entry["tags"]} == {"水价", "民生"}
    assert entry["imported_columns"] == {"浏览量": "1"}
    assert entry["catalogue_code"]
    found = act("package_search", q="水价信息1", rows=1)
    assert found["count"] >= 1


def test_again_it_changes_nothing(tmp_path, fgw, run):
    path = sheet(tmp_path / "a.xlsx", [row(1), row(2)])
    run(path)
    before = {p.id: p.metadata_modified for p in model.Session.query(model.Package)}
    answer = run(path)
    assert (answer["created"], answer["updated"], answer["unchanged"]) == (0, 0, 2)
    model.Session.expire_all()
    assert {p.id: p.metadata_modified for p in model.Session.query(model.Package)} == before


def test_a_change_updates_that_entry_only(tmp_path, fgw, run):
    run(sheet(tmp_path / "a.xlsx", [row(1), row(2)]))
    code = show("水价信息1")["catalogue_code"]
    answer = run(sheet(tmp_path / "b.xlsx", [row(1, 摘要="改过", 关键字="改"), row(2)]))
    assert (answer["created"], answer["updated"], answer["unchanged"]) == (0, 1, 1)
    entry = show("水价信息1")
    assert (entry["notes"], entry["catalogue_code"]) == ("改过", code)
    assert [tag["name"] for tag in entry["tags"]] in ([], ["改"])
    found = act("package_search", fq=f"name:{entry['name']}")["results"][0]
    assert found["notes"] == "改过"


def test_a_dry_run_writes_nothing(tmp_path, fgw, run):
    answer = run(sheet(tmp_path / "a.xlsx", [row(1)]), dry_run=True)
    assert (answer["created"], answer["written"], entries()) == (1, False, 0)


def test_one_bad_row_keeps_all_out(tmp_path, fgw, run):
    bad = row(2, 发布日期="2022-02-30", 开放属性="大概")
    answer = run(sheet(tmp_path / "a.xlsx", [row(1), bad]))
    assert not answer["written"]
    assert entries() == 0
    cells = {(c["row"], c["column"], c["value"], c["code"]) for c in answer["rejected"]}
    assert cells == {
        (3, "发布日期", "2022-02-30", "date_impossible"),
        (3, "开放属性", "大概", "unknown_value"),
    }
    assert all(cell["message"] for cell in answer["rejected"])


def test_partial_leaves_the_bad_row_out(tmp_path, fgw, run):
    path = sheet(tmp_path / "a.xlsx", [row(1), row(2, 发布日期="明天"), row(3)])
    answer = run(path, partial=True)
    assert (answer["created"], answer["rejected_rows"], answer["written"]) == (2, 1, True)
    assert entries() == 2


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"信息资源名称": "长" * 5000}, "too_long"),
        ({"摘要": "<script>alert(1)</script>"}, "html"),
        ({"信息资源名称": "铃\u202e声"}, "control_characters"),
        ({"提供单位": "没有这个局"}, "department_unknown"),
        ({"提供单位": ""}, "department_missing"),
        ({"发布日期": "2023-02-29"}, "date_impossible"),
        ({"共享类型": "随便"}, "unknown_value"),
        ({"信息资源名称": "", "摘要": ""}, "missing"),
    ],
)
def test_bad_cells(tmp_path, fgw, run, changed, code):
    answer = run(sheet(tmp_path / "a.xlsx", [row(1), row(2, **changed)]))
    assert code in codes_of(answer)
    assert {cell["row"] for cell in answer["rejected"]} == {3}
    assert entries() == 0


def test_control_characters_in_csv(tmp_path, fgw, run):
    text = ",".join(HEAD) + "\n" + ",".join(f'"{c}"' for c in row(1, 信息资源名称="铃\x07声"))
    (tmp_path / "a.csv").write_text(text, "utf-8")
    assert codes_of(run(tmp_path / "a.csv")) == {"control_characters"}


def test_formulas_and_merged_cells(tmp_path, fgw, run):
    import openpyxl

    path = sheet(tmp_path / "a.xlsx", [row(1), row(2), row(3)])
    book = openpyxl.load_workbook(path)
    book.active["I2"] = "=TODAY()"
    book.active.merge_cells("B3:B4")
    book.save(path)
    answer = run(path)
    found = {(c["row"], c["column"], c["code"]) for c in answer["rejected"]}
    assert (2, "发布日期", "formula_without_value") in found
    assert (3, "提供单位", "merged_cells") in found
    assert entries() == 0


def test_the_same_entry_twice(tmp_path, fgw, run):
    same = run(sheet(tmp_path / "a.xlsx", [row(1), row(1), row(2)]))
    assert (same["created"], same["repeated"], same["unchanged"]) == (2, 1, 1)
    other = run(sheet(tmp_path / "b.xlsx", [row(5), row(5, 摘要="别的")]))
    assert codes_of(other) == {"duplicate"}
    assert not other["written"]


def test_duplicate_codes(tmp_path, fgw, run):
    head = [*HEAD, "信息资源代码"]
    rows = [[*row(1), "3340000001/000001"], [*row(2), "3340000001/000001"]]
    answer = run(sheet(tmp_path / "a.xlsx", rows, head))
    assert codes_of(answer) == {"number_twice"}
    good = run(sheet(tmp_path / "b.xlsx", rows[:1], head))
    assert good["created"] == 1
    assert show("水价信息1")["catalogue_code"] == "3340000001/000001"


def test_a_code_of_another_form_is_kept_beside_the_entry(tmp_path, fgw, run):
    path = sheet(tmp_path / "a.xlsx", [[*row(1), "SC-2018-7"]], [*HEAD, "信息资源代码"])
    run(path)
    entry = show("水价信息1")
    assert entry["imported_columns"]["信息资源代码"] == "SC-2018-7"
    assert entry["catalogue_code"] != "SC-2018-7"
    assert run(path)["unchanged"] == 1


@pytest.mark.parametrize("printed", ["合肥市发改委", "合肥发改", "安徽省合肥市发展和改革委员会"])
def test_departments_by_their_other_names(tmp_path, fgw, run, printed):
    answer = run(sheet(tmp_path / "a.xlsx", [row(1, 提供单位=printed)]))
    assert answer["created"] == 1
    assert show("水价信息1")["owner_org"] == fgw["id"]
    became = {(m["value"], m["became"]) for m in answer["mappings"]}
    assert (printed, "合肥市发展和改革委员会") in became


def test_a_zone_is_not_made_the_department_above_itself(tmp_path, fgw, run):
    path = sheet(tmp_path / "a.xlsx", [row(1, 提供单位="滁州市中新苏滁高新区")])
    first = run(path, place="安徽省滁州市", create_departments=True)
    made = [title for title in first["departments_created"] if "中新苏滁" in title]
    assert made == ["滁州市中新苏滁高新区人民政府"]
    again = run(path, place="安徽省滁州市", create_departments=True)
    assert (again["rejected_rows"], again["departments_created"]) == (0, [])


def test_an_address_that_is_none_is_kept_beside_the_entry(fgw, run):
    given = {"notes": "y", "publisher": fgw["title"]}
    addresses = ["见官网", "javascript:alert(1)", "a\x00b", "https://data.example.cn/1"]
    rows = [{**given, "id": f"e-{n}", "title": f"t{n}", "url": a} for n, a in enumerate(addresses)]
    assert run(rows)["created"] == 4
    shown = [act("package_show", id=f"e-{n}") for n in range(4)]
    assert [entry.get("url") for entry in shown] == [None, None, None, addresses[3]]
    assert shown[0]["imported_columns"] == {"url": "见官网"}
    assert run(rows)["unchanged"] == 4


@pytest.mark.parametrize("row", [{"notes": "\ud800"}, {"\udfff": "x"}, {"notes": ["\ud800"]}])
def test_half_a_character_is_refused_with_its_line(fgw, run, row):
    """JSON can spell it; no database and no page can hold it."""
    good = {"id": "e-1", "title": "水价", "notes": "y", "publisher": fgw["title"]}
    with pytest.raises(tk.ValidationError) as refused:
        run([good, {**good, "id": "e-2", **row}])
    assert refused.value.error_dict["code"] == ["half_character"]
    assert "2" in refused.value.error_dict["upload"][0]
    assert entries() == 0


def test_departments_are_made_only_when_asked_for(tmp_path, fgw, run):
    path = sheet(
        tmp_path / "a.xlsx", [row(1, 提供单位="市卫健委"), row(2, 提供单位="长丰县教育局")]
    )
    assert codes_of(run(path, place="安徽省合肥市")) == {"department_unknown"}
    answer = run(path, place="安徽省合肥市", create_departments=True)
    assert "合肥市卫生健康委员会" in answer["departments_created"]
    assert "长丰县教育局" in answer["departments_created"]
    found = tk.get_action("organization_show")({}, {"id": show("水价信息1")["owner_org"]})
    assert found["title"] == "合肥市卫生健康委员会"
    assert [group["name"] for group in found["groups"]] == ["hefei"]
    assert run(path, place="安徽省合肥市")["unchanged"] == 2


def test_what_the_regulations_ask_for_is_listed_and_refuses_nothing(tmp_path, fgw, run):
    answer = run(sheet(tmp_path / "a.xlsx", [row(1, 开放属性="有条件开放")]))
    assert answer["created"] == 1
    gaps = {gap["field"]: gap for gap in answer["incomplete"]}
    assert {"open_conditions", "open_basis"} <= set(gaps)
    assert gaps["open_basis"]["rows"] == [2]


def test_rows_through_the_api(fgw, run):
    rows = [
        {
            "id": "anhui-hefei-1", "title": "天地图", "notes": "底图", "publisher": "市发展改革委",
            "place": "安徽省合肥市", "category": "公共安全", "keywords": ["地图", "底图"],
            "open_type": "无条件开放", "frequency": "每年", "formats": ["xml"], "script": "hans",
            "issued": "2020-07-20", "source": "x:y", "fields": "编号、名称",
        }
    ]  # fmt: skip
    answer = run(rows)
    assert answer["created"] == 1, answer["rejected"]
    entry = tk.get_action("package_show")({}, {"id": "anhui-hefei-1"})
    assert [item["name"] for item in entry["information_items"]] == ["编号", "名称"]
    assert run(rows)["unchanged"] == 1


def test_an_officer_imports_only_for_her_department(tmp_path, fgw, run):
    from ckan.tests import factories

    other = factories.Organization(
        title="合肥市教育局", level="city", region="3401", role="department"
    )
    officer = factories.User()
    tk.get_action("organization_member_create")(
        {"ignore_auth": True, "user": act("get_site_user")["name"]},
        {"id": fgw["id"], "username": officer["name"], "role": "editor"},
    )
    good = run(sheet(tmp_path / "a.xlsx", [row(1)]), user=officer["name"])
    assert good["created"] == 1
    short = [{"id": "short", "title": "站点", "notes": "y", "publisher": "市发改委"}]
    assert codes_of(run(short)) == {"department_unknown"}
    assert run(short, user=officer["name"])["created"] == 1
    assert act("package_show", id="short")["owner_org"] == fgw["id"]
    answer = run(
        sheet(tmp_path / "b.xlsx", [row(2, 提供单位="合肥市教育局")]), user=officer["name"]
    )
    assert codes_of(answer) == {"department_not_yours"}
    run([{"id": "theirs", "title": "教育", "publisher": other["title"]}])
    taken = run(
        [{"id": "theirs", "title": "我的", "publisher": fgw["title"]}], user=officer["name"]
    )
    assert codes_of(taken) == {"other_provider"}  # in words that name both departments
    with pytest.raises(tk.ValidationError) as foreign:
        run([{"title": "x", "notes": "y"}], user=officer["name"], organization=other["name"])
    assert list(foreign.value.error_dict) == ["organization"]
    with pytest.raises(tk.NotAuthorized):
        run([{"title": "x", "notes": "y"}], user=officer["name"], create_departments=True)
    with pytest.raises(tk.NotAuthorized):
        run([{"title": "x", "notes": "y"}], user=factories.User()["name"])


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04broken", b"a,b\n1,2\n"])
def test_a_file_that_cannot_be_read(tmp_path, fgw, run, content):
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(tk.ValidationError) as caught:
        run(tmp_path / "a.xlsx")
    assert caught.value.error_dict["upload"][0]
    assert entries() == 0


def test_a_path_cannot_come_from_a_request(tmp_path, fgw):
    path = sheet(tmp_path / "a.xlsx", [row(1)])
    with pytest.raises(tk.ValidationError):
        act("govdata_catalogue_import", govdata_import_file=str(path), upload=str(path))


def test_a_process_that_dies_before_the_index_is_repaired(tmp_path, fgw, run, monkeypatch):
    def dies(*_):
        raise SystemExit("killed")

    monkeypatch.setattr(writer, "documents_of", dies)
    with pytest.raises(SystemExit):
        run(sheet(tmp_path / "a.xlsx", [row(1), row(2)]))
    monkeypatch.undo()
    model.Session.rollback()
    assert entries() == 2
    assert writer.waiting() == 2
    assert act("package_search")["count"] == 0
    assert writer.drain().done == 2
    assert act("package_search")["count"] == 2
    assert writer.waiting() == 0


@pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the portals' own sheets are not beside the project"
)
@pytest.mark.slow
@pytest.mark.parametrize("name", ["anhui_hefei.xlsx", "anhui_chuzhou.xlsx", "anhui_bengbu.xlsx"])
def test_real_sheets_import_whole(run, name):
    expected = json.loads((SAMPLES / "expected.json").read_text("utf-8"))[name]
    answer = run(SAMPLES / name, create_departments=True)
    assert answer["rejected"] == []
    assert answer["rows"] == expected["rows"]
    assert answer["created"] + answer["repeated"] == expected["rows"]
    assert answer["headings"] == expected["mapping"]
    assert answer["unknown_columns"] == expected["unmapped"]
    assert run(SAMPLES / name)["unchanged"] == expected["rows"]


def closed_row(number: int, basis: str) -> dict[str, str]:
    return {"title": f"水价信息{number}", "notes": "居民用水价格",
            "publisher": "合肥市发展和改革委员会", "category": "城建住房",
            "share_type": "无条件共享", "frequency": "每年",
            "open_type": "不予开放", "open_basis": basis}  # fmt: skip


def test_a_basis_that_is_no_ground_is_kept_and_told_by_row(fgw, run):
    """Real catalogues have free text there: nothing that a department wrote is lost."""
    good = "《中华人民共和国政府信息公开条例》第十四条"
    answer = run([closed_row(1, good), closed_row(2, "局务会议纪要")])
    assert (answer["created"], answer["rejected_rows"]) == (2, 0)
    (gap,) = [one for one in answer["incomplete"] if one["field"] == "open_basis"]
    assert gap["rows"] == [2]
    assert "局务会议纪要" in gap["message"]
    assert show("水价信息2")["open_basis"] == "局务会议纪要"


def test_a_ground_that_a_sheet_names_by_its_id_is_kept_in_words(fgw, run):
    answer = run([closed_row(1, "open_government_information:第十四条")])
    assert not [one for one in answer["incomplete"] if one["field"] == "open_basis"]
    assert show("水价信息1")["open_basis"] == "《中华人民共和国政府信息公开条例》第十四条"


def test_a_row_without_its_title_is_told_before_it_is_called_by_its_summary(tmp_path, fgw, run):
    """Hefei's own sheet has such rows: they are not lost, and nobody has to look for them."""
    answer = run(sheet(tmp_path / "a.xlsx", [row(1), row(2, 信息资源名称="", 摘要="测试")]))
    assert (answer["created"], answer["rejected_rows"]) == (2, 0)
    (gap,) = [one for one in answer["incomplete"] if one["field"] == "title"]
    assert (gap["column"], gap["rows"]) == ("信息资源名称（必填）", [3])
    assert "summary" in gap["message"]
