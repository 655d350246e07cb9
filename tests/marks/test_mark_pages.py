"""Pages of marks: buttons beside the data, the form, the counter, what is under review, letters."""

from __future__ import annotations

import re

import pytest

from tests.cases.conftest import call, call_action
from tests.marks.conftest import BASIS, REASON, WRONG

pytestmark = pytest.mark.usefixtures("yaohai_in_force")
SAID = {"wrong": WRONG["wrong"], "should_be": WRONG["should_be"], "why": WRONG["why"]}


def links(page, words: str) -> list[str]:
    return [a["href"] for a in page.find_all("a") if a.get_text(" ", strip=True).startswith(words)]


def public(app, path: str):
    from bs4 import BeautifulSoup

    answer = app.get(path)
    assert answer.status_code == 200, answer.body[:2000]
    return BeautifulSoup(answer.body, "html.parser")


def test_the_entry_has_a_button_for_itself_each_item_each_file_and_each_row(villages, app):
    page = public(app, f"/zh_Hans_CN/dataset/{villages.entry['name']}")
    found = links(page, "纠错")
    assert len(found) == 1 + 3 + 1 + 3, found
    assert sum("row=" in one for one in found) == 3
    assert sum("column=" in one for one in found) == 3


def test_a_button_of_the_row_leads_to_the_form_and_the_form_to_the_case(villages, browse, app):
    page = public(app, f"/zh_Hans_CN/dataset/{villages.entry['name']}")
    address = next(one for one in links(page, "纠错") if "row=1" in one)
    form = browse("citizen", address)
    assert "浒湾村" in form.get_text()
    buttons = [one["value"] for one in form.find_all("button", {"name": "submit"})]
    assert buttons == ["submit", "submit_to_platform"]
    shown = browse("citizen", address, {**SAID, "submit": "submit"})
    assert "JC-瑶海-" in shown.find("h1").get_text()
    assert "浒湾村" in shown.find("main").get_text()
    again = public(app, f"/zh_Hans_CN/dataset/{villages.entry['name']}")
    marked = [row.get_text() for row in again.find_all("tr") if "浒湾村" in row.get_text()]
    assert any("校核" in row for row in marked)
    other = [row.get_text() for row in again.find_all("tr") if "田铺村" in row.get_text()]
    assert not any("校核" in row for row in other)


def test_what_was_typed_is_there_when_something_is_missing(villages, browse):
    address = f"/begin/correction_review?entry={villages.entry['name']}"
    page = browse("citizen", address, {**SAID, "why": "", "submit": "submit"})
    assert WRONG["wrong"] in page.find("textarea", id="wrong").get_text()


def test_through_the_platform(villages, browse):
    address = f"/begin/correction_review?entry={villages.entry['name']}"
    shown = browse("citizen", address, {**SAID, "submit": "submit_to_platform"})
    assert "JC-瑶海-" in shown.find("h1").get_text()
    case = call("citizen", "govdata_case_list", mine=True)["results"][0]
    assert case["state"] == "passing"


def test_the_departments_officer_is_offered_the_counter_and_not_the_mark(villages, browse):
    page = browse("officer", f"/zh_Hans_CN/dataset/{villages.entry['name']}")
    assert not links(page, "纠错")
    address = links(page, "窗口代为登记")[0]
    form = browse("officer", address)
    assert form.find("input", id="citizen_name")
    said = {**SAID, "citizen_name": "陈桂花", "citizen_contact": "浒湾村12号"}
    shown = browse("officer", address, said)
    assert "JC-瑶海-" in shown.find("h1").get_text()
    assert "陈桂花" not in shown.get_text()
    letter = browse("officer", links(shown, "数据校核收件回执")[0])
    assert "陈桂花" in letter.find("main").get_text()
    assert "浒湾村12号" in letter.find("main").get_text()


@pytest.mark.parametrize("who", ["citizen", "auditor"])
def test_the_counter_is_for_officers(villages, browse, who):
    address = f"/begin/correction_review?entry={villages.entry['name']}&command=record"
    browse(who, address, status=404)


def day_in_chinese(iso):
    year, month, day = map(int, iso.split("-"))
    return f"{year}年{month}月{day}日"


def test_the_receipt_says_in_the_laws_words_that_nobody_is_turned_away(villages, browse, app):
    case = villages.mark()
    address = f"/zh_Hans_CN/cases/{case['id']}/letter/1"
    said = browse("citizen", address).find("main").get_text()
    assert "已经提供合法有效证明材料的，受理单位不得以复核数据为由拒绝、推诿" in said
    assert "第二十六条" in said
    assert day_in_chinese(case["due"]) in said
    assert "浒湾村" in said
    assert "王小明" in said
    token = call_action("api_token_create", context={"user": "citizen"}, user="citizen", name="p")
    answer = app.get(f"{address}.pdf", headers={"Authorization": token["token"]})
    assert answer.data[:4] == b"%PDF"


def test_where_no_text_protects_the_receipt_says_nothing_of_it(villages, browse):
    from tests.marks.test_correction_review import _place_in

    _place_in("national")
    case = villages.mark()
    said = browse("citizen", f"/zh_Hans_CN/cases/{case['id']}/letter/1").find("main").get_text()
    assert "拒绝、推诿" not in said


WAYS = {
    "zh_Hans_CN": ("所指记录涉及您自身（", "第四十一条", "60日内",
                   "人民政府申请行政复议", "6个月内"),
    "zh_Hant_TW": ("所指記錄涉及您自身（", "第四十一條", "60日內",
                   "人民政府申請行政復議", "6個月內"),
    "en": ("Where the record is about yourself", "60 days", "reconsideration", "6 months"),
}


@pytest.mark.parametrize(("language", "next_step"), [
    ("zh_Hans_CN", "可以补充理由或者证明材料，再次申请校核"),
    ("zh_Hant_TW", "可以補充理由或者證明材料，再次申請校核"),
    ("en", "it may be asked about again, with further reasons or evidence"),
])  # fmt: skip
def test_a_letter_that_the_data_is_kept_names_what_can_be_done_now(
    villages, browse, language, next_step
):
    case = villages.mark()
    villages.act("officer", case, "keep", reason=REASON, basis=BASIS)
    said = browse("citizen", f"/{language}/cases/{case['id']}/letter/2").find("main").get_text()
    assert next_step in said
    ways = WAYS[language]
    assert [one for one in ways if one not in said] == [], "body and term, and for whom"
    assert re.search("村名: (浒湾|滸灣)村", said), "which row it is about"
    receipt = browse("citizen", f"/{language}/cases/{case['id']}/letter/1")
    assert next_step not in receipt.get_text()


def test_help_says_where_and_leads_there(villages, app):
    page = public(app, "/zh_Hans_CN/help")
    assert "纠错" in page.get_text()
    address = links(page, "数据校核结果")[0]
    case = villages.mark()
    villages.act("officer", case, "keep", reason=REASON, basis=BASIS)
    shown = public(app, address).find("main").get_text()
    assert REASON in shown
    assert "浒湾村" not in shown


def test_of_a_row_one_cell_can_be_chosen(villages, browse, app):
    page = public(app, f"/zh_Hans_CN/dataset/{villages.entry['name']}")
    row = browse("citizen", next(one for one in links(page, "纠错") if "row=2" in one))
    address = links(row, "户数: 98")[0]
    cell = browse("citizen", address)
    assert "户数" in cell.find("strong").get_text() + cell.find("main").get_text()
    browse("citizen", address, {**SAID, "submit": "submit"})
    assert [(one["grain"], one["row"]) for one in villages.open_marks()] == [
        ("cell", {"村名": "田铺村"})
    ]
