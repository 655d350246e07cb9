"""Marks that cannot be: refused in words, nothing lost, and nothing told of what is hidden."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest

from tests.cases.conftest import call, site
from tests.marks.conftest import WRONG, Villages, put_up

pytestmark = pytest.mark.usefixtures("yaohai_in_force")
SCRIPT = "<script>alert(1)</script>"


def refused(villages: Villages, who: str = "citizen", **where: Any) -> dict[str, Any]:
    with pytest.raises(tk.ValidationError) as error:
        villages.mark(who, **where)
    return error.value.error_dict


def test_a_row_that_is_gone(villages):
    said = str(refused(villages, **villages.cell("无此村")))
    assert "no such row" in said


def test_a_row_that_goes_while_it_is_written_down_keeps_the_draft(villages):
    draft = call("citizen", "govdata_case_create", kind="correction_review",
                 dataset_id=villages.entry["id"], form=WRONG, **villages.cell())  # fmt: skip
    tk.get_action("datastore_delete")(
        site(), {"resource_id": villages.file, "force": True, "filters": {"村名": "浒湾村"}}
    )
    with pytest.raises(tk.ValidationError) as error:
        villages.act("citizen", draft, "submit")
    assert error.value.error_dict["reasons"][0]["code"] == "mark_row_gone"
    kept = call("citizen", "govdata_case_show", id=draft["id"])
    assert kept["draft"]["wrong"] == WRONG["wrong"]


HIDING: list[dict[str, Any]] = [
    {"column": "$"},
    {"row": {"村名": "浒湾村"}, "column": "$"},
    {"row": {"$": "13900000001"}},
    {"row": {"$": "13900000001"}, "column": "户数"},
    {"row": {"村名": "浒湾村", "$": "13900000001"}},
    {"row": {"村名": "浒湾村", "$": "13999999999"}},
]


@pytest.mark.parametrize("where", HIDING, ids=str)
def test_a_hidden_column_is_refused_as_one_that_never_was(villages, where):
    def asked(name: str) -> str:
        filled = {
            key: name if part == "$"
            else {name if k == "$" else k: v for k, v in part.items()} if isinstance(part, dict)
            else part
            for key, part in where.items()
        }  # fmt: skip
        return str(refused(villages, resource_id=villages.file, **filled)).replace(name, "")

    assert asked("书记电话") == asked("没有这一列")


def test_whether_a_hidden_value_stands_in_a_row_cannot_be_asked(villages):
    said = {
        str(refused(villages, resource_id=villages.file, row={"书记电话": value}))
        for value in ("13900000001", "13999999999", "")
    }
    assert len(said) == 1


@pytest.mark.parametrize("attribute", ["conditional", "non_open"])
def test_a_table_that_is_not_open_tells_strangers_nothing_of_its_rows(world, attribute):
    entry = put_up(world.department["id"], attribute)
    closed = Villages(world, entry, entry["resources"][0]["id"])
    there = str(refused(closed, **closed.cell("浒湾村")))
    assert there == str(refused(closed, **closed.cell("无此村")))
    assert closed.mark(column="户数")["state"] == "received", "an item that is public by name"


def test_an_entry_that_is_not_open_can_be_marked_as_a_whole(world):
    entry = put_up(world.department["id"], "non_open")
    closed = Villages(world, entry, entry["resources"][0]["id"])
    made = call("citizen", "govdata_case_create", kind="correction_review",
                dataset_id=entry["id"], form=WRONG, submit=True, command="submit")  # fmt: skip
    assert made["state"] == "received"
    assert "书记电话" in str(refused(closed, column="书记电话"))


def test_open_marks_of_what_one_may_not_read_are_not_told(villages):
    form = {**WRONG, "citizen_name": "陈桂花", "citizen_contact": "13900000000"}
    villages.mark()
    assert len(villages.open_marks()) == 1
    for item in (attribute := dict(villages.entry))["information_items"]:
        item["opened"] = item["name"] == "村名"
    tk.get_action("package_patch")(
        site(), {"id": attribute["id"], "information_items": attribute["information_items"]}
    )
    assert villages.open_marks() == []
    assert villages.open_marks("citizen") == []
    assert len(villages.open_marks("officer")) == 1
    assert form


def test_marks_of_an_entry_that_one_does_not_see_are_not_told(villages):
    villages.mark()
    tk.get_action("package_patch")(site(), {"id": villages.entry["id"], "private": True})
    with pytest.raises(tk.NotAuthorized):
        villages.open_marks()


def test_of_ones_own_department(villages):
    said = refused(villages, "officer")
    assert "mend it" in str(said)


def test_a_thousand_times(villages, monkeypatch, ckan_config):
    monkeypatch.setitem(ckan_config, "ckanext.govdata.marks.per_entry", 3)
    made = [villages.mark(form={**WRONG, "wrong": f"第{number}处不对。"}) for number in range(3)]
    said = str(refused(villages, form={**WRONG, "wrong": "又一处不对。"}))
    assert "at most 3" in said
    again = str(refused(villages, form={**WRONG, "wrong": "第0处不对。"}))
    assert "already" in again or "at most" in again
    villages.act("citizen", made[0], "withdraw")
    assert villages.mark(form={**WRONG, "wrong": "又一处不对。"})["reference"], "one is over"


def test_the_same_twice_is_the_one_that_is_there(villages):
    first = villages.mark()
    said = str(refused(villages))
    assert first["reference"] in said


@pytest.mark.parametrize(
    "more",
    [
        {"resource_id": SCRIPT}, {"column": SCRIPT}, {"row": {SCRIPT: "1"}}, {"row": SCRIPT},
        {"row": {"村名": SCRIPT}, "column": "户数"},
    ],
    ids=str,
)
def test_a_script_in_what_is_pointed_at(villages, more):
    where = {"resource_id": villages.file, **more}
    assert refused(villages, **where)


def test_a_script_in_what_is_typed_is_shown_as_text(villages, browse):
    form = {"wrong": f"{SCRIPT}不对", "should_be": SCRIPT, "why": f"{SCRIPT}我看到的"}
    case = villages.mark(form=form)
    for who in ("citizen", "officer"):
        page = browse(who, f"/cases/{case['id']}")
        assert SCRIPT in page.get_text()
        assert "alert(1)" not in "".join(tag.get_text() for tag in page.find_all("script"))


def test_an_older_version_of_the_file_is_looked_at_again(villages):
    from ckanext.govdata.marks.datum import version_of

    version = version_of(villages.file)
    tk.get_action("resource_patch")(
        site(), {"id": villages.file, "last_modified": "2026-11-01T00:00:00"}
    )
    said = refused(villages, resource_id=villages.file, row=f"1@{version}", column="户数")
    assert "replaced" in str(said)
    made = villages.mark(resource_id=villages.file, row=f"1@{version_of(villages.file)}",
                         column="户数")  # fmt: skip
    assert made["state"] == "received"


def test_an_entry_that_is_not_there_and_one_that_is_not_seen_are_one(villages):
    tk.get_action("package_patch")(site(), {"id": villages.entry["id"], "private": True})
    hidden = str(refused(villages))
    villages.entry = {**villages.entry, "id": "no-such-entry"}
    assert hidden == str(refused(villages))


def test_one_address_begins_so_many_cases_an_hour(villages, app, monkeypatch, ckan_config):
    monkeypatch.setitem(ckan_config, "ckanext.govdata.security.cases_per_client", 2)
    client = app.flask_app.test_client()
    statuses = [
        client.post("/api/3/action/govdata_case_create", json={"kind": "x"},
                    environ_overrides={"REMOTE_ADDR": "198.51.100.9"}).status_code
        for _ in range(3)
    ]  # fmt: skip
    assert statuses[-1] == 429
    assert 429 not in statuses[:2]


ODD = (5, 1.5, True, [], [1], ["户数"], {}, {"村名": {}}, {"村名": ["浒湾村"]}, {"x": None}, "\x00",
       "{", "[1]", "9" * 5000, "0@", "-1@x", "99999999999@x")


@pytest.mark.parametrize("part", ["resource_id", "row", "column", "command", "form", "dataset_id"])
@pytest.mark.parametrize("value", ODD, ids=lambda value: repr(value)[:20])
def test_what_is_no_place_is_refused_in_words_and_nothing_is_kept(villages, part, value):
    if (part, value) == ("dataset_id", "\x00"):
        pytest.skip("refused before any action sees it: tests/security/test_characters.py")
    asked = {"kind": "correction_review", "dataset_id": villages.entry["id"], "form": WRONG,
             "submit": True, **villages.cell(), part: value}  # fmt: skip
    try:
        case = call("citizen", "govdata_case_create", **asked)
    except (tk.ValidationError, tk.ObjectNotFound, tk.NotAuthorized):
        assert call("citizen", "govdata_case_list", mine=True)["count"] == 0
    else:
        assert case["state"] == "received"
