"""A workbook of several sheets: which are read, what their columns are, whose faults are told."""

from __future__ import annotations

import io

import openpyxl
import pytest
from catalogue_sheets import act, row
from ckan import model
from import_officer import HIDDEN, Sender, book, entries

JIAOYU = "合肥市教育局"


@pytest.fixture
def jiaoyu(fgw):
    return act("organization_create", name="hefei-jiaoyu", title=JIAOYU, role="department",
               level="city", region="3401", groups=[{"name": "hefei"}])  # fmt: skip


@pytest.fixture
def both(app, fgw, jiaoyu, at_once) -> Sender:
    return Sender(app, fgw, jiaoyu)


def theirs(number: int, **changed: str) -> list[str]:
    return row(number, **{"信息资源名称": f"学校名录{number}", "提供单位": JIAOYU, **changed})


def test_every_sheet_is_read_and_the_hidden_one_named(tmp_path, both) -> None:
    both.send(book(tmp_path / "全市.xlsx", (HIDDEN,), 发改委=[row(1), row(2)], 教育局=[theirs(3)],
                   **{HIDDEN: [row(4)]}, 空表=[]))  # fmt: skip
    answer = both.state["answer"]
    assert {one["name"]: one["rows"] for one in answer["sheets"]} == {"发改委": 2, "教育局": 1}
    passed = {one["name"]: (one["why"], one["rows"]) for one in answer["sheets_passed_over"]}
    assert passed == {HIDDEN: ("hidden", 2), "空表": ("empty", 0)}
    titles = {one["title"]: one["created"] for one in answer["departments"]}
    assert titles == {"合肥市发展和改革委员会": 2, JIAOYU: 1}
    page = both.look().get_text(" ", strip=True)
    assert HIDDEN in page
    assert "hidden; show it in the workbook" in page
    both.press("confirm")
    assert set(entries()) == {"水价信息1", "水价信息2", "学校名录3"}


def test_a_list_of_words_beside_a_catalogue_is_no_catalogue(tmp_path, both) -> None:
    words = [["代码", "名称", "说明"], ["01", "教育科技", "学校"], ["02", "城建住房", "水电"]]
    both.send(book(tmp_path / "a.xlsx", 目录=[row(1)], 字典=words))
    answer = both.state["answer"]
    assert [one["name"] for one in answer["sheets"]] == ["目录"]
    assert [(one["name"], one["why"]) for one in answer["sheets_passed_over"]] == [
        ("字典", "few_headings")
    ]


def test_a_sheet_may_be_left_out_and_taken_in_again(tmp_path, both) -> None:
    both.send(book(tmp_path / "a.xlsx", 甲=[row(1)], 乙=[theirs(2)]))
    both.correct(sheets="乙")
    answer = both.state["answer"]
    assert [one["name"] for one in answer["sheets"]] == ["乙"]
    assert answer["sheets_passed_over"] == [
        {"name": "甲", "why": "not_chosen", "rows": 1, "pickable": True}
    ]
    both.call("import_map", id=both.import_id, sheets=["甲", "乙"])
    assert [one["name"] for one in both.state["answer"]["sheets"]] == ["甲", "乙"]
    assert "Choose at least one sheet" in both.press("headings", 409)


def test_faults_name_their_sheet_and_can_be_chosen(tmp_path, both) -> None:
    both.send(book(tmp_path / "a.xlsx", 甲=[row(n, 发布日期="2022-02-30") for n in range(60)],
                   乙=[theirs(99, 发布日期="2023-13-01")]))  # fmt: skip
    page = both.look()
    assert len(page.select("#faults ~ .gd-table-scroll tbody tr")) >= 50
    assert "page=2" in str(page)
    second = both.look("?sheet=%E4%B9%99")
    shown = second.find(id="faults").find_next("table").get_text(" ", strip=True)
    assert "2022-02-30" not in shown
    both.look("?sheet=nowhere", 400)
    both.look("?page=two", 400)
    marked = both.app.get(f"{both.place}/marked", headers=both.headers)
    found = openpyxl.load_workbook(io.BytesIO(marked.data))
    notes = {sheet.title: sum(1 for cells in sheet.iter_rows() for c in cells if c.comment)
             for sheet in found}  # fmt: skip
    assert notes["甲"] == 60
    assert notes["乙"] == len([c for c in both.state["answer"]["rejected"] if c["sheet"] == "乙"])


def test_an_entry_on_two_sheets_is_told_with_the_sheet(tmp_path, both) -> None:
    both.send(book(tmp_path / "a.xlsx", 甲=[row(1)], 乙=[row(1, 摘要="别的摘要")]))
    [cell] = both.state["answer"]["rejected"]
    assert (cell["sheet"], cell["row"], cell["code"]) == ("乙", 2, "duplicate_elsewhere")
    assert "sheet “甲”, row 2" in cell["message"]


