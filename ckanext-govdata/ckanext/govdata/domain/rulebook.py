"""Whose rule binds: the texts by rank, their versions in time, and the portal's own rule.

A rule is looked up for a jurisdiction and the day of receipt. Of the texts below the laws and
administrative regulations the nearest to the providing department that sets it wins; what those
set is a ceiling over it, and binds itself where all below are silent. A text that is over falls
back to the next one. Where every text in force is silent, the portal's own rule applies and is
labelled so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import cast

from .ceiling import Capped, Ceiling, cap
from .instrument import (
    NATIONAL,
    PORTAL,
    Asking,
    Instrument,
    Level,
    Term,
    extended_name,
    extension_name,
)
from .lineage import line
from .locales import Label
from .refusal import Refusal
from .ruling import ClauseRuling, TermRuling

ALSO_UNDER = "also_under"
"""The clause by which a text names others that bind along with it."""
WHOEVER = Asking()
"""Who asks where nothing else is said."""


@dataclass(frozen=True)
class LapseWarning:
    """A text that ends soon or has ended; ``days_left`` is negative after its last day."""

    jurisdiction: Instrument
    last: date
    days_left: int


@dataclass(frozen=True)
class _Search:
    """The texts to ask in turn, and which of the chain were over."""

    levels: tuple[Instrument, ...]
    lapsed: tuple[str, ...]


@dataclass(frozen=True)
class Rulebook:
    """Every instrument by id, each with its versions in order of time."""

    versions: Mapping[str, tuple[Instrument, ...]]

    def instruments(self) -> tuple[str, ...]:
        """Every instrument but the portal's own rules, upper levels first."""
        order = list(Level)
        texts = [v[0] for name, v in self.versions.items() if name != PORTAL]
        return tuple(
            one.id
            for one in sorted(texts, key=lambda j: (order.index(j.level), j.region, not j.place))
        )

    def ids(self) -> tuple[str, ...]:
        """The places: every instrument under which a department can be put, upper levels first."""
        return tuple(name for name in self.instruments() if self.versions[name][0].place)

    def at(self, name: str, day: date) -> Instrument | Refusal:
        """The version on a day: in force, else the last that had begun, else the first."""
        versions = self.versions.get(name)
        if not versions:
            facts = {"known": ", ".join(self.ids())}
            return Refusal("jurisdiction_unknown", "jurisdiction", name, facts=facts)
        begun = [v for v in versions if v.in_force.first is None or v.in_force.first <= day]
        return begun[-1] if begun else versions[0]

    def chain(self, name: str, day: date) -> tuple[Instrument, ...] | Refusal:
        """The jurisdiction's text and those above it, nearest first, without the portal."""
        chain: list[Instrument] = []
        while name and name not in [level.id for level in chain]:
            found = self.at(name, day)
            if isinstance(found, Refusal):
                return found
            chain.append(found)
            name = found.extends
        return tuple(chain)

    def term(
        self, jurisdiction: str, name: str, day: date, asking: Asking = WHOEVER
    ) -> TermRuling | Refusal:
        """The term that binds on the day of receipt, for whoever asks.

        Refused: an unknown jurisdiction or term, one that nobody sets for him on that day, and the
        extension of a term that has none: its text allows none, or a higher one takes it.
        """
        search = self._search(jurisdiction, day)
        if isinstance(search, Refusal):
            return search
        known = {term.name for level in self._all() for term in level.terms}
        if (extended_name(name) or name) not in known:
            facts = {"known": ", ".join(self.term_names())}
            return Refusal("term_unknown", "term", name, facts=facts)
        ruling = _ruling(search, extended_name(name) or name, day, asking)
        if ruling is None:
            return Refusal("term_not_set", "term", name, facts={"term": name})
        if not extended_name(name):
            return ruling
        article, facts = ruling.article_against_extension, {"term": ruling.term.name}
        return ruling.extension() or Refusal("term_not_extendable", "term", name, article, facts)

    def clause(self, jurisdiction: str, name: str, day: date) -> ClauseRuling | Refusal:
        """The clause that binds on the day: the nearest text that has one."""
        search = self._search(jurisdiction, day)
        if isinstance(search, Refusal):
            return search
        for level in search.levels:
            clause = level.requires.get(name)
            if clause:
                return ClauseRuling(level, _binds(level, day), search.lapsed, clause)
        return Refusal("clause_unknown", "clause", name)

    def clauses(self, jurisdiction: str, name: str, day: date) -> tuple[ClauseRuling, ...]:
        """Every text's clause of that name in force on the day, nearest first."""
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
        """Every term that any text sets, and every extension that any allows, sorted."""
        terms = [term for level in self._all() for term in level.terms]
        longer = {extension_name(term.name) for term in terms if term.extension}
        return tuple(sorted({term.name for term in terms} | longer))

    def clause_names(self) -> tuple[str, ...]:
        """Every clause that any text has, sorted."""
        return tuple(sorted({name for level in self._all() for name in level.requires}))

    def lapsing(self, day: date, within: int) -> tuple[LapseWarning, ...]:
        """Texts that end within so many calendar days, or have ended without a successor."""
        found: list[LapseWarning] = []
        for versions in self.versions.values():
            last = versions[-1].in_force.last
            if last and (last - day).days <= within:
                found.append(LapseWarning(versions[-1], last, (last - day).days))
        return tuple(sorted(found, key=lambda warning: warning.last))

    def _all(self) -> tuple[Instrument, ...]:
        return tuple(version for versions in self.versions.values() for version in versions)

    def _search(self, jurisdiction: str, day: date) -> _Search | Refusal:
        chain = self.chain(jurisdiction, day)
        if isinstance(chain, Refusal):
            return chain
        lapsed = tuple(level.id for level in chain if level.in_force.lapsed(day))
        binding = [level for level in chain if level.document and level.in_force.covers(day)]
        if not binding:  # before the first text: show the rule that came later, marked
            binding = [level for level in chain if level.id not in lapsed]
        return _Search((*binding, *self.versions[PORTAL]), lapsed)


