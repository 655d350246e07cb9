"""Headings over data of people, as clerks write them, are known; headings of figures and offices
are not (K21). One list serves the import and the emergency desk."""

from __future__ import annotations

import pytest

from ckanext.govdata.domain.prohibition import findings
from ckanext.govdata.domain.sheet import Sheet
from ckanext.govdata.emergency.publication import bans
from ckanext.govdata.sheets.personal_headings import personal_words

NAMES = [
    "姓名（全名）", "姓名2", "姓名：", "姓名*", "姓名（必填）", "名字", "负责人", "监护人", "死者",
    "联系人1", "姓名及电话", "姓名/电话", "姓名、单位", "联系人甲", "联系人(选填)",
    "患者姓名[化名]",
    "姓 名", "負責人", "聯絡人②", "防汛责任人", "村主任", "Name", "Full Name", "户主姓名信息",
    "【必填】姓名", "*姓名", "姓名必填", "联系人 一",
]  # fmt: skip
PHONES = [
    "电话", "联系电话1", "手机号*", "手机号（本人）", "联系方式", "姓名/电话", "姓名及电话",
    "Phone Number", "Mobile No.", "手機號碼（必填）", "聯絡電話", "手机号码1、2", "TEL:",
    "联系电话_2",
    "电话(备用)（选填）", "负责人姓名及手机号",
]  # fmt: skip
OTHERS = [
    ("address", "住址"), ("address", "详细住址"), ("address", "现居住地"), ("address", "家庭住址1"),
    ("address", "戶籍地址"), ("document", "证件号码"), ("document", "证件号"),
    ("id_number", "身份证号码（18位）"), ("id_number", "身分證字號(必填)"), ("id_number",
    "身份证件号"),
    ("id_number", "ID Card"), ("id_number", "身份证号*"), ("id_number", "姓名/身份证号"),
    ("passport", "护照"), ("passport", "Passport No."), ("passport", "護照號碼"),
    ("card_number", "银行卡账号"), ("card_number", "银行卡号（工行）"), ("contact", "邮箱"),
    ("details", "出生日期"), ("contact", "微信号："),
]  # fmt: skip
CASES = [*(("name", one) for one in NAMES), *(("phone", one) for one in PHONES), *OTHERS]


def found(heading: str, cell: str = "某某") -> set[str]:
    return {one.ban for one in findings(bans.bans().bans, None, {}, Sheet((heading,), ((cell,),)))}


@pytest.mark.parametrize(("ban", "heading"), CASES)
def test_a_heading_over_data_of_people_is_known(ban, heading):
    assert ban in found(heading)
    assert personal_words().over(heading)


INDEXES = ["六", "十二", "F", "b", "★", "⑥", "Ⅳ", "vi", "丙", "3", "-7", "_12", "（二）", "第三",
           "（备用）", " 1 ", "①必填", "A信息"]  # fmt: skip
LISTS = ["名单", "名册", "花名册", "情况表", "登记表", "一览表", "信息表", "明细表", "台账", "清单",
         "统计表", "信息登记册"]  # fmt: skip


@pytest.mark.parametrize("behind", [*INDEXES, *LISTS])
@pytest.mark.parametrize(
    ("ban", "word"),
    [("name", "联系人"), ("name", "聯絡人"), ("name", "死者"), ("name", "负责人"),
     ("phone", "联系电话"), ("phone", "手机号"), ("address", "家庭住址"), ("contact", "邮箱")],
)
def test_what_counts_or_lists_a_person_does_not_hide_him(ban, word, behind):
    assert ban in found(word + behind)
    assert personal_words().over(word + behind)


@pytest.mark.parametrize(
    "heading", ["遇难人员名单", "获奖学生名单", "贫困户花名册", "志愿者名单", "在编人员名册",
                "帮扶对象名单（第二批）"])  # fmt: skip
def test_a_list_of_people_is_one(heading):
    assert found(heading) == {"name"}


@pytest.mark.parametrize(
    "heading", ["学校名单", "企业名录", "站点一览表", "水库情况表", "物资清单", "项目台账", "区县F",
                "方案二", "甲", "登记表", "统计表", "户数统计表"])  # fmt: skip
def test_a_list_of_things_passes(heading):
    assert found(heading) == set()


