"""Every form of ``schemas/forms``: complete in three languages, asked by some page, each type with
its macro; a broken one stops the start."""
from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.exceptions import CkanConfigurationException

from ckanext.govdata import config_reader, slices
from ckanext.govdata.cases.engine import declared_procedures
from ckanext.govdata.domain import merger
from ckanext.govdata.domain.field_type import TYPES
from ckanext.govdata.domain.locales import LOCALES
from ckanext.govdata.forms import form_reader
from ckanext.govdata.subscriptions import action, hooks
from tests.domain.house_checks import HOUSE, PACKAGE

TEMPLATES = PACKAGE / "templates" / "govdata"
SOURCES = "\n".join(module.source for module in HOUSE.values())
PAGES = "\n".join(path.read_text("utf-8") for path in TEMPLATES.rglob("*.html"))
FORMS = form_reader.every()
BY_THE_FRAME = {"hidden", "tick", "sent_along"}
"""Macros of types that no macro of their own asks for: the field's frame does."""


def test_every_file_is_a_form_and_nothing_else_is() -> None:
    folder = Path(str(config_reader.files(config_reader.SCHEMAS))) / "forms"
    assert {path.stem for path in folder.iterdir() if path.suffix == ".yaml"} == set(FORMS)
    assert {path.suffix for path in folder.iterdir()} == {".yaml"}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_asked_by_some_page(name: str) -> None:
    assert f'declared("{name}")' in SOURCES


@pytest.mark.parametrize("name", FORMS)
def test_a_form_speaks_three_languages(name: str) -> None:
    for field in FORMS[name].values():
        said = [field.label, *field.options.values(), *([field.help] if field.help else [])]
        assert all(label[one].strip() for label in said for one in LOCALES), field.name
        assert len({label[one] for label in said for one in LOCALES}) > 1, field.name


@pytest.mark.parametrize("name", FORMS)
def test_its_page_has_the_choices_that_it_wants(name: str) -> None:
    wanted = {field.choices for field in FORMS[name].values() if field.choices}
    quoted = set(re.findall(r"""["'](\w+)["']""", SOURCES + PAGES))
    assert wanted <= quoted, wanted - quoted


@pytest.mark.parametrize("name", FORMS)
def test_no_two_fields_share_an_input(name: str) -> None:
    inputs = [field.sent_as for field in FORMS[name].values()]
    assert len(set(inputs)) == len(inputs)


def test_every_type_is_asked_by_a_macro_that_is_there() -> None:
    source = (TEMPLATES / "forms" / "field.html").read_text("utf-8")
    listed = set(re.findall(r"'(\w+)': \w+", source.partition("set INPUTS =")[2]))
    assert {kind.macro for kind in TYPES.values()} <= listed | BY_THE_FRAME
    assert listed <= {kind.macro for kind in TYPES.values()}, "a macro that no type wants"


def test_no_template_knows_how_an_error_or_a_field_looks() -> None:
    """The frame of a field is written once."""
    found = {
        path.relative_to(TEMPLATES).as_posix()
        for path in TEMPLATES.rglob("*.html")
        if re.search(r'class="gd-(field__error|error|case-field)', path.read_text("utf-8"))
    }
    assert found == {"forms/field.html"}


def broken(monkeypatch: pytest.MonkeyPatch, file: str, before: str, after: str) -> list[str]:
    """What the start says where a file holds something else."""
    text_of = config_reader._text

    def text(source: Any) -> str:
        written = text_of(source)
        if not str(source).endswith(file):
            return written
        assert before in written
        return written.replace(before, after, 1)

    monkeypatch.setattr(config_reader, "_text", text)
    form_reader.every.cache_clear()
    try:
        with pytest.raises(CkanConfigurationException) as caught:
            slices.check()
    finally:
        form_reader.every.cache_clear()
    return str(caught.value).splitlines()


@pytest.mark.usefixtures("with_plugins")
@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ("    type: colleague\n", "", 3, "'type' is missing"),
        ("type: colleague", "type: nobody", 5, "field type nobody is not known"),
        ("    label: {zh_Hans_CN: 首日,", "    label: {", 7, "'zh_Hans_CN' is missing"),
        ("after: first", "after: never", 12, "never is not a field"),
        ("after: first", "choices: Not a code", 12, "is not a code"),
        ("type: future", "type: choice", 6, "a choice, and only a choice, needs options"),
        ("type: future", "tipe: future", 8, "unknown key 'tipe'"),
        ("fields:", "feelds:", 2, "unknown key 'feelds'"),
    ],
)
def test_a_broken_form_stops_the_start(monkeypatch, before, after, line, words) -> None:
    said = broken(monkeypatch, "forms/absence.yaml", before, after)
    assert any(f"absence.yaml:{line}: " in one and words in one for one in said), said


def test_a_form_of_no_fields_is_none(monkeypatch) -> None:
    text_of = config_reader._text
    monkeypatch.setattr(
        config_reader, "_text",
        lambda s: "fields: {}\n" if str(s).endswith("absence.yaml") else text_of(s),
    )
    with pytest.raises(config_reader.BrokenFile, match=r"absence\.yaml:1: .*at least one field"):
        form_reader.every.__wrapped__()


def test_words_of_a_type_are_said_in_the_readers_language(app) -> None:
    field = FORMS["use_report"]["deleted"]
    with app.flask_app.test_request_context("/en/"):
        tk.request.environ["CKAN_LANG"] = "en"
        assert form_reader.words(field, "deleted") == field.options["deleted"]["en"]
        assert form_reader.words(field, "nothing of the kind") == "nothing of the kind"


def test_a_form_says_the_bounds_that_its_action_has() -> None:
    assert FORMS["succession"]["basis"].max == merger.MOST_BASIS
    assert FORMS["subscription"]["address"].max == action.LONGEST_ADDRESS
    assert FORMS["webhook"]["url"].max == hooks.LONGEST


@pytest.mark.usefixtures("with_plugins")
def test_no_form_of_a_procedure_borrows_what_only_pages_have() -> None:
    """A case's page offers files, columns, colleagues and articles, and no ``choices``."""
    for procedure in declared_procedures.procedures().values():
        assert not [one.name for one in procedure.fields.values() if one.choices or one.input]


HAND_WRITTEN = re.compile(r'<textarea|<select|<input(?![^>]*type="(?:hidden|submit)")')
POSTED = re.compile(r'<form(?=[^>]*method="post").*?</form>', re.S)
SINGLE_LINES = {"govdata/access/grant.html"}
"""Templates with a line beside a button, a user's name or a token's, which is no form (822)."""


def test_nothing_is_typed_into_what_no_form_declares() -> None:
    found = {
        path.relative_to(TEMPLATES.parent).as_posix()
        for path in TEMPLATES.parent.rglob("*.html")
        for form in POSTED.findall(path.read_text("utf-8"))
        if HAND_WRITTEN.search(form)
    }
    assert found == SINGLE_LINES
