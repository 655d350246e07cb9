"""Procedure files: the ones that we ship are sound, and a broken one is named with its line."""

import copy
from dataclasses import replace

import pytest
from case_world import OPTIONS, declared, documents, procedure

from ckanext.govdata.domain.diagram import mermaid
from ckanext.govdata.domain.node import Document
from ckanext.govdata.domain.permission import markdown, table
from ckanext.govdata.domain.procedure import Role


def broken(*changes):
    """What is said of our folder with these changes: message, file and line of each flaw."""
    files = [replace(one, data=copy.deepcopy(one.data)) for one in documents()]
    whole = {key: one.data for one in files for key in one.data}
    for change in changes:
        change(Whole(whole))
    found, flaws = declared(files)
    assert found is None
    return flaws


class Whole(dict):
    """The top of the whole folder; a key that is in no file yet goes into the first one."""

    def __getitem__(self, key):
        return super().__getitem__(key)[key]

    def __setitem__(self, key, value):
        self.get(key, next(iter(self.values())))[key] = value


def put(*way, value):
    def change(data):
        for key in way[:-1]:
            data = data[key]
        data[way[-1]] = value

    return change


def line_of(*way):
    return next(one.line(*way) for one in documents() if way[0] in one.data)


def place_of(*way):
    """File and line of a value, or of the nearest one around it."""
    found = next((one for one in documents() if way[0] in one.data), documents()[0])
    return found.file, found.line(*way)


def places():
    return {(one.file, line) for one in documents() for line in one.lines.values()}


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
        (("commands", "accept", "by"), ["wizard"], "'wizard' is not one of"),
        (("commands", "accept", "by"), "officer", "a list is wanted here, not 'officer'"),
        (("commands", "accept", "effects"), ["sing"], "sing is not a effect"),
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
            "two_step is not a option",
        ),
        (("commands", "extend", "extends"), "forever", "forever is not a clock"),
        (("commands", "hand_over", "assigns"), "reason", "reason is not a field of the command"),
        (("fields", "reason", "type"), "essay", "field type essay is not known"),
        (("fields", "purpose", "part"), "mood", "'mood' is not one of: rows, begins"),
        (("fields", "purpose", "part"), "files", "'files' is not one of: rows, begins"),
        (("fields", "scenario", "part"), "begins", "a field of the type choice is no begins"),
        (("fields", "security_measures", "part"), "purpose", "purpose is asked for as purpose"),
        (("fields", "period_until", "part"), "begins", "period_from is asked for as begins"),
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
    flaws = broken(put(*way, value=value))
    said = next(one for one in flaws if words in one.message)
    assert (said.file, said.line) == place_of(*BLAMED.get((way, str(value)), way))
    for other in flaws:  # what else is wrong with it stands somewhere too
        assert (other.file, other.line) in places(), other


BLAMED = {
    (("states", "draft", "final"), "True"): ("commands", "save", "from"),
    (("commands", "accept", "by"), "[]"): ("commands", "accept"),
}
"""Where what is wrong stands, when it is not what was changed."""


@pytest.mark.parametrize(
    ("field", "needed"),
    [
        ("period_until", {("effects", "open_grant"), ("checks", "grant_scope"), ("", "renewal")}),
        ("renews", {("", "renewal")}),
    ],
)
def test_what_a_declaration_names_needs_the_fields_of_its_parts(field, needed):
    """A field that plays its part no more is told wherever something named cannot do without;
    a decision that asks for a day of its own has one."""

    def change(data):
        part.append(data["fields"][field].pop("part"))

    part = []
    flaws = [one for one in broken(change) if "needs a field" in one.message]
    assert {one.message for one in flaws} == {
        f"{name} needs a field that is the {part[0]}" for _key, name in needed
    }
    for key, name in needed:
        told = {(one.file, one.line) for one in flaws if one.message.startswith(name)}
        commands = procedure().commands.values()
        named = [
            one.name
            for one in commands
            if key and name in getattr(one, key) and "valid_until" not in one.fields
        ]
        ways = [("commands", command, key) for command in named] or [("prefill",)]
        assert told == {place_of(*way) for way in ways}


