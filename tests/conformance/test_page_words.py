"""What the walks through procedures look for is found: each fault of a page, each dead end."""

from dataclasses import replace

import pytest
from lxml import html

from ckanext.govdata.cases.engine.declared_procedures import OPTIONS, procedures
from ckanext.govdata.rules import in_force
from ckanext.govdata.rules.rule_files import load_rulebook
from tests.conformance import case_walks, page_words
from tests.conformance.case_routes import routes
from tests.conformance.test_procedure_standard import KINDS

PAGE = """<html lang="zh-Hans"><head><title>标题</title><script>var code_name;</script></head><body>
<p title="提示">正文 <b>粗体</b></p><p hidden>Hidden words</p><a lang="en">English</a>
<input placeholder="填写" value="draft_2"></body></html>"""


@pytest.fixture
def kinds(monkeypatch):
    monkeypatch.setattr(in_force, "rulebook", load_rulebook)
    procedures.cache_clear()
    yield procedures()
    procedures.cache_clear()


def test_of_a_page_that_is_read_which_somebody_sees_or_hears():
    assert sorted(page_words.read(html.fromstring(PAGE))) == [
        "填写", "提示", "标题", "正文", "粗体"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("locale", "text", "wrong"),
    [
        ("zh_Hans_CN", "请补正 Waiting for you", ["Waiting", "for", "you"]),
        ("zh_Hans_CN", "請補正", ["請", "補"]),
        ("zh_Hant_TW", "请補正", ["请"]),
        ("zh_Hant_TW", "臺灣 PDF 后來", []),
        ("zh_Hans_CN", "KF-瑶海-2026-000001 见 https://example.org/a，王**，原件.txt", []),
        ("en", "State: 已收到", ["已收到"]),
        ("en", "Department: 瑶海区民政局", []),
        ("en", "Waits for objection_body", ["objection_body"]),
        ("en", "submitted", ["submitted"]),
        ("en", "It was submitted by you", []),
        ("en", "Due on {day}", ["{day}"]),
        ("en", "By None", ["None"]),
    ],
)
def test_a_fault_is_found_and_content_is_none(locale, text, wrong):
    found = page_words.faults([text], locale, {"瑶海区民政局"}, {"submitted"})
    assert sorted(found) == sorted(f"{one!r} in {text!r}" for one in wrong)


@pytest.mark.parametrize("kind", KINDS)
def test_a_command_to_which_no_way_leads_is_named(kind, kinds):
    """Where nobody can hand a case in any more, all that follows is named, and its states."""
    procedure = kinds[kind]
    closed = {one.name: replace(one, source=()) for one in procedure.handing_in}
    dead = replace(procedure, commands={**procedure.commands, **closed})
    found, unreached = routes(dead, ["yaohai"], lambda _place, _move: True)
    assert closed.keys() <= unreached
    decided = {name for name, state in procedure.states.items() if state.outcome}
    assert decided <= unreached
    assert {move.target for route in found for move in route.moves}.isdisjoint(unreached)


@pytest.mark.parametrize("kind", KINDS)
def test_where_all_texts_forbid_something_no_route_goes_there(kind, kinds):
    found, unreached = routes(kinds[kind], ["yaohai"], lambda _place, _move: False)
    assert not found
    assert {one.split()[0] for one in unreached} >= set(kinds[kind].commands)


def test_how_each_option_comes_about_the_walker_knows():
    assert set(case_walks.OPTIONS) == set(OPTIONS)
