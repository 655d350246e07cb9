"""The rules that bind one case: those of its jurisdiction on its day of receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .instrument import Asking
from .procedure import Role
from .refusal import Refusal
from .rulebook import WHOEVER, Rulebook
from .ruling import TermRuling


@dataclass(frozen=True)
class Rules:
    """The rulebook seen from one case. ``options`` are choices of the jurisdiction, such as
    ``one_step``: the head decides without an officer's proposal. ``vacant`` are roles that
    nobody can have here, so that nothing may be led to where they would have to answer. ``asking``
    is who applies, since texts set terms for departments alone.
    """

    book: Rulebook
    jurisdiction: str
    day: date
    options: frozenset[str] = frozenset()
    vacant: frozenset[Role] = frozenset()
    asking: Asking = WHOEVER

    def term(self, name: str) -> TermRuling | Refusal:
        """The term that binds, or why there is none."""
        return self.book.term(self.jurisdiction, name, self.day, self.asking)