def test_no_word_of_the_list_is_dead():
    """Each word fits its own heading, and no shorter one of its kind fits all that it does."""
    words = personal_words()
    for kind, every in words.kinds.items():
        for one in every:
            assert kind in words.kinds_over(one.word) or words.kinds_over(one.word), one
            shorter = [other for other in every if other is not one and not other.whole
                       and one.word.endswith(other.word)]  # fmt: skip
            others = [other for name, found in words.kinds.items() if name != kind
                      for other in (*found, *words.offices)
                      if not other.whole and one.word.endswith(other.word)]  # fmt: skip
            longest = max((len(other.word) for other in shorter), default=0)
            assert not shorter or any(len(other.word) > longest for other in others), one
    for office in words.offices:
        assert any(word.fits(office.word) for every in words.kinds.values() for word in every)


@pytest.mark.parametrize(
    "heading",
    ["站点", "站名", "水位（米）", "受灾人数", "转移人口", "地址", "安置点地址", "行政区划", "时间",
     "姓名用字数", "失联人数", "备注", "许可证号", "值班电话", "24小时服务热线", "咨询电话（办公）",
     "联系人数", "户数", "人口", "站点名字", "File name", "station_name", "性别", "年龄", "民族",
     "电话普及率", "手机用户数", "护照办理量", "身份证办理点", "雨量站名称",
     "主任医师数"],
)  # fmt: skip
def test_headings_of_figures_and_offices_pass(heading):
    assert found(heading, "12") == set()


def test_a_column_of_figures_holds_no_names():
    assert found("死者", "3") == set()
    assert found("管理人员", "12人") == set()
    assert found("死者", "张某") == {"name"}


@pytest.mark.parametrize(
    ("ban", "text"),
    [("state_secret", "秘密"), ("state_secret", "机密级"), ("state_secret", "★秘密"),
     ("state_secret", "秘密 ★"), ("state_secret", "机密 ★ 1年"), ("state_secret", "機密"),
     ("state_secret", "【秘密】"), ("state_secret", "绝 密"), ("state_secret", "★5年"),
     ("trade_secret", "内部研判"), ("trade_secret", "内部材料，注意保存"),
     ("trade_secret", "內部參考"), ("trade_secret", "仅供内部使用"), ("trade_secret", "内部使用"),
     ("trade_secret", "严禁外传")],
)  # fmt: skip
@pytest.mark.parametrize("place", ["cell", "heading", "note"])
def test_marks_of_secrets_are_known(ban, text, place):
    every = bans.bans().bans
    if place == "note":
        assert ban in {one.ban for one in findings(every, None, {"note": text}, None)}
    else:
        assert ban in (found("备注", text) if place == "cell" else found(text))


@pytest.mark.parametrize(
    "text",
    ["计算机密码管理", "机密性要求高", "保守秘密教育基地", "内部道路积水", "室内部分", "司机密集",
     "五星★酒店", "公开", "内部使用面积12平方米"],
)  # fmt: skip
def test_words_that_only_sound_secret_pass(text):
    assert found("备注", text) == set()


def test_a_heading_is_of_the_kind_that_says_most():
    assert found("患者身份证号") == {"id_number"}
    assert found("银行卡账号") == {"card_number"}
    assert found("姓名/身份证号/电话") == {"name", "id_number", "phone"}


@pytest.mark.parametrize(
    "text", ["联系 zhangsan@qq.com", "li.si@163.com", "ＷＡＮＧ＠qq.com", "a(at)foxmail.com"])
def test_an_address_of_a_person_is_known_in_any_cell_and_note(text):
    assert found("备注", text) == {"contact"}
    noted = findings(bans.bans().bans, None, {"note": text}, None)
    assert {one.ban for one in noted} == {"contact"}
    assert all(one.override for one in noted)


def test_an_address_of_an_office_passes():
    assert found("备注", "请发至 fangban@hefei.gov.cn 或 yjj@ah.gov.cn") == set()
    assert found("备注", "fangban@hefei.gov.cn，wang@qq.com") == {"contact"}


MORE_PEOPLE = ["安置对象", "被困者", "转移对象", "受困群众", "遇险人", "伤亡人员", "获救群众",
               "收治病人", "确诊病例", "受害人", "责任医生", "网格员", "村支书", "车主", "业主",
               "司机", "遇险者", "獲救群眾", "救助对象", "驾驶员"]  # fmt: skip


@pytest.mark.parametrize("heading", MORE_PEOPLE)
def test_people_of_emergencies_are_known_and_their_counts_pass(heading):
    assert found(heading, "张建国") == {"name"}
    assert found(heading, "12") == set()
    assert found(heading + "数", "12") == set()


@pytest.mark.parametrize("heading", ["病历号", "住院号", "车牌号", "身份证后四位", "门诊号"])
def test_numbers_that_lead_to_a_person_are_known(heading):
    assert found(heading, "皖A12345") <= {"document"}
    assert found(heading, "皖A12345")
