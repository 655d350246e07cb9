"""What may happen to a case that is open: things are renamed, deleted, lapse; clocks go back.

Nothing is lost, nothing is half done, and whoever is refused is told why.
"""

from datetime import date, timedelta

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan.tests.helpers import call_action

from ckanext.govdata import now
from ckanext.govdata.cases import model as tables
from ckanext.govdata.cases.engine import record
from ckanext.govdata.ledger import book
from tests.cases.conftest import BASIS, REASON, call, site
from tests.cases.test_sweep import run

LAPSES = date(2027, 2, 7)
"""Yaohai's measures hold for three years (27)."""


def refusal(error) -> str:
    return " ".join(str(word) for words in error.value.error_dict.values() for word in words)


def nothing_half_done(case_id: str) -> None:
    row = record.row_of(model.Session, case_id)
    found = record.case_of(model.Session, row)
    projected = record.projection(found)
    assert (projected["state"], projected["version"]) == (row.state, row.version)
    assert book.verify(model.Session)[2] is None


class TestRenamedAndDeleted:
    def test_an_entry_and_a_department_that_are_renamed_are_the_same(self, world):
        case = world.prepared()
        tk.get_action("package_patch")(
            site(), {"id": world.entry["id"], "name": "renamed", "title": "改名后的目录"}
        )
        tk.get_action("organization_patch")(
            site(), {"id": world.department["id"], "name": "renamed-office", "title": "改名后的局"}
        )
        shown = world.act("head", case["id"], "approve")
        assert shown["state"] == "approved"
        assert shown["organization_title"] == "瑶海区民政局", "as it was called when it was asked"
        assert shown["letters"][-1]["department"] == "瑶海区民政局"
        [grant] = call("citizen", "govdata_grant_list")
        assert grant["dataset_id"] == world.entry["id"]
        nothing_half_done(case["id"])

    def test_users_that_are_renamed_keep_their_parts(self, world):
        case = world.prepared()
        tk.get_action("user_patch")(site(), {"id": "head", "fullname": "新的姓名"})
        world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)
        shown = call("officer", "govdata_case_show", id=case["id"])
        assert shown["events"][-1]["by"] == "新的姓名"

    def test_a_draft_for_an_entry_that_is_gone_is_not_handed_in(self, world):
        case = call(
            "citizen", "govdata_case_create", kind="open_application",
            dataset_id=world.entry["id"], form={"purpose": "研究公交线路与客流之间的关系"},
        )
        tk.get_action("package_delete")(site(), {"id": world.entry["id"]})
        with pytest.raises(tk.ValidationError):
            world.act("citizen", case["id"], "submit", **world.form())
        shown = call("citizen", "govdata_case_show", id=case["id"])
        assert shown["state"] == "draft"
        assert shown["draft"]["purpose"].startswith("研究"), "nothing that was typed is lost"
        assert shown["reference"] is None

    def test_an_entry_that_is_purged_can_still_be_answered(self, world):
        case = world.prepared()
        tk.get_action("dataset_purge")(site(), {"id": world.entry["id"]})
        with pytest.raises(tk.ValidationError, match="withdrawn this entry"):
            world.act("head", case["id"], "approve")
        shown = world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)
        assert shown["letters"][-1]["entry"] == "公交线路客流"
        nothing_half_done(case["id"])

    def test_an_entry_that_is_closed_meanwhile_gives_no_data(self, world):
        """A grant counts while the entry is open on conditions (Anhui 36)."""
        case = world.prepared()
        tk.get_action("package_patch")(
            site(), {"id": world.entry["id"], "open_attribute": "non_open",
                     "information_items": []}
        )
        with pytest.raises(tk.ValidationError, match="not open any more"):
            world.act("head", case["id"], "approve")
        resource = world.entry["resources"][0]["id"]
        checked = call("citizen", "govdata_access_check", resource_id=resource)
        assert not checked["allowed"]
        assert checked["code"] == "data_not_open"
        assert "第十五条" in checked["why"]

    def test_a_department_without_people_is_watched_by_the_authority(self, world, on_day):
        on_day("2025-09-22")
        case = world.apply()
        for who in ("officer", "officer2", "head"):
            tk.get_action("organization_member_delete")(
                site(), {"id": world.department["id"], "username": who}
            )
        for who in ("officer", "head"):
            with pytest.raises(tk.NotAuthorized):
                world.act(who, case["id"], "accept")
        assert run("2025-10-13")["overdue"] == 1
        told = {n["kind"] for n in call("authority", "govdata_notice_list")["results"]}
        assert "overdue" in told

    def test_a_department_that_is_deleted_leaves_its_cases_readable(self, world, on_day):
        on_day("2025-09-22")
        case = world.apply()
        model.Group.get(world.department["id"]).state = "deleted"
        model.Session.commit()
        shown = call("citizen", "govdata_case_show", id=case["id"])
        assert (shown["state"], shown["due"]) == ("submitted", case["due"])
        with pytest.raises(tk.NotAuthorized):
            world.act("officer", case["id"], "accept")
        assert run("2025-10-13")["overdue"] == 1
        assert world.act("citizen", case["id"], "withdraw")["state"] == "withdrawn"
        nothing_half_done(case["id"])

    def test_an_officer_who_is_gone_stops_nothing(self, world):
        case = world.apply()
        world.act("officer", case["id"], "claim")
        tk.get_action("user_delete")(site(), {"id": "officer"})
        with pytest.raises(tk.NotAuthorized):
            world.act("officer", case["id"], "accept")
        world.act("officer2", case["id"], "accept")
        shown = call("officer2", "govdata_case_show", id=case["id"])
        assert shown["state"] == "accepted"


