"""What actions answer is declared once, as a named type, and what they answer is what they declare.

The declarations stand in each slice's ``answers`` and are the return types of its actions.
"""
from __future__ import annotations

import io
import json
from importlib import import_module
from typing import Any, Literal, TypedDict, get_type_hints

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from ckanext.govdata import now, queued_job, slices
from ckanext.govdata.catalogue.imports import import_rows, uploads
from ckanext.govdata.ledger import heads
from tests.access.opened_grants import REPORT, granted  # noqa: F401
from tests.cases.conftest import (  # noqa: F401
    BASIS,
    CLAUSE,
    NOT_SEVERED,
    REASON,
    call,
    heard,
    on_day,
    site,
    world,
)
from tests.declarations import answer_of, faults, is_named


def test_every_answer_is_a_named_type(with_plugins) -> None:
    unnamed = {
        name for name, action in slices.functions("action").items()
        if not is_named(answer_of(action))
    }
    assert unnamed == set(), "declare the answer in the slice's answers.py"


def test_every_answer_is_documented(with_plugins) -> None:
    """Each declaration of a slice's ``answers`` has a docstring: a description is made of them."""
    for module in slices.modules("answers"):
        for name, kind in vars(module).items():
            if isinstance(kind, type) and kind.__module__ == module.__name__:
                assert kind.__doc__ or (kind.__total__ and len(kind.__annotations__) < 5), name


class Part(TypedDict):
    number: int


class Whole(Part, total=False):
    parts: list[Part]
    word: Literal["yes", "no"] | None
    kept: dict[str, int]


@pytest.mark.parametrize(("answer", "told"), [
    ({"number": 1}, ""),
    ({"number": 1, "parts": [{"number": 2}], "word": None, "kept": {"a": 1}}, ""),
    ({}, "answer.number of Whole is not there"),
    ({"number": True}, "answer.number: bool is no int"),
    ({"number": None}, "answer.number: NoneType is no int"),
    ({"number": 1, "more": 1}, "answer.more is not declared by Whole"),
    ({"number": 1, "parts": [{"number": "2"}]}, "answer.parts[0].number: str is no int"),
    ({"number": 1, "parts": ({"number": 2},)}, "answer.parts: tuple is no list"),
    ({"number": 1, "word": "perhaps"}, "answer.word: 'perhaps' is none of ('yes', 'no')"),
    ({"number": 1, "kept": {"a": "1"}}, "answer.kept['a']: str is no int"),
    ({"number": 1, "kept": {1: 1}}, "key of answer.kept: int is no str"),
    ([], "answer: list is no Whole"),
])
def test_the_comparison_can_fail(answer: Any, told: str) -> None:
    assert "; ".join(faults(answer, Whole)) == told


class Vague(TypedDict):
    results: list[Any]


class Deep(TypedDict):
    inside: Vague | None


@pytest.mark.parametrize("kind", [
    Vague, Deep, dict[str, Any], dict, Any, object, list[dict[str, Any]], list[object],
    Whole | dict[str, Any],
    tuple[Whole, ...],
])
def test_what_says_nothing_is_no_named_type(kind: Any) -> None:
    assert not is_named(kind)


@pytest.mark.parametrize("kind", [Whole, list[Whole], Whole | None, list[str], None, str])
def test_what_says_something_is_one(kind: Any) -> None:
    assert is_named(kind)


def asked(who: str, action: str, **data: Any) -> Any:
    """The answer of an action; it is as declared, and JSON."""
    answer = call(who, action, **data)
    assert list(faults(answer, answer_of(slices.functions("action")[action]))) == []
    json.dumps(answer)
    return answer


class TestRules:
    pytestmark = pytest.mark.usefixtures("with_plugins")

    def test_every_jurisdiction(self):
        places = asked("", "govdata_jurisdiction_list")
        assert len(places) > 3
        for place in places:
            shown = asked("", "govdata_jurisdiction_show", id=place["id"])
            assert shown["terms"]
            assert shown["requires"]

    def test_deadlines_with_and_without_pauses_and_extension(self):
        question = {"jurisdiction": "anhui", "term": "correction_review.decide",
                    "asker": "department"}  # fmt: skip
        asked("", "govdata_rule_explain", **question)
        asked("", "govdata_deadline_explain", received="2026-09-24", **question)
        answer = asked("", "govdata_deadline_explain", received="2026-09-24", extended="true",
                       pauses=[["2026-09-28", "2026-09-29"]], **question)
        assert answer["extension"]
        assert answer["pauses"]
        assert answer["days"]


