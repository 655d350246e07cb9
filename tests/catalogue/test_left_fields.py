"""What a row does not say stays as the entry has it, and is told: no import empties or overwrites a
field without a word. What is no catalogue is said to be what it is."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
import openpyxl
import pytest
from catalogue_sheets import sheet
from test_field_cases import EDU, HEAD, SCHOOLS, edu, entries

__all__ = ["edu"]
MORE = [*HEAD, "关键字", "发布日期", "数据格式", "信息项", "开放条件", "科室备忘"]
FULL = [*SCHOOLS[:4], "有条件开放", *SCHOOLS[5:], "学校、名录", "2026-05-01", "xls", "校名、地址",
        "实名申请", "每周核对"]  # fmt: skip


@pytest.fixture
def full(edu, run, tmp_path) -> dict[str, Any]:
    """An entry with all that a sheet can say."""
    run(sheet(tmp_path / "full.xlsx", [FULL], MORE))
    return entries()["学校名录"]


def test_an_empty_cell_leaves_what_the_entry_has(full, run, tmp_path):
    blank = [SCHOOLS[0], EDU, *[""] * (len(MORE) - 2)]
    answer = run(sheet(tmp_path / "a.xlsx", [blank], MORE))
    assert (answer["updated"], answer["unchanged"], answer["rejected"]) == (0, 1, [])
    same = ("notes", "open_attribute", "open_conditions", "update_period", "issued",
            "data_formats", "information_items", "imported_columns", "domain")  # fmt: skip
    now = entries()["学校名录"]
    assert {name: now.get(name) for name in same} == {name: full.get(name) for name in same}
    assert {tag["name"] for tag in now["tags"]} == {"学校", "名录"}
    left = {one["field"]: (one["why"], one["rows"]) for one in answer["left"]}
    assert left["notes"] == left["tags"] == left["information_items"] == ("blank", [2])
    assert all(one["message"] for one in answer["left"])


def test_what_says_nothing_empties_a_field(full, run, tmp_path):
    row = [*FULL[:2], "-", *FULL[3:-1], "无"]
    answer = run(sheet(tmp_path / "a.xlsx", [row], MORE))
    assert (answer["updated"], answer["left"]) == (1, [])
    now = entries()["学校名录"]
    assert not now.get("notes")
    assert now["imported_columns"] == {"科室备忘": "无"}


def test_old_conditions_do_not_outlive_their_attribute(full, run, tmp_path):
    row = [*FULL[:4], "无条件开放", *FULL[5:-2], "", FULL[-1]]
    run(sheet(tmp_path / "a.xlsx", [row], MORE))
    now = entries()["学校名录"]
    assert (now["open_attribute"], now.get("open_conditions") or "") == ("unconditional", "")


def test_a_remark_is_no_better_summary_than_the_entry_has(full, run, tmp_path):
    """The second sheet of remarks, which names the same entries."""
    head = ["信息资源名称", "提供单位", "备注"]
    answer = run(sheet(tmp_path / "a.xlsx", [["学校名录", EDU, "仅供参考"]], head))
    now = entries()["学校名录"]
    assert now["notes"] == full["notes"]
    assert now["imported_columns"] == {"科室备忘": "每周核对", "备注": "仅供参考"}
    assert [(one["field"], one["why"], one["rows"]) for one in answer["left"]] == [
        ("notes", "remark", [2])]


def test_who_says_that_the_remark_is_the_summary_means_it(full, run, tmp_path):
    head = ["信息资源名称", "提供单位", "备注"]
    path = sheet(tmp_path / "a.xlsx", [["学校名录", EDU, "新的摘要"]], head)
    run(path, headings={"Sheet": {"备注": "notes"}})
    assert entries()["学校名录"]["notes"] == "新的摘要"


def test_a_sheet_without_a_column_says_nothing_of_what_is_kept(full, run, tmp_path):
    head = ["信息资源名称", "提供单位", "另一列"]
    run(sheet(tmp_path / "a.xlsx", [["学校名录", EDU, "甲"]], head))
    assert entries()["学校名录"]["imported_columns"] == {"科室备忘": "每周核对", "另一列": "甲"}


def refused(run, path) -> tuple[str, str]:
    with pytest.raises(tk.ValidationError) as error:
        run(path)
    return error.value.error_dict["code"][0], error.value.error_dict["upload"][0]


@pytest.mark.parametrize(
    ("content", "code"),
    [("[]", "empty_list"), ({"data": []}, "empty_list"), ({"rows": [], "total": 0}, "empty_list"),
     ({"data": [{"名称": "甲"}], "total": 900}, "list_within"),
     ({"result": {"data": [{"名称": "甲"}]}}, "list_within")],
)  # fmt: skip
def test_lists_of_interfaces_are_told_as_what_they_are(edu, run, tmp_path, content, code):
    path = tmp_path / "a.json"
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    path.write_text(text, "utf-8")
    found, message = refused(run, path)
    assert found == code
    assert "data" in message or code == "empty_list"


def test_one_object_with_a_list_of_items_is_an_entry(edu, run, tmp_path):
    one = {"title": "甲", "publisher": EDU, "information_items": [{"name": "校名", "type": "C"}]}
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(one, ensure_ascii=False), "utf-8")
    assert run(path)["created"] == 1
    assert entries()["甲"]["information_items"][0]["name"] == "校名"


@pytest.mark.parametrize(
    "head", [["序号", "字段名", "字段类型", "长度", "说明"], ["字段名称", "数据类型", "备注"],
             ["信息项名称", "数据长度"]])  # fmt: skip
def test_a_sheet_of_columns_is_no_catalogue(edu, run, tmp_path, head):
    path = sheet(tmp_path / "a.xlsx", [["1", "name", "varchar", "50", "姓名"][: len(head)]], head)
    code, message = refused(run, path)
    assert code == "items_only"
    assert head[1] in message


def test_a_row_for_each_column_of_a_table_is_an_entry_by_table(edu, run, tmp_path):
    head = ["表名", "字段名", "字段类型", "说明"]
    rows = [["学生表", "姓名", "varchar(50)", "学生姓名"], ["", "年龄", "int", "周岁"]]
    answer = run(sheet(tmp_path / "a.xlsx", rows, head), organization=edu["id"])
    assert answer["rejected"] == []
    items = entries()["学生表"]["information_items"]
    assert [(i["name"], i["type"], i["description"]) for i in items] == [
        ("姓名", "C", "学生姓名"), ("年龄", "I", "周岁")]


def test_one_number_of_two_titles_is_told_as_that(edu, run, tmp_path):
    rows = [["307", *SCHOOLS], ["307", "医院名录", *SCHOOLS[1:]]]
    answer = run(sheet(tmp_path / "a.xlsx", rows, ["目录编码", *HEAD]))
    [cell] = answer["rejected"]
    assert (cell["row"], cell["column"], cell["code"]) == (3, "目录编码", "number_twice")
    assert "row 2" in cell["message"]


BESIDE = [
    ["信息资源名称", "提供单位", "摘要", "更新周期"], ["目录名称", "责任部门", "更新频率"],
    ["代码", "名称", "说明"], ["标题", "部门"],
]  # fmt: skip


@pytest.mark.parametrize("head", BESIDE)
def test_a_table_beside_another_one_is_refused_by_its_place(edu, run, tmp_path, head):
    first, width = ["信息资源名称", "提供单位", "摘要"], len(head)
    path = sheet(tmp_path / "a.xlsx", [["甲", EDU, "摘要", None, *["乙"] * width]],
                 [*first, None, *head])  # fmt: skip
    code, message = refused(run, path)
    assert code == "two_tables"
    assert "column E" in message


def test_an_empty_column_alone_parts_nothing(edu, run, tmp_path):
    head = ["信息资源名称", "提供单位", "摘要", None, "更新周期", "数据格式"]
    answer = run(sheet(tmp_path / "a.xlsx", [["甲", EDU, "摘要", None, "每年", "xls"]], head))
    assert (answer["created"], answer["rejected"]) == (1, [])
    assert entries()["甲"]["update_period"] == "yearly"


def test_letters_that_nobody_sees_are_refused_by_cell(edu, run, tmp_path):
    book = openpyxl.Workbook()
    for row in (HEAD, SCHOOLS, ["内部名录", *SCHOOLS[1:]]):
        book.active.append(row)
    book.active["A3"].font = openpyxl.styles.Font(color="FFFFFFFF")
    book.save(tmp_path / "a.xlsx")
    answer = run(tmp_path / "a.xlsx", partial=True)
    assert [(c["row"], c["column"], c["code"]) for c in answer["rejected"]] == [
        (3, "信息资源名称", "unseen")]
    assert list(entries()) == ["学校名录"]


def test_a_sheet_of_very_many_columns_is_read(edu, run, tmp_path):
    head = [*HEAD, *(f"自设列{n}" for n in range(293))]
    row = [*SCHOOLS, *(f"值{n}" for n in range(293))]
    answer = run(sheet(tmp_path / "a.xlsx", [row], head))
    assert (answer["rows"], answer["created"]) == (1, 1)
