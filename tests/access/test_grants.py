"""What a grant's holder does with it: reports, members, tokens; and who sees what of it."""

import io
from datetime import timedelta

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from ckanext.govdata import now
from ckanext.govdata.access import action, reports
from ckanext.govdata.access import model as tables
from ckanext.govdata.cases import model as cases
from ckanext.govdata.cases.time.sweep import sweep
from tests.access.opened_grants import REPORT, ask, ledger_of, organisation
from tests.cases.conftest import CLAUSE, REASON, call, heard, make_user, on_day, site, world  # noqa: F401


def test_a_report_on_the_way_does_not_settle_what_is_owed(granted, on_day):  # noqa: F811
    shown = call("citizen", "govdata_grant_report_create", id=granted["id"], fields=REPORT)
    assert shown["reported"] is None
    assert [one["settles"] for one in shown["reports"]] == [False]
    on_day(now.today() + timedelta(days=90))
    shown = call("citizen", "govdata_grant_report_create", id=granted["id"], fields=REPORT)
    assert shown["reported"] == now.today().isoformat()
    assert ledger_of(granted["id"])[-1] == "use_reported"
    found = call("officer", "govdata_notice_list")["results"]
    assert sum(one["kind"] == "use_reported" for one in found) == 2


def test_who_owes_reports_is_flagged_to_officers_and_not_to_others(
    world, granted, on_day  # noqa: F811
):
    on_day(now.today() + timedelta(days=131))
    sweep(model.Session, now.today())
    shown = call("citizen", "govdata_grant_show", id=granted["id"])
    assert (shown["standing"], shown["report_owed"]) == ("expired", True)
    assert reports.missed(model.Session, model.User.by_name("citizen").id) == 1
    case = world.apply()
    assert call("officer", "govdata_case_show", id=case["id"])["reports_missed"] == 1
    assert "reports_missed" not in call("citizen", "govdata_case_show", id=case["id"])
    call("citizen", "govdata_grant_report_create", id=granted["id"], fields=REPORT)
    assert call("officer", "govdata_case_show", id=case["id"])["reports_missed"] == 0


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("use", "短", "characters"),
        ("link", "javascript:alert(1)", "web address"),
        ("link", "https://a.example/<script>", "web address"),
        ("deleted", "sold", "choices"),
        ("files", ["guess"], "cannot be chosen"),
        ("other", "x", "no such field"),
    ],
)
def test_a_bad_report_says_what_is_wrong_and_keeps_nothing(granted, field, value, words):
    fields = {**REPORT, field: value}
    with pytest.raises(tk.ValidationError) as caught:
        call("citizen", "govdata_grant_report_create", id=granted["id"], fields=fields)
    assert words in "".join(caught.value.error_dict[field])
    assert call("citizen", "govdata_grant_show", id=granted["id"])["reports"] == []


@pytest.mark.parametrize(
    "action",
    [
        "govdata_grant_report_create",
        "govdata_grant_member_create",
        "govdata_grant_member_delete",
        "govdata_grant_token_create",
        "govdata_grant_token_revoke",
    ],
)
def test_only_the_holder_writes(granted, action):
    for who in ("other", "officer", "head", "root"):
        with pytest.raises(tk.NotAuthorized):
            call(who, action, id=granted["id"], fields=REPORT, username="other", name="x", token="")
        with pytest.raises(tk.NotAuthorized):
            call(who, action, id="guess")


def test_a_persons_grant_stays_a_persons(granted):
    """Whoever calls himself a firm under the running grant passes nothing on."""
    with pytest.raises(tk.ValidationError, match="stays as it is") as caught:
        organisation()
    assert granted["reference"] in str(caught.value)
    model.Session.execute(sa.text("UPDATE govdata_identity SET kind = 'firm'"))
    with pytest.raises(tk.ValidationError, match="person alone"):
        call("citizen", "govdata_grant_member_create", id=granted["id"], username="other")


def test_so_many_are_named_in_a_grant_and_no_more(firms, monkeypatch):
    monkeypatch.setattr(action, "MEMBERS", 2)
    make_user("other2")
    call("other2", "govdata_identity_update", kind="person", name="陈小红",
         number="340102198001011231")
    call("citizen", "govdata_grant_member_create", id=firms["id"], username="other")
    with pytest.raises(tk.ValidationError, match="At most 2"):
        call("citizen", "govdata_grant_member_create", id=firms["id"], username="other2")


