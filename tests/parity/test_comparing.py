"""What the comparison of two runs says; the runs themselves take too long for this place."""

from __future__ import annotations

import json

from .comparing import Difference, compare, counts, expected, read, report

PASSED, FAILED = ("passed", ""), ("failed", "AssertionError: 1")


def test_what_differs_is_told_with_what_our_side_said():
    stock = {"a": PASSED, "b": PASSED, "c": FAILED, "d": PASSED}
    ours = {"a": PASSED, "b": FAILED, "c": FAILED}
    found = compare(stock, ours, {})
    assert found.unexpected == [
        Difference("b", "passed", "failed", "AssertionError: 1"),
        Difference("d", "passed", "absent", ""),
    ]
    text = report(found, stock, ours)
    assert "stock 3 passed, 1 failed" in text
    assert "differs: b" in text
    assert "2 differences without a reason, 0 with one" in text


def test_a_reason_is_for_one_test_and_must_still_hold():
    stock = {"a": PASSED, "b": PASSED}
    ours = {"a": FAILED, "b": PASSED}
    found = compare(stock, ours, {"a": "the law", "b": "once", "elsewhere": "not run"})
    assert [d.test for d in found.reasoned] == ["a"]
    assert (found.unexpected, found.stale) == ([], ["b"])


def test_an_error_is_not_a_failure():
    assert compare({"a": FAILED}, {"a": ("error", "")}, {}).unexpected


def test_a_test_that_was_run_again_counts_as_it_ended(tmp_path):
    record = tmp_path / "ours.jsonl"
    rows = [("a", "failed"), ("a", "passed")]
    lines = [json.dumps({"test": test, "outcome": out, "said": ""}) for test, out in rows]
    record.write_text("\n".join(lines), "utf-8")
    assert read([record, tmp_path / "not-run.jsonl"]) == {"a": PASSED}
    assert counts({str(n): PASSED for n in range(2088)}) == "2,088 passed"


def test_every_expected_difference_has_a_reason():
    for test, reason in expected().items():
        assert test.startswith("ckan/tests/")
        assert "::" in test
        assert len(reason) > 20, test
