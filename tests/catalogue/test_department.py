"""The tree of departments in a real CKAN."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories

from ckanext.govdata.catalogue.helpers import govdata_parent_choices
from ckanext.govdata.departments import tree as departments
from ckanext.govdata.departments.directory import directory
from tests.statements import statements


def act(name: str, data: dict[str, Any]) -> Any:
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return tk.get_action(name)({"ignore_auth": True, "user": user}, data)


@pytest.fixture
def line(department):
    """Province, city, county and an office in it."""
    province = department(name="anhui", level="province", region="34", jurisdiction="anhui")
    city = department("anhui", name="anqing", level="city", region="3408")
    county = department(
        "anqing", name="huaining", level="county", region="340822", jurisdiction="huaining"
    )
    office = department(
        "huaining", name="jiaoyuju", level="county", region="340822", short_name="县教育局"
    )
    return province, city, county, office


def test_up_and_down_in_one_statement_each(line):
    office, province = line[3]["id"], line[0]["id"]
    model.Session.commit()
    with statements() as sent:
        above = departments.ancestors(office)
        below = departments.descendants(province)
        tree = directory()
    assert len(sent) == 3
    assert [d.name for d in above] == ["anhui", "anqing", "huaining", "jiaoyuju"]
    assert [(d.level, d.region) for d in above][1] == ("city", "3408")
    assert above[-1].short_name == "县教育局"
    assert [d.name for d in below] == [
        "anhui",
        "anqing",
        "huaining",
        "jiaoyuju",
    ]
    assert [root.name for root in tree.roots] == ["anhui"]
    assert [(one.name, depth) for one, depth in tree.walk()][3] == ("jiaoyuju", 3)


def test_a_jurisdiction_is_inherited_from_the_nearest_above(line):
    assert departments.stated_jurisdiction(line[3]["id"]) == "huaining"
    assert departments.stated_jurisdiction(line[1]["id"]) == "anhui"
    assert departments.stated_jurisdiction("no such id") == ""


def test_deleted_departments_are_not_in_the_tree(line):
    act("organization_delete", {"id": "jiaoyuju"})
    assert [d.name for d in departments.descendants(line[2]["id"])] == ["huaining"]


def test_nobody_becomes_his_own_ancestor(line):
    with pytest.raises(tk.ValidationError) as caught:
        act("organization_patch", {"id": "anqing", "groups": [{"name": "jiaoyuju"}]})
    assert caught.value.error_dict["parent"] == ["A department cannot stand below itself"]
    with pytest.raises(tk.ValidationError):
        act("organization_patch", {"id": "anqing", "groups": [{"name": "anqing"}]})
    assert [d.name for d in departments.ancestors(line[3]["id"])][:2] == ["anhui", "anqing"]


def test_a_loop_in_the_database_does_not_hang(line):
    loop = {"id": "loop", "group_id": line[0]["id"], "table_id": line[3]["id"]}
    more = {"table_name": "group", "capacity": "public", "state": "active"}
    with model.meta.engine.begin() as connection:  # no session would keep it
        connection.execute(sa.insert(model.member_table).values(**loop, **more))
    assert {d.name for d in departments.ancestors(line[3]["id"])} >= {"anhui", "jiaoyuju"}
    assert list(directory().walk()) == [] or directory().by_id


@pytest.mark.parametrize(
    ("fields", "parent", "field", "message"),
    [
        ({"level": "city", "region": "3408"}, "huaining", "parent", "above the parent's"),
        ({"level": "county", "region": "340102"}, "anqing", "region", "not within the parent's"),
        ({"region": "999999"}, "", "region", "not a division code"),
        ({"uscc": "113408220031587650"}, "", "uscc", "unified social credit code"),
        ({"jurisdiction": "atlantis"}, "", "jurisdiction", "not one of the values"),
        ({"title": "<img src=x>"}, "", "title", "Contains HTML"),
        ({}, "no-such-parent", "parent", "There is no department"),
    ],
)
def test_bad_departments_are_refused(line, department, fields, parent, field, message):
    before = model.Session.query(model.Group).count()
    with pytest.raises(tk.ValidationError) as caught:
        department(parent, **fields)
    assert message in caught.value.error_dict[field][0]
    assert model.Session.query(model.Group).count() == before


def test_the_parent_is_chosen_in_the_form(line, app):
    headers = {"Authorization": factories.SysadminWithToken()["token"]}
    page = app.get("/en/organization/new", headers=headers).body
    assert 'name="groups__0__name"' in page
    sent = {
        "name": "weijianwei",
        "title": "县卫健委",
        "level": "county",
        "region": "340822",
        "groups__0__name": "huaining",
        "save": "",
    }
    app.post("/en/organization/new", data=sent, headers=headers, follow_redirects=False)
    made = departments.get("weijianwei")
    assert made is not None
    assert made.parent == line[2]["id"]
    page = app.get("/en/organization/edit/weijianwei", headers=headers).body
    assert 'value="huaining" selected' in page


def test_no_department_is_offered_its_own_offices_as_parent(line):
    offered = [(d.name, depth) for d, depth in govdata_parent_choices(line[2]["id"])]
    assert offered == [("anhui", 0), ("anqing", 1)]
    assert len(govdata_parent_choices()) == 4
