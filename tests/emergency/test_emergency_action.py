"""Declare, publish, update, end: what is kept, what is shown, who may."""

from __future__ import annotations

import json

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan.tests.helpers import call_action

from ckanext.govdata.ledger.model import ledger
from tests.cases.conftest import call, make_user
from tests.emergency.conftest import TABLE


def entries_of(action: str) -> list[dict]:
    rows = model.Session.execute(sa.select(ledger).where(ledger.c.action == action)).all()
    return [json.loads(row.content)["facts"] for row in rows]


def test_a_declared_event_is_shown_to_everybody(flood) -> None:
    shown = flood.show()
    assert (shown["level"], shown["colour"]) == ("II", "orange")
    assert shown["regions"][0]["name"].endswith("瑶海区")
    assert shown["handler"]["title"] == "瑶海区水务局"
    assert [act["act"] for act in shown["acts"]] == ["declare"]
    assert shown["may"] == []
    assert flood.show("officer")["may"] == ["update", "publish"]
    assert flood.show("head")["may"] == ["update", "level", "publish", "override", "end"]


def test_every_act_stands_in_the_ledger_with_its_text(flood) -> None:
    flood.levels(note="第一次发布")
    call("officer", "govdata_emergency_update", id=flood.event, text="已转移群众两百人。")
    call("mayor", "govdata_emergency_update", id=flood.event, level="I", text="水位继续上涨。")
    call("mayor", "govdata_emergency_end", id=flood.event, text="险情解除。")
    assert entries_of("emergency_declare")[0]["text"] == "南淝河水位超过警戒水位。"
    assert entries_of("emergency_publish")[0]["datasets"][0]["note"] == "第一次发布"
    assert entries_of("emergency_update")[0]["text"] == "已转移群众两百人。"
    level = entries_of("emergency_level")[0]
    assert level["level"] == {"before": "II", "after": "I"}
    assert level["standing"] == "government"
    assert entries_of("emergency_end")[0]["text"] == "险情解除。"


def test_publishing_makes_an_entry_with_a_stable_address(flood) -> None:
    shown = flood.levels(bulletin={"title": "水位通报", "text": "南淝河水位九米八。"})
    one = shown["datasets"][0]
    assert one["latest"]["totals"] == {}, "levels of two stations add up to nothing"
    assert one["latest"]["columns"] == ["站点", "时间", "水位"]
    assert one["url"] == f"/emergency/{flood.event}/data/water.csv"
    assert shown["bulletins"][0]["text"] == "南淝河水位九米八。"
    entry = tk.get_action("package_show")({"user": ""}, {"id": one["package_id"]})
    assert entry["open_attribute"] == "unconditional"
    assert [i["name"] for i in entry["information_items"]] == ["站点", "时间", "水位"]
    assert entry["resources"][0]["url"].endswith(one["url"])
    found = tk.get_action("package_search")({"user": ""}, {"q": "河道水位"})
    assert [hit["id"] for hit in found["results"]] == [one["package_id"]]


def test_the_data_is_at_its_address_at_once_and_at_any_time(flood, app, clock) -> None:
    clock.at("2026-07-01T12:00:00+08:00")
    flood.event = flood.declare(name="flood-2")["name"]
    flood.levels()
    clock.forward(60)
    flood.levels(TABLE.replace("9.80", "9.90"), dataset="water")
    address = f"/emergency/{flood.event}/data/water"
    assert "9.90" in app.get(f"{address}.csv").get_data(as_text=True)
    then = app.get(f"{address}.csv", query_string={"at": "2026-07-01T12:30:00+08:00"})
    assert "9.80" in then.get_data(as_text=True)
    rows = app.get(f"{address}.json").json
    assert (rows["number"], rows["data"][0]["水位"]) == (2, "9.90")
    assert app.get(f"{address}.csv", query_string={"at": "2026-07-01T11:00"}).status_code == 404
    first = app.get(f"/emergency/{flood.event}.json")
    asked = {"If-None-Match": first.headers["ETag"]}
    again = app.get(f"/emergency/{flood.event}.json", headers=asked)
    assert (first.status_code, again.status_code) == (200, 304)
    assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_a_conditional_entry_needs_a_named_override(flood) -> None:
    entry = flood.entry()
    with pytest.raises(tk.ValidationError) as refused:
        flood.publish(package=entry["id"], table=TABLE)
    assert refused.value.error_dict["reasons"][0]["value"] == "conditional"
    assert "35" in refused.value.error_dict["reasons"][0]["article"]
    override = {"bans": ["conditional"], "reason": "群众转移急需，经区长批准开放。"}
    with pytest.raises(tk.ValidationError):
        flood.publish("officer", package=entry["id"], table=TABLE, override=override)
    shown = flood.publish("head", package=entry["id"], table=TABLE, override=override)
    assert shown["datasets"][0]["latest"]["overridden"]
    assert shown["datasets"][0]["readable"]


def test_non_open_stays_non_open(flood) -> None:
    entry = flood.entry(open_attribute="non_open")
    with pytest.raises(tk.ValidationError):
        flood.publish(
            "head",
            package=entry["id"],
            table=TABLE,
            override={"bans": ["non_open"], "reason": "群众转移急需，经区长批准开放。"},
        )


def test_a_right_holder_who_consents_is_named_where_it_can_be_erased_and_nowhere_else(flood, app):
    """Nothing of a person in clear is in the ledger or in the acts, which are never erased."""
    consent = {"by": "巢湖某某物流行 赵钱孙", "on": "2026-06-30", "document": "同意书〔2026〕77号"}
    override = {"bans": ["trade_secret"], "reason": "群众转移急需，经区长批准开放。",
                "consent": consent}  # fmt: skip
    flood.levels(who="head", note="摘自内部资料", override=override)
    kept = model.Session.scalar(sa.text("SELECT override FROM govdata_emergency_version"))
    assert json.loads(kept)["consent"] == consent
    for table, column in (("govdata_ledger", "content"), ("govdata_emergency_act", "facts")):
        said = "".join(model.Session.scalars(sa.text(f"SELECT {column} FROM {table}")))
        assert "2026-06-30" in said
        assert "赵钱孙" not in said
        assert "77号" not in said
    assert "赵钱孙" not in app.get(f"/emergency/{flood.event}").body


def test_the_audit_page_has_words_for_what_the_ledger_keeps_as_codes(
    flood, app, ckan_config, monkeypatch
) -> None:
    monkeypatch.setitem(ckan_config, "ckanext.govdata.auditors", "auditor")
    make_user("auditor")
    token = call_action("api_token_create", context={"user": "auditor"}, user="auditor", name="a")
    page = app.get("/zh_Hans_CN/audit?action=emergency_declare",
                   headers={"Authorization": token["token"]})  # fmt: skip
    shown = BeautifulSoup(page.body, "html.parser").select(".gd-case-facts")
    said = " ".join(one.text for one in shown)
    facts = entries_of("emergency_declare")[0]
    assert facts["threshold"] not in said
    assert "对公众的影响：可能造成严重社会危害" in said
    assert "层级：Ⅱ级（重大，橙色）" in said
    assert "False" not in said