class TestClocks:
    @pytest.mark.parametrize(("who", "command"), [("officer", "accept"), ("citizen", "withdraw")])
    def test_a_clock_that_is_moved_back_refuses_in_words(self, world, on_day, who, command):
        on_day("2026-05-06")
        case = world.apply()
        on_day("2026-05-05")
        with pytest.raises(tk.ValidationError) as caught:
            world.act(who, case["id"], command)
        [reason] = caught.value.error_dict["reasons"]
        assert (reason["code"], reason["value"]) == ("clock_moved_back", "2026-05-05")
        assert refusal(caught)
        on_day("2026-05-06")
        assert world.act(who, case["id"], command)["state"] in ("accepted", "withdrawn")

    def test_an_objection_on_the_day_after_the_last_is_too_late(self, world, on_day):
        on_day("2026-05-06")
        case = world.prepared()
        world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)
        shown = call("citizen", "govdata_case_show", id=case["id"])
        last = date.fromisoformat(shown["clocks"]["object"]["due"])
        on_day((last + timedelta(days=1)).isoformat())
        with pytest.raises(tk.ValidationError) as caught:
            world.act("citizen", case["id"], "object", grounds="理由不成立，请复查本决定")
        assert caught.value.error_dict["reasons"][0]["code"] == "too_late"
        assert last.isoformat() in refusal(caught)
        on_day(last.isoformat())
        assert world.act(
            "citizen", case["id"], "object", grounds="理由不成立，请复查本决定"
        )["state"] == "objected"


class TestLapsingRegulation:
    """Yaohai 27: three years from 7 February 2024; afterwards the levels above bind."""

    def test_a_case_keeps_the_rules_under_which_it_was_received(self, world, on_day):
        on_day((LAPSES - timedelta(days=3)).isoformat())
        case = world.apply()
        assert case["clocks"]["decide"]["article"] == "第十七条"
        on_day((LAPSES + timedelta(days=5)).isoformat())
        world.act("officer", case["id"], "accept")
        world.act("officer", case["id"], "propose", proposal="refuse", note="拟不予开放")
        shown = world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)
        assert shown["clocks"]["decide"]["document"] == "瑶政办〔2024〕2号"
        assert shown["clocks"]["decide"]["due"] == case["due"]
        basis = shown["letters"][-1]["basis"]
        assert "瑶政办〔2024〕2号 第十五条" in basis

    def test_a_case_received_afterwards_has_the_portals_own_rule_and_says_so(self, world, on_day):
        on_day((LAPSES + timedelta(days=30)).isoformat())
        case = world.apply()
        assert case["clocks"]["decide"]["own_rule"]
        assert case["clocks"]["decide"]["article"] != "第十七条"
        assert case["due"]

    def test_a_draft_begun_before_is_received_under_the_rules_of_its_day(self, world, on_day):
        on_day((LAPSES - timedelta(days=3)).isoformat())
        draft = call(
            "citizen", "govdata_case_create", kind="open_application",
            dataset_id=world.entry["id"], form={},
        )
        on_day((LAPSES + timedelta(days=30)).isoformat())
        case = world.act("citizen", draft["id"], "submit", **world.form())
        assert case["clocks"]["decide"]["own_rule"]


