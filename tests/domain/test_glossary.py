"""The glossary owns the names: each once, each in the code, and no other word for the thing."""
from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml

from ckanext.govdata import slices

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "ckanext-govdata" / "ckanext" / "govdata"
PAGE = (ROOT / "ckanext-govdata" / "docs" / "glossary.md").read_text("utf-8")
CODED = re.compile(r"`([^`]+)`")
APART = re.compile(r"[、；，]|(?<=[一-鿿])[（(].*?[)）]")


def table(page: str, title: str) -> list[list[str]]:
    """The rows of the table under that heading, cell by cell, without its head."""
    part = page.split(f"# {title}\n", 1)[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


@cache
def modules() -> Counter[str]:
    """How often each module's name stands in the package."""
    return Counter(path.stem for path in sources() if path.stem != "__init__")


def sources() -> list[Path]:
    return [path for path in PACKAGE.rglob("*.py") if "migration" not in path.parts]


@cache
def classes() -> Counter[str]:
    """How often each class's name stands in the package."""
    return Counter(
        node.name for path in sources()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ClassDef)
    )


@cache
def names() -> frozenset[str]:
    """Whatever the code and the declarations name: modules, classes, functions, attributes,
    parameters, columns and constants; keys and single words of YAML."""
    found = {*modules(), *classes(), *(one.name for one in slices.HOUSE)}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                found.add(node.name)
            elif isinstance(node, ast.arg):
                found.add(node.arg)
            elif isinstance(node, ast.Name):
                found.add(node.id)
            elif isinstance(node, ast.Attribute):
                found.add(node.attr)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    for folder in ("config", "schemas"):
        for path in (ROOT / folder).rglob("*.yaml"):
            found |= set(words_of(yaml.safe_load(path.read_text("utf-8"))))
    return frozenset(found)


def words_of(node: object) -> list[str]:
    if isinstance(node, dict):
        return [*map(str, node), *(word for value in node.values() for word in words_of(value))]
    if isinstance(node, list):
        return [word for value in node for word in words_of(value)]
    return [node] if isinstance(node, str) else []


def is_there(name: str) -> bool:
    """Whether the code has what the glossary writes: a file, a module's attribute, ``key: value``
    or a name."""
    if name.endswith((".py", ".yaml")) or "/" in name:
        place = name if "." in name else f"{name}.py"
        return any((base / place).exists() or list(base.rglob(place)) or (base / name).is_dir()
                   for base in (PACKAGE, ROOT / "config", ROOT / "schemas"))
    return all(part in names() for part in re.split(r"\.|: ", name))


def test_a_term_stands_once() -> None:
    rows = table(PAGE, "Glossary")
    english = Counter(row[0] for row in rows)
    chinese = Counter(word.strip() for row in rows for word in APART.split(row[1]) if word.strip())
    assert [word for count in (english, chinese) for word, n in count.items() if n > 1] == []
    assert all(len(row) == 4 and row[0] and row[1] for row in rows)


@pytest.mark.parametrize("row", table(PAGE, "Glossary"), ids=lambda row: row[0])
def test_what_a_term_is_called_in_the_code_is_there(row: list[str]) -> None:
    assert [name for name in CODED.findall(row[2]) if not is_there(name)] == []


def test_a_name_that_is_not_there_is_found_out() -> None:
    missing = ("no_such_name_here", "domain/none.py", "role: nobody_at_all", "settings.no_option")
    assert not any(map(is_there, missing))


def test_every_room_stands_in_the_glossary_in_its_order() -> None:
    rows = table(PAGE, "The house's rooms")
    assert [CODED.findall(row[0]) for row in rows] == [[one.name] for one in slices.HOUSE]
    assert all(row[1] and row[2] for row in rows)


def test_every_procedure_stands_in_the_glossary() -> None:
    coded = {name for row in table(PAGE, "Glossary") for name in CODED.findall(row[2])}
    kinds = {path.name for path in (ROOT / "schemas" / "procedures").iterdir() if path.is_dir()}
    assert len(kinds) >= 3
    assert kinds <= coded


@pytest.mark.parametrize("row", table(PAGE, "Names of the code"), ids=lambda row: row[0])
def test_a_name_is_there_and_its_other_words_are_not(row: list[str]) -> None:
    name = CODED.findall(row[0])[0]
    gathered = name in ("ckan_actions", "sentences")  # of each slice that has any
    assert modules()[name] + classes()[name] == 1 or (gathered and modules()[name] > 1)
    others = [word.strip() for word in row[2].split(",") if word.strip()]
    assert [word for word in others if modules()[word] or classes()[word]] == []
