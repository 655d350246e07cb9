"""A row never overwrites an entry of another department (K43); what is ambiguous is refused."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from catalogue_sheets import act
from ckan.tests import factories

DATA = Path(__file__).parent / "data"
FIRST, SECOND = "合肥市瑶海区教育体育局(场测)", "合肥市瑶海区应急管理局(场测)"


@pytest.fixture
def two(fresh: None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two departments of one district."""
    act("organization_create", name="yaohai", title="合肥市瑶海区人民政府", role="government",
        level="county", region="340102")
    made = [act("organization_create", name=name, title=title, role="department", level="county",
                region="340102", groups=[{"name": "yaohai"}])
            for name, title in (("edu", FIRST), ("emergency", SECOND))]
    return made[0], made[1]


def entries() -> dict[str, str]:
    """Title → department of every entry."""
    found = act("package_search", rows=100, include_private=True)["results"]
    return {one["title"]: one["organization"]["title"] for one in found}


def wrong(answer: dict[str, Any]) -> dict[int, str]:
    return {one["row"]: one["code"] for one in answer["rejected"]}


def test_each_department_numbers_its_own_sheet(two, run):
    assert run(DATA / "K43-running-number-first-department.xlsx")["created"] == 2
    answer = run(DATA / "K43-running-number-second-department.xlsx")
    assert (answer["created"], answer["updated"]) == (2, 0)
    assert entries() == {"场测号甲一": FIRST, "场测号甲二": FIRST,
                         "场测号乙一": SECOND, "场测号乙二": SECOND}
    again = run(DATA / "K43-running-number-second-department.xlsx")
    assert (again["unchanged"], again["created"], again["updated"]) == (2, 0, 0)


@pytest.mark.parametrize(("heading", "mark"), [
    ("资源编号", "9001"), ("目录编码", "A-01"), ("目录编号", "SC-2018-7"), ("id", "90011"),
    ("标识", "0001"), ("来源网址", "https://www.yaohai.gov.cn/detail?id=7"),
    ("详情页网址", "https://www.yaohai.gov.cn/page/17.html"),
])
@pytest.mark.parametrize("together", [True, False])
def test_the_same_mark_of_two_departments_is_two_entries(two, run, heading, mark, together):
    rows = [{"信息资源名称": f"{name}的表", "信息资源提供方": name, "信息资源摘要": "摘要",
             heading: mark} for name in (FIRST, SECOND)]
    for part in ([rows] if together else [rows[:1], rows[1:]]):
        answer = run(part)
        assert answer["written"], answer["rejected"]
        assert answer["created"] == len(part)
    assert entries() == {f"{FIRST}的表": FIRST, f"{SECOND}的表": SECOND}
    assert run(rows)["unchanged"] == 2


def test_an_address_of_the_portal_in_another_departments_sheet_is_refused(two, run):
    run([{"id": "roads", "title": "道路", "notes": "摘要", "publisher": FIRST}])
    answer = run([{"id": "roads", "title": "我的", "notes": "摘要", "publisher": SECOND}])
    assert wrong(answer) == {1: "other_provider"}
    assert FIRST in answer["rejected"][0]["message"]
    assert SECOND in answer["rejected"][0]["message"]
    assert entries() == {"道路": FIRST}


def test_a_number_that_is_anothers_address_by_chance_leads_nowhere(two, run):
    """Departments number their rows; only a word in the column of marks can mean an address."""
    act("package_create", name="20180017", title="道路", notes="摘要", owner_org=two[0]["id"],
        domain="transport", update_period="yearly", share_type="unconditional",
        open_attribute="unconditional", data_formats=["csv"],
        information_items=[{"name": "路名", "type": "C", "opened": True}])
    answer = run([{"id": "20180017", "title": "我的", "notes": "摘要", "publisher": SECOND}])
    assert answer["written"], answer["rejected"]
    assert entries() == {"道路": FIRST, "我的": SECOND}