def test_hidden_columns_are_not_read(tmp_path, both) -> None:
    path = book(tmp_path / "a.xlsx", 甲=[row(1)])
    made = openpyxl.load_workbook(path)
    made["甲"].column_dimensions["G"].hidden = True  # 摘要
    made.save(path)
    both.send(path)
    [found] = both.state["answer"]["sheets"]
    assert found["hidden_columns"] == ["G"]
    assert "摘要" not in [column["heading"] for column in found["columns"]]
    assert "Hidden columns, which are not read: G" in both.look().get_text()


def test_samples_show_nobody_and_nothing_hidden_and_are_not_kept(tmp_path, both) -> None:
    columns = {"信息资源名称": "公厕{}", "提供单位": "合肥市发展和改革委员会", "摘要": "位置{}",
               "开放属性": "无条件开放", "负责人": "张三{}", "备注": "1380551000{}"}  # fmt: skip
    rows = [[text.format(number) for text in columns.values()] for number in range(1, 5)]
    path = book(tmp_path / "a.xlsx", 甲=[list(columns), *rows])
    made = openpyxl.load_workbook(path)
    made["甲"].row_dimensions[2].hidden = True
    made.save(path)

    def samples() -> dict[str, list[str]]:
        [found] = both.state["answer"]["sheets"]
        return {column["heading"]: column["samples"] for column in found["columns"]}

    both.send(path)
    assert samples()["信息资源名称"] == ["公厕2", "公厕3", "公厕4"]
    assert (samples()["负责人"], samples()["备注"]) == ([], [])
    both.send(book(tmp_path / "b.xlsx", 甲=[list(columns), *rows]))
    assert samples()["信息资源名称"] == ["公厕1", "公厕2", "公厕3"]
    both.press("confirm")
    assert both.state["state"] == "done"
    assert set(map(tuple, samples().values())) == {()}
    assert "公厕1" in entries()


STRANGE = ["信息资源名称", "提供单位", "要点", "开放属性", "提供单位备注"]


def strange(number: int) -> list[str]:
    name, where = f"公厕{number}", f"公厕的位置{number}"
    return [name, "合肥市发展和改革委员会", where, "无条件开放", "张三录入"]


def test_a_heading_is_corrected_kept_and_applied_to_the_next_sheet(tmp_path, both, fgw) -> None:
    both.send(book(tmp_path / "a.xlsx", 表=[STRANGE, strange(1)]))
    before = {c["heading"]: c["field"] for c in both.state["answer"]["sheets"][0]["columns"]}
    assert before["要点"] == "other"
    both.correct(要点="notes", 提供单位备注="left_out", keep_for=fgw["name"])
    after = {c["heading"]: c["field"] for c in both.state["answer"]["sheets"][0]["columns"]}
    assert (after["要点"], after["提供单位备注"]) == ("notes", "left_out")
    both.press("confirm")
    made = model.Session.query(model.Package).filter_by(title="公厕1").one()
    assert made.notes == "公厕的位置1"
    assert "张三" not in str(made.extras)

    turned = [STRANGE[::-1], strange(2)[::-1]]  # the same headings in another order
    both.send(book(tmp_path / "b.xlsx", 表=[["信息资源名称", *STRANGE[1:]], strange(2)]))
    [found] = both.state["answer"]["sheets"]
    assert found["kept"]["applied"]
    assert "what 周敏 kept on" in both.look().get_text(" ", strip=True)
    both.send(book(tmp_path / "c.xlsx", 表=[["#", *turned[0]], ["1", *turned[1]]]))
    [found] = both.state["answer"]["sheets"]
    assert not found["kept"]["applied"]
    assert "New here" in both.look().get_text()
    [kept] = both.call("headings_list")
    assert kept["organization"] == fgw["id"]
    both.call("headings_forget", id=kept["id"])
    assert both.call("headings_list") == []
    both.call("headings_forget", 404, id=kept["id"])


def test_no_value_of_a_person_is_shown_beside_a_heading(tmp_path, both) -> None:
    rows = [[*STRANGE, "经办人手机"], [*strange(1), "13905510001"]]
    both.send(book(tmp_path / "a.xlsx", 表=rows))
    assert "13905510001" not in str(both.state)
    assert "13905510001" not in str(both.look("/headings"))
    both.correct(提供单位备注="left_out", 经办人手机="left_out")
    for page in (both.state, both.look(), both.look("/headings")):
        assert "13905510001" not in str(page)
        assert "张三录入" not in str(page)
    assert "公厕1" in str(both.look("/headings"))


