"""Every string that a reader may see is there in both Chinese scripts."""

from __future__ import annotations

import ast
import re

import polib
import pytest

from ckanext.govdata.speech import message_catalogues

PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\([a-z_]+\)[sd]|%[sdr]")


def unseen(source: str) -> list[int]:
    """Lines on which a message stands within an f-string, where nobody collects it."""
    return [
        call.lineno for text in ast.walk(ast.parse(source)) if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text) if isinstance(call, ast.Call)
        and (getattr(call.func, "attr", "") or getattr(call.func, "id", ""))
        in message_catalogues.KEYWORDS
    ]


def test_no_message_stands_where_it_is_not_collected():
    found = {str(path): unseen(path.read_text("utf-8"))
             for path in message_catalogues.own_files() if path.suffix == ".py"}
    assert {path: lines for path, lines in found.items() if lines} == {}
    assert unseen("x = f'{tk._(\"a\")} b'") == [1]
    assert unseen("x = tk._('a')") == []


@pytest.fixture(params=message_catalogues.LOCALES)
def catalogue(request) -> polib.POFile:
    return polib.pofile(str(message_catalogues.catalogue_path(request.param)))


def locale(catalogue: polib.POFile) -> str:
    return catalogue.metadata["Language"]


def test_every_string_of_the_extension_is_translated(catalogue):
    done = {entry.msgid for entry in catalogue if message_catalogues.text_of(entry)}
    assert sorted(set(message_catalogues.own_messages()) - done) == []


def test_strings_of_ckan_that_our_users_see_are_translated(catalogue):
    done = {entry.msgid for entry in catalogue if message_catalogues.text_of(entry)}
    assert sorted(set(message_catalogues.untranslated_in_core(locale(catalogue))) - done) == []


def test_placeholders_are_the_same(catalogue):
    different = [
        entry.msgid
        for entry in catalogue
        if set(PLACEHOLDER.findall(message_catalogues.text_of(entry)))
        != set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    ]
    assert different == []


def test_catalogues_are_sorted_without_places_and_guesses(catalogue):
    ids = [entry.msgid for entry in catalogue]
    assert ids == sorted(set(ids))
    assert not any(entry.occurrences or entry.fuzzy or entry.obsolete for entry in catalogue)


def test_the_tool_finds_strings_in_templates_and_code():
    found = message_catalogues.own_messages()
    assert "Find government data" in found
    assert "There is no such department." in found
    assert found["{n} entry"] == "{n} entries"


def test_an_update_keeps_translations_and_drops_what_is_not_used(tmp_path, monkeypatch):
    path = tmp_path / "x.po"
    old = polib.POFile()
    old.append(polib.POEntry(msgid="Find government data", msgstr="查找"))
    old.append(polib.POEntry(msgid="Nobody says this", msgstr="无"))
    old.save(str(path))
    monkeypatch.setattr(message_catalogues, "catalogue_path", lambda _locale: path)
    new = message_catalogues.updated("zh_Hans_CN")
    assert new.find("Find government data").msgstr == "查找"
    assert new.find("Nobody says this") is None
    assert new.find("Departments").msgstr == ""
