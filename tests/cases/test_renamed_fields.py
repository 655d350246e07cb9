"""The fields of a procedure's form have other names in its folder: everything goes as before,
because code asks for the parts that they play."""

import copy
import re
from datetime import date, timedelta

import ckan.plugins.toolkit as tk
import pytest

from ckanext.govdata import config_reader
from ckanext.govdata.cases.engine import declared_procedures
from ckanext.govdata.domain import declaration
from ckanext.govdata.domain.node import Node
from tests.cases.conftest import BASIS, REASON, call

NAMES = ("fields", "optional", "same_if", "lines")
"""Keys under which fields are listed."""
NAME = ("after", "among", "as_in", "assigns", "to")
"""Keys under which one is named."""


def other(name):
    return f"{name}_x"


@pytest.fixture
def renamed(monkeypatch):
    """The shipped procedure for data, with another name for each field."""
    folder = config_reader.folder("procedures/open_application", config_reader.SCHEMAS)
    flaws, tops, fields = [], [], set()
    files = [config_reader.read(one) for one in folder]
    for file in files:
        fields |= set(file.data.get("fields", ()))
    for file in files:
        data = _renamed(copy.deepcopy(file.data), fields)
        if "fields" in data:
            data["fields"] = {other(name): one for name, one in data["fields"].items()}
        tops.append(Node(file, flaws, data))
    changed = declaration.parse(tops, declared_procedures.known_names())
    assert not flaws
    monkeypatch.setattr(declared_procedures, "procedures", lambda: {changed.kind: changed})


def _renamed(data, fields):
    """The new names wherever fields are named."""
    if isinstance(data, list):
        return [_renamed(one, fields) for one in data]
    if isinstance(data, str):  # the sentences of letters
        return re.sub(r"\{said\.(\w+)\}", lambda found: f"{{said.{other(found[1])}}}", data)
    if not isinstance(data, dict):
        return data
    for key, value in data.items():
        if key in NAMES and isinstance(value, list):
            data[key] = [other(one) for one in value]
        elif key in NAME and value in fields:
            data[key] = other(value)
        else:
            data[key] = _renamed(value, fields)
    return data


def named(form):
    return {other(name): value for name, value in form.items()}


def apply(world, **more):
    return call("citizen", "govdata_case_create", kind="open_application",
                dataset_id=world.entry["id"], form=named(world.form(**more)),
                submit=True)  # fmt: skip


def prepared(world):
    case = apply(world)
    world.act("officer", case["id"], "accept")
    world.act("officer", case["id"], "propose", **named({"proposal": "approve", "note": "同意。"}))
    return case["id"]


def test_what_was_asked_for_is_granted_and_renewed(world, renamed, browse):
    case = prepared(world)
    said = {"conditions": "只供研究。", "reason": REASON, "basis": BASIS}
    after = world.act("head", case, "approve_conditionally", **named(said))
    asked = after["answers"]
    [grant] = call("citizen", "govdata_grant_list")
    for part in ("purpose", "resources", "columns", "delivery", "terms_version"):
        assert grant[part] == asked[other(part)], part
    assert grant["conditions"] == "只供研究。"
    assert grant["valid_until"] == asked[other("period_until")]
    assert after["letters"][-1]["conditions"] == "只供研究。"

    page = browse("citizen", "/cases/mine")
    [button] = [tag["action"] for tag in page.select("form[action*='renews=']")]
    browse("citizen", button, {})
    [draft] = [one for one in call("citizen", "govdata_case_list", mine=True)["results"]
               if one["state"] == "draft"]  # fmt: skip
    filled = call("citizen", "govdata_case_show", id=draft["id"])["draft"]
    assert filled[other("renews")] == grant["id"]
    day = date.fromisoformat(grant["valid_until"]) + timedelta(days=1)
    assert filled[other("period_from")] == day.isoformat()
    same = ("purpose", "resources", "columns", "security_measures", "contact_name")
    assert {other(one): asked[other(one)] for one in same}.items() <= filled.items()
    for left in ("period_until", "terms_version", "commitment", "materials"):
        assert other(left) not in filled
    page = browse("citizen", f"/cases/{draft['id']}/step/terms")
    assert page.select_one(f"input[name={other('terms_version')}]")["value"]


def test_less_is_given_and_never_more(world, renamed):
    case = prepared(world)
    asked = call("citizen", "govdata_case_show", id=case)["answers"]
    [file] = asked[other("resources")]
    part = {
        "grant_resources": [file],
        "grant_columns": {file: ["线路名称"]},
        "valid_from": asked[other("period_from")],
        "valid_until": asked[other("period_until")],
        "row_limit": 50,
        "reason": REASON,
        "basis": BASIS,
    }
    later = date.fromisoformat(part["valid_until"]) + timedelta(days=1)
    for wrong, field in (
        ({"grant_columns": {}}, "grant_columns"),
        ({"valid_until": later.isoformat()}, "valid_until"),
        ({"grant_columns": asked[other("columns")], "row_limit": ""}, "grant_columns"),
    ):
        with pytest.raises(tk.ValidationError) as caught:
            world.act("head", case, "approve_partly", **named({**part, **wrong}))
        assert set(caught.value.error_dict) - {"reasons"} == {other(field)}
    after = world.act("head", case, "approve_partly", **named(part))
    [grant] = call("citizen", "govdata_grant_list")
    assert grant["columns"] == {file: ["线路名称"]}
    assert grant["row_limit"] == 50
    letter = after["letters"][-1]
    assert letter["reason"] == REASON
    assert len(letter["basis"]) == len(BASIS)