class TestTokens:
    @pytest.fixture
    def token(self, world):
        def made(who):
            return call_action("api_token_create", context={"user": who}, user=who, name="t")[
                "token"
            ]

        return made

    def ask(self, app, token, action, **data):
        return app.post(
            f"/api/3/action/{action}", json=data, headers={"Authorization": token}, status=None
        )

    @pytest.mark.parametrize("bad", ["", "nonsense", "eyJhbGciOiJub25lIn0.eyJqdGkiOiJ4In0."])
    def test_a_token_that_is_none_is_nobodys(self, world, app, bad):
        case = world.apply()
        answer = self.ask(app, bad, "govdata_case_show", id=case["id"])
        assert answer.status_code == 403
        assert case["reference"] not in answer.get_data(as_text=True)

    def test_a_token_that_was_revoked_opens_nothing_any_more(self, world, app, token):
        case, mine = world.apply(), token("citizen")
        assert self.ask(app, mine, "govdata_case_show", id=case["id"]).status_code == 200
        model.Session.execute(sa.text("DELETE FROM api_token"))
        model.Session.commit()
        answer = self.ask(app, mine, "govdata_case_act", id=case["id"], command="withdraw")
        assert answer.status_code == 403
        assert record.row_of(model.Session, case["id"]).state == "submitted"

    def test_a_foreign_token_gives_no_command(self, world, app, token):
        case, foreign = world.prepared(), token("other")
        for command in ("withdraw", "approve", "refuse", "accept", "nothing"):
            answer = self.ask(app, foreign, "govdata_case_act", id=case["id"], command=command)
            assert answer.status_code == 403, command
        assert record.row_of(model.Session, case["id"]).state == "prepared"

    def test_a_guessed_id_and_a_foreign_one_are_answered_alike(self, world, app, token):
        case, foreign = world.apply(), token("other")
        answers = [
            self.ask(app, foreign, "govdata_case_show", id=guess)
            for guess in (case["id"], case["reference"], "KF-瑶海-2026-000099", "0" * 36, "%", "")
        ]
        assert {answer.status_code for answer in answers} == {403}
        assert len({answer.json["error"]["message"] for answer in answers}) == 1


@pytest.mark.parametrize(
    "data",
    [
        {"command": "refuse", "fields": "text"},
        {"command": "refuse", "fields": ["reason"]},
        {"command": "refuse", "fields": {"reason": {"a": 1}, "basis": 7}},
        {"command": "refuse", "fields": {"reason": "长" * 100_000, "basis": ["yaohai:第十五条"]}},
        {"command": "refuse", "fields": {"reason": "\x00" * 30, "basis": ["yaohai:第十五条"]}},
        {"command": "'; DROP TABLE govdata_case; --", "fields": {}},
        {"command": "approve", "fields": {"state": "approved", "grant_resources": ["x"]}},
        {"command": "", "fields": {}},
        {"fields": {}},
    ],
)
def test_a_command_in_bad_form_is_refused_and_changes_nothing(world, data):
    case = world.prepared()
    before = record.row_of(model.Session, case["id"])
    with pytest.raises(tk.ValidationError) as caught:
        call("head", "govdata_case_act", id=case["id"], **data)
    assert refusal(caught)
    model.Session.rollback()
    assert record.row_of(model.Session, case["id"]) == before
    nothing_half_done(case["id"])
    assert now.today()


class TestProceduresThatAreGone:
    """A procedure's file is taken away, or a state in it is called otherwise."""

    READERS = ("citizen", "officer", "head", "authority", "auditor")

    def put(self, case, **values) -> None:
        model.Session.execute(
            sa.update(tables.case).where(tables.case.c.id == case["id"]).values(**values)
        )
        model.Session.commit()

    @pytest.mark.parametrize("gone", [{"kind": "vanished"}, {"state": "vanished"}])
    def test_lists_show_the_case_by_its_codes_and_the_others_as_ever(self, world, app, gone):
        case, other = world.prepared(), world.apply()
        self.put(case, **gone)
        for who in self.READERS:
            found = call(who, "govdata_case_list", **({"mine": True} if who == "citizen" else {}))
            lines = {one["id"]: one for one in found["results"]}
            assert set(lines) == {case["id"], other["id"]}, who
            assert "vanished" in {*lines[case["id"]]["kind_title"].values(),
                                  *lines[case["id"]]["state_title"].values()}  # fmt: skip
            assert lines[other["id"]]["state_title"]["en"] == "Received"
            token = call_action("api_token_create", context={"user": who}, user=who, name="gone")
            headers = {"Authorization": token["token"]}
            page = app.get("/cases/mine" if who == "citizen" else "/cases/desk", headers=headers)
            assert case["reference"] in page.body, who
            page = app.get(f"/en/cases/{case['id']}", headers=headers)
            assert page.status_code == 409
            assert "procedure" in page.body
        call("citizen", "govdata_decision_list")

    def test_nothing_is_lost_and_it_goes_on_when_the_file_is_back(self, world):
        case = world.prepared()
        self.put(case, kind="vanished")
        for action, more in (("show", {}), ("commands", {}), ("act", {"command": "withdraw"})):
            with pytest.raises(tk.ValidationError) as error:
                call("citizen", f"govdata_case_{action}", id=case["id"], **more)
            assert "not declared here any more" in refusal(error)
        self.put(case, kind="open_application")
        assert world.act("head", case["id"], "approve")["state"] == "approved"
        nothing_half_done(case["id"])
