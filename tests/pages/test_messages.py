"""Every string that a reader may see is there in both Chinese scripts."""

from __future__ import annotations

import re

import polib
import pytest

from ckanext.govdata.pages import messages

PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\([a-z_]+\)[sd]|%[sdr]")


@pytest.fixture(params=messages.LOCALES)
def catalogue(request) -> polib.POFile:
    return polib.pofile(str(messages.catalogue_path(request.param)))


def locale(catalogue: polib.POFile) -> str:
    return catalogue.metadata["Language"]


def test_every_string_of_the_extension_is_translated(catalogue):
    done = {entry.msgid for entry in catalogue if messages.text_of(entry)}
    assert sorted(set(messages.own_messages()) - done) == []


def test_strings_of_ckan_that_our_users_see_are_translated(catalogue):
    done = {entry.msgid for entry in catalogue if messages.text_of(entry)}
    assert sorted(set(messages.untranslated_in_core(locale(catalogue))) - done) == []


def test_placeholders_are_the_same(catalogue):
    different = [
        entry.msgid
        for entry in catalogue
        if set(PLACEHOLDER.findall(messages.text_of(entry)))
        != set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    ]
    assert different == []


def test_catalogues_are_sorted_without_places_and_guesses(catalogue):
    ids = [entry.msgid for entry in catalogue]
    assert ids == sorted(set(ids))
    assert not any(entry.occurrences or entry.fuzzy or entry.obsolete for entry in catalogue)


def test_the_tool_finds_strings_in_templates_and_code():
    found = messages.own_messages()
    assert "Find government data" in found
    assert "There is no such department." in found
    assert found["{n} entry"] == "{n} entries"


def test_an_update_keeps_translations_and_drops_what_is_not_used(tmp_path, monkeypatch):
    path = tmp_path / "x.po"
    old = polib.POFile()
    old.append(polib.POEntry(msgid="Find government data", msgstr="查找"))
    old.append(polib.POEntry(msgid="Nobody says this", msgstr="无"))
    old.save(str(path))
    monkeypatch.setattr(messages, "catalogue_path", lambda _locale: path)
    new = messages.updated("zh_Hans_CN")
    assert new.find("Find government data").msgstr == "查找"
    assert new.find("Nobody says this") is None
    assert new.find("Departments").msgstr == ""