def _ruling(search: _Search, name: str, day: date, asking: Asking) -> TermRuling | None:
    """The nearest number under the ceilings over it."""
    ceilings = [
        Ceiling(level, term)
        for level in search.levels
        if level.rank.caps and (term := level.term(name, asking))
    ]
    found = _base(search, name, asking, ceilings)
    if found is None:
        return None
    above = [one for one in ceilings if one.source != found.source and _binds(one.source, day)]
    under = reduce(cap, above, found)
    outer = tuple(one for one in above if one.term.outer_limit)
    binds = _binds(under.source, day)
    return TermRuling(
        under.source, binds, search.lapsed, under.term, under.yields, under.latest, outer
    )


def _base(
    search: _Search, name: str, asking: Asking, ceilings: list[Ceiling]
) -> Capped | None:
    """The number before any ceiling: of the nearest text below them, else of the nearest of them
    that is no outer limit or is named by a text as binding here too, else the portal's own."""
    lower = [level for level in search.levels if not level.rank.caps]
    local = [level for level in lower if level.id != PORTAL]
    own = [level for level in lower if level.id == PORTAL]
    named = {name for level in local for name in _also_under(level)}
    upper = [
        one.source for one in ceilings if not one.term.outer_limit or one.source.id in named
    ]
    found: Term | None
    for level in (*local, *upper, *own):
        found = level.term(name, asking)
        if found:
            return Capped(level, found)
    return None


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


def _also_under(level: Instrument) -> Iterator[str]:
    """The texts that bind by what this one says, besides its own rules (clause ``also_under``)."""
    clause = level.requires.get(ALSO_UNDER)
    texts = clause.values.get("texts", ()) if clause else ()
    yield from (str(one) for one in cast("Iterable[object]", texts))


def _binds(level: Instrument, day: date) -> bool:
    return level.id == PORTAL or level.in_force.covers(day)
