"""Whose rule binds: the levels, their versions in time, and the portal's own rule.

A rule is looked up for a jurisdiction and the day of receipt. The text nearest to the providing
department that sets it wins, except that a level which ``prevails`` (the State Council's
regulation) wins over all below it for what it sets. A text that is over falls back to the level
above. Where every text in force is silent, the portal's own rule applies and is labelled so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from .jurisdiction import (
    DECIDE,
    EXTEND,
    NATIONAL,
    PORTAL,
    Clause,
    Jurisdiction,
    Level,
    Term,
)
from .lineage import line
from .locales import Label
from .refusal import Refusal


@dataclass(frozen=True)
class _Ruling:
    source: Jurisdiction
    in_force: bool
    lapsed: tuple[str, ...]

    @property
    def own_rule(self) -> bool:
        """Whether it is the portal's own rule, because every text is silent."""
        return self.source.id == PORTAL


@dataclass(frozen=True)
class TermRuling(_Ruling):
    """A term as it binds on a day, and the level that supplied it.

    ``in_force`` is false only for a day before the first text of the chain: then the rule that
    came later is given. ``lapsed`` names the levels of the chain whose text was over.
    """

    term: Term


@dataclass(frozen=True)
class ClauseRuling(_Ruling):
    """A clause as it binds on a day, and the level that supplied it; see ``TermRuling``."""

    clause: Clause


@dataclass(frozen=True)
class LapseWarning:
    """A text that ends soon or has ended; ``days_left`` is negative after its last day."""

    jurisdiction: Jurisdiction
    last: date
    days_left: int


@dataclass(frozen=True)
class _Search:
    """The levels to ask in turn, and which of the chain were over."""

    levels: tuple[Jurisdiction, ...]
    lapsed: tuple[str, ...]


@dataclass(frozen=True)
class Rulebook:
    """Every jurisdiction by id, each with its versions in order of time."""

    versions: Mapping[str, tuple[Jurisdiction, ...]]

    def ids(self) -> tuple[str, ...]:
        """Every jurisdiction but the portal, upper levels first."""
        order = list(Level)
        places = [v[0] for name, v in self.versions.items() if name != PORTAL]
        return tuple(j.id for j in sorted(places, key=lambda j: (order.index(j.level), j.region)))

    def at(self, name: str, day: date) -> Jurisdiction | Refusal:
        """The version on a day: in force, else the last that had begun, else the first."""
        versions = self.versions.get(name)
        if not versions:
            facts = {"known": ", ".join(self.ids())}
            return Refusal("jurisdiction_unknown", "jurisdiction", name, facts=facts)
        begun = [v for v in versions if v.in_force.first is None or v.in_force.first <= day]
        return begun[-1] if begun else versions[0]

    def chain(self, name: str, day: date) -> tuple[Jurisdiction, ...] | Refusal:
        """The jurisdiction and the levels above it, nearest first, without the portal."""
        chain: list[Jurisdiction] = []
        while name and name not in [level.id for level in chain]:
            found = self.at(name, day)
            if isinstance(found, Refusal):
                return found
            chain.append(found)
            name = found.extends
        return tuple(chain)

    def term(self, jurisdiction: str, name: str, day: date) -> TermRuling | Refusal:
        """The term that binds on the day of receipt.

        Refused: an unknown jurisdiction or term, and the extension of a term whose text
        allows none (the levels above are not asked: the nearer text settled it).
        """
        search = self._search(jurisdiction, day)
        if isinstance(search, Refusal):
            return search
        for level in search.levels:
            term = level.terms.get(name)
            if term:
                return TermRuling(level, _binds(level, day), search.lapsed, term)
            settled = _settled(level, name)
            if settled:
                facts = {"term": settled.name}
                return Refusal("term_not_extendable", "term", name, settled.article, facts)
        facts = {"known": ", ".join(self.term_names())}
        return Refusal("term_unknown", "term", name, facts=facts)

    def clause(self, jurisdiction: str, name: str, day: date) -> ClauseRuling | Refusal:
        """The clause that binds on the day: the nearest level that has one."""
        search = self._search(jurisdiction, day)
        if isinstance(search, Refusal):
            return search
        for level in search.levels:
            clause = level.requires.get(name)
            if clause:
                return ClauseRuling(level, _binds(level, day), search.lapsed, clause)
        return Refusal("clause_unknown", "clause", name)

    def clauses(self, jurisdiction: str, name: str, day: date) -> tuple[ClauseRuling, ...]:
        """Every level's clause of that name in force on the day, nearest first."""
        chain = self.chain(jurisdiction, day)
        levels = () if isinstance(chain, Refusal) else chain
        return tuple(
            ClauseRuling(level, True, (), level.requires[name])
            for level in levels
            if name in level.requires and level.in_force.covers(day)
        )

    def label(self, jurisdiction: str, name: str, day: date) -> Label:
        """What an attribute is called there, such as ``open_attribute.conditional``."""
        search = self._search(jurisdiction, day)
        levels = () if isinstance(search, Refusal) else search.levels
        for level in levels:
            if name in level.names:
                return level.names[name]
        return {}

    def term_names(self) -> tuple[str, ...]:
        """Every term that any level sets, sorted."""
        return tuple(sorted({name for level in self._all() for name in level.terms}))

    def clause_names(self) -> tuple[str, ...]:
        """Every clause that any level has, sorted."""
        return tuple(sorted({name for level in self._all() for name in level.requires}))

    def lapsing(self, day: date, within: int) -> tuple[LapseWarning, ...]:
        """Texts that end within so many calendar days, or have ended without a successor."""
        found: list[LapseWarning] = []
        for versions in self.versions.values():
            last = versions[-1].in_force.last
            if last and (last - day).days <= within:
                found.append(LapseWarning(versions[-1], last, (last - day).days))
        return tuple(sorted(found, key=lambda warning: warning.last))

    def _all(self) -> tuple[Jurisdiction, ...]:
        return tuple(version for versions in self.versions.values() for version in versions)

    def _search(self, jurisdiction: str, day: date) -> _Search | Refusal:
        chain = self.chain(jurisdiction, day)
        if isinstance(chain, Refusal):
            return chain
        lapsed = tuple(level.id for level in chain if level.in_force.lapsed(day))
        binding = [level for level in chain if level.in_force.covers(day)]
        if not binding:  # before the first text: show the rule that came later, marked
            binding = [level for level in chain if level.id not in lapsed]
        above = [level for level in reversed(binding) if level.prevails]
        below = [level for level in binding if not level.prevails]
        return _Search((*above, *below, *self.versions[PORTAL]), lapsed)


