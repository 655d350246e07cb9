"""What goes wrong in a hurry is said, and nothing of it is written."""

from __future__ import annotations

import io
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from ckanext.govdata.emergency import model as tables
from ckanext.govdata.ledger.model import ledger
from tests.cases.conftest import call
from tests.emergency.conftest import TABLE

ID_NUMBER = "11010519491231002X"


def count(table: Any) -> int:
    return model.Session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def refused(do: Any, *given: Any, **more: Any) -> dict[str, str]:
    """The refusal's codes with their words; nothing may have been written."""
    before = [
        count(t)
        for t in (
            tables.event,
            tables.act,
            tables.version,
            tables.dataset,
            tables.bulletin,
            ledger,
            model.package_table,
        )
    ]
    with pytest.raises(tk.ValidationError) as error:
        do(*given, **more)
    after = [
        count(t)
        for t in (
            tables.event,
            tables.act,
            tables.version,
            tables.dataset,
            tables.bulletin,
            ledger,
            model.package_table,
        )
    ]
    assert after == before
    return {r["code"]: r["message"] for r in error.value.error_dict["reasons"]}


def upload(content: bytes, name: str = "水位.csv") -> FileStorage:
    return FileStorage(io.BytesIO(content), name)


def test_an_end_before_the_start(flood) -> None:
    said = refused(
        call, "head", "govdata_emergency_end", id=flood.event, ended="2020-01-01T00:00:00+08:00"
    )
    assert "1 Jan 2020 00:00" in said["end_before_start"]
    assert "T00" not in said["end_before_start"], "people do not write instants so"


def test_an_end_in_times_to_come(flood) -> None:
    said = refused(
        call, "head", "govdata_emergency_end", id=flood.event, ended="2999-01-01T00:00:00+08:00"
    )
    assert list(said) == ["end_ahead"]


def test_an_event_of_another_region_names_region_and_article(place) -> None:
    said = refused(place.declare, regions=["340822"])
    assert "340822" in said["region_outside"]
    assert "340102" in said["region_outside"]
    assert "怀宁县" in said["region_outside"]
    assert "35" in said["region_outside"]


def test_a_region_that_is_none(place) -> None:
    assert "999999" in refused(place.declare, regions=["999999"])["region_unknown"]


DECLARATIONS = [
    ("kind", "war", "kind_unknown"),
    ("kind", "", "missing"),
    ("level", "V", "level_unknown"),
    ("subtype", "epidemic", "subtype_unknown"),
    ("rhythm", "5", "rhythm"),
    ("rhythm", "often", "rhythm_number"),
    ("started", "gestern", "instant"),
    ("started", "2999-01-01T00:00:00+08:00", "start_ahead"),
    ("title", "", "missing"),
    ("title", "汛" * 201, "too_long"),
    ("basis", " ", "missing"),
    ("basis", "演练", "basis_unreal"),
    ("threshold", "", "missing"),
    ("threshold", "rather", "not_a_choice"),
    ("duty", "", "duty_unsaid"),
    ("regions", [], "missing"),
    ("regions", {"a": 1}, "not_a_list"),
    ("drill", "perhaps", "not_a_flag"),
    ("name", "Flood 1!", "name_form"),
    ("organization", "nobody", "handler_unknown"),
]


def test_a_declaration_that_is_wrong(place) -> None:
    for field, value, code in DECLARATIONS:
        assert code in refused(place.declare, **{field: value}), (field, value)


def test_everything_that_is_wrong_is_said_at_once(place) -> None:
    said = refused(place.declare, kind="war", level="V", rhythm="5", basis="")
    assert set(said) == {"kind_unknown", "subtype_unknown", "level_unknown", "rhythm", "missing"}


def test_two_events_of_one_name(flood) -> None:
    assert "name_taken" in refused(flood.declare, name=flood.event, title="又一场")


def test_what_runs_is_not_declared_again(flood) -> None:
    assert "瑶海区洪涝灾害" in refused(flood.declare)["running_already"]
    epidemic = {"kind": "public_health", "subtype": ""}
    for other in ({"title": "第二次洪峰"}, epidemic, {"drill": True}):
        assert flood.declare(**other)["name"] != flood.event
    call("head", "govdata_emergency_end", id=flood.event)
    assert flood.declare()["name"] != flood.event


