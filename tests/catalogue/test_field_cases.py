"""What officers send is read truly: one file of each kind that was found wrong in the field, with
its right value, and sheets in which the same goes wrong otherwise."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from catalogue_sheets import act, sheet
from ckan import model
from ckan.tests import factories

DATA = Path(__file__).parent / "data"
EDU = "合肥市瑶海区教育体育局(场测)"
HEAD = [
    "信息资源名称", "信息资源提供方", "信息资源摘要", "所属领域", "开放属性", "共享类型",
    "更新周期",
]  # fmt: skip
SCHOOLS = ["学校名录", EDU, "摘要", "教育文化", "无条件开放", "无条件共享", "每年"]


@pytest.fixture
def edu(fresh: None) -> dict[str, Any]:
    return act("organization_create", name="edu", title=EDU, role="department", level="county",
               region="340102")


def entries() -> dict[str, dict[str, Any]]:
    found = model.Session.query(model.Package).filter_by(state="active")
    return {one.title: act("package_show", id=one.id) for one in found}


def test_open_attributes_stay_open_attributes(edu, run):
    """K04"""
    answer = run(DATA / "K04-open-attribute-words.xlsx", partial=True)
    assert {t: e["open_attribute"] for t, e in entries().items()} == {
        "场测开放不予公开": "non_open", "场测开放暂不开放": "non_open"}
    (cell,) = answer["rejected"]
    assert (cell["row"], cell["column"], cell["value"], cell["code"]) == (
        4, "开放属性", "部分开放", "unknown_value")
    for allowed in ("Open without conditions", "Open on conditions", "Not open"):
        assert allowed in cell["message"]


@pytest.mark.parametrize(
    ("place", "heading", "values"),
    [
        (4, "开放属性", ["部分开放", "待评估", "视情况而定"]),
        (4, "开放类型（必填）", ["一般", "一般"]),
        (4, "【国】信息资源是否社会开放", ["看情况", "看情况"]),
        (4, "開放屬性", ["視情況", "暫定"]),
        (5, "共享类型", ["部门共享", "校内"]), (5, "共享属性/共享类型", ["局内", "局内"]),
        (5, "共享属性", ["部门共享", "科室共享"]), (4, "公开属性", ["1+1", "三"]),
    ],
)  # fmt: skip
def test_a_heading_of_ours_stays_ours_whatever_stands_below(
    edu, run, tmp_path, place, heading, values
):
    """K04: refused by row and column with what is allowed; no entry is made without it."""
    head = [*HEAD[:place], heading, *HEAD[place + 1 :]]
    good = SCHOOLS
    rows = [[f"名录{n}", *good[1:place], v, *good[place + 1 :]] for n, v in enumerate(values)]
    answer = run(sheet(tmp_path / "a.xlsx", rows, head), partial=True)
    assert not entries()
    cells = [(c["row"], c["column"], c["code"]) for c in answer["rejected"]]
    assert cells == [(n, heading, "unknown_value") for n in range(2, 2 + len(values))]
    allowed = "Shared" if place == 5 else "Open"
    assert all(allowed in cell["message"] for cell in answer["rejected"])


def test_days_are_right_or_refused(edu, run):
    """K05"""
    answer = run(DATA / "K05-dates.xlsx", partial=True)
    issued = {title.removeprefix("场测日期"): e["issued"] for title, e in entries().items()}
    assert issued == {
        "202305": "2023-05-01", "112年5月": "2023-05-01", "1120501": "2023-05-01",
        "2022-12-31T16:00:00.000Z": "2023-01-01", "1672502400000": "2023-01-01"}
    assert [(c["value"], c["code"]) for c in answer["rejected"]] == [("23/5/1", "date_short_year")]
    told = {(m["value"], m["became"]) for m in answer["mappings"] if m["column"] == "发布日期"}
    assert {("112年5月", "2023-05-01"), ("1672502400000", "2023-01-01")} <= told


def test_a_workbook_of_a_mac_counts_from_1904(edu, run):
    """K05"""
    run(DATA / "K05-1904-general.xlsx")
    assert [e["issued"] for e in entries().values()] == ["2023-05-01"]


def test_how_often_is_counted(edu, run):
    """K06"""
    run(DATA / "K06-times-a-year.xlsx")
    periods = {title.removeprefix("场测频率"): e["update_period"] for title, e in entries().items()}
    assert periods == {"2次/年": "half_yearly", "每年4次": "quarterly", "1年12次": "monthly"}


def test_lists_are_cut_where_people_end_a_word(edu, run):
    """K07, K08, K17"""
    answer = run(DATA / "K07-K08-K17-lists.xlsx")
    found = entries()
    assert [i["name"] for i in found["场测括号"]["information_items"]] == [
        "地址（省、市、县）", "联系电话(区号,号码)", "户数"]
    assert [i["name"] for i in found["场测编号"]["information_items"]] == ["姓名", "地址", "电话"]
    assert found["场测括号"]["data_formats"] == ["xls", "csv", "json"]
    assert found["场测编号"]["data_formats"] == ["xls"]
    told = {m["value"] for m in answer["mappings"] if m["column"] == "关键字" and not m["known"]}
    assert told == {"税、水、电费", "C++、养老"}
    assert found["场测括号"]["imported_columns"]["关键字"] == "税、水、电费"


def test_the_description_wins_over_the_remark(edu, run):
    """K09"""
    run(DATA / "K09-description-and-remark.xlsx")
    (found,) = entries().values()
    assert found["notes"] == "全区公共停车场的位置与车位数"
    assert found["imported_columns"]["备注"] == "2021年起维护"


def test_the_provider_is_known_by_its_name_too(edu, run):
    """K10"""
    answer = run(DATA / "K10-provider-name.xlsx")
    assert answer["headings"] == {
        "提供单位名称": "publisher", "数据集名称": "title", "上架日": "issued"}
    (found,) = entries().values()
    assert (found["owner_org"], found["issued"]) == (edu["id"], "2023-05-01")


def test_types_in_notation(edu, run):
    """K11"""
    run(DATA / "K11-item-types.xlsx")
    (found,) = entries().values()
    assert [(i["type"], i["length"]) for i in found["information_items"]] == [
        ("C", "100"), ("N", "10,2"), ("D", "8"), ("C", "4000")]


def test_what_is_said_of_an_item_stays_with_it(edu, run):
    """K12"""
    answer = run(DATA / "K12-item-columns.xlsx")
    (found,) = entries().values()
    assert answer["headings"]["数据类型"] == "item_type"
    assert [(i["name"], i["type"]) for i in found["information_items"]] == [
        ("名称", "C"), ("人数", "I"), ("日期", "D")]
    assert found["imported_columns"] == {
        "字段精度": "名称：甲\n人数：乙\n日期：丙",
        "字段备注": "名称：备注一\n人数：备注二\n日期：备注三"}


def test_footers_are_no_entries(edu, run):
    """K14"""
    answer = run(DATA / "K14-footer-rows.xlsx", organization=edu["id"])
    assert sorted(entries()) == ["场测附件条目一", "场测附件条目二"]
    assert [(r["row"], r["kind"], r["text"]) for r in answer["passed_rows"]] == [
        (5, "total", "合计"), (6, "note", "注"), (7, "signature", "填表人")]
    assert all(row["what"] for row in answer["passed_rows"])
    assert "张某某" not in str(answer)


def test_a_row_with_a_title_and_nothing_else_is_asked_about(edu, run, tmp_path):
    """K14: a caption in the column of titles is no entry."""
    rows = [["基础教育类"], SCHOOLS]
    answer = run(sheet(tmp_path / "a.xlsx", rows, HEAD), organization=edu["id"], partial=True)
    assert list(entries()) == ["学校名录"]
    assert [(c["row"], c["column"], c["code"]) for c in answer["rejected"]] == [
        (2, "信息资源名称", "lone_title")]


def test_a_later_row_of_an_entry_may_not_say_otherwise(edu, run, tmp_path):
    """K12: nothing that a row says is lost because another row says it too."""
    head = ["信息资源名称", "信息资源提供方", "更新周期", "信息项名称"]
    rows = [["学校", EDU, "每年", "校名"], ["学校", EDU, "每月", "人数"]]
    answer = run(sheet(tmp_path / "a.xlsx", rows, head))
    assert [(c["row"], c["column"], c["code"]) for c in answer["rejected"]] == [
        (3, "更新周期", "not_as_above")]
    assert not entries()


def test_a_refusal_names_the_heading_of_the_sheet(edu, run, tmp_path):
    """K42: not information_items-0-name, not publisher."""
    head = ["信息资源名称", "信息资源摘要", "主要栏位"]
    answer = run(sheet(tmp_path / "a.xlsx", [["甲", "摘要", "<b>校名</b>、人数"]], head),
                 organization=edu["id"])
    assert {cell["column"] for cell in answer["rejected"]} == {"主要栏位"}
    answer = run(sheet(tmp_path / "b.xlsx", [["甲", "摘要", "校名"]], head))
    assert {cell["column"] for cell in answer["rejected"]} == {"Provider"}


def test_a_table_below_another_one_is_refused_by_row(edu, run, tmp_path):
    other = ["目录名称", "提供单位", "数据格式", "更新频率"]
    rows = [SCHOOLS, other, ["医院名录", EDU, "xls", "每年"]]
    answer = run(sheet(tmp_path / "a.xlsx", rows, HEAD))
    assert not answer["written"]
    assert not entries()
    assert [(c["row"], c["code"]) for c in answer["rejected"]] == [
        (3, "other_columns"), (4, "other_columns")]
    assert all("row 3" in cell["message"] for cell in answer["rejected"])


def test_the_page_names_the_rows_that_are_no_entries(edu, app, at_once):
    """K14, before the officer confirms; in his language."""
    officer = factories.UserWithToken()
    act("organization_member_create", id="edu", username=officer["name"], role="editor")
    headers = {"Authorization": officer["token"]}
    with (DATA / "K14-footer-rows.xlsx").open("rb") as file:
        sent = app.post(
            "/zh_Hans_CN/catalogue/import", headers=headers, content_type="multipart/form-data",
            data={"upload": (file, "a.xlsx"), "organization": "edu"}, follow_redirects=False,
        )  # fmt: skip
    place = re.sub(r"^https?://[^/]+", "", sent.headers["Location"])
    page = app.get(place, headers=headers).body
    told_of = ("不是条目的行", "第5行：“合计”，合计", "第6行：“注”，注释",
               "第7行：“填表人”，签字、填表人或联系方式")  # fmt: skip
    for told in told_of:
        assert told in page
    assert "张某某" not in page
