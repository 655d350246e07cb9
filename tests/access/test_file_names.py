"""A file that is taken has its name, its ending and its encoding (ckan/ckan#1820)."""
from __future__ import annotations

import io
import re
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories, helpers
from werkzeug.datastructures import FileStorage

pytestmark = pytest.mark.usefixtures("fresh")
TABLE = "名称,数量\n瑶海,1\n"
GRANTED = {"open_attribute": "conditional", "open_conditions": "仅限研究用途使用",
           "open_basis": "《中华人民共和国政府信息公开条例》第十五条"}


def site() -> dict[str, Any]:
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"ignore_auth": True, "user": user["name"]}


def made(name: str, content: bytes = TABLE.encode(), **resource: Any) -> dict[str, Any]:
    department = factories.Organization(level="county", region="340102")
    entry = tk.get_action("package_create")(site(), {
        "name": "people", "title": "人口数据", "notes": "各镇街的人口。",
        "owner_org": department["id"], "domain": "transport", "update_period": "yearly",
        "share_type": "unconditional", "open_attribute": "unconditional",
        "data_formats": ["csv"], "information_items": [{"name": "名称", "type": "C"}]})
    upload = FileStorage(io.BytesIO(content), filename=name)
    tk.get_action("resource_create")(site(), {
        "package_id": entry["id"], "name": "镇街人口", "format": "CSV", "upload": upload,
        **resource})
    return tk.get_action("package_show")({"ignore_auth": True}, {"id": entry["id"]})


def name_said(answer: Any) -> tuple[str, str]:
    """The ASCII name and the true one of an answer that is taken."""
    said = answer.headers["Content-Disposition"]
    found = re.fullmatch(r"attachment; filename=\"([ -~]+)\"; filename\*=UTF-8''(\S+)", said)
    assert found, said
    assert '"' not in found[1]
    return found[1], unquote(found[2])


@pytest.mark.parametrize(("uploaded", "given"), [
    ("2023年人口数据（一）.csv", "2023年人口数据（一）.csv"),
    ("二〇二三年统计.csv", "二〇二三年统计.csv"),
    ("安徽省及信阳市行政区划代码.csv", "安徽省及信阳市行政区划代码.csv"),
    ("GDP统计 最终版.csv", "GDP统计 最终版.csv"),
    ("..\\..\\机密\\清单.csv", "清单.csv"),
    ("清单\u202evsc.exe", "清单vsc.exe"),
    ("名\r\nSet-Cookie: x=1.csv", None),
    ("😀.csv", "镇街人口.csv"),
    (".csv", "镇街人口.csv"),
])
def test_the_officers_name_survives(app: Any, uploaded: str, given: str | None) -> None:
    entry = made(uploaded)
    resource = entry["resources"][0]
    for address in (
        f"/dataset/people/resource/{resource['id']}/download",
        urlsplit(resource["url"]).path,
    ):
        answer = app.get(address, status=200)
        plain, name = name_said(answer)
        assert plain.rpartition(".")[2] == name.rpartition(".")[2]
        assert "Set-Cookie" not in answer.headers or "x=1" not in answer.headers["Set-Cookie"]
        if given:
            assert name == given
        assert not re.search(r"[\x00-\x1f\u202a-\u202e/\\]", name)


def test_the_addresses_of_pages_and_api_end_like_the_file(app: Any) -> None:
    entry = made("2023年人口数据.csv")
    assert unquote(entry["resources"][0]["url"]).endswith("/download/2023年人口数据.csv")
    page = app.get("/dataset/people", status=200).body
    assert f"/download/{quote('2023年人口数据.csv')}" in page


def test_an_entry_that_is_read_and_sent_back_keeps_the_name(app: Any) -> None:
    """As every client of the API changes an entry."""
    entry = made("水质监测.csv")
    helpers.call_action("package_update", {**site()}, **{**entry, "notes": "改过。"})
    answer = app.get(f"/dataset/people/resource/{entry['resources'][0]['id']}/download")
    assert name_said(answer)[1] == "水质监测.csv"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_text_says_its_encoding(app: Any, encoding: str) -> None:
    entry = made("表.csv", TABLE.encode(encoding))
    answer = app.get(f"/dataset/people/resource/{entry['resources'][0]['id']}/download")
    assert answer.headers["Content-Type"] == f"text/csv; charset={encoding}"


def test_a_table_of_the_datastore_is_named_after_its_file(app: Any) -> None:
    entry = made("水质监测.xlsx")
    resource = entry["resources"][0]["id"]
    tk.get_action("datastore_create")(site(), {
        "resource_id": resource, "force": True, "records": [{"a": 1}],
        "fields": [{"id": "a", "type": "int"}]})
    for ending in ("csv", "tsv", "json", "xml"):
        answer = app.get(f"/datastore/dump/{resource}?format={ending}", status=200)
        assert name_said(answer)[1] == f"水质监测.{ending}"


def test_the_name_of_a_file_that_is_not_open_stays_inside() -> None:
    made("张三的名单.csv")
    entry = helpers.call_action("package_patch", site(), id="people", **GRANTED)
    assert "张三" not in str(entry)
    assert quote("张三") not in str(entry)
    again = helpers.call_action("package_patch", site(), id="people",
                                open_attribute="unconditional")
    assert quote("张三的名单.csv") in str(again)


@pytest.mark.parametrize(("kept", "title", "given"), [
    ("2023.csv", "2023年人口数据（一）.csv", "2023年人口数据（一）.csv"),
    ("2023.csv", "2023年人口数据", "2023年人口数据.csv"),
    ("2023.csv", "镇街人口", "镇街人口_2023.csv"),
    ("_.csv", "镇街人口", "镇街人口.csv"),
    ("population.csv", "镇街人口", "population.csv"),
])
def test_a_name_that_ckan_cut_before_the_upgrade(app: Any, kept: str, title: str, given: str):
    """Rows as CKAN 2.12 wrote them: the address holds what was left of the name."""
    resource = made("人口.csv")["resources"][0]
    row = model.Resource.get(resource["id"])
    row.url, row.name = kept, title
    model.Session.commit()
    answer = app.get(f"/dataset/people/resource/{resource['id']}/download/{kept}", status=200)
    assert name_said(answer)[1] == given