def test_a_code_that_the_portal_gave_is_known_everywhere(two, run):
    run([{"title": "道路", "notes": "摘要", "publisher": FIRST}])
    code = act("package_search")["results"][0]["catalogue_code"]
    renamed = run([{"catalogue_code": code, "title": "公路", "notes": "摘要", "publisher": FIRST}])
    assert renamed["updated"] == 1
    assert renamed["retitled"] == [{"row": 1, "before": "道路", "title": "公路"}]
    answer = run([{"catalogue_code": code, "title": "公路", "notes": "x", "publisher": SECOND}])
    assert wrong(answer) == {1: "other_provider"}
    assert entries() == {"公路": FIRST}


def test_a_code_beside_the_mark_of_another_entry(two, run):
    run([{"id": f"road{n}", "title": f"道路{n}", "notes": "摘要", "publisher": FIRST}
         for n in (1, 2)])
    code = act("package_show", id="road2")["catalogue_code"]
    for publisher in (FIRST, SECOND):
        answer = run([{"id": "road1" if publisher == FIRST else "new-one", "catalogue_code": code,
                       "title": "道路", "notes": "摘要", "publisher": publisher}])
        assert set(wrong(answer).values()) <= {"code_of_other", "other_provider"}
        assert not answer["written"]


@pytest.mark.parametrize("url", [
    "https://www.yaohai.gov.cn", "https://www.yaohai.gov.cn/", "http://www.yaohai.gov.cn/index.html",
    "https://www.yaohai.gov.cn/list/open.html", "https://www.yaohai.gov.cn/#/catalogue",
])
@pytest.mark.parametrize("together", [True, False])
def test_a_common_page_identifies_nothing(two, run, url, together):
    rows = [{"title": f"表{n}", "notes": "摘要", "publisher": FIRST, "url": url} for n in range(3)]
    for part in ([rows] if together else [[one] for one in rows]):
        assert run(part)["created"] == len(part)
    assert len(entries()) == 3
    assert run(rows)["unchanged"] == 3


def test_a_page_with_a_number_that_several_rows_share_identifies_nothing(two, run):
    rows = [{"title": f"表{n}", "notes": "摘要", "publisher": FIRST, "url": "https://a.cn/p?id=1"}
            for n in range(3)]
    assert run(rows)["created"] == 3
    assert run(rows)["unchanged"] == 3


def test_a_class_that_repeats_is_no_identity(two, run):
    assert run(DATA / "K13-class-is-no-code.xlsx")["created"] == 3
    assert run(DATA / "K13-class-is-no-code.xlsx")["unchanged"] == 3


def test_a_number_that_stands_twice_is_refused_with_its_row(two, run):
    rows = [{"信息资源名称": f"表{n}", "信息资源提供方": FIRST, "信息资源摘要": "摘要",
             "资源编号": str(max(n, 2))} for n in range(1, 9)]
    answer = run(rows)
    assert wrong(answer) == {2: "number_twice"}
    assert "1" in answer["rejected"][0]["message"]
    assert entries() == {}


def test_a_title_that_the_department_has_twice_is_asked_about(two, run):
    for name in ("a-one", "a-two"):
        act("package_create", name=name, title="花名册", notes="摘要", owner_org=two[0]["id"],
            domain="transport", update_period="yearly", share_type="unconditional",
            open_attribute="unconditional", data_formats=["csv"])
    answer = run([{"title": "花名册", "notes": "新的", "publisher": FIRST}])
    assert wrong(answer) == {1: "title_twice"}
    assert "a-one" in answer["rejected"][0]["message"]
    assert run([{"title": "花名册", "notes": "新的", "publisher": SECOND}])["created"] == 1


def test_two_rows_that_lead_to_one_entry_by_different_marks(two, run):
    run([{"id": "roads", "title": "道路", "notes": "摘要", "publisher": FIRST}])
    rows = [{"id": "roads", "title": "道路甲", "notes": "摘要", "publisher": FIRST},
            {"id": "", "title": "道路", "notes": "另一", "publisher": FIRST}]
    assert wrong(run(rows)) == {2: "duplicate"}
    same = [{"id": written, "title": written, "notes": "摘要", "publisher": FIRST}
            for written in ("Bridge", "bridge")]
    assert wrong(run(same)) == {2: "duplicate"}


