"""Each checker of ``make chaos`` is able to fail: divergences are planted, and it finds them."""
from __future__ import annotations

import pytest

from .checks import (
    Letter,
    Version,
    entries,
    files,
    index,
    ledger,
    letters,
    numbers,
    once,
    readings,
)
from .journal import Act, Fate, Journal, Reading
from .readers import texts

HISTORY = {"e": [Version("e-v1", True, 10.0), Version("e-v2", False, 20.0)]}


def act(text: str, status: int | None = 200, public: bool = True, count: int = 1) -> Act:
    return Act("entry", "e", text, count=count, public=public, status=status)


def said(findings: list) -> str:
    return "; ".join(f"{one.thing}: {one.what}" for one in findings)


@pytest.mark.parametrize(("status", "fate"), [
    (200, Fate.DONE), (409, Fate.REFUSED), (403, Fate.REFUSED), (503, Fate.UNKNOWN),
    (500, Fate.UNKNOWN), (None, Fate.UNKNOWN),
])
def test_what_an_answer_promises(status, fate) -> None:
    assert act("e-v1", status).fate is fate


def test_what_was_acknowledged_in_order_is_well() -> None:
    assert entries([act("e-v1"), act("e-v2", public=False)], HISTORY) == []
    unknown = [act("e-v1"), act("e-v2", None, public=False)]
    assert entries(unknown, HISTORY) == []
    assert entries(unknown, {"e": HISTORY["e"][:1]}) == []


@pytest.mark.parametrize(("acts", "words"), [
    ([act("e-v1"), act("e-v2", public=False), act("e-v3")], "e-v3 was acknowledged and is lost"),
    ([act("e-v1"), act("e-v2", 409, public=False)], "e-v2 was refused (409) and is there"),
    ([act("e-v1"), act("e-v2", public=True)], "never asked for so: half an act"),
    ([act("e-v2", public=False), act("e-v1")], "e-v2 stands, after e-v1 was acknowledged"),
    ([], "nobody asked for it"),
])
def test_entries_that_are_not_as_was_said(acts, words) -> None:
    assert words in said(entries(acts, HISTORY))


@pytest.mark.parametrize(("status", "has", "well"), [
    (200, 5, True), (200, 0, False), (200, 10, False), (200, 4, False),
    (None, 0, True), (None, 5, True), (None, 3, False), (None, 10, False),
    (409, 0, True), (409, 5, False),
])
def test_acts_that_are_there_once_and_whole(status, has, well) -> None:
    found = once("import", [act("i", status, count=5)], {"i": has} if has else {})
    assert (found == []) == well


def test_what_nobody_asked_for_is_found() -> None:
    assert "nobody asked" in said(once("case", [], {"stranger": 1}))


def reading(text: str, asked: float, answered: float) -> Reading:
    return Reading("e", text, "/", asked, answered)


@pytest.mark.parametrize(("one", "check"), [
    (reading("e-v1", 11, 12), None),
    (reading("e-v1", 9, 10.5), None),
    (reading("e-v1", 19.5, 20.5), None),
    (reading("e-v1", 8, 9), "uncommitted text"),
    (reading("e-v9", 11, 12), "uncommitted text"),
    (reading("e-v1", 20.1, 21), "closed text"),
    (reading("e-v2", 20.1, 21), "closed text"),
])
def test_texts_that_strangers_must_not_see(one, check) -> None:
    assert [finding.check for finding in readings([one], HISTORY)] == ([check] if check else [])


def test_what_is_shown_again_may_be_read_again() -> None:
    history = {"e": [*HISTORY["e"], Version("e-v3", True, 30.0)]}
    assert readings([reading("e-v3", 31, 32)], history) == []
    assert len(readings([reading("e-v2", 25, 26)], history)) == 1


@pytest.mark.parametrize(("rows", "documents", "kind"), [
    ({"a": (1,)}, {"a": (1,)}, None),
    ({"a": (1,)}, {}, "missing"),
    ({}, {"a": (1,)}, "orphan"),
    ({"a": (2,)}, {"a": (1,)}, "stale"),
])
def test_an_index_that_says_something_else(rows, documents, kind) -> None:
    found = index(rows, documents, [])
    assert [one.what.split(":")[0] for one in found] == ([kind] if kind else [])
    assert index(rows, documents, ["a"]) == []


@pytest.mark.parametrize(("there", "words"), [
    ({"/a": "d"}, ""), ({}, "is gone"), ({"/a": "half"}, "another content"),
])
def test_files_that_are_not_what_their_row_says(there, words) -> None:
    found = files({"/a": "d"}, there)
    assert bool(found) == bool(words)
    assert words in said(found)


@pytest.mark.parametrize(("given", "well"), [
    ([], True), ([2, 1, 3], True), ([1, 3], False), ([1, 2, 2], False), ([2, 3], False),
])
def test_numbers_without_gap_and_none_twice(given, well) -> None:
    assert (numbers("of a case", given) == []) == well


def test_a_ledger_that_says_less_more_or_twice() -> None:
    one, other = ("case", "c", "case_accepted", "1"), ("case", "c", "case_approved", "2")
    assert ledger([one, other], [other, one]) == []
    assert len(ledger([one, other], [one])) == 1
    assert len(ledger([one], [one, other])) == 1
    assert len(ledger([one], [one, one])) == 1


def test_letters_that_are_lost_late_or_of_nobody() -> None:
    posted = [Letter("<a>", True, 0.0), Letter("<b>", False, 100.0)]
    assert letters(posted, {"<a>": 1}, 50.0) == []
    assert letters(posted, {"<a>": 2}, 50.0) == []
    assert "never came" in said(letters(posted, {}, 50.0))
    assert "does not go" in said(letters(posted, {"<a>": 1}, 150.0))
    assert "no row" in said(letters(posted, {"<a>": 1, "<c>": 1}, 50.0))


def test_what_a_stranger_is_shown_is_found_in_pages_and_answers() -> None:
    body = '<a title="混沌 chaosw0n3-v17">混沌 chaosw0n3-v17</a> {"note": "chaos-update-5-2."}'
    assert [(one.thing, one.text) for one in texts(body, "/", 1.0, 2.0)] == [
        ("notes", "chaos-update-5-2."), ("chaosw0n3", "chaosw0n3-v17")]


def test_an_answer_without_words_is_a_fault() -> None:
    journal = Journal()
    for status in (200, 404, 503, None, 500):
        journal.heard(status, "/", "Internal server error")
    assert journal.taken_faults() == ["500 at /: Internal server error"]
    assert journal.taken_faults() == []
