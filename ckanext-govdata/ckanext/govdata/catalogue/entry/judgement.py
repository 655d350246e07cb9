"""Judge entries and departments with the pure core: the glue that forms, API and import share."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from ... import config_reader, now, vocabularies
from ...departments import tree
from ...domain import basis
from ...domain.catalogue import BASES, WHERE_CITED, EntryRule, EntryRules, Problem, check_entry
from ...domain.department import DepartmentRules
from ...domain.ground import Grounds, GroundUse
from ...domain.identity_number import is_credit_code
from ...domain.instrument import NATIONAL, Clause, Instrument
from ...domain.locales import Label
from ...domain.node import Node, Parts
from ...domain.refusal import Refusal
from ...rules import in_force
from ...rules.rule_kinds import CLAUSES
from ...rules.sentences import citation

if TYPE_CHECKING:
    from importlib.abc import Traversable

NOT_ALLOWED_AT_ALL = "value_not_allowed"
"""The code of what is not allowed where there is no value to name, such as an item's yes."""
ENTRY_USES = (GroundUse.OPENING, GroundUse.SHARING)


@dataclass(frozen=True)
class RuleSource:
    """A rule of ``config/entry_rules.yaml``: its words, and the clauses that say so."""

    label: Label
    clauses: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    """Values that the clause must name, all of them."""


@dataclass(frozen=True)
class RuleSources:
    """The whole file; ``base_databases`` are our codes of those that clauses name otherwise."""

    rules: Mapping[str, RuleSource]
    base_databases: Mapping[str, str]
    themes: Mapping[str, str]
    """By the codes that clauses name, what a theme database is called."""


@lru_cache(maxsize=1)
def rule_sources() -> RuleSources:
    """The packaged rules; raises ``BrokenFile``."""
    return load_rule_sources(config_reader.file("entry_rules.yaml"))


def load_rule_sources(source: Traversable) -> RuleSources:
    """Read and check the rules' file; raises ``BrokenFile`` with all that is wrong."""
    return config_reader.checked(source, _rule_sources)


def _rule_sources(top: Node) -> RuleSources:
    parts = top.entries(needed=("rules", "base_databases", "themes"))
    known = [rule.value for rule in EntryRule]
    rules = parts["rules"].entries(needed=known) if "rules" in parts else Parts()
    return RuleSources(
        {name: _source(name, node) for name, node in rules.items()},
        parts.read("base_databases", lambda node: node.each(_base_database), {}),
        parts.read("themes", lambda node: node.each(lambda _name, one: one.text()), {}),
    )


def _source(name: str, node: Node) -> RuleSource:
    parts = node.entries(("clauses", "of", "where_cited"), needed=("label",))
    cited = EntryRule(name) in WHERE_CITED
    if parts.read("where_cited", Node.yes_no, False) is not cited:
        node.blame(f"where_cited must be {str(cited).lower()}")
    return RuleSource(
        parts.read("label", Node.label, {}),
        parts.read("clauses", lambda clauses: clauses.codes(CLAUSES), ()),
        parts.read("of", Node.codes, ()),
    )


def _base_database(_name: str, node: Node) -> str:
    words = config_reader.elsewhere(vocabularies.every)
    return node.code(words["base_databases"].codes if words else ())


def entry_rules(chain: tuple[str, ...] = ()) -> EntryRules:
    """What binds an entry today whose provider is under these jurisdictions, nearest first."""
    return _entry_rules(chain, now.today())


@lru_cache(maxsize=256)
def _entry_rules(chain: tuple[str, ...], day: date) -> EntryRules:
    found_levels = (in_force.rulebook().at(name, day) for name in chain)
    levels = [level for level in found_levels if not isinstance(level, Refusal)]
    articles: dict[str, str] = {}
    named: dict[str, frozenset[str]] = {}
    themes: frozenset[str] = frozenset()
    for name, source in rule_sources().rules.items():
        found = next(_clauses(source, levels), None)
        if found is not None:
            articles[name] = f"{found[0].id} {found[1].article}"
            named[name] = _base_databases(found[1])
            themes |= _themes(found[1]) if name == EntryRule.THEME_SHARED else frozenset()
    place = chain[0] if chain else NATIONAL
    opening, sharing = (in_force.grounds(place, day, use) for use in ENTRY_USES)
    return EntryRules(_codes(), articles, named, themes, opening, sharing)


