"""Granted is not opened: a case stays open until the applicant can fetch what he was granted."""

import io
from datetime import date, timedelta

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
from werkzeug.datastructures import FileStorage

from ckanext.govdata import now
from ckanext.govdata.access import gate, grants
from ckanext.govdata.access.grantable import WHOLE_ENTRY
from ckanext.govdata.cases.engine import record
from ckanext.govdata.domain.access import Permitted
from tests.cases.conftest import BASIS, CLAUSE, POWER, REASON, call, heard, make_entry, site
from tests.cases.test_sweep import run, told


@pytest.fixture
def empty(world):
    """The district's entry before any file was put up."""
    world.entry = make_entry(world.department["id"], title="养老服务站点", resources=[])
    return world


def prepared(world, day):
    now.move(date.fromisoformat(day))
    case = world.apply()
    world.act("officer", case["id"], "accept")
    return world.act("officer", case["id"], "propose", proposal="approve", note="拟同意")


def put_up(world, who="officer", name="客流.csv", text="线路名称,客流量,司机电话\n1路,300,139\n"):
    upload = FileStorage(io.BytesIO(text.encode()), name)
    user = model.User.by_name(who)
    asked = {"package_id": world.entry["id"], "name": name, "format": "CSV", "upload": upload}
    return tk.get_action("resource_create")({"user": who, "auth_user_obj": user}, asked)


def cautions(who, case):
    found = call(who, "govdata_case_commands", id=case["id"])
    return {one["name"]: " ".join(one.get("cautions", [])) for one in found}


def test_the_head_is_told_before_and_the_case_stays_open_until_the_file_is_there(empty, on_day):
    case = prepared(empty, "2025-09-22")
    assert "no readable file" in cautions("head", case)["approve"]
    approved = empty.act("head", case["id"], "approve")
    assert (approved["state"], approved["open"], approved["outcome"]) == (
        "approved", True, "granted",
    )  # fmt: skip
    assert (approved["due"], approved["holder"]) == ("2025-10-11", "officer")
    assert approved["clocks"]["provide"]["article"] == "第十七条"
    assert approved["clocks"]["decide"]["answered"]

    now.move(date(2025, 9, 28))
    file = put_up(empty)
    now.move(date(2025, 10, 22))  # the first day for which it was asked
    shown = call("citizen", "govdata_case_show", id=case["id"])
    assert (shown["open"], shown["due"], shown["overdue"]) == (False, None, False)
    assert shown["events"][-1]["name"] == "provided"
    assert told("citizen", "provided") == ["provided"]
    citizen = {"user": "citizen", "auth_user_obj": model.User.by_name("citizen")}
    allowed = gate.allows(citizen, file["id"])
    assert isinstance(allowed, Permitted)
    assert set(allowed.columns) == {"线路名称", "客流量"}
    grant = grants.get(model.Session, shown["grant"])
    assert grant.scope.resources == tuple(sorted((file["id"], WHOLE_ENTRY)))
    assert not record.row_of(model.Session, case["id"]).late


def test_where_a_file_is_there_nothing_is_said_and_nothing_is_owed(world):
    case = world.prepared()
    assert "no readable file" not in cautions("head", case)["approve"]
    approved = world.act("head", case["id"], "approve")
    assert not approved["open"]
    assert "provide" not in approved["clocks"]


def test_a_file_without_an_address_is_none(empty, on_day):
    case = prepared(empty, "2025-09-22")
    empty.act("head", case["id"], "approve")
    asked = {"package_id": empty.entry["id"], "name": "待上传.csv", "format": "CSV", "url": ""}
    file = tk.get_action("resource_create")(site(), asked)
    assert call("citizen", "govdata_case_show", id=case["id"])["open"]
    told = {"id": file["id"], "url": "https://example.invalid/b.csv"}
    tk.get_action("resource_patch")(site(), told)
    assert not call("citizen", "govdata_case_show", id=case["id"])["open"]