def test_kept_settings_are_the_departments_own(tmp_path, app, both, fgw, jiaoyu, at_once) -> None:
    both.send(book(tmp_path / "a.xlsx", 表=[STRANGE, strange(1)]))
    both.correct(要点="notes", keep_for=fgw["name"])
    [kept] = both.call("headings_list")
    stranger = Sender(app, jiaoyu)
    stranger.send(book(tmp_path / "b.xlsx", 表=[STRANGE, strange(1)]))
    assert stranger.state["answer"]["sheets"][0]["kept"] is None
    assert stranger.call("headings_list") == []
    stranger.call("headings_forget", 404, id=kept["id"])
    stranger.call("import_map", 409, id=stranger.import_id, keep_for=fgw["id"],
                  headings={"表": {"要点": "notes"}})  # fmt: skip
    stranger.call("import_map", 404, id=both.import_id, headings={})


def test_settings_of_one_department_are_not_anothers(tmp_path, both, fgw, jiaoyu) -> None:
    both.send(book(tmp_path / "a.xlsx", 表=[STRANGE, strange(1)]))
    both.correct(要点="notes", keep_for=fgw["name"])
    theirs = [strange(2)[0], JIAOYU, *strange(2)[2:]]

    def kept_of(rows: list[list[str]], **data: str) -> tuple[bool, bool]:
        both.press("discard")
        both.send(book(tmp_path / "b.xlsx", 表=[STRANGE, *rows]), **data)
        [found] = both.state["answer"]["sheets"]
        fields = {column["heading"]: column["field"] for column in found["columns"]}
        assert (fields["要点"] == "notes") == found["kept"]["applied"]
        return found["kept"]["applied"], found["kept"]["others"]

    assert kept_of([theirs]) == (False, True)
    assert "rows of the sheet are of other departments" in both.look().get_text()
    assert kept_of([strange(3), theirs]) == (False, True)
    assert kept_of([[strange(3)[0], "没有这个单位", *strange(3)[2:]]]) == (False, True)
    assert kept_of([strange(3), strange(4)]) == (True, False)
    assert kept_of([strange(3), theirs], organization=fgw["name"]) == (True, False)


def test_two_departments_that_mean_different_things_are_told(tmp_path, both, fgw, jiaoyu) -> None:
    for department, field in ((fgw, "notes"), (jiaoyu, "usage_requirements")):
        both.send(book(tmp_path / "a.xlsx", 表=[STRANGE, strange(1)]),
                  organization=department["name"])  # fmt: skip
        both.correct(要点=field, keep_for=department["name"])
    both.send(book(tmp_path / "b.xlsx", 表=[STRANGE, strange(1)]))
    assert both.state["answer"]["sheets"][0]["kept"]["several"]
    both.send(book(tmp_path / "b.xlsx", 表=[STRANGE, strange(1)]), organization=jiaoyu["name"])
    columns = {c["heading"]: c["field"] for c in both.state["answer"]["sheets"][0]["columns"]}
    assert columns["要点"] == "usage_requirements"


@pytest.mark.parametrize(("changed", "said"), [
    ({"要点": "title"}, "is the column “信息资源名称” already"),
    ({"信息资源名称": "other"}, "No column of the sheet “表” is"),
    ({"要点": "item_type"}, "needs the column"),
    ({"要点": "nonsense"}, "is no field of an entry"),
])  # fmt: skip
def test_choices_that_cannot_be(tmp_path, both, changed, said) -> None:
    both.send(book(tmp_path / "a.xlsx", 表=[STRANGE, strange(1)]))
    page = both.correct(409, **changed)
    assert said in page
    assert both.state["state"] == "looked"


@pytest.mark.parametrize(("asked", "said"), [
    ({"headings": {"表": {"没有的列": "notes"}}}, "has no column “没有的列”"),
    ({"headings": {"别的表": {"要点": "notes"}}}, "has no sheet “别的表”"),
    ({"sheets": ["别的表"]}, "has no sheet “别的表”"),
    ({"headings": [1]}, "wanted here"),
    ({"headings": {"表": [1]}}, "wanted here"),
    ({"sheets": "表"}, "wanted here"),
    ({"headings": {"表": {"要点": 7}}}, "wanted here"),
])  # fmt: skip
def test_what_a_program_says_of_columns_is_judged(tmp_path, both, fgw, asked, said) -> None:
    both.send(book(tmp_path / "a.xlsx", 表=[STRANGE, strange(1)]))
    assert said in str(both.call("import_map", 409, id=both.import_id, **asked))
    rows = [dict(zip(STRANGE, strange(1), strict=True))]
    assert "wanted here" in said or both.call("import", 409, rows=rows, **asked)


def test_a_program_names_headings_itself(both) -> None:
    rows = [dict(zip(STRANGE, strange(1), strict=True))]
    both.call("import", rows=rows, headings={"rows": {"要点": "notes", "提供单位备注": "left_out"}})
    made = model.Session.query(model.Package).filter_by(title="公厕1").one()
    assert made.notes == "公厕的位置1"


def test_what_is_written_has_its_headings_no_more(tmp_path, both) -> None:
    both.send(book(tmp_path / "a.xlsx", 甲=[row(1)]))
    both.press("confirm")
    assert both.look("/headings", 302)
    both.call("import_map", 409, id=both.import_id, headings={})
