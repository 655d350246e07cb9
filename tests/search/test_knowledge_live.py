"""The operator's knowledge: changed in the browser, versioned, moved, live everywhere."""

from __future__ import annotations

import json
import threading
import time

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories

from ckanext.govdata.search import lists, live_reader, store


def wait_for(happened, seconds: float = 30.0) -> bool:
    """Whether it happens within so many seconds."""
    until = time.monotonic() + seconds
    pause = threading.Event()
    while time.monotonic() < until:
        if happened():
            return True
        pause.wait(0.05)
    return False


def test_the_portal_starts_with_what_it_ships(unseeded):
    assert store.lines() == []
    model.Session.rollback()
    live_reader.reader()
    assert len(store.lines()) == len({(r.kind, store.write_rule(r)) for r in lists.seeds()})
    with model.meta.engine.connect() as connection:
        assert store.version(connection) == 1


def test_seeding_twice_changes_nothing(portal):
    before = store.lines()
    store.seed()
    assert store.lines() == before


def test_a_new_synonym_finds_what_was_not_found(titled, search, teach):
    titled("机关印章刻制备案")
    assert search("戳子") == []
    teach("戳子 > 印章")
    assert search("戳子") == ["e0"]
    teach("", before="戳子 > 印章")
    assert search("戳子") == []


def test_other_processes_know_without_a_restart(titled, search, operator):
    titled("机关印章刻制备案")
    assert search("戳子") == []
    tk.get_action("govdata_search_rule_change")(
        {"user": operator["name"]}, {"kind": "synonym", "after": "戳子 > 印章"}
    )
    # this process was not told: it finds out by itself, as every other one does
    assert wait_for(lambda: search("戳子") == ["e0"])


def test_the_first_search_after_a_silence_knows_what_was_changed_meanwhile(
    titled, search, operator, monkeypatch
):
    """A process that nobody asked for an hour must not answer from an hour ago."""
    titled("机关印章刻制备案")
    assert search("戳子") == []
    tk.get_action("govdata_search_rule_change")(
        {"user": operator["name"]}, {"kind": "synonym", "after": "戳子 > 印章"}
    )
    monkeypatch.setattr(live_reader._now, "looked", time.monotonic() - 3600)
    assert search("戳子") == ["e0"]


def test_changes_are_versioned_and_signed(teach, operator):
    first = teach("甲甲 乙乙")
    second = teach("甲甲 乙乙 丙丙", before="甲甲 乙乙")
    assert second["version"] == first["version"] + 1
    newest, older = store.changes(2)
    assert (newest["before"], newest["after"]) == ("甲甲 乙乙", "甲甲 乙乙 丙丙")
    assert (older["before"], older["after"]) == ("", "甲甲 乙乙")
    assert newest["user_id"] == operator["id"]
    assert [row.line for row in store.lines(word="甲甲")] == ["甲甲 乙乙 丙丙"]


REFUSED = (
    ({"kind": "synonym", "after": "一个"}, "after"),
    ({"kind": "synonym", "after": "甲 >"}, "after"),
    ({"kind": "question", "after": "甲 > 乙"}, "after"),
    ({"kind": "nonsense", "after": "甲 乙"}, "kind"),
    ({"kind": "synonym"}, "after"),
    ({"kind": "synonym", "after": "甲 " + "乙" * 41}, "after"),
)


def test_what_is_not_understood_is_named_and_changes_nothing(operator):
    before = store.lines()
    for given, field in REFUSED:
        with pytest.raises(tk.ValidationError) as refused:
            tk.get_action("govdata_search_rule_change")({"user": operator["name"]}, given)
        assert field in refused.value.error_dict
    assert store.lines() == before


def test_knowledge_is_exported_and_imported(operator, teach):
    teach("甲甲 乙乙")
    context = {"user": operator["name"]}
    told = tk.get_action("govdata_search_rule_export")(dict(context), {})
    kept = json.loads(json.dumps(told))["rules"]
    teach("", before="甲甲 乙乙")
    moved = tk.get_action("govdata_search_rule_import")(
        dict(context), {"rules": kept, "replace": True}
    )
    assert moved == {"added": 1, "removed": 0}
    assert tk.get_action("govdata_search_rule_export")(dict(context), {})["rules"] == kept