def test_what_is_late_is_late_told_complained_of_and_counted(empty, on_day, browse):
    case = prepared(empty, "2025-09-22")
    empty.act("head", case["id"], "approve")
    assert run("2025-10-11")["unprovided"] == 0
    assert run("2025-10-20")["unprovided"] == 1
    assert run("2025-10-21")["unprovided"] == 0
    event = call("citizen", "govdata_case_show", id=case["id"])["events"][-1]
    assert (event["name"], event["day"]) == ("unprovided", "2025-10-12")
    for who in ("citizen", "head", "authority"):
        assert told(who, "unprovided") == ["unprovided"], who
    page = browse("citizen", f"/zh_Hans_CN/cases/{case['id']}").text
    assert "提供数据已逾期" in page
    assert "答复已逾期" not in page
    assert "60日内就未提供数据向合肥市瑶海区人民政府申请行政复议" in page
    assert "提供数据的期限届满之日起6个月内" in page
    offered = [one["name"] for one in call("citizen", "govdata_case_commands", id=case["id"])]
    assert offered == ["complain_unprovided"]
    empty.act("citizen", case["id"], "complain_unprovided")
    assert told("authority", "unprovided_complained")

    put_up(empty)
    row = record.row_of(model.Session, case["id"])
    assert (row.open, row.late) == (False, True)
    [line] = call("authority", "govdata_decision_list")["results"]
    assert not line["in_time"]


def test_until_then_it_is_no_answer_in_time(empty, on_day):
    case = prepared(empty, "2025-09-22")
    empty.act("head", case["id"], "approve")
    assert call("authority", "govdata_decision_list")["results"] == []
    found = call("officer", "govdata_case_list", desk=True, open=True)["results"]
    assert [one["id"] for one in found] == [case["id"]]


@pytest.mark.ckan_config("ckanext.govdata.cases.hide_applicant", True)
def test_the_applicant_is_not_hidden_again_from_those_who_decided(empty, on_day):
    case = prepared(empty, "2025-09-22")
    assert call("head", "govdata_case_show", id=case["id"])["applicant"] == {}
    empty.act("head", case["id"], "approve")
    assert call("head", "govdata_case_show", id=case["id"])["applicant"]


@pytest.mark.parametrize("ending", ["revoked", "closed"])
def test_where_the_grant_ends_before_nothing_is_owed(empty, on_day, ending):
    case = prepared(empty, "2025-09-22")
    grant = empty.act("head", case["id"], "approve")["grant"]
    if ending == "revoked":
        call("head", "govdata_grant_revoke", id=grant, reason=REASON, basis=CLAUSE, **heard())
    else:
        tk.get_action("package_patch")(site(), {
            "id": empty.entry["id"], "open_attribute": "non_open",
            "open_basis": "open_government_information:第十五条",
        })  # fmt: skip
    shown = call("citizen", "govdata_case_show", id=case["id"])
    assert not shown["open"]
    assert shown["events"][-1]["name"] == "no_longer_owed"


def test_one_sees_the_same_application_in_it(empty, on_day):
    case = prepared(empty, "2025-09-22")
    empty.act("head", case["id"], "approve")
    purpose = call("citizen", "govdata_case_show", id=case["id"])["answers"]["purpose"]
    with pytest.raises(tk.ValidationError) as caught:
        empty.apply(purpose=purpose)
    assert case["reference"] in str(caught.value.error_dict)


def test_what_is_decided_anew_takes_the_place_of_the_former_grant(world):
    """A partial approval, an objection, and everything after all: one grant, not a fault."""
    case = world.prepared()
    file = world.entry["resources"][0]["id"]
    period = {key: case["answers"][f"period_{key[6:]}"] for key in ("valid_from", "valid_until")}
    world.act("head", case["id"], "approve_partly", grant_resources=[file],
              grant_columns={file: ["客流量"]}, reason=REASON, basis=BASIS, **period)  # fmt: skip
    world.act("citizen", case["id"], "object", grounds="线路名称同样可以开放，请求重新答复。")
    world.act("authority", case["id"], "notify_decision", reason=REASON, power=POWER)
    world.act("officer", case["id"], "propose", proposal="approve", note="改为同意")
    after = world.act("head", case["id"], "approve")
    [grant] = call("citizen", "govdata_grant_list")
    assert grant["id"] == after["grant"]
    assert set(grant["columns"][file]) == {"线路名称", "客流量"}


