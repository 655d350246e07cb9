"""Why data is not shared with everybody, and with whom and for what it is, stands in the catalogue:
asked for by form and API, shown, brought in and out by sheets, told in the ledger."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import pytest
import sqlalchemy as sa
from test_articles_of_places import LAW, REGIONS, SHARED, read
from test_entry import act, errors_of

from ckanext.govdata.catalogue.exports import exporter
from ckanext.govdata.catalogue.validators import GAPS_ALLOWED
from ckanext.govdata.ledger.model import ledger

WHY = "含有履职中知悉的商业秘密，不宜提供给所有部门"
SCOPE = "交通执法部门，用于核验车辆营运资格"
TOLD = {"share_reason", "share_scope"}
pytestmark = pytest.mark.usefixtures("yaohai_in_force")


@pytest.fixture
def owner(department: Any) -> Any:
    def of(place: str) -> str:
        if place == "anhui":
            return department(level="province", region="34", jurisdiction="anhui")["id"]
        return department(level="county", region=REGIONS[place], jurisdiction=place)["id"]

    return of


def without(kind: str, *names: str) -> dict[str, Any]:
    return {"share_type": kind} | {k: v for k, v in SHARED[kind].items() if k not in names}


@pytest.mark.parametrize(("place", "kind", "article"), [
    ("anhui", "conditional", "第二十二条"),
    ("anhui", "non_shared", "第二十二条"),
    ("yaohai", "conditional", "第二十二条"),
    ("huaining", "conditional", "第十五条"),
    ("huaining", "non_shared", "第十五条"),
    ("xinxian", "non_shared", "第十五条"),
])  # fmt: skip
def test_whoever_restricts_sharing_says_why(entry, owner, app, place, kind, article):
    """Anhui 22, Huaining 15, and of data that is not shared Decree 809 article 15."""
    provider = owner(place)
    found = errors_of(entry, owner_org=provider, **without(kind, "share_reason"))
    assert set(found) == {"share_reason"}
    assert article in found["share_reason"][0]
    made = entry(owner_org=provider, **{**without(kind), "share_reason": WHY})
    assert made["share_reason"] == WHY
    assert WHY in read(app, made)


@pytest.mark.parametrize("place", ["anhui", "yaohai", "huaining", "xinxian"])
def test_sharing_on_conditions_lists_with_whom_and_for_what(entry, owner, app, place):
    """Decree 809 article 15, in every place."""
    provider = owner(place)
    found = errors_of(entry, owner_org=provider, **without("conditional", "share_scope"))
    assert set(found) == {"share_scope"}
    assert "第十五条" in found["share_scope"][0]
    made = entry(owner_org=provider, **{**without("conditional"), "share_scope": SCOPE})
    assert SCOPE in read(app, made)


def test_the_form_asks_for_both(app, owner):
    from ckan.tests import factories

    user = factories.UserWithToken()
    provider = owner("huaining")
    act("organization_member_create", {"id": provider, "username": user["name"], "role": "editor"})
    page = app.get("/zh_Hans_CN/dataset/new", headers={"Authorization": user["token"]}).body
    for words in ('name="share_reason"', "限制共享的理由", 'name="share_scope"',
                  "共享范围和使用用途"):  # fmt: skip
        assert words in page, words


def test_an_entry_from_before_is_changed_in_other_fields_but_not_restricted_anew(entry, owner):
    provider = owner("huaining")
    old = without("conditional", "share_reason", "share_scope")
    made = entry({GAPS_ALLOWED: True}, owner_org=provider, **old)
    assert act("package_patch", {"id": made["id"], "title": "另一个名称"})["title"] == "另一个名称"
    free = entry(owner_org=provider, share_type="unconditional")
    change = {"share_type": "non_shared", "share_basis": LAW}
    found = errors_of(lambda **data: act("package_patch", {"id": free["id"], **data}), **change)
    assert set(found) == {"share_reason"}


def test_a_sheet_brings_both_and_its_export_has_them(fgw, run, tmp_path):
    act("organization_patch", {"id": fgw["id"], "jurisdiction": "anhui"})
    written = {"id": "restricted", "title": "限制共享的名录", "publisher": fgw["title"],
               "notes": "名录", "category": "城建住房", "open_type": "无条件开放",
               "frequency": "每年", "share_type": "有条件共享", "share_conditions": "须申请",
               "share_basis": LAW, "share_reason": WHY, "share_scope": SCOPE,
               "application_materials": [{"name": "申请表", "required": True}]}  # fmt: skip
    answer = run([written])
    assert answer["created"] == 1, answer
    assert not TOLD & {one["field"] for one in answer["incomplete"]}
    kept = act("package_show", {"id": "restricted"})
    assert (kept["share_reason"], kept["share_scope"]) == (WHY, SCOPE)
    path = tmp_path / "out.csv"
    with path.open("wb") as file:
        exporter.write({"ignore_auth": True, "user": act("get_site_user", {})["name"]},
                       exporter.Selection(), "csv", file)  # fmt: skip
    text = path.read_text("utf-8-sig")
    assert WHY in text
    assert SCOPE in text
    nothing = {"share_reason": "", "share_scope": ""}
    bare = run([{**written, "id": "bare", "title": "没有理由", **nothing}])
    assert {one["field"] for one in bare["incomplete"]} >= TOLD


def test_the_ledger_tells_a_new_reason(entry, owner):
    made = entry(owner_org=owner("huaining"), **without("conditional"))
    act("package_patch", {"id": made["id"], "share_reason": WHY})
    its = sa.select(ledger.c.content).where(ledger.c.object_id == made["id"])
    said = model.Session.scalar(its.order_by(ledger.c.number.desc()).limit(1))
    assert WHY in str(said)