def test_who_may_declare_and_who_may_not(place) -> None:
    for who in ("officer", "stranger", "citizen", "authority"):
        assert "35" in refused(place.declare, who)["not_allowed"], who
    assert "35" in refused(place.declare, "root")["not_allowed"], "a system administrator"
    for who in ("head", "mayor"):
        declared = place.declare(who, title=f"{who}的洪涝灾害")
        assert declared["handler"]["name"] == "yaohai-shuiwuju", who


def test_an_officer_grades_and_ends_nothing(flood) -> None:
    assert "not_allowed" in refused(
        call, "officer", "govdata_emergency_update", id=flood.event, level="I"
    )
    assert "not_allowed" in refused(call, "officer", "govdata_emergency_end", id=flood.event)


def test_nothing_happens_to_an_event_that_ended(flood) -> None:
    call("head", "govdata_emergency_end", id=flood.event, text="险情解除。")
    assert "ended" in refused(flood.levels)
    assert "ended" in refused(call, "head", "govdata_emergency_update", id=flood.event, level="I")
    assert "ended" in refused(call, "head", "govdata_emergency_end", id=flood.event)


def test_an_event_that_is_not_there(place) -> None:
    for action in ("show", "update", "publish", "end", "check"):
        with pytest.raises(tk.ObjectNotFound):
            call("head", f"govdata_emergency_{action}", id="nothing")


def test_nobody_publishes_without_signing_in(flood) -> None:
    with pytest.raises(tk.NotAuthorized):
        tk.get_action("govdata_emergency_publish")(
            {"user": "", "auth_user_obj": None}, {"id": flood.event, "table": TABLE}
        )


def test_columns_that_changed_ask_for_a_note(flood) -> None:
    flood.levels()
    wider = TABLE.replace("水位", "水位,流量").replace("9.80", "9.80,12").replace("9.75", "9.75,8")
    assert "流量" in refused(flood.levels, wider, dataset="water")["columns_changed"]
    shown = flood.levels(wider, dataset="water", note="增加流量")
    assert shown["datasets"][0]["latest"]["columns"][-1] == "流量"


COUNTED = TABLE.replace("水位", "转移（万人）")


def test_levels_of_several_stations_make_no_key_figure(flood) -> None:
    assert "9.80" in refused(flood.levels, TABLE, figures=["水位"])["figure_unclear"]


def test_a_total_that_falls_asks_for_a_note(flood) -> None:
    people = ["转移（万人）"]
    flood.levels(COUNTED, figures=people)
    lower = COUNTED.replace("9.80", "8.80")
    said = refused(flood.levels, lower, dataset="water", figures=people)["total_fell"]
    assert "19.55" in said
    assert "18.55" in said
    shown = flood.levels(lower, dataset="water", figures=people, note="上游开闸")
    assert shown["datasets"][0]["latest"]["number"] == 2


def test_the_second_of_two_officers_is_told_of_the_first(flood) -> None:
    flood.levels()
    flood.levels(TABLE.replace("9.80", "9.90"), "officer", dataset="water", expected=1)
    said = refused(flood.levels, TABLE, "officer2", dataset="water", expected=1)
    assert "2" in said["overtaken"]
    assert flood.show()["datasets"][0]["latest"]["number"] == 2


def test_the_encodings_of_offices_are_read(flood) -> None:
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        shown = flood.publish(create={"title": encoding}, upload=upload(TABLE.encode(encoding)))
        assert shown["datasets"][-1]["latest"]["columns"] == ["站点", "时间", "水位"], encoding


def test_a_wrong_encoding_names_the_byte(flood) -> None:
    said = refused(
        flood.publish,
        create={"title": "水位"},
        upload=upload("站点,水位\n".encode() + b"\xff\xff\xfa,1\n"),
    )
    assert "14" in said["encoding"]
    for content, place in ((b"a,b\n1,\0\n", "6"), ("站點,深度\n".encode("big5"), "0")):
        said = refused(flood.publish, create={"title": "水位"}, upload=upload(content))
        assert f"at {place}" in said["encoding"]