def test_named_members_of_an_organisations_grant(firms):
    granted = firms
    for name in ("officer2", "nobody"):  # no identity, no such user: the answer is the same
        with pytest.raises(tk.ValidationError, match="who has said who he is"):
            call("citizen", "govdata_grant_member_create", id=granted["id"], username=name)
    resource_id = granted["resources"][0]
    assert not call("other", "govdata_access_check", resource_id=resource_id)["allowed"]
    shown = call("citizen", "govdata_grant_member_create", id=granted["id"], username="other")
    assert [one["name"] for one in shown["members"]] == ["citizen", "other"]
    assert call("other", "govdata_access_check", resource_id=resource_id)["allowed"]
    assert [one["id"] for one in call("other", "govdata_grant_list")] == [granted["id"]]
    assert call("other", "govdata_notice_list")["results"][0]["kind"] == "grant_member_added"
    with pytest.raises(tk.ValidationError):
        call("citizen", "govdata_grant_member_delete", id=granted["id"], username="citizen")
    call("citizen", "govdata_grant_member_delete", id=granted["id"], username="other")
    assert not call("other", "govdata_access_check", resource_id=resource_id)["allowed"]
    assert ledger_of(granted["id"])[-2:] == ["grant_member_added", "grant_member_removed"]


def test_columns_are_granted_by_the_entrys_names_and_given_by_the_tables(world, granted, app):  # noqa: F811
    """The entry says 线路名称, the table that was loaded later says line."""
    resource_id = granted["resources"][0]
    items = [{"name": "线路名称", "name_en": "line", "type": "C", "opened": True},
             {"name": "客流量", "type": "N", "opened": True}]
    tk.get_action("package_patch")(site(), {"id": world.entry["id"], "information_items": items})
    tk.get_action("datastore_delete")(site(), {"resource_id": resource_id, "force": True})
    tk.get_action("datastore_create")(
        site(),
        {
            "resource_id": resource_id,
            "force": True,
            "fields": [{"id": "line", "type": "text"}, {"id": "driver", "type": "text"}],
            "records": [{"line": "1路", "driver": "张"}],
        },
    )
    made = call("citizen", "govdata_grant_token_create", id=granted["id"], name="x")
    assert ask(app, granted, made["token"]).body.split() == ["line", "1路"]
    found = call("citizen", "datastore_search", resource_id=resource_id)
    assert found["records"] == [{"line": "1路"}]


def test_a_download_from_a_grants_page_is_under_that_grant(world, granted, browse, app):  # noqa: F811
    """A later grant of fewer columns does not answer for the earlier one."""
    resource_id = granted["resources"][0]
    days = {
        "period_from": now.today().isoformat(),
        "period_until": (now.today() + timedelta(days=300)).isoformat(),
    }
    case = world.apply(columns={resource_id: ["线路名称"]}, **days)
    world.act("officer", case["id"], "accept")
    world.act("officer", case["id"], "propose", proposal="approve", note="拟同意")
    later = world.act("head", case["id"], "approve")["grant"]
    for grant_id, columns in ((granted["id"], "线路名称,客流量"), (later, "线路名称")):
        body = browse("citizen", f"/grants/{grant_id}/data/{resource_id}", parse=False).body
        assert body.splitlines()[0] == columns
    for who in ("other", "officer", "root"):
        status = 403 if who == "officer" else 404
        browse(who, f"/grants/{later}/data/{resource_id}", status=status)
    browse("citizen", f"/grants/{later}/data/guess", status=403)
    assert app.get(f"/grants/{later}/data/{resource_id}", follow_redirects=False).status_code == 302


@pytest.fixture
def browse(app):
    from ckan.tests.helpers import call_action

    def visit(who, path, data=None, status=200, parse=True):
        token = call_action("api_token_create", context={"user": who}, user=who, name=f"{who}-t")
        headers = {"Authorization": token["token"]}
        how, more = (app.get, {}) if data is None else (app.post, {"data": data})
        answer = how(path, headers=headers, follow_redirects=True, status=None, **more)
        assert answer.status_code == status, answer.body[:2000]
        return BeautifulSoup(answer.body, "html.parser") if parse else answer

    return visit


def test_the_grants_page_without_javascript(firms, browse):
    path = f"/grants/{firms['id']}"
    page = browse("citizen", path)
    assert page.select_one("a[href*='/data/']")
    assert "线路名称、客流量" in page.text
    page = browse("citizen", f"{path}/report", {"use": "短", "deleted": "deleted"}, 409)
    assert page.select_one("[role=alert]")
    assert page.select_one("#report-use").text == "短"
    lying = {**REPORT, "upload": (io.BytesIO(b"MZ"), "论文.pdf")}
    page = browse("citizen", f"{path}/report", lying, 409)
    [at] = [one["href"] for one in page.select("[role=alert] a")]
    assert "论文.pdf" in page.select_one(at).text
    sent = {**REPORT, "upload": (io.BytesIO(b"%PDF-1.4 paper"), "论文.pdf")}
    page = browse("citizen", f"{path}/report", sent)
    assert "论文.pdf" in page.text
    page = browse("citizen", f"{path}/members", {"username": "other"})
    assert page.find("button", attrs={"name": "remove", "value": "other"})
    page = browse("citizen", f"{path}/members", {"remove": "other"})
    assert not page.find("button", attrs={"name": "remove"})
    page = browse("citizen", f"{path}/token", {"name": "夜间任务"})
    secret = page.select_one(".gd-case-token").text
    assert secret.startswith("govdata-")
    page = browse("citizen", path)
    assert secret not in page.text
    revoke = page.find("button", attrs={"name": "revoke"})["value"]
    assert "夜间任务" not in browse("citizen", f"{path}/token", {"revoke": revoke}).text
    for who in ("other", "root"):
        browse(who, path, status=404)