def test_a_day_after_the_term_an_approval_without_a_file_is_late_at_once(empty, on_day):
    case = prepared(empty, "2025-09-22")
    now.move(date.fromisoformat(case["due"]) + timedelta(days=1))
    assert empty.act("head", case["id"], "approve")["overdue"]


def test_a_table_that_is_loaded_later_is_data_too(empty, on_day):
    case = prepared(empty, "2025-09-22")
    empty.act("head", case["id"], "approve")
    asked = {"package_id": empty.entry["id"], "name": "客流.csv", "format": "CSV", "url": ""}
    file = tk.get_action("resource_create")(site(), asked)
    tk.get_action("datastore_create")(site(), {
        "resource_id": file["id"], "force": True, "fields": [{"id": "线路名称", "type": "text"}],
        "records": [{"线路名称": "1路"}],
    })  # fmt: skip
    shown = call("citizen", "govdata_case_show", id=case["id"])
    assert (shown["open"], shown["events"][-1]["name"]) == (False, "provided")


def test_the_file_that_is_there_before_the_decision_is_what_is_given(empty, on_day):
    """The application meant the whole entry, which had no file then."""
    case = prepared(empty, "2025-09-22")
    file = put_up(empty)
    approved = empty.act("head", case["id"], "approve")
    grant = grants.get(model.Session, approved["grant"])
    assert grant.scope.resources == (file["id"],)
    assert not approved["open"]


def test_refused_anew_nothing_is_given_or_owed_any_more(empty, on_day):
    case = prepared(empty, "2025-09-22")
    why = {"reason": REASON, "basis": BASIS}
    before = empty.act("head", case["id"], "approve_conditionally", conditions="须注明来源", **why)
    assert before["open"], "the file is owed"
    empty.act("citizen", case["id"], "object", grounds="条件没有依据，请撤销该条件。")
    empty.act("authority", case["id"], "notify_decision", reason=REASON, power=POWER)
    empty.act("officer", case["id"], "propose", proposal="refuse", note="重新审查")
    after = empty.act("head", case["id"], "refuse", **why)
    assert (after["outcome"], after["open"]) == ("refused", False)
    assert grants.get(model.Session, before["grant"]).revoked


def test_a_grant_of_the_whole_entry_names_each_file_as_it_comes(empty, on_day):
    case = prepared(empty, "2025-09-22")
    approved = empty.act("head", case["id"], "approve")
    one, two = put_up(empty), put_up(empty, name="客流二.csv")
    now.move(date(2025, 10, 22))
    for file in (one, two):
        assert call("citizen", "govdata_access_check", resource_id=file["id"])["allowed"]
    granted = grants.get(model.Session, approved["grant"]).scope
    assert granted.columns[two["id"]] == granted.columns[one["id"]]


def test_a_file_that_is_put_up_anew_ends_no_grant_of_the_whole_entry(empty, on_day):
    case = prepared(empty, "2025-09-22")
    grant = empty.act("head", case["id"], "approve")["grant"]
    first = put_up(empty)
    user = model.User.by_name("officer")
    acting = {"user": "officer", "auth_user_obj": user}
    tk.get_action("resource_delete")(acting, {"id": first["id"]})
    second = put_up(empty, name="客流（重发）.csv")
    now.move(date(2025, 10, 22))
    assert not grants.get(model.Session, grant).revoked
    assert call("citizen", "govdata_access_check", resource_id=second["id"])["allowed"]