def _clauses(
    source: RuleSource, levels: Iterable[Instrument]
) -> Iterator[tuple[Instrument, Clause]]:
    """The clauses that say the rule, the nearest level's first."""
    for level in levels:
        for name in source.clauses:
            clause = level.requires.get(name)
            if clause and _named(clause).issuperset(source.of):
                yield level, clause


def _base_databases(clause: Clause) -> frozenset[str]:
    ours = rule_sources().base_databases
    return frozenset(ours.get(name, name) for name in _values(clause, "values"))


def _themes(clause: Clause) -> frozenset[str]:
    words = rule_sources().themes
    return frozenset(words[name] for name in _values(clause, "values") if name in words)


def _named(clause: Clause) -> frozenset[str]:
    return frozenset(one for key in clause.values for one in _values(clause, key))


def _values(clause: Clause, key: str) -> tuple[str, ...]:
    values = clause.values.get(key, ())
    return tuple(str(value) for value in values) if isinstance(values, (list, tuple)) else ()


@lru_cache(maxsize=1)
def strictest_rules() -> EntryRules:
    """Every rule that any jurisdiction has: who is good by these is good anywhere."""
    every = frozenset(vocabularies.vocabulary("base_databases").codes)
    cited = {rule.value for rule in WHERE_CITED}
    themes = frozenset(rule_sources().themes.values())
    return EntryRules(_codes(), dict.fromkeys(cited, ""), dict.fromkeys(cited, every), themes)


def judge(entry: Mapping[str, object], provider_id: str | None) -> list[Problem]:
    """All that is wrong with the entry, with the articles that bind its provider.

    The provider's jurisdictions are looked up only when there is something to cite.
    """
    if not (any(map(entry.get, BASES)) or check_entry(entry, strictest_rules())):
        return []
    return check_entry(entry, entry_rules(chain(provider_id)))


def worded(name: str, text: str, provider_id: str | None) -> str:
    """A basis as it is kept: grounds that were chosen from the list are cited in words."""
    return basis.worded(text, grounds_of(name, provider_id))


def grounds_of(name: str, provider_id: str | None) -> Grounds:
    """The grounds on which the attribute of such a field may rest, for a provider."""
    rules = entry_rules(chain(provider_id))
    found = rules.opening if name == "open_basis" else rules.sharing
    return found or Grounds({}, ())


_ID = re.compile(r"\b(?P<text>[a-z][a-z_]+):(?P<article>第[^；;：:\s]+)")
"""A ground as programs name it."""


def in_words(text: str) -> str:
    """A stored basis with every id of a ground as it is cited."""
    return _ID.sub(lambda found: _cited(found["text"], found["article"]) or found[0], text)


def _cited(text: str, article: str) -> str:
    """An article of a text of ``config/jurisdictions`` in words; empty where there is none."""
    level = in_force.rulebook().at(text, now.today())
    return "" if isinstance(level, Refusal) else citation(level, article)


def chain(provider_id: str | None) -> tuple[str, ...]:
    """The jurisdictions in force today that bind a department, the nearest first."""
    if not provider_id:
        return ()
    name, day = tree.stated_jurisdiction(provider_id), now.today()
    found = in_force.rulebook().chain(name, day) if name else ()
    if isinstance(found, Refusal):
        return ()
    return tuple(level.id for level in found if level.in_force.covers(day))


def gaps(problems: Iterable[Problem]) -> list[Problem]:
    """Those that an import records and does not refuse."""
    return [problem for problem in problems if problem.gap]


def department_rules() -> DepartmentRules:
    """What a department is judged by."""
    known = frozenset(in_force.rulebook().ids())
    return DepartmentRules(_codes(), vocabularies.divisions(), known, is_credit_code)


@lru_cache(maxsize=1)
def _codes() -> dict[str, frozenset[str]]:
    return {name: frozenset(v.codes) for name, v in vocabularies.every().items()}