def test_the_holder_gets_the_end_of_a_grant_in_writing(granted, browse):
    """Reason and basis that the head gave, and what the law gives against it (R11, R12)."""
    case_id = granted["reference"]
    ended = {"how": "revoke", "reason": REASON, "basis": f"{CLAUSE}\n\nyaohai:第十五条",
             **heard()}  # fmt: skip
    browse("head", f"/grants/{granted['id']}/end", {**ended, "basis": "长" * 1001}, 409)
    browse("head", f"/grants/{granted['id']}/end", ended)
    shown = call("citizen", "govdata_case_show", id=case_id)
    letter = shown["letters"][-1]
    assert (letter["decision"], letter["basis"]) == (
        "grant_revoked", [CLAUSE, "瑶政办〔2024〕2号 第十五条"])
    assert {one["way"] for one in letter["remedies"]} >= {"reconsider", "sue", "complain"}
    assert letter["genuine"]
    told = [one["kind"] for one in call("citizen", "govdata_notice_list")["results"]]
    assert told.count("grant_revoked") == 1
    page = browse("citizen", f"/zh_Hans_CN/cases/{case_id}").text
    assert "授权已终止" in page or "终止数据使用授权告知书" in page


def test_the_head_suspends_and_the_department_sees_its_grants(granted, browse):
    path = f"/grants/{granted['id']}"
    assert not browse("officer", path).select_one("form[action$='/end']")
    browse("head", f"{path}/end", {"how": "suspend", "reason": "短"}, 409)
    page = browse("head", f"{path}/end", {"how": "suspend", "reason": REASON, "basis": CLAUSE})
    assert page.find("button", attrs={"value": "lift"})
    assert not browse("citizen", path).select_one("a[href*='/data/']")
    page = browse("officer", "/grants")
    assert granted["reference"] in page.text
    assert granted["reference"] not in browse("other", "/grants").text
    browse("officer", f"{path}/end", {"how": "revoke", "reason": REASON}, 404)
    page = browse("head", f"{path}/end", {"how": "revoke", "reason": REASON, "basis": CLAUSE,
                                               **heard()})  # fmt: skip
    assert "revoked" in page.h1.text
    for more in ({}, {"suspend": True}, {"lift": True}):
        with pytest.raises(tk.ValidationError, match="revoked already"):
            call("head", "govdata_grant_revoke", id=granted["id"], reason=REASON, **more)
    department = granted["organization_id"]
    assert call("officer", "govdata_grant_list", organization=department)
    for who in ("other", "citizen", "authority"):
        with pytest.raises(tk.NotAuthorized):
            call(who, "govdata_grant_list", organization=department)


def test_scripts_in_a_report_are_shown_as_text(granted, browse):
    evil = "<script>alert('x')</script><img src=x onerror=alert(1)>"
    call(
        "citizen",
        "govdata_grant_report_create",
        id=granted["id"],
        fields={**REPORT, "use": evil, "results": evil},
    )
    page = browse("officer", f"/grants/{granted['id']}")
    assert not page.select("img[src=x]")
    assert evil in page.text


def test_what_departments_gave_comes_by_pages_and_what_owes_a_report_first(granted, world):  # noqa: F811
    """Only the page's grants are read; the order is the database's, by the core's rule."""
    first = model.Session.execute(sa.select(tables.grant)).mappings().one()
    today = now.today()
    ends = [today + timedelta(days=n) for n in range(-80, 40)]
    case = model.Session.execute(
        sa.text("SELECT * FROM govdata_case WHERE id = :id"), {"id": first["case_id"]}).mappings()
    copied = dict(case.one())
    model.Session.execute(sa.insert(cases.case), [
        {**copied, "id": f"c{n:03}", "reference": f"KF-{n:03}"} for n in range(len(ends))])
    rows = [{**first, "id": f"g{n:03}", "case_id": f"c{n:03}", "reference": f"SQ-{n:03}",
             "valid_until": last, "valid_from": last, "reported": last if n % 7 == 0 else None,
             "revoked": last - timedelta(days=5) if n % 5 == 0 else None}
            for n, last in enumerate(ends)]
    model.Session.execute(sa.insert(tables.grant), rows)
    model.Session.commit()
    found = call("officer", "govdata_grant_given_list")
    assert (found["count"], len(found["results"])) == (121, 50)
    pages = [call("officer", "govdata_grant_given_list", page=n)["results"] for n in (1, 2, 3)]
    lines = [line for page in pages for line in page]
    assert len({line["id"] for line in lines}) == 121
    order = [(not line["report_owed"], line["valid_until"], line["id"]) for line in lines]
    assert order == sorted(order)
    assert 0 < sum(line["report_owed"] for line in lines) < 121
    assert call("citizen", "govdata_grant_given_list")["count"] == 0
    with pytest.raises(tk.ValidationError):
        call("officer", "govdata_grant_given_list", page="2x")