def find_jurisdiction(
    organisation: str, tree: Mapping[str, tuple[str, str]]
) -> tuple[str, tuple[str, ...]]:
    """The jurisdiction of an organisation, and the organisations asked on the way up.

    ``tree`` maps an organisation to (its parent or ``""``, its own jurisdiction or ``""``).
    One that has none anywhere above is ``national``. A circle in the tree ends the search.
    """
    path: list[str] = []
    for one in line(organisation, lambda name: tree.get(name, ("", ""))[:1]):
        if one not in tree:
            break
        path.append(one)
        if jurisdiction := tree[one][1]:
            return jurisdiction, tuple(path)
    return NATIONAL, tuple(path)


def check_rulebook(jurisdictions: Iterable[Jurisdiction]) -> tuple[Refusal, ...]:
    """What is wrong between the files: unknown or circular ``extends``, versions that overlap."""
    every = tuple(jurisdictions)
    ids = {j.id for j in every}
    problems = [
        Refusal("level_missing", "id", name) for name in (PORTAL, NATIONAL) if name not in ids
    ]
    for one in every:
        if one.extends and (one.extends not in ids or one.extends == PORTAL):
            code = "extends_unknown"
        elif _circular(one, every):
            code = "extends_circular"
        else:
            continue
        problems.append(Refusal(code, "extends", one.extends, facts={"id": one.id}))
    return (*problems, *_overlaps(every))


def _circular(one: Jurisdiction, every: Sequence[Jurisdiction]) -> bool:
    """Whether going up from ``one``, through any version, comes back to it."""
    seen: set[str] = set()
    front = {one.extends} - {""}
    while front:
        if one.id in front:
            return True
        seen |= front
        front = {j.extends for j in every if j.id in front} - {""} - seen
    return False


def _overlaps(every: Sequence[Jurisdiction]) -> list[Refusal]:
    problems: list[Refusal] = []
    for one, other in pairwise(every):
        if one.id != other.id:
            continue
        last, first = one.in_force.last, other.in_force.first
        if last is None or first is None or first <= last:
            facts = {"id": one.id, "earlier": one.number, "later": other.number}
            problems.append(Refusal("versions_overlap", "in_force", other.number, facts=facts))
    return problems


def _binds(level: Jurisdiction, day: date) -> bool:
    return level.id == PORTAL or level.in_force.covers(day)


def _settled(level: Jurisdiction, name: str) -> Term | None:
    """The level's own term whose extension ``name`` would be, though it allows none."""
    procedure, _, clock = name.partition(".")
    return level.terms.get(f"{procedure}.{DECIDE}") if clock == EXTEND else None
