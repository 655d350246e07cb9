"""What slices bring to CKAN is gathered once; what two of them bring stops the start."""

from types import SimpleNamespace

import pytest

from ckanext.govdata import slices
from ckanext.govdata.catalogue.index import entry_document


@pytest.fixture
def bring(monkeypatch):
    """Two slices whose module of that kind holds these functions."""

    def bringing(kind, **functions):
        def modules(asked):
            return [SimpleNamespace(**functions)] * 2 if asked == kind else []

        monkeypatch.setattr(slices, "modules", modules)

    return bringing


def test_an_action_of_ckan_that_two_slices_chain_stops_the_start(bring):
    bring("ckan_actions", actions=lambda: {"package_search": print})
    with pytest.raises(RuntimeError, match=r"package_search.* chained by two slices"):
        slices.of_ckan("actions")
    assert slices.of_ckan("auth") == {}


def test_every_slice_that_chains_is_asked():
    chained = slices.of_ckan("actions")
    assert {
        "api_token_list", "current_package_list_with_resources", "member_create", "tag_list",
        "user_show",
    } <= set(chained)
    asked = slices.of_ckan("auth")
    assert {"user_invite", "api_token_create", "permission_read_file"} <= set(asked)


def test_a_field_of_the_index_that_two_slices_bring_is_a_bug(monkeypatch):
    def same(entry):
        return {"vocab_gd_x": [entry["id"]]}

    brought = {"fields_of_a": same, "fields_of_b": same}
    monkeypatch.setattr(
        slices, "functions", lambda _kind, start: brought if start == "fields_of_" else {}
    )
    with pytest.raises(RuntimeError, match=r"fields_of_b brings .*vocab_gd_x"):
        entry_document.complete({"id": "x"})


def test_outline_comes_before_fields_and_cuts_after_them(monkeypatch):
    def outline_closed(document):
        return {name: value for name, value in document.items() if name != "notes"}

    def fields_of_words(entry):
        return {"words": sorted(entry)}

    def cut_long(document):
        return {name: value for name, value in document.items() if name != "title"}

    kinds = {"outline_": outline_closed, "fields_of_": fields_of_words, "cut_": cut_long}
    monkeypatch.setattr(slices, "functions", lambda _kind, start: {"one": kinds[start]})
    given = {"id": "x", "title": "A", "notes": "closed"}
    assert entry_document.complete(given) == {"id": "x", "words": ["id", "title"]}
    assert given["notes"] == "closed"


def test_which_slices_bring_fields():
    names = {
        start: set(slices.functions("index_fields", start))
        for start in ("outline_", "fields_of_", "cut_")
    }
    assert names == {
        "outline_": {"outline_description"},
        "fields_of_": {"fields_of_catalogue", "fields_of_search", "fields_of_emergency"},
        "cut_": {"cut_locations", "cut_long_lists", "cut_unknown_columns"},
    }


def test_what_is_listed_and_is_none_of_its_kind_stops_the_start(monkeypatch):
    monkeypatch.setattr(slices, "modules", lambda _kind: [SimpleNamespace(jobs=["a", 1])])
    assert slices.listed("schedule", "jobs", object) == ["a", 1]
    with pytest.raises(TypeError, match=r"schedule\.jobs lists what is no str: \[1\]"):
        slices.listed("schedule", "jobs", str)
