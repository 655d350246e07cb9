"""A procedure's file is changed while cases are under way: their past stays as it was recorded."""

import copy
from dataclasses import replace

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan.tests.helpers import call_action

from ckanext.govdata import config_reader
from ckanext.govdata.cases import model as tables
from ckanext.govdata.cases.engine import declared_procedures, record
from ckanext.govdata.domain import declaration
from ckanext.govdata.domain.node import Node
from tests.cases.conftest import BASIS, REASON, call
from tests.cases.test_sweep import run

NOTE = "当事人曾多次来电，暂不告知。"
LISTS = ("from", "clocks", "pauses", "stands_if_own", "restarts", "owes", "states")
WAYS = (*LISTS, *declared_procedures.OPTIONS)
"""Keys of a procedure's file under which states or clocks are listed."""
NAMED = {"states": ("to",), "clocks": ("clock", "within", "extends", "continues"), "commands": ()}
"""Keys under which one is named."""


@pytest.fixture
def rename(monkeypatch):
    """Give a state, clock or command of the shipped procedure another name in its file."""

    def renaming(of, old, new):
        folder = config_reader.folder("procedures/open_application", config_reader.SCHEMAS)
        files = [config_reader.read(one) for one in folder]
        contents = [copy.deepcopy(one.data) for one in files]
        if of == "clocks":
            contents = [_in_words(data, f".{old}}}", f".{new}}}") for data in contents]
        for data in contents:
            if of in data:
                data[of] = {new if name == old else name: one for name, one in data[of].items()}
            for key in NAMED[of]:
                _put(data, key, old, new)
        known = declared_procedures.known_names()
        known = replace(known, terms={*known.terms, f"open_application.{new}"})
        flaws = []
        tops = [Node(one, flaws, data) for one, data in zip(files, contents, strict=True)]
        changed = declaration.parse(tops, known)
        assert not flaws
        monkeypatch.setattr(declared_procedures, "procedures", lambda: {changed.kind: changed})

    return renaming


def _in_words(data, old, new):
    """The same with the new name in the sentences of letters."""
    if isinstance(data, dict):
        return {name: _in_words(value, old, new) for name, value in data.items()}
    if isinstance(data, list):
        return [_in_words(one, old, new) for one in data]
    return data.replace(old, new) if isinstance(data, str) else data


def _put(data, key, old, new):
    """The new name wherever the file names it, apart from what was renamed itself."""
    if isinstance(data, list):
        for one in data:
            _put(one, key, old, new)
    if not isinstance(data, dict):
        return
    for name, value in data.items():
        if name == key and value == old:
            data[name] = new
        elif name in WAYS and isinstance(value, list):
            data[name] = [new if one == old else one for one in value]
        else:
            _put(value, key, old, new)


@pytest.fixture
def objected(world):
    """Refused, objected to: the states behind it are ``prepared`` and ``refused``."""
    case = world.prepared()
    world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)
    return world.act("citizen", case["id"], "object", grounds="理由不成立，请重新审查。")


@pytest.fixture
def browse(app):
    def visit(who, path):
        token = call_action("api_token_create", context={"user": who}, user=who, name=f"{who}-t")
        answer = app.get(path, headers={"Authorization": token["token"]}, status=None)
        assert answer.status_code == 200, answer.body[:2000]
        return answer

    return visit


@pytest.mark.ckan_config("ckanext.govdata.auditors", "auditor")
def test_what_is_behind_a_case_is_shown_as_it_was_recorded(world, objected, rename, browse):
    address = f"/en/cases/{objected['id']}"
    people = ("citizen", "officer", "authority", "auditor")
    before = {
        who: BeautifulSoup(browse(who, address).body, "html.parser")
        .select_one(".gd-case-timeline").text
        for who in people
    }
    for old in ("prepared", "refused"):
        rename("states", old, f"formerly_{old}")
    for who in people:
        page = BeautifulSoup(browse(who, address).body, "html.parser")
        assert page.select_one(".gd-case-timeline").text == before[who]
        shown = call(who, "govdata_case_show", id=objected["id"])
        [step] = [one for one in shown["events"] if one["name"] == "refused"]
        assert (step["state"], step["state_title"]["en"]) == ("refused", "refused")
        assert step["title"]["en"] == "Refuse"
        letter = shown["letters"][-1]
        assert letter["outcome"] == "refused"
        browse(who, f"{address}/letter/{letter['number']}")
    file = f"{address}/letter/{objected['letters'][-1]['number']}.pdf"
    assert browse("citizen", file).data.startswith(b"%PDF")
    assert objected["reference"] in browse("officer", "/en/cases/desk?tab=all").body


def test_it_goes_on_and_what_was_decided_is_not_forgotten(world, objected, rename):
    rename("states", "refused", "turned_down")
    shown = world.act("authority", objected["id"], "uphold", reason=REASON, basis=BASIS)
    assert [one["decision"] for one in shown["letters"]] == ["submitted", "refused", "upheld"]
    row = record.row_of(model.Session, objected["id"])
    assert (row.state, row.outcome) == ("upheld", "refused")
    assert len(record.case_of(model.Session, row).decisions) == 1
    [public] = call("other", "govdata_decision_list")["results"]
    assert public["outcome"] == "refused"


def test_a_clock_that_was_answered_may_be_renamed(world, objected, rename, browse):
    rename("clocks", "decide", "answer")
    for who in ("citizen", "authority"):
        browse(who, f"/en/cases/{objected['id']}")
    shown = call("citizen", "govdata_case_show", id=objected["id"])
    assert shown["main_clock"] == "review"
    assert shown["clocks"]["decide"]["stopped"]


def test_a_clock_that_runs_may_not(world, rename, on_day):
    on_day("2025-09-22")
    case = world.apply()
    rename("clocks", "decide", "answer")
    with pytest.raises(tk.ValidationError) as caught:
        call("officer", "govdata_case_show", id=case["id"])
    assert "Nothing of the case is lost" in caught.value.error_dict["procedure"][0]
    counts = run("2025-10-13")
    assert (counts["overdue"], counts["broken"]) == (0, 1)
    query = sa.select(tables.event.c.name).where(tables.event.c.case_id == case["id"])
    assert list(model.Session.scalars(query)) == ["submitted"]


def test_where_a_command_was_renamed_a_case_is_read_and_not_acted_on(world, rename, browse):
    """The events would not say any more that it was received."""
    case = world.apply()
    before = record.row_of(model.Session, case["id"])
    rename("commands", "submit", "hand_in")
    for who in ("citizen", "officer"):
        browse(who, f"/en/cases/{case['id']}")
        assert call(who, "govdata_case_commands", id=case["id"]) == []
    with pytest.raises(tk.ValidationError) as caught:
        world.act("officer", case["id"], "accept")
    assert "Nothing of the case is lost" in caught.value.error_dict["procedure"][0]
    assert record.row_of(model.Session, case["id"]) == before


def test_what_was_internal_stays_so_under_another_name(world, rename):
    case = world.apply()
    world.act("officer", case["id"], "remark", note=NOTE)
    told = [one["name"] for one in call("citizen", "govdata_case_show", id=case["id"])["events"]]
    assert told == ["submitted"]
    for command in ("remark", "submit"):
        rename("commands", command, f"other_{command}")
        shown = call("citizen", "govdata_case_show", id=case["id"])
        assert [one["name"] for one in shown["events"]] == told
        assert NOTE not in str(shown)
        staff = call("officer", "govdata_case_show", id=case["id"])["events"]
        assert [one["name"] for one in staff] == ["submitted", "remarked"]
