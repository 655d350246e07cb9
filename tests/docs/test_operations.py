"""Each statement of "Is it well?" is held by a test that is there, as ``operations.yaml`` says."""
from __future__ import annotations

import ast
import re
from pathlib import Path

import yaml

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "ckanext-govdata" / "docs" / "operations.md"
HELD: dict[str, dict[str, list[str]]] = yaml.safe_load(
    Path(__file__).with_name("operations.yaml").read_text("utf-8"))
DO = "do"


def table() -> dict[str, list[str]]:
    """What is not well, and the statements of what is noticed then."""
    part = PAGE.read_text("utf-8").partition("## Is it well?")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")]
    assert all(len(row) == 3 for row in rows)
    return {row[0]: re.split(r"; |\. ", row[1]) for row in rows[1:] if row[0].strip("-")}


def unsaid(said: list[str], declared: list[str]) -> set[str]:
    """What stands on one side only; what is declared is the beginning of what is said."""
    alone = {one for one in said if not any(one.startswith(other) for other in declared)}
    return alone | {one for one in declared if not any(other.startswith(one) for other in said)}


def test_each_row_and_each_statement_has_its_tests() -> None:
    rows = table()
    assert unsaid(list(rows), list(HELD)) == set()
    for row, statements in rows.items():
        [held] = [held for name, held in HELD.items() if row.startswith(name)]
        assert unsaid(statements, [one for one in held if one != DO]) == set(), row
        assert held[DO], row
        assert all(held.values()), row


def test_these_tests_exist() -> None:
    named = {test for held in HELD.values() for tests in held.values() for test in tests}
    there = {
        f"{file}::{node.name}"
        for file in {test.partition("::")[0] for test in named}
        for node in ast.walk(ast.parse((TESTS / file).read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    assert named - there == set()


def test_a_statement_that_nobody_holds_is_found() -> None:
    assert unsaid(["a b", "c"], ["a", "d"]) == {"c", "d"}
