"""Every folder in ``schemas/procedures`` passes the standard; no file elsewhere knows its kind."""

import ast
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest

from ckanext.govdata import config_reader, metadata_schema, slices
from ckanext.govdata.cases.engine.declared_procedures import OPTIONS, procedures, read
from ckanext.govdata.domain.bound_rules import Rules
from ckanext.govdata.domain.case import Actor, apply, open_case
from ckanext.govdata.domain.decision import decide
from ckanext.govdata.domain.field_part import FieldPart
from ckanext.govdata.domain.field_type import TYPES
from ckanext.govdata.domain.form import Choices
from ckanext.govdata.domain.procedure import Role
from ckanext.govdata.forms import form_reader
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


GENERAL = {
    "commitment",  # a letter of the terms, in schemas/terms
    "grounds",  # of a clause on opening, in config/jurisdictions
    "materials",  # of a step: it shows those that the entry wants
    "why",  # answers of the API
}
"""Names of fields that are words of something else, too."""


def own_names():
    """The names of fields that nothing but their procedure has: no table, no other form, no part
    and no type of a field."""
    names = {name for one in procedures().values() for name in one.fields}
    assert list(slices.modules("model"))  # they are read, so their tables are known
    tables = tk.BaseModel.metadata.tables.items()
    columns = {one.name for name, table in tables if name.startswith("govdata_") for one in table.c}
    forms = {name for form in form_reader.every().values() for name in form}
    forms |= {*metadata_schema.entry_fields(), *metadata_schema.department_fields()}
    return names - columns - forms - {one.value for one in FieldPart} - set(TYPES) - GENERAL


def named_in(text, suffix):
    """What a file names as texts; in a template also as a value of a form."""
    if suffix == ".py":
        found = (one.value for one in ast.walk(ast.parse(text)) if isinstance(one, ast.Constant))
        return {one for one in found if isinstance(one, str)}
    quoted = re.findall(r"""["'](\w+)["']""", text)
    return {*quoted, *re.findall(r"\b(?:answers|draft|errors|fields|values)\.(\w+)", text)}


def test_no_file_outside_its_folder_knows_a_field_of_a_form():
    names = own_names()
    found = {
        (str(path.relative_to(PACKAGE)), name)
        for path in PACKAGE.rglob("*")
        if path.suffix in (".py", ".html", ".js") and "migration" not in path.parts
        for name in names & named_in(path.read_text("utf-8"), path.suffix)
    }  # fmt: skip
    assert {one for one in found if one[0].split("/")[0] not in KNOWS} == set()
    assert {name for _path, name in found} >= {"grant_columns"}, "the demo fills it in"


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".py", 'first = case.answers["period_from"]'),
        (".py", 'KEPT = ("materials_of", "period_from")'),
        (".py", "period = {f'{name}': fields.get('period_from')}"),
        (".html", "{{ case.answers.period_from }}"),
        (".html", "<input name=\"period_from\">"),
        (".js", "form.elements['period_from']"),
    ],
)
def test_a_field_that_is_named_is_found(suffix, text):
    assert own_names() & named_in(text, suffix) == {"period_from"}


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