def test_a_quotation_mark_that_nobody_closes_swallows_no_rows(flood) -> None:
    for long in ("", "长" * 200_000):
        table = f'站点,水位\n巢湖,9\n"合肥,9\n肥东,{long}8\n'
        said = refused(flood.publish, create={"title": "水位"}, table=table)
        assert "row 3" in said["quote_open"]
    table = '站点\t管径\n巢湖\t5" 管\n"合\n肥"\t6\n'.replace("\n", "\r")
    shown = flood.publish(create={"title": "管径"}, table=table)
    assert shown["datasets"][0]["latest"]["rows"] == 2


UNUSABLE = [
    ({}, "nothing_given"),
    ({"table": "站点,水位\n"}, "table_empty"),
    ({"table": "站点,站点\n1,2\n"}, "heading_twice"),
    ({"table": "站点,,水位\n1,2,3\n"}, "heading_empty"),
    ({"table": "站点,水位\n1,2,3\n"}, "table_ragged"),
    ({"rows": ["站点"]}, "not_a_list"),
    ({"url": "javascript:alert(1)"}, "address"),
    ({"url": "ftp://example.invalid/a"}, "address"),
    ({"table": TABLE, "time_column": "日期"}, "column_unknown"),
    ({"table": TABLE, "figures": ["雨量"]}, "column_unknown"),
    ({"table": TABLE, "rhythm": "10000"}, "rhythm"),
    ({"table": TABLE, "expected": "new"}, "number"),
    ({"upload": upload(b"")}, "table_empty"),
    ({"upload": upload(b"PK\x03\x04rubbish", "a.xlsx")}, "workbook"),  # by its content
    ({"upload": upload(b"PK\x03\x04xl/workbook.xml", "a.xlsx")}, "workbook"),
]


def test_data_that_cannot_be_published(flood) -> None:
    for given, code in UNUSABLE:
        assert code in refused(flood.publish, create={"title": "水位"}, **given), given


def test_an_entry_without_a_title_is_none(flood) -> None:
    with pytest.raises(tk.ValidationError):
        flood.publish(create={"title": ""}, table=TABLE)
    assert count(tables.dataset) == 0


def test_entries_of_another_place_are_not_ours_to_publish(flood) -> None:
    from tests.cases.conftest import make_entry

    foreign = make_entry(flood.elsewhere["id"], open_attribute="unconditional")
    assert "entry_unknown" in refused(flood.publish, package=foreign["id"], table=TABLE)


PROHIBITED = [
    (f"姓,身份\n王,{ID_NUMBER}\n", "id_number"),
    ("站点,值班\n巢湖,13805510000\n", "phone"),
    ("站点,姓名\n巢湖,王小明\n", "name"),
    ("密级：机密,水位\n1,2\n", "state_secret"),
]


def test_personal_data_and_secrets_are_stopped_and_not_repeated(flood) -> None:
    for table, ban in PROHIBITED:
        with pytest.raises(tk.ValidationError) as error:
            flood.publish("head", create={"title": "水位"}, table=table)
        assert [r["value"] for r in error.value.error_dict["reasons"]] == [ban]
        assert ID_NUMBER not in str(error.value)
        assert "13805510000" not in str(error.value)


def test_a_bulletin_names_nobody(flood) -> None:
    with pytest.raises(tk.ValidationError):
        flood.publish(bulletin={"title": "通报", "text": f"转移人员王某，{ID_NUMBER}。"})
    assert flood.show()["bulletins"] == []


def test_an_override_needs_its_reason(flood) -> None:
    table = "站点,值班\n巢湖,13805510000\n"
    asked = {"create": {"title": "值班"}, "table": table}
    assert "override_reason" in refused(
        flood.publish, "head", **asked, override={"bans": ["phone"], "reason": "急"}
    )
    shown = flood.publish(
        "head", **asked, override={"bans": ["phone"], "reason": "防汛值班专用手机，非个人号码。"}
    )
    override = shown["acts"][-1]["facts"]["datasets"][0]["override"]
    assert override == {"bans": ["phone"], "reason": "防汛值班专用手机，非个人号码。"}