def test_invisible_characters_make_no_other_title(two, run):
    run([{"title": "道路", "notes": "摘要", "publisher": FIRST}])
    answer = run([{"title": "道\u200b路", "notes": "摘要", "publisher": FIRST},
                  {"title": "道路\ufeff", "notes": "别的", "publisher": FIRST}])
    assert "duplicate" in wrong(answer).values()


def test_an_officer_of_two_departments_and_an_entry_that_nobody_may_see(two, run):
    officer = factories.User()["name"]
    for department in two:
        act("organization_member_create", id=department["id"], username=officer, role="editor")
    run([{"id": "roads", "title": "道路", "notes": "摘要", "publisher": FIRST}])
    moved = [{"id": "roads", "title": "道路", "notes": "摘要", "publisher": SECOND}]
    assert wrong(run(moved, user=officer)) == {1: "other_provider"}
    act("package_patch", id="roads", title="不公开的", private=True)
    other = factories.User()["name"]
    act("organization_member_create", id=two[1]["id"], username=other, role="editor")
    answer = run(moved, user=other)
    assert wrong(answer) == {1: "name_taken"}
    assert "不公开的" not in str(answer)


def test_the_portals_own_export_changes_nothing(two, run, app):
    run([{"资源编号": str(n), "信息资源名称": f"表{n}", "信息资源提供方": name,
          "信息资源摘要": "摘",
          "来源网址": "https://www.yaohai.gov.cn/"} for name in (FIRST, SECOND) for n in range(3)])
    rows = act("govdata_catalogue_export")["rows"]
    assert run(rows)["unchanged"] == len(rows) == 3 + 3


def rows_of(*numbered: tuple[str, str]) -> list[dict[str, str]]:
    return [{"资源编号": number, "信息资源名称": title, "信息资源提供方": FIRST,
             "信息资源摘要": "摘要"}
            for number, title in numbered]


@pytest.mark.parametrize("numbers", [("1", "2"), ("01", "02"), ("0", "1"), ("001", "002")])
def test_the_count_of_a_sheets_rows_is_no_identity(two, run, numbers):
    """A department's second sheet begins with 1 again; nothing of the first is overwritten."""
    assert run(rows_of((numbers[0], "桥梁"), (numbers[1], "道路")))["created"] == 2
    answer = run(rows_of((numbers[0], "公园"), (numbers[1], "公厕")))
    assert (answer["created"], answer["updated"], answer["retitled"]) == (2, 0, [])
    assert set(entries()) == {"桥梁", "道路", "公园", "公厕"}
    again = run(rows_of((numbers[0], "道路"), (numbers[1], "桥梁")))
    assert (again["created"], again["retitled"], again["rejected"]) == (0, [], [])


def test_numbers_that_moved_to_other_titles_are_asked_about(two, run):
    run(rows_of(("SL-17", "桥梁"), ("SL-29", "道路")))
    answer = run(rows_of(("SL-17", "道路"), ("SL-29", "桥梁")))
    assert wrong(answer) == {1: "number_moved", 2: "number_moved"}
    assert "桥梁" in answer["rejected"][0]["message"]
    assert "道路" in answer["rejected"][0]["message"]
    renamed = run(rows_of(("SL-17", "桥梁与隧道")))
    assert renamed["retitled"] == [{"row": 1, "before": "桥梁", "title": "桥梁与隧道"}]
    assert set(entries()) == {"桥梁与隧道", "道路"}


def test_some_rows_of_a_counted_sheet_are_known_again(two, run):
    """The officer sends the rows 2 and 3 again, without the first: they count nothing now."""
    run(rows_of(("1", "桥梁"), ("2", "道路"), ("3", "公园")))
    again = run(rows_of(("2", "道路"), ("3", "公园")))
    assert (again["unchanged"], again["created"]) == (2, 0)
    assert len(entries()) == 3
