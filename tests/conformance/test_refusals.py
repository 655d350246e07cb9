"""One table of refusals: whatever the code can refuse has a sentence, once, in three languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from ckanext.govdata import slices
from ckanext.govdata.domain import grant
from ckanext.govdata.domain.explorer.column import Kind
from ckanext.govdata.domain.locales import LOCALES
from ckanext.govdata.domain.refusal import Refusal
from ckanext.govdata.forms import refusals

PACKAGE = Path(slices.__file__).parent
SAID_OTHERWISE = {
    "power_from_above": "told by catalogue/entry/power_sentences.py, as the ledger tells it",
    "level_missing": "a flaw of config/, told at the start with its file and line",
    "departments_entry": "told by access/operator_rights.py with the name of the department",
    "extends_unknown": "a flaw of config/, told at the start with its file and line",
    "extends_circular": "a flaw of config/, told at the start with its file and line",
    "extends_lower": "a flaw of config/, told at the start with its file and line",
    "versions_overlap": "a flaw of config/, told at the start with its file and line",
}
MADE = {
    "grant_": {one.value for one in grant.GrantState} - {"in_force"},
    "did_": {"propose", "decide", "judge"},
    "cells_": {"merged", "formula_without_value", "cell_error", "shown_otherwise", "struck_out",
               "unseen"},
    "no_": {one.value for one in Kind} - {Kind.TEXT.value},
    "sheet.": {"save_as_xlsx", "unpack"},
}
"""Codes that are put together, by how they begin."""


def codes_of(path: Path) -> Iterator[tuple[str, int]]:
    """The codes that a file refuses with, each with its line; those that are made are expanded."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(
            node, ast.Call) else ""
        if name not in ("Refusal", "_Bad", "Bad") or not node.args:
            continue
        for found in ast.walk(node.args[0]):
            if isinstance(found, ast.JoinedStr):
                begins = str(found.values[0].value)
                yield from ((begins + rest, node.lineno) for rest in MADE[begins])
            elif re.fullmatch(r"[a-z][a-z_]+[a-z]", str(getattr(found, "value", ""))):
                yield str(getattr(found, "value", "")), node.lineno


def refused() -> dict[str, str]:
    """Every code with a place that refuses with it."""
    return {
        code: f"{path.relative_to(PACKAGE)}:{line}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for code, line in codes_of(path)
    }


def test_every_refusal_has_a_sentence(with_plugins):
    """Of those that are told to deciders, the table has the sentence for them."""
    table = refusals.table()
    known = table.keys() | {code.partition(".")[2] for code in table} | SAID_OTHERWISE.keys()
    missing = {code: place for code, place in refused().items()
               if code not in known and not code.endswith("_")}
    assert missing == {}
    assert len(refused()) > 100


def test_what_nobody_refuses_with_has_no_sentence(with_plugins):
    """Codes of variables are found as texts anywhere in the core or in a slice."""
    texts = "\n".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py")
                      if "sentences" not in path.stem and path.stem != "refusals")
    made = {begins + rest for begins, rests in MADE.items() for rest in rests}
    idle = [code for code in refusals.table()
            if f'"{code.rpartition(".")[2]}"' not in texts and code not in made]
    assert idle == []


def test_each_sentence_is_there_in_three_languages(app, with_plugins):
    done: dict[str, set[str]] = {}
    for reader in LOCALES:
        with app.flask_app.test_request_context(environ_overrides={"CKAN_LANG": reader}):
            for code, words in refusals.table().items():
                done.setdefault(code, set()).add(words())
    assert len(LOCALES) == 3
    whole = {code for code, said in done.items() if said == {"{said}"}}  # said by another table
    assert {code: said for code, said in done.items() if len(said) < 2 and code not in whole} == {}


def test_each_sentence_can_be_filled(with_request_context):
    """The facts that a sentence names are there, whatever they are; none is left in braces."""
    for code, words in refusals.table().items():
        names = {name for _, name, _, _ in Formatter().parse(words()) if name}
        facts = dict.fromkeys(names, "甲")
        said = refusals.sentence(Refusal(code, "field", "乙", facts=facts))
        assert not re.search(r"[{}]", said), code


def test_a_code_that_two_word_stops_the_table(with_request_context, monkeypatch):
    from ckanext.govdata.access import sentences

    monkeypatch.setitem(sentences.REFUSALS, "missing", lambda: "twice")
    refusals.table.cache_clear()
    with pytest.raises(RuntimeError, match="missing is worded twice"):
        refusals.table()
    monkeypatch.undo()
    refusals.table.cache_clear()


def test_the_article_stands_in_the_brackets_of_the_readers_script(app):
    refusal = Refusal("missing", "basis", article="第二十六条")
    said = []
    for reader in ("en", "zh_Hans_CN", "zh_Hant_TW"):
        with app.flask_app.test_request_context(environ_overrides={"CKAN_LANG": reader}):
            said.append(refusals.sentence(refusal))
    assert said[0].endswith(" (Article 26)")
    assert said[1].endswith("（第二十六条）")
    assert said[2].endswith("（第二十六條）")


def test_those_who_decide_are_told_what_they_can_do(with_request_context):
    reader = refusals.sentence(Refusal("entry_withdrawn"))
    decider = refusals.sentence(Refusal("entry_withdrawn"), reader="decide")
    assert reader != decider
    assert "refused with this reason" in decider