class TestPeople:
    def test_identities(self, world):  # noqa: F811
        assert asked("citizen", "govdata_identity_show")["kind"] == "person"
        assert asked("officer", "govdata_identity_show") == {}
        given = {"kind": "person", "name": "李梅", "number": "110105194912310021"}
        with pytest.raises(tk.ValidationError):
            asked("officer", "govdata_identity_update", **{**given, "number": "1"})
        taken = {**given, "name": "王小明", "number": "11010519491231002X"}
        asked("officer", "govdata_identity_update", **taken)
        assert asked("root", "govdata_identity_held_list")
        reason = "当事人到场核实，原账号已停用。"
        asked("root", "govdata_identity_release", id="citizen", reason=reason)

    def test_notices(self, world):  # noqa: F811
        world.apply()
        assert asked("officer", "govdata_notice_list")["results"]
        asked("officer", "govdata_notice_preference_update", mail="daily", language="zh_Hans_CN")
        assert asked("officer", "govdata_notice_read")["read"]
        assert asked("officer", "govdata_notice_list")["results"][0]["read"]


class TestCases:
    def test_from_the_draft_to_the_judged_objection(self, world):  # noqa: F811
        about = {"kind": "open_application", "dataset_id": world.entry["id"]}
        draft = asked("citizen", "govdata_case_create", form={"purpose": "研究"}, **about)
        assert draft["draft"]
        asked("citizen", "govdata_case_act", id=draft["id"], command="discard")
        case = asked("citizen", "govdata_case_create", form=world.form(), submit=True, **about)
        accepted = asked("officer", "govdata_case_act", id=case["id"], command="accept")
        assert accepted["clocks"]
        possible = asked("officer", "govdata_case_commands", id=case["id"])
        assert any(one["fields"] for one in possible)
        proposed = {"proposal": "refuse", "note": "拟不予开放"}
        asked("officer", "govdata_case_act", id=case["id"], command="propose", fields=proposed)
        refusal = {"reason": REASON, "basis": BASIS, "not_severed": NOT_SEVERED}
        asked("head", "govdata_case_act", id=case["id"], command="refuse", fields=refusal)
        shown = asked("citizen", "govdata_case_show", id=case["id"])
        assert shown["applicant"]
        assert shown["events"]
        letter = shown["letters"][-1]
        assert asked("", "govdata_letter_verify", digest=letter["digest"])["genuine"]
        assert asked("", "govdata_decision_list")["results"]
        assert asked("officer", "govdata_case_show", id=case["id"])["roles"] == ["officer"]
        assert asked("citizen", "govdata_case_list")["count"] == 2

    def test_what_is_given_and_what_depends_on_it(self, granted):  # noqa: F811
        shown = asked("citizen", "govdata_case_show", id=granted["case_id"])
        assert shown["letters"][-1]["scope"]["resources"]
        found = asked("officer", "govdata_consequences", id=granted["resources"][0])
        assert found["changes"]["file_deleted"]

    def test_every_procedure(self, world):  # noqa: F811
        for kind in asked("", "govdata_procedure_list"):
            assert asked("", "govdata_procedure_show", id=kind)["commands"]


class TestSheets:
    def test_in_and_out(self, world):  # noqa: F811
        row = {"title": "停车场", "publisher": "瑶海区民政局", "information_items": "泊位数"}
        found = asked("officer", "govdata_catalogue_import", rows=[row], dry_run=True)
        assert found["rows"] == 1
        assert asked("root", "govdata_catalogue_export")["rows"]

    def test_one_that_was_begun_on_the_web(self, world, app):  # noqa: F811
        sheet = FileStorage(io.BytesIO("信息资源名称\n停车场\n".encode()), "a.csv")
        with app.flask_app.test_request_context("/"):
            import_id = uploads.start(model.User.get("officer").id, sheet, {})
            model.Session.commit()
        assert asked("officer", "govdata_catalogue_import_show", id=import_id)["running"]
        assert asked("officer", "govdata_catalogue_import_resume", id=import_id)["running"]

    def test_the_whole_way(self, world, app, monkeypatch):  # noqa: F811
        monkeypatch.setattr(queued_job, "enqueue", lambda job, given, *_: job(*given))
        sheet = FileStorage(io.BytesIO(
            "信息资源名称,信息资源提供方,内容\n停车场,瑶海区民政局,位置\n,,\n".encode()), "a.csv")
        with app.flask_app.test_request_context(
            "/", environ_overrides={"CKAN_LANG": "en"}
        ):
            import_id = uploads.start(model.User.get("officer").id, sheet, {})
            model.Session.commit()
            shown = asked("officer", "govdata_catalogue_import_show", id=import_id)
            [found] = shown["answer"]["sheets"]
            kept = model.Group.get("yaohai-minzhengju").id
            asked("officer", "govdata_catalogue_import_map", id=import_id, keep_for=kept,
                  headings={found["name"]: {"内容": "notes"}})  # fmt: skip
            [settings] = asked("officer", "govdata_catalogue_headings_list")
            row = import_rows.find(model.Session, import_id)
            assert row
            uploads.confirm(row, True, "")
            model.Session.commit()
            asked("officer", "govdata_catalogue_import_undo", id=import_id)
            shown = asked("officer", "govdata_catalogue_import_show", id=import_id)
            assert shown["undone"]["withdrawn"] == 1
        asked("officer", "govdata_catalogue_headings_forget", id=settings["id"])


