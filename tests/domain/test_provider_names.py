"""Departments are found by code, full name and short name within their place."""

from __future__ import annotations

from pathlib import Path

import opencc
import pytest
import yaml

from ckanext.govdata.domain.provider_names import (
    ProviderDirectory,
    ProviderNames,
    parted,
    place_of,
    place_segments,
)

FOLD = opencc.OpenCC("t2s").convert
VALUES = yaml.safe_load(
    (Path(__file__).parents[2] / "config" / "imports" / "values.yaml").read_text("utf-8")
)
CODE = "11340100MB1234567X"


def directory(*titles: str) -> ProviderDirectory:
    departments = [ProviderNames(str(i), title) for i, title in enumerate(titles)]
    return ProviderDirectory(departments, VALUES["departments"], FOLD)


@pytest.mark.parametrize(
    ("printed", "place", "full"),
    [
        ("市卫健委", "安徽省合肥市", "合肥市卫生健康委员会"),
        ("省统计局", "安徽省合肥市", "安徽省统计局"),
        ("合肥市卫健委", "", "合肥市卫生健康委员会"),
        ("地政局", "桃園市", "桃园市地政局"),
        ("臺中市政府觀光旅遊局", "臺中市", "台中市政府观光旅游局"),
        ("市统计局", "安徽省宿州市", "宿州市统计局"),
        ("市中区", "四川省内江市", "内江市市中区"),
        ("瑶海区政府", "", "瑶海区人民政府"),
        ("长丰县", "安徽省合肥市", "长丰县人民政府"),
        ("市总工会", "宁夏银川市", "银川市总工会"),
        ("自治区国资委", "宁夏回族自治区", "宁夏回族自治区国有资产监督管理委员会"),
        ("国家统计局合肥调查队", "安徽省合肥市", "国家统计局合肥调查队"),
        ("气象局（池州市防雷减灾局）", "安徽省池州市", "气象局(池州市防雷减灾局)"),
    ],
)
def test_the_full_name(printed, place, full):
    assert directory().full_name(printed, place) == full


@pytest.mark.parametrize(
    ("printed", "place"),
    [
        ("合肥市卫生健康委员会", ""),
        ("安徽省合肥市卫生健康委员会", ""),
        ("合肥市卫健委", ""),
        ("市卫健委", "安徽省合肥市"),
        ("市衛健委", "安徽省合肥市"),
        (" 合肥市 卫生健康委 ", "四川省"),
    ],
)
def test_one_department_under_its_many_names(printed, place):
    known = directory("芜湖市卫生健康委员会", "合肥市卫生健康委员会", "合肥市教育局")
    found = known.find(printed, place=place)
    assert found is not None
    assert [d.title for d in found.departments] == ["合肥市卫生健康委员会"]


def test_the_code_wins_over_the_name():
    known = directory("合肥市教育局")
    known.add(ProviderNames("coded", "合肥市数据资源管理局", code=CODE))
    found = known.find("合肥市教育局", code=CODE.lower())
    assert found is not None
    assert (found.by, found.departments[0].id) == ("code", "coded")


def test_a_short_name_that_two_departments_share_is_a_question():
    known = directory()
    known.add(ProviderNames("1", "合肥市住房保障和房产管理局", short_name="房产局"))
    known.add(ProviderNames("2", "芜湖市房产管理中心", short_name="房产局、房管中心"))
    found = known.find("房产局")
    assert found is not None
    assert {d.id for d in found.departments} == {"1", "2"}
    only = known.find("房管中心")
    assert only is not None
    assert [d.id for d in only.departments] == ["2"]


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_that_share_a_shorter_name_the_one_so_called_is_meant(order):
    titles = ["滁州市中新苏滁高新区人民政府", "中新苏滁高新区人民政府"][::order]
    known = directory(*titles)
    for title in titles:
        found = known.find(title)
        assert found is not None
        assert [d.title for d in found.departments] == [title]


@pytest.mark.parametrize(
    ("printed", "place"),
    [("", ""), ("市教育局", "安徽省芜湖市"), ("市教育局", ""), ("芜湖市教育局", ""), ("教育", "")],
)
def test_nobody_is_invented(printed, place):
    assert directory("合肥市教育局").find(printed, place=place) is None


def test_places():
    assert place_segments("安徽省合肥市瑶海区大数据中心") == ["安徽省", "合肥市", "瑶海区"]
    assert place_segments("池州市") == ["池州市"]
    assert place_segments("宁夏银川市") == ["宁夏", "银川市"]
    assert place_segments("教育局") == []


def test_the_place_of_a_sheet_that_names_none():
    mixed = ["蚌埠市免费景区", "蚌埠市公交线路", "蚌埠市养老机构", "全市学校", "城市公园", "合肥市"]
    assert place_of(mixed) == "蚌埠市"
    assert place_of(mixed[:2]) == ""
    assert place_of(["甲市一", "乙丙市一", "乙丙市二", "乙丙市三", "丁戊市一", "丁戊市二"]) == ""


@pytest.mark.parametrize(
    ("printed", "name", "code"),
    [
        ("380120000J 【社會局】", "社會局", "380120000J"),
        ("380120000J社會局", "社會局", "380120000J"),
        ("社會局(380120000J)", "社會局", "380120000J"),
        ("[11340100MB1234567X]区教育局", "区教育局", CODE),
        ("区教育局（11340100MB1234567X）", "区教育局", CODE),
        ("340102001-区民政局", "区民政局", "340102001"),
        ("区民政局 340102001", "区民政局", "340102001"),
        ("市教育局", "市教育局", ""), ("第110中学", "第110中学", ""),
        ("2022年普查办公室", "2022年普查办公室", ""),
        ("气象局（池州市防雷减灾局）", "气象局（池州市防雷减灾局）", ""), ("", "", ""),
        ("380120000J", "380120000J", ""),
        ("NBA中国", "NBA中国", ""), ("12345热线办", "12345热线办", ""),
        ("市局 2020", "市局 2020", ""),
    ],
)  # fmt: skip
def test_a_code_may_stand_beside_the_name(printed, name, code):
    assert parted(printed) == (name, code)
