"""Write ``conformance.md``: what the portal does of each article, and by which tests it is known.

Run it with ``python -m tests.docs.conformance`` after changing ``conformance.yaml``.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "ckanext-govdata" / "docs" / "conformance.md"
STATES = {"works": "works", "partly": "partly", "absent": "absent", "no_software": "no software"}
QUOTATIONS = "quotations/"
"""The folder of the tests that compare our files with our quotations."""


@lru_cache
def declared() -> dict[str, Any]:
    """The texts with their articles."""
    return yaml.safe_load(Path(__file__).with_name("conformance.yaml").read_text("utf-8"))


@lru_cache
def functions(file: str) -> frozenset[str]:
    """The names of the tests of a file, wherever in it they stand; none where there is no file."""
    path = TESTS / file
    if not path.is_file():
        return frozenset()
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(one.name for one in nodes if isinstance(one, kinds))


def counted() -> Counter[str]:
    """How many articles of all texts are in each state."""
    texts = declared().values()
    found = Counter(one["state"] for text in texts for one in text["articles"].values())
    found["no_software"] = sum(len(text["no_software"]) for text in texts)
    return found


def rendered() -> str:
    """The page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    count = counted()
    buildable = sum(count[state] for state in ("works", "partly", "absent"))
    yield "# Conformance"
    yield (
        "What the portal does of each article of the four texts and of Decree 809. Made of "
        "`tests/docs/conformance.yaml`; an article works, or works partly, only by tests in which "
        "somebody does it through an action or a page (`tests/docs/test_conformance.py`)."
    )
    yield ""
    yield (
        f"Of {buildable} articles that software can carry out **{count['works']} work**, "
        f"{count['partly']} partly, {count['absent']} do not yet; {count['no_software']} others "
        "are no matter of software."
    )
    for text in declared().values():
        yield ""
        yield f"## {text['title']}"
        yield f"{text['en']}. No software: {', '.join(map(str, text['no_software']))}."
        yield ""
        yield "| article | state | what | seen by |"
        yield "|---|---|---|---|"
        for number, one in text["articles"].items():
            seen = ", ".join(f"`{test}`" for test in one.get("tests", ()))
            yield f"| {number} | {STATES[one['state']]} | {one['says']} | {seen} |"


if __name__ == "__main__":
    PAGE.write_text(rendered(), "utf-8")
