"""Procedure files: the ones that we ship are sound, and a broken one is named with its line."""

import copy

import pytest
from case_world import OPTIONS, document, flaws_of, procedure

from ckanext.govdata.domain.diagram import mermaid
from ckanext.govdata.domain.permission import markdown, table
from ckanext.govdata.domain.procedure import Role

PARTS = (("states",), ("commands",))


def broken(change):
    data = copy.deepcopy(document().data)
    change(data)
    return flaws_of(data)


def put(*way, value):
    def change(data):
        for key in way[:-1]:
            data = data[key]
        data[way[-1]] = value

    return change


@pytest.mark.parametrize(
    ("way", "value", "words"),
    [
        (("initial",), "nowhere", "nowhere is not a state"),
        (("initial",), 5, "a text is wanted here, not '5'"),
        (("colour",), "red", "unknown key 'colour'"),
        (("states", "draft", "holder"), "king", "'king' is not one of: applicant"),
        (("states", "draft", "clocks"), ["eternity"], "eternity is not a clock"),
        (("states", "draft", "final"), "yes please", "true or false is wanted here"),
        (("states", "draft", "final"), True, "draft is final"),
        (("states", "supplement", "lapses", "to"), "limbo", "limbo is not a state"),
        (("states", "supplement", "lapses", "clock"), "decide", "decide is not a running clock"),
        (("states", "draft", "name"), {"en": "Draft"}, "'zh_Hans_CN' is missing"),
        (
            ("states", "island"),
            {"name": {"zh_Hans_CN": "岛", "zh_Hant_TW": "島", "en": "Island"}, "final": True},
            "no way leads to state island",
        ),
        (("commands", "accept", "by"), [], "command accept has no role"),
        (("commands", "accept", "by"), ["wizard"], "'wizard' is not one of: applicant"),
        (("commands", "accept", "by"), "officer", "a list is wanted here, not 'officer'"),
        (("commands", "accept", "effects"), ["sing"], "sing is not an effect"),
        (("commands", "accept", "to"), "acepted", "acepted is not a state"),
        (("commands", "accept", "from"), ["withdrawn"], "withdrawn is final"),
        (("commands", "submit", "form"), "aplication", "aplication is not a form"),
        (
            ("commands", "refuse", "fields"),
            ["reason"],
            "a refusal needs the fields reason and basis",
        ),
        (("commands", "refuse", "fields"), ["reason", "basis", "mood"], "mood is not a field"),
        (
            ("commands", "refuse", "also_from"),
            {"two_step": ["accepted"]},
            "two_step is not an option",
        ),
        (("commands", "extend", "extends"), "forever", "forever is not a clock"),
        (("commands", "hand_over", "assigns"), "reason", "reason is not a field of the command"),
        (("fields", "reason", "type"), "essay", "field type essay is not known"),
        (("fields", "reason", "min"), -1, "a whole number of at least 0 is wanted here, not '-1'"),
        (("fields", "scenario", "options"), {}, "a choice, and only a choice, needs options"),
        (("fields", "period_until", "after"), "birth", "birth is not a field"),
        (
            ("clocks", "wait"),
            {"name": {"zh_Hans_CN": "等", "zh_Hant_TW": "等", "en": "Wait"}},
            "open_application.wait is not a term",
        ),
        (("states",), [1], "a mapping is wanted here, not a list"),
    ],
)
def test_a_broken_file_is_refused_with_the_place(way, value, words):
    found = broken(put(*way, value=value))
    assert any(words in flaw.message for flaw in found), found
    here = {document().line(*way[:length]) for length in range(1, len(way) + 1)}
    named = {line for place, line in document().lines.items() if place[:1] in PARTS}
    assert {flaw.line for flaw in found if words in flaw.message} <= here | named


def test_a_state_without_a_way_out_is_refused():
    def change(data):
        for name in ("uphold", "order_decision"):
            del data["commands"][name]

    assert [flaw.message for flaw in broken(change)] == [
        "no way leads out of state objected",
        "no way leads to state upheld",
    ]


def test_the_whole_file_must_be_a_mapping():
    for data in (None, [], "text", 5):
        assert len(flaws_of(data)) == 1


def test_every_command_of_the_table_has_its_role():
    rows = table(procedure(), frozenset(OPTIONS))
    for state, roles in rows.items():
        for role, commands in roles.items():
            for command in commands:
                assert role in command.by
                assert state in command.source or state in sum(command.also_from.values(), ())
    listed = {c.name for roles in rows.values() for commands in roles.values() for c in commands}
    assert listed == set(procedure().commands)


def test_an_auditor_and_the_government_decide_nothing():
    for roles in table(procedure(), frozenset(OPTIONS)).values():
        assert roles[Role.AUDITOR] == roles[Role.GOVERNMENT] == ()


def test_only_the_applicant_withdraws_and_only_the_head_decides():
    commands = procedure().commands
    assert commands["withdraw"].by == (Role.APPLICANT,)
    for command in procedure().decisions():
        assert command.by in ((Role.HEAD,), (Role.OBJECTION_BODY,))


def test_table_and_diagram_can_be_read():
    lines = list(markdown(procedure()))
    assert lines[0].startswith("| state | applicant | officer | head")
    row = next(line for line in lines if line.startswith("| `accepted`"))
    assert "`refuse` *decides* (one_step, hindered)" in row
    drawn = list(mermaid(procedure()))
    assert "    prepared --> refused: refuse" in drawn
    assert "    supplement --> lapsed: supplement runs out" in drawn