class TestGrants:
    def test_from_the_gate_to_the_report(self, granted):  # noqa: F811
        resource_id, grant_id = granted["resources"][0], granted["id"]
        reads = ("citizen", "other", "officer", "")
        allowed = {who: asked(who, "govdata_access_check", resource_id=resource_id)
                   for who in reads}
        assert allowed["citizen"]["grant"] == grant_id
        assert allowed["officer"]["kept_back"]
        assert allowed["other"]["code"]
        assert asked("officer", "govdata_access_location", resource_id=resource_id)["location"]
        assert asked("citizen", "govdata_grant_list")[0]["columns"]
        token = asked("citizen", "govdata_grant_token_create", id=grant_id, name="线路程序")
        assert asked("citizen", "govdata_grant_show", id=grant_id)["tokens"]
        asked("citizen", "govdata_grant_token_revoke", id=grant_id, token=token["id"])
        reported = asked("citizen", "govdata_grant_report_create", id=grant_id, fields=REPORT)
        assert reported["reports"][0]["content"]
        ended = asked("head", "govdata_grant_revoke", id=grant_id, reason="违反约定用途使用数据。",
                      basis=CLAUSE, **heard())  # fmt: skip
        assert ended["standing"] == "revoked"


@pytest.mark.ckan_config("ckanext.govdata.auditors", "auditor")
class TestLedger:
    def test_entries_and_chain(self, world):  # noqa: F811
        world.apply()
        page = asked("auditor", "govdata_ledger_list")
        assert page["results"]
        assert asked("auditor", "govdata_ledger_verify")["good"]
        assert asked("", "govdata_ledger_head")["number"] == page["results"][0]["number"]
        asked("auditor", "govdata_audit_show")
        assert asked("auditor", "govdata_supervision_show")["indicators"]

    def test_published_days(self, world, on_day):  # noqa: F811
        on_day("2030-01-01")
        heads.publish(model.Session, now.today())
        model.Session.commit()
        assert asked("", "govdata_ledger_day_list")


class TestSearch:
    @pytest.fixture(autouse=True)
    def by_words_alone(self, shipped_reader, ckan_config, monkeypatch):
        monkeypatch.setitem(ckan_config, "ckanext.govdata.search.vectors", False)

    def test_what_readers_ask(self, world):  # noqa: F811
        assert asked("", "govdata_search_suggest", q="公交")["entries"]
        asked("", "govdata_search_suggest", q="")
        assert asked("", "govdata_search_item_list", q="线路")["items"]
        asked("", "govdata_search_item_list", q="")
        asked("", "govdata_search_click", q="公交")
        demand = asked("", "govdata_search_demand_create", subject="停车场车位", purpose="导航")
        assert asked("root", "govdata_search_demand_list")
        asked("root", "govdata_search_demand_answer", id=demand["id"], answer="已列入年度计划。")
        assert asked("root", "govdata_search_demand_list", answered=True)[0]["answered_at"]

    def test_what_the_operator_keeps(self, world):  # noqa: F811
        line = {"kind": "synonym", "after": "客流, 乘客数"}
        assert asked("root", "govdata_search_rule_change", **line)["version"]
        assert asked("root", "govdata_search_rule_list", word="乘客数")
        kept = asked("root", "govdata_search_rule_export")
        asked("root", "govdata_search_rule_import", rules=kept["rules"][1:], replace=True)
        assert asked("root", "govdata_search_seed_list")
        asked("root", "govdata_search_seed_merge")
        asked("root", "govdata_search_query_list")
        assert "then" not in asked("root", "govdata_search_preview", q="公交")
        shown = asked("root", "govdata_search_preview", q="公交", kind="synonym", line="公交, 巴士")
        assert shown["now"]
        assert shown["then"]
        assert asked("root", "govdata_search_explain", q="瑶海公交客流")["results"]


@pytest.mark.parametrize("module", [
    "access", "cases", "ledger", "notices", "search", "subscriptions",
])
def test_a_row_is_its_table(module, with_plugins) -> None:
    """Each ``NamedTuple`` of a slice's ``model`` has the columns of one table, types and order."""
    found = import_module(f"ckanext.govdata.{module}.model")
    tables = [getattr(one, "__table__", one) for one in vars(found).values()]
    declared = {
        tuple(table.columns.keys()): table for table in tables if isinstance(table, sa.Table)
    }
    rows = [one for one in vars(found).values() if hasattr(one, "_fields")]
    assert rows
    for row in rows:
        columns = declared[row._fields].columns
        assert get_type_hints(row) == {
            column.name: column.type.python_type | None if column.nullable
            else column.type.python_type
            for column in columns
        }
