"""What the places' articles want of a catalogue, done by its departments and read by everybody."""

from __future__ import annotations

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from test_entry import DISCLOSURE, act, errors_of

REGIONS = {"yaohai": "340102", "xinxian": "411523", "huaining": "340822"}
LAW = "《中华人民共和国数据安全法》第三十八条"
SHARED: dict[str, dict[str, Any]] = {
    "unconditional": {},
    "conditional": {"share_conditions": "履行职责需要", "share_basis": LAW,
                    "share_reason": "含有履职中知悉的商业秘密",
                    "share_scope": "交通执法部门，用于核验",
                    "application_materials": [{"name": "数据共享申请表", "required": True}]},
    "non_shared": {"share_basis": LAW, "share_reason": "全部为保密商务信息"},
}  # fmt: skip
OPENED: dict[str, dict[str, Any]] = {
    "unconditional": {},
    "conditional": {"open_conditions": "实名登记", "open_basis": DISCLOSURE},
    "non_open": {"open_basis": DISCLOSURE},
}
NAMED = {
    "huaining": ("无条件开放类", "有条件开放类", "非开放类"),
    "xinxian": ("无条件开放", "有条件开放", "不予开放"),
    "yaohai": ("无条件开放", "依申请开放", "依法不予开放"),
}
pytestmark = pytest.mark.usefixtures("yaohai_in_force")


@pytest.fixture
def owner(department: Any) -> Any:
    def of(place: str, **more: Any) -> str:
        where = {"level": "county", "region": REGIONS[place], "jurisdiction": place}
        return department(**where, **more)["id"]

    return of


def read(app: Any, made: dict[str, Any]) -> str:
    """The entry as anybody reads it, without blanks."""
    page = BeautifulSoup(app.get(f"/zh_Hans_CN/dataset/{made['name']}").body, "html.parser")
    main = page.find("main")
    assert main is not None
    return re.sub(r"\s", "", main.get_text())


@pytest.mark.parametrize(("place", "article"), [
    ("yaohai", "第十二条"), ("xinxian", "第二十二条"),
])  # fmt: skip
def test_each_entry_is_noted_as_one_of_three_share_types(entry, owner, app, place, article):
    """Yaohai 12, Xin 22: of three types, noted in the catalogue one by one."""
    provider = owner(place)
    (message,) = errors_of(entry, owner_org=provider, share_type=None)["share_type"]
    assert article in message
    words = {"unconditional": "无条件共享", "conditional": "有条件共享", "non_shared": "不予共享"}
    for kind, fields in SHARED.items():
        made = entry(owner_org=provider, share_type=kind, **fields)
        assert words[kind] in read(app, made)


@pytest.mark.parametrize(("place", "article"), [
    ("huaining", "第二十四条"), ("xinxian", "第二十六条"),
])  # fmt: skip
def test_the_open_attribute_is_set_with_the_catalogue_and_read_by_its_name(
    entry, owner, app, place, article
):
    """Huaining 24, Xin 26: three classes, set when the catalogue is compiled; what is not wholly
    open stands in the public catalogue with what it rests on."""
    provider = owner(place)
    (message,) = errors_of(entry, owner_org=provider, open_attribute=None)["open_attribute"]
    assert article in message
    for (kind, fields), name in zip(OPENED.items(), NAMED[place], strict=True):
        made = entry(owner_org=provider, open_attribute=kind, title=f"名录{kind}", **fields)
        said = read(app, made)
        assert name in said
        for written in fields.values():
            assert re.sub(r"\s", "", written) in said
        listed = app.get("/zh_Hans_CN/dataset/", query_string={"q": f"名录{kind}"})
        assert listed.status_code == 200


def test_what_huaining_7_wants_in_the_catalogue_stands_on_the_page(entry, owner, app):
    provider = owner("huaining", title="怀宁县交通运输局")
    made = entry(owner_org=provider, share_type="conditional", **SHARED["conditional"])
    said = read(app, made)
    for words in ("怀宁县交通运输局", "交通", "CSV", "每年", "有条件共享", "履行职责需要",
                  "数据共享申请表"):  # fmt: skip
        assert words.lower() in said.lower(), words


def test_yaohai_13_bases_and_themes_are_shared_and_what_is_not_needs_a_text(entry, owner):
    provider = owner("yaohai")
    kept = {"owner_org": provider, "share_type": "non_shared"}
    assert "第十三条" in errors_of(entry, **kept)["share_basis"][0]
    for fields in ({"base_database": "population"}, {"theme_database": "健康保障"},
                   {"theme_database": "社区治理主题库"}):  # fmt: skip
        found = errors_of(entry, **kept, share_basis=LAW, **fields)
        assert any("第十三条" in one for one in found["share_type"]), fields
        entry(owner_org=provider, share_type="unconditional", **fields)


