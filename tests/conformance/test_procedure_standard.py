"""Every folder in ``schemas/procedures`` passes the standard; no file elsewhere knows its kind."""

import ast
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ckanext.govdata import config_reader
from ckanext.govdata.cases.engine.declared_procedures import OPTIONS, procedures, read
from ckanext.govdata.domain.bound_rules import Rules
from ckanext.govdata.domain.case import Actor, apply, open_case
from ckanext.govdata.domain.decision import decide
from ckanext.govdata.domain.form import Choices
from ckanext.govdata.domain.procedure import Role
from ckanext.govdata.rules import in_force
from ckanext.govdata.rules.rule_files import load_calendar, load_rulebook
from tests.conformance.procedure_standard import Standard, answer

PACKAGE = Path(config_reader.__file__).parent
KINDS = sorted(
    one.name for one in config_reader.file("procedures", config_reader.SCHEMAS).iterdir()
    if one.is_dir() and not one.name.startswith(("_", "."))
)  # fmt: skip
KNOWS = {
    "demo",  # shows one of each
    "rules/sentences.py",  # names of terms, beside those of other texts
    "rules/action.py",  # an example in the documentation of a parameter
}
"""Where a kind may be named. A slice that begins cases itself names which."""


@pytest.fixture(autouse=True)
def _rules(monkeypatch):
    monkeypatch.setattr(in_force, "rulebook", load_rulebook)
    procedures.cache_clear()
    yield
    procedures.cache_clear()


@pytest.fixture(params=KINDS)
def standard(request):
    return Standard(procedures()[request.param], frozenset(OPTIONS))


def test_words(standard):
    standard.check_words()


def test_everybody_told_has_words(standard):
    standard.check_everybody_told_has_words()


def test_every_command_is_reached(standard):
    standard.check_every_command_is_reached()


def test_nothing_is_promised_that_is_not_there(standard):
    standard.check_promises()


def test_the_state_machine(standard):
    rules = Rules(load_rulebook(), "yaohai", date(2026, 3, 2), frozenset(OPTIONS))

    def begun():
        checks = dict.fromkeys(standard.procedure.checks, lambda _examined: ())  # of the database
        procedure = replace(standard.procedure, checks=checks)
        return open_case(procedure, Role.APPLICANT.value, date(2026, 3, 2))

    def deciding(case, name, role, choices):
        fields = {f.name: answer(f, choices) for f in standard.procedure.asked(
            standard.procedure.commands[name])}  # fmt: skip
        fields = {key: value for key, value in fields.items() if value is not None}
        actor = Actor(role.value, frozenset({role}))
        result = decide(case, name, fields, actor, rules, load_calendar(), choices)
        after = None if hasattr(result, "reasons") else apply(case, result)
        return actor, rules, result, after

    def choices(day):
        return Choices(day, {"r": frozenset({"c"})}, colleagues=frozenset({"officer"}),
                       articles={"a": "第十七条"}, terms_version="1")  # fmt: skip

    standard.walk(deciding, begun, choices)


@pytest.mark.parametrize("kind", KINDS)
def test_no_file_outside_its_folder_knows_a_kind(kind):
    named = re.compile(rf"\b{kind}\b")
    found = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*")
        if path.suffix in (".py", ".html", ".js") and "migration" not in path.parts
        and named.search(path.read_text("utf-8"))
    }  # fmt: skip
    allowed = {name for name in found if name in KNOWS or name.split("/")[0] in KNOWS}
    assert found - allowed == set()


def test_the_engine_names_no_state_and_no_command():
    """Of applications: what the engine, its pages and letters once asked for by name."""
    names = {"supply", "submitted", "supplied", "supplement", "partly_approved", "upheld"}
    for path in (PACKAGE / "cases").rglob("*.py"):
        texts = {n.value for n in ast.walk(ast.parse(path.read_text("utf-8")))
                 if isinstance(n, ast.Constant) and isinstance(n.value, str)}  # fmt: skip
        assert not names & texts, path


def test_a_broken_folder_tells_everything_with_file_and_line(tmp_path):
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "procedure.yaml").write_text(
        "kind: broken\ncode: XX\nname: {zh_Hans_CN: 坏, zh_Hant_TW: 壞}\nabout: [entry, moon]\n"
        "applicants: [person]\ninitial: draft\n"
        "clocks: {eternity: {name: {zh_Hans_CN: 钟, zh_Hant_TW: 鐘, en: Clock}}}\n"
        "states: {draft: {name: {zh_Hans_CN: 稿, zh_Hant_TW: 稿, en: Draft}}}\n"
        "commands:\n  go:\n    name: {zh_Hans_CN: 去, zh_Hant_TW: 去, en: Go}\n"
        "    event: gone\n    from: [draft]\n    by: [applicant]\n    effects: [sing]\n"
        "    checks: [mood]\n", "utf-8")  # fmt: skip
    (folder / "form.yaml").write_text("fields:\n  a: {label: {en: A}, type: essay}\n", "utf-8")
    with pytest.raises(config_reader.BrokenFile) as caught:
        read([folder])
    said = str(caught.value)
    for line, words in (
        ("procedure.yaml:3", "'en' is missing"), ("procedure.yaml:4", "'moon'"),
        ("procedure.yaml:7", "broken.eternity is not a term"), ("procedure.yaml:15", "sing"),
        ("procedure.yaml:16", "mood"), ("form.yaml:2", "essay"),
    ):  # fmt: skip
        assert re.search(rf"{line}: [^\n]*{re.escape(words)}", said), (line, words, said)