def test_what_came_by_sharing_is_not_opened(flood) -> None:
    entry = flood.entry(
        open_attribute="non_open", source_type="shared_in", shared_from="huaining-shuiliju"
    )
    said = refused(
        flood.publish,
        "head",
        package=entry["id"],
        table=TABLE,
        override={"bans": ["non_open", "shared_in"], "reason": "群众转移急需，经区长批准。"},
    )
    assert list(said) == ["prohibited"]


def test_a_drill_is_seen_by_those_who_take_part(place) -> None:
    place.event = place.declare(drill=True)["name"]
    for who in ("stranger", "citizen"):
        with pytest.raises(tk.ObjectNotFound):
            place.show(who)
    with pytest.raises(tk.ObjectNotFound):
        place.show()
    assert place.show("officer")["drill"]
    assert place.show("mayor")["drill"]
    listed = tk.get_action("govdata_emergency_list")({"user": "", "auth_user_obj": None}, {})
    assert listed["count"] == 0
    assert call("officer", "govdata_emergency_list")["count"] == 1


def test_history_cannot_be_rewritten(flood) -> None:
    flood.levels()
    for statement in (
        "UPDATE govdata_emergency_version SET note = 'x'",
        "DELETE FROM govdata_emergency_act",
        "UPDATE govdata_emergency_bulletin SET text = 'x'",
    ):
        if "bulletin" in statement:
            flood.publish(bulletin={"title": "通报", "text": "水位通报"})
        with pytest.raises(sa.exc.DBAPIError):
            model.Session.execute(sa.text(statement))
        model.Session.rollback()


def test_an_update_while_solr_is_away_is_right_at_once(flood, app, monkeypatch) -> None:
    flood.levels()
    from ckan.lib.search import common

    def away(*_given: Any, **_more: Any) -> Any:
        raise OSError("Solr is away")

    monkeypatch.setattr(common, "make_connection", away)
    flood.levels(TABLE.replace("9.80", "9.90"), dataset="water")
    assert "9.90" in app.get(f"/emergency/{flood.event}/data/water.csv").get_data(as_text=True)
    shown = app.get(f"/emergency/{flood.event}.json").json
    assert shown["datasets"][0]["latest"]["number"] == 2
    waiting = sa.text("SELECT count(*) FROM govdata_search_outbox")
    assert model.Session.scalar(waiting) == 1


def test_who_may_not_declare_is_not_told_that_a_drill_runs(place) -> None:
    place.event = place.declare(drill=True)["name"]
    for title in (place.asked()["title"], "别的事件"):
        asked = {**place.asked(), "title": title, "name": place.event}
        with pytest.raises(tk.ValidationError) as caught:
            call("citizen", "govdata_emergency_declare", **asked, drill=True)
        model.Session.rollback()
        assert [one["code"] for one in caught.value.error_dict["reasons"]] == ["not_allowed"]


@pytest.mark.parametrize("said", [{"sensitive": True}, {"opened": False}])
def test_what_the_entry_says_is_closed_is_for_a_head_to_answer(flood, said) -> None:
    entry = flood.entry(open_attribute="unconditional", information_items=[
        {"name": "站点", "name_en": "site", "type": "C", "opened": True},
        {"name": "备注", "name_en": "remark", "type": "C", **said}])
    asked = {"package": entry["id"], "table": "site,Remark\n甲,四楼独居\n"}
    assert "unclear" in refused(flood.publish, "officer", **asked)
    assert "closed_items" in str(
        call("officer", "govdata_emergency_check", id=flood.event, **asked)["findings"])
    override = {"bans": ["closed_items"], "reason": "救援队伍急需，经局长批准开放。"}
    assert "not_allowed" in refused(flood.publish, "officer", **asked, override=override)
    assert flood.publish("head", **asked, override=override)["datasets"][0]["readable"]
    flood.publish("officer", package=entry["id"], table="site,level\n甲,1\n", note="不含备注。")
