"""What no row, no column and no command is, is refused in words: by pages and by the API."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from ckan.tests.helpers import call_action

from tests.marks.conftest import WRONG

pytestmark = pytest.mark.usefixtures("yaohai_in_force")
ODD = [
    ("row", "[]"), ("row", "0"), ("row", "null"), ("row", "{}"), ("row", "{broken"), ("row", "1@"),
    ("row", '{"村名": 7}'), ("row", "[" * 3000), ("column", "水" * 201), ("command", "decide"),
    ("command", "keep"), ("command", "<b>"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), ODD)
@pytest.mark.parametrize("counter", [False, True])
def test_an_address_that_says_nothing_is_400_in_words(villages, browse, name, value, counter):
    asked = {"entry": villages.entry["name"], "resource": villages.file}
    asked |= {"command": "record"} if counter else {}
    page = browse("officer" if counter else "citizen",
                  f"/zh_Hans_CN/begin/correction_review?{urlencode({**asked, name: value})}",
                  status=400)  # fmt: skip
    said = page.find("main").get_text()
    assert any(words in said for words in ("键", "文本", "不能")), said
    assert "<b>" not in said or value == "<b>"


@pytest.mark.parametrize(("name", "value"), [
    ("row", "没有这一行@0"), ("row", json.dumps({"村名": "无此村"})), ("column", "没有这一列"),
])  # fmt: skip
def test_what_is_well_said_and_not_there_is_404(villages, browse, name, value):
    asked = {"entry": villages.entry["name"], "resource": villages.file, name: value}
    status = 400 if "@" in value else 404
    browse("citizen", f"/begin/correction_review?{urlencode(asked)}", status=status)


@pytest.mark.parametrize(("name", "value"), [
    *(("row", odd) for odd in (7, 0, [], [1], True, False)),
    *((one, odd) for one in ("column", "command", "kind") for odd in (7, [], {"a": [1]}, True)),
    *(("form", odd) for odd in ("text", [1], 7)), ("resource_ids", "text"), ("submit", "perhaps"),
])  # fmt: skip
def test_another_kind_of_value_is_refused_by_its_name(villages, app, name, value):
    token = call_action("api_token_create", context={"user": "citizen"}, user="citizen", name="o")
    body = {"kind": "correction_review", "dataset_id": villages.entry["id"], "form": WRONG,
            "resource_id": villages.file, "submit": True, name: value}  # fmt: skip
    answer = app.post("/api/3/action/govdata_case_create", json=body,
                      headers={"Authorization": token["token"]})
    assert answer.status_code == 409
    assert name in answer.json["error"]


def test_a_row_may_be_named_by_its_number_too(villages, app):
    from ckanext.govdata.marks import datum

    token = call_action("api_token_create", context={"user": "citizen"}, user="citizen", name="n")
    body = {"kind": "correction_review", "dataset_id": villages.entry["id"], "form": WRONG,
            "resource_id": villages.file, "submit": True,
            "row": f"1@{datum.version_of(villages.file)}"}  # fmt: skip
    answer = app.post("/api/3/action/govdata_case_create", json=body,
                      headers={"Authorization": token["token"]})
    assert answer.status_code == 200
    assert villages.open_marks()[0]["row"] == {"村名": "浒湾村"}
