"""What an import writes, shows and indexes in batches is what CKAN makes one by one."""

from __future__ import annotations

import json

from catalogue_sheets import act
from ckan import logic, model

from ckanext.govdata.catalogue.index import writer
from ckanext.govdata.catalogue.index.entry_view import shown

SHAPES = [
    {"title": "只有题名", "notes": "y"},
    {"title": "无摘要", "keywords": ["水", "水价", "a-b"], "url": ""},
    {"title": " 两边空格 ", "notes": "一\n二", "url": "https://x.cn/1", "frequency": "每年", "浏览量": "3"},  # noqa: E501
    {
        "title": "全", "notes": "全", "category": "公共安全,医疗卫生", "share_type": "不予共享",
        "share_basis": "法", "open_type": "不予开放", "open_basis": "法", "formats": "xls、csv",
        "issued": "2020-01-02", "modified": "2021-01-02", "data_grade": "一般", "sensitivity": "2",
        "related_entries": "a\nb", "base_database": "人口", "theme_database": "库",
        "usage_requirements": "注明来源", "application_materials": [{"name": "照", "required": True}],  # noqa: E501
        "information_items": [{"name": "甲", "type": "C", "key": True}, {"name": "乙"}],
    },
]  # fmt: skip


def test_documents_made_in_batches_equal_those_of_ckan(fgw, run):
    """What a batch is put together from is what CKAN asks and validates for each entry."""
    rows = [{"id": f"e-{i}", "publisher": fgw["title"], **shape} for i, shape in enumerate(SHAPES)]
    answer = run(rows)
    assert answer["created"] == len(SHAPES), answer["rejected"]
    packages = model.Session.query(model.Package).order_by(model.Package.name).all()
    for package, ours in zip(packages, shown(packages), strict=True):
        stock = logic.package_show_default_and_custom_schemas({"ignore_auth": True}, package.id)
        assert ours == stock


def test_an_entry_with_files_goes_ckans_way(fgw, run):
    stated = {"open_attribute": "无条件开放", "publisher": fgw["title"]}
    run([{"id": "e-1", "title": "水价", "notes": "y", **stated}])
    act("resource_create", package_id="e-1", url="https://x.cn/a.csv", name="表")
    document = writer.documents_of([act("package_show", id="e-1")["id"]])[0]
    assert document["res_name"] == ["表"]


def test_bulk_writes_what_package_create_writes(fgw, run):
    """Same entry by both ways: equal ``package_show``, equal search documents."""
    run([
        {
            "id": "bulk", "title": "水价", "notes": "摘要", "publisher": fgw["title"],
            "category": "城建住房", "keywords": ["水价", "民生"], "open_type": "无条件开放",
            "share_type": "无条件共享", "frequency": "每年", "formats": ["xls"], "issued": "2022-11-09",  # noqa: E501
            "url": "https://data.example.cn/1", "fields": "编号、名称", "浏览量": "3",
        }
    ])  # fmt: skip
    bulk = act("package_show", id="bulk")
    stock = act(
        "package_create",
        name="stock", title="水价", notes="摘要", owner_org=fgw["id"], domain="housing",
        tags=[{"name": "水价"}, {"name": "民生"}], open_attribute="unconditional",
        share_type="unconditional", update_period="yearly", data_formats=["xls"],
        issued="2022-11-09", url="https://data.example.cn/1",
        information_items=[{"name": "编号"}, {"name": "名称"}], imported_columns={"浏览量": "3"},
    )  # fmt: skip
    stock = act("package_show", id="stock")
    own = {"id", "name", "metadata_created", "metadata_modified", "catalogue_code"}
    assert _without(bulk, own) == _without(stock, own)
    first, second = writer.documents_of([bulk["id"]]) + writer.documents_of([stock["id"]])
    own |= {"index_id", "data_dict", "validated_data_dict", "extras_catalogue_code"}
    assert _without(first, own) == _without(second, own)
    for blob in ("data_dict", "validated_data_dict"):
        assert _without(json.loads(first[blob]), own) == _without(json.loads(second[blob]), own)


def _without(value, names):
    if isinstance(value, dict):
        found = {k: _without(v, names) for k, v in value.items() if k not in names}
        if isinstance(found.get("extras"), list):
            found["extras"] = sorted(
                (e for e in found["extras"] if e["key"] not in names), key=lambda e: e["key"]
            )
        return found
    if isinstance(value, list):
        return [_without(item, names) for item in value]
    return value