def test_huaining_16_and_anhui_24_what_is_shared_is_registered_with_all_its_materials(
    entry, owner, department, app
):
    top = department(level="province", region="34", jurisdiction="anhui")["id"]
    for provider, article in ((owner("huaining"), "第十六条"), (top, "第二十四条")):
        fields = {**SHARED["conditional"], "owner_org": provider, "share_type": "conditional"}
        without = {**fields, "application_materials": None}
        (message,) = errors_of(entry, **without)["application_materials"]
        assert article in message
        made = entry(**fields)
        assert "数据共享申请表" in read(app, made)
        later = act("package_patch", {"id": made["id"], "application_materials": [
            {"name": "数据共享申请表", "required": True}, {"name": "授权书", "required": False}]})
        assert "授权书" in read(app, later), "and brought up to date"


def test_xin_12_the_share_and_the_open_catalogue_are_told_apart(entry, owner, app):
    """Xin 12: the catalogue has a share catalogue and an open catalogue, of the same entries."""
    provider = owner("xinxian", name="xin-jiaotong")
    opened = entry(owner_org=provider, title="开放的名录")
    shared = entry(owner_org=provider, title="只共享的名录", open_attribute="non_open",
                   open_basis=DISCLOSURE)  # fmt: skip
    kept = entry(owner_org=provider, title="不共享的名录", share_type="non_shared",
                 **SHARED["non_shared"])  # fmt: skip
    from ckanext.govdata.catalogue.index import writer

    writer.drain()

    def found(query: str) -> set[str]:
        answer = act("package_search", {"fq": f"organization:xin-jiaotong AND {query}"})
        return {one["name"] for one in answer["results"]}

    assert found("open_attribute:(unconditional OR conditional)") == {opened["name"], kept["name"]}
    assert found("share_type:(unconditional OR conditional)") == {opened["name"], shared["name"]}


def test_yaohai_20_neither_what_came_by_sharing_nor_identifiable_persons_are_opened(
    entry, owner, department
):
    """Without the provider's and the person's consent, which nobody can give here: never."""
    provider, giver = owner("yaohai"), department()["name"]
    shared = {"owner_org": provider, "source_type": "shared_in", "shared_from": giver}
    (message,) = errors_of(entry, **shared, information_items=[{"name": "名称"}])["open_attribute"]
    assert "第二十条" in message
    persons = [{"name": "姓名", "sensitive": True, "opened": True}]
    found = errors_of(entry, owner_org=provider, information_items=persons)
    assert any("information_items" in name for name in found)
    entry(owner_org=provider, information_items=[{"name": "姓名", "sensitive": True}])


def test_yaohai_8_the_districts_catalogue_gathers_its_departments_and_tells_its_parts(
    entry, owner, app
):
    """Yaohai 8: each department compiles by the national guide a share and an open catalogue; the
    authority gathers them into the district's."""
    from ckanext.govdata.catalogue.index import writer

    first, second = owner("yaohai", title="瑶海区一局"), owner("yaohai", title="瑶海区二局")
    elsewhere = owner("xinxian")
    materials = {"share_type": "conditional", **SHARED["conditional"]}
    opened = entry(owner_org=first, title="瑶海开放名录", **materials)
    kept = entry(owner_org=second, title="瑶海只共享名录", open_attribute="non_open",
                 open_basis=DISCLOSURE)  # fmt: skip
    entry(owner_org=elsewhere, title="外县名录")
    said = read(app, opened)
    for words in ("瑶海区一局", "交通", "CSV", "每年", "有条件共享", "无条件开放", "履行职责需要"):
        assert words.lower() in said.lower(), words
    for field in ("domain", "update_period", "share_type", "open_attribute"):
        assert errors_of(entry, owner_org=first, **{field: None})[field], field
    writer.drain()

    def listed(query: str) -> set[str]:
        page = BeautifulSoup(app.get(f"/zh_Hans_CN/dataset/?region=340102{query}").body,
                             "html.parser")  # fmt: skip
        return {one["href"].rsplit("/", 1)[1].partition("?")[0]
                for one in page.select(".gd-result a[href*='/dataset/']")}  # fmt: skip

    assert listed("") == {opened["name"], kept["name"]}
    assert listed("&open_attribute=unconditional") == {opened["name"]}
    assert listed("&share_type=conditional") == {opened["name"]}