def test_an_import_with_one_bad_line_changes_nothing(operator):
    before = store.lines()
    rules = [{"kind": "synonym", "line": "甲甲 乙乙"}, {"kind": "synonym", "line": "坏"}, {"x": 1}]
    with pytest.raises(tk.ValidationError) as refused:
        tk.get_action("govdata_search_rule_import")({"user": operator["name"]}, {"rules": rules})
    named = refused.value.error_dict["rules"]
    assert [line.split(":")[0] for line in named] == ["2", "3"]
    assert store.lines() == before


def test_a_preview_shows_both_and_keeps_nothing(titled, operator):
    titled("机关印章刻制备案")
    version = store.changes(1)
    told = tk.get_action("govdata_search_preview")(
        {"user": operator["name"]}, {"q": "戳子", "kind": "synonym", "line": "戳子 > 印章"}
    )
    assert told["now"] == []
    assert [hit["name"] for hit in told["then"]] == ["e0"]
    assert store.changes(1) == version
    assert store.lines(word="戳子") == []


def test_scores_are_explained(titled, operator):
    titled("合肥市公厕信息")
    told = tk.get_action("govdata_search_explain")({"user": operator["name"]}, {"q": "合肥公厕"})
    assert told["understood"]["places"][0]["name"] == "合肥"
    (hit,) = told["results"]
    assert "gd_title" in hit["explained"]
    assert hit["score"] > 0


def test_an_operators_search_explains_its_own_results(titled, app, operator):
    titled("合肥市公厕信息", "合肥市图书馆", "公厕位置")
    asked = {"q": "公厕", "fq": "name:e2", "debug": "true"}
    path, headers = "/api/3/action/package_search", {"Authorization": operator["token"]}
    told = app.get(path, query_string=asked, headers=headers).json["result"]["debug"]
    assert told["understood"]["concepts"][0]["word"] == "公厕"
    assert [hit["title"] for hit in told["results"]] == ["公厕位置"]
    assert "gd_title" in told["results"][0]["explained"]
    app.get(path, query_string={**asked, "q": "*:*"}, headers=headers, status=400)
    reader = {"Authorization": factories.UserWithToken()["token"]}
    for who in ({}, reader):
        assert "operator" in app.get(path, query_string=asked, headers=who, status=400).body
    assert "debug" not in app.get(path, query_string={"q": "公厕", "debug": ""}).json["result"]


def test_what_is_refused_is_said_in_the_readers_language(portal, app):
    path = "/zh_Hans_CN/api/3/action/package_search"
    told = app.get(path, query_string={"sort": "nowhere asc"}, status=400).json["error"]["message"]
    assert "不允许" in told
    assert "nowhere" in told


OPERATORS = (
    "rule_list",
    "rule_change",
    "rule_import",
    "rule_export",
    "preview",
    "explain",
    "query_list",
)


def test_the_desk_is_the_operators(portal, app):
    reader = factories.UserWithToken()
    for headers in ({}, {"Authorization": reader["token"]}):
        for action in OPERATORS:
            answer = app.post(
                f"/api/3/action/govdata_search_{action}",
                json={"q": "公厕", "kind": "synonym"},
                headers=headers,
            )
            assert answer.status_code == 403, action


def test_without_tables_the_shipped_lists_serve(portal, monkeypatch):
    def away():
        raise store_error

    from sqlalchemy.exc import OperationalError

    store_error = OperationalError("select", {}, Exception("away"))
    monkeypatch.setattr(live_reader, "_stored", away)
    live_reader.forget()
    assert live_reader.reader().understand("公厕").concepts[0].synonyms


def test_the_catalogues_words_are_learnt_when_it_grew(portal, monkeypatch):
    monkeypatch.setattr(store, "public_count", lambda connection: 500)
    monkeypatch.setattr(store, "public_titles", lambda connection: ["特色词语甲乙"] * 5)
    assert live_reader.learn_if_stale() == 500
    assert live_reader.vocabulary().titles == 5
    monkeypatch.setattr(store, "public_count", lambda connection: 20)
    assert live_reader.learn_if_stale() is None
