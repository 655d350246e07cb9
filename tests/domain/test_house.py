"""The house's plan, held against the code: the order of the slices and what each shows to the
others, no circles, one meaning for a name, one of each mechanism, named libraries.

``ckanext.govdata.slices`` is the plan. What is not yet as the plan wants it stands in
``house_debts.py``, each with its reason; a debt that is paid must be taken out there.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import pytest

from ckanext.govdata import slices
from tests.domain import house_debts as debts
from tests.domain.house_checks import (
    HOUSE,
    PACKAGE,
    ROOT,
    House,
    Module,
    circles,
    classes_named_twice,
    form_readers,
    label_checks,
    named_twice,
    pagers,
    participles,
    shares_of_any,
    shown_to_nobody,
    sign_ins,
    transactions,
    unlisted,
    unnamed_libraries,
    upward,
    wordings,
    yaml_readers,
)

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
    unnamed_libraries: ("cases.pages.letter_seal -> pyhanko",),  # the extra `seal` of setup.py
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


def test_triggers_look_away_in_one_place_of_the_tests() -> None:
    """Elsewhere it could be said for a session, whose connection serves the next test."""
    words = ("session_replication" + "_role", "DISABLE " + "TRIGGER")
    saying = {path.name for path in (ROOT / "tests").rglob("*.py")
              if any(word in path.read_text() for word in words)}
    assert saying == {"unguarded.py"}
