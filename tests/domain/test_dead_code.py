"""What the package defines is asked for somewhere in it: by a module, a page or a declared file.

What tests alone call is not alive: it is kept right for nobody.
"""
from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

from tests.domain.house_checks import HOUSE, OF_EVERY_SLICE, PACKAGE, ROOT, House, Module, tree

WORD = re.compile(r"\w+")
GATHERED = OF_EVERY_SLICE | {"letter_lines", "prefills"}
"""``slices.functions`` takes whatever stands in modules of these names."""
FOR_TRIALS = {
    "domain.chain.ALGORITHMS", "domain.identity_number.is_citizen",
    "search.vectors.DIMENSIONS", "stack.postgres.process_id",
}
"""Tests and measurements ask for these alone; the list only gets shorter."""


def defined(module: Module) -> Iterator[str]:
    """Functions, classes and constants of a module, but for those that a decorator registers."""
    for node in tree(module.source).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if isinstance(node, ast.ClassDef) or not node.decorator_list:
                yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (one.id for one in targets
                        if isinstance(one, ast.Name) and not one.id.startswith("__"))


@cache
def words_elsewhere() -> frozenset[str]:
    """The words of templates, scripts, declared files and migrations."""
    folders = [PACKAGE, ROOT / "schemas", ROOT / "config"]
    kinds = {".html", ".txt", ".js", ".yaml", ".ini", ".toml", ".xml"}
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in kinds]
    files += (PACKAGE / "migration").rglob("*.py")
    files += [ROOT / "setup.py", ROOT / "pyproject.toml", ROOT / "Makefile"]
    return frozenset(word for path in files for word in WORD.findall(path.read_text("utf-8")))


def asked_by_nobody(house: House) -> set[str]:
    """What stands once in the package: where it is defined."""
    words = Counter(word for module in house.values() for word in WORD.findall(module.source))
    return {
        f"{module.name}.{name}"
        for module in house.values() if module.stem not in GATHERED
        for name in defined(module) if words[name] == 1 and name not in words_elsewhere()
    }


def test_what_is_defined_is_asked_for() -> None:
    assert asked_by_nobody(HOUSE) == FOR_TRIALS


@pytest.mark.parametrize("source", [
    "def nobody_calls(): ...", "class NobodyMakes: ...", "NOBODY_READS = 1",
    "async def nobody_waits(): ...", "NOBODY_HAS: int = 1",
])
def test_what_nobody_asks_for_is_found_out(source: str) -> None:
    assert asked_by_nobody({"cases.x": Module("cases.x", source)})


@pytest.mark.parametrize("source", [
    "def called(): ...\ncalled()", "@app.route('/')\ndef page_of_ours(): ...", "__all__ = ()",
])
def test_what_is_asked_for_is_not(source: str) -> None:
    assert not asked_by_nobody({"cases.x": Module("cases.x", source)})


def test_each_style_of_a_page_is_on_one() -> None:
    assert styles_of_nothing("\n".join(
        path.read_text("utf-8") for path in PACKAGE.rglob("assets/**/*.css"))) == []


def styles_of_nothing(sheet: str) -> list[str]:
    """Classes in a style sheet that no template, module or script names. Where a name is put
    together (``gd-em-level--{{ level }}``), its beginning is named."""
    files = [path for path in PACKAGE.rglob("*") if path.suffix in (".html", ".py", ".js")]
    used = set(re.findall(r"[\w-]+", "\n".join(path.read_text("utf-8") for path in files)))
    classes = {str(one) for one in re.findall(r"\.(gd-[\w-]+)", sheet)}
    begun = tuple(one for one in used if re.fullmatch(r"gd-\w[\w-]*[-_]", one))
    return sorted(one for one in classes - used if not one.startswith(begun))


def test_a_style_of_nothing_is_found_out() -> None:
    sheet = ".gd-no-such { } .gd-no-such--red { } .gd-field { }"
    assert styles_of_nothing(sheet) == ["gd-no-such", "gd-no-such--red"]