def test_every_flaw_of_several_has_its_file_and_line():
    changed = {
        ("initial",): ("nowhere", "nowhere is not a state"),
        ("states", "draft", "holder"): ("king", "'king' is not one of: applicant"),
        ("commands", "accept", "effects"): (["sing"], "sing is not a effect"),
        ("commands", "hand_over", "assigns"): ("reason", "reason is not a field of the command"),
        ("fields", "reason", "type"): ("essay", "field type essay is not known"),
        ("events", "submitted"): ({"en": "Sent"}, "'zh_Hans_CN' is missing"),
    }
    flaws = broken(*(put(*way, value=value) for way, (value, _) in changed.items()))
    for way, (_, words) in changed.items():
        assert [(one.file, one.line) for one in flaws if words in one.message] == [
            place_of(*way)
        ], words
    assert len({one.file for one in flaws}) == 3


def test_a_state_without_a_way_out_is_refused():
    def change(data):
        for name in ("uphold", "notify_decision", "order_decision"):
            del data["commands"][name]

    flaws = broken(change)
    said = {one.message: one.line for one in flaws}
    assert said["no way leads to state upheld"] == line_of("states", "upheld")
    assert said["no way leads out of state objected"] == line_of("states", "objected")


def test_everything_that_is_wrong_is_told_at_once():
    flaws = broken(
        put("states", "draft", "holder", value="king"),
        put("commands", "accept", "effects", value=["sing", "dance"]),
        put("fields", "reason", "type", value="essay"),
        put("clocks", "wait", value={"name": dict.fromkeys(("zh_Hans_CN", "en"), "x")}),
        put("pages", "apply", "zh_Hant_TW", value=""),
    )
    said = " / ".join(one.message for one in flaws)
    for words in ("'king'", "sing", "dance", "essay", "zh_Hant_TW", "open_application.wait"):
        assert words in said, words
    assert {one.file.rsplit("/", 1)[-1] for one in flaws} == {
        "procedure.yaml", "form.yaml", "words.yaml"
    }  # fmt: skip


def test_a_letter_says_nothing_twice():
    def change(data):
        data["letters"]["refused"]["lines"] = ["reason"]

    said = [one.message for one in broken(change)]
    assert said == ["every letter says reason in its own place"]


@pytest.mark.parametrize(
    ("way", "words"),
    [
        (("outcomes", "refused"), "outcomes: the words for refused are missing"),
        (("events", "claimed"), "events: the words for claimed are missing"),
        (("events", "lapsed"), "events: the words for lapsed are missing"),
        (("letters", "upheld"), "letters: the words for upheld are missing"),
        (("pages", "hand_in"), "pages: the words for hand_in are missing"),
        (("pages", "same"), "pages: the words for same are missing"),
        (("counted", "overdue"), "counted: the words for overdue are missing"),
        (("notices", "approved"), "notices: the words for approved are missing"),
        (("notices", "received"), "notices: the words for received are missing"),
    ],
)
def test_a_missing_word_stops_the_start(way, words):
    def change(data):
        del data[way[0]][way[1]]

    assert words in [one.message for one in broken(change)]


def test_words_for_what_never_happens_are_refused():
    label = dict.fromkeys(("zh_Hans_CN", "zh_Hant_TW", "en"), "x")
    for way, words in (
        (("outcomes", "victory"), "outcomes: nothing ever says victory"),
        (("letters", "accepted"), "letters: nothing ever says accepted"),
        (("notices", "received", "head"), "notices: received is never told the head"),
    ):
        value = {"title": label, "decision": label} if way[0] == "letters" else label
        assert words in [one.message for one in broken(put(*way, value=value))]


def test_a_role_without_words_is_told():
    def change(data):
        words = data["notices"]["withdrawn"].pop("all")
        data["notices"]["withdrawn"]["applicant"] = words

    said = [one.message for one in broken(change)]
    assert said == ["notices: withdrawn has no words for the officer"]


def test_the_whole_file_must_be_a_mapping():
    for data in (None, [], "text", 5):
        found, flaws = declared([Document("x.yaml", data, {(): 1})])
        assert found is None
        assert flaws


def test_a_key_stands_in_one_file_only():
    files = documents()
    found, flaws = declared([*files, Document("more.yaml", {"kind": "x"}, {(): 1})])
    assert found is None
    assert [one.message for one in flaws] == [f"key 'kind' stands in {files[1].file}, too"]


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
