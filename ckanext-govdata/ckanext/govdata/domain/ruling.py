"""Rulings: what binds on a day, and the text that says so."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .ceiling import Ceiling, Yielded, YieldingPart
from .instrument import PORTAL, Clause, Instrument, Start, Term, extension_name


@dataclass(frozen=True)
class _Ruling:
    source: Instrument
    in_force: bool
    lapsed: tuple[str, ...]

    @property
    def own_rule(self) -> bool:
        """Whether it is the portal's own rule, because every text is silent."""
        return self.source.id == PORTAL


@dataclass(frozen=True)
class TermRuling(_Ruling):
    """A term as it binds on a day, and the text that supplied it.

    ``in_force`` is false only for a day before the first text of the chain: then the rule that
    came later is given. ``lapsed`` names the texts of the chain that were over. ``yields`` are
    the numbers of nearer texts that gave way; ``latest`` the limits of higher texts that count
    from another event, so that the earlier day is the last one; ``outer`` the limits that bind
    where the same is asked for under another text as well.
    """

    term: Term
    yields: tuple[Yielded, ...] = ()
    latest: tuple[Ceiling, ...] = ()
    outer: tuple[Ceiling, ...] = ()

    @property
    def law(self) -> Term | None:
        """The outer limit that counts from receipt (Regulations on Open Government Information 33),
        where there is one."""
        limits = (one.term for one in self.outer)
        return next((one for one in limits if one.start is Start.RECEIVED), None)

    def extension(self) -> TermRuling | None:
        """Its extension as a term of its own, which begins where the first one ends."""
        more = self.term.extension
        if more is None:
            return None
        gone = [one for one in self.yields if one.part is YieldingPart.EXTENSION]
        source = gone[-1].to if gone else self.source
        article = gone[-1].article if gone else self.term.article
        longer = replace(
            self.term,
            name=extension_name(self.term.name),
            amount=more.amount,
            start=Start.EXPIRED,
            article=article,
            quote="" if gone else self.term.quote,
            extension=None,
        )
        return replace(self, source=source, term=longer, yields=tuple(gone), latest=(), outer=())

    @property
    def article_against_extension(self) -> str:
        """The article by which there is no extension: the one that took it, or the term's own."""
        gone = [one.article for one in self.yields if one.part is YieldingPart.EXTENSION]
        return gone[-1] if gone else self.term.article


@dataclass(frozen=True)
class ClauseRuling(_Ruling):
    """A clause as it binds on a day, and the text that supplied it; see ``TermRuling``."""

    clause: Clause
