"""One department takes over from another that is merged into it or abolished 机构改革、职权承继.

Whoever hands over stands above both: power is given from above, so no head takes another
department's entries and grants, and nobody hands his own to one that he does not answer for.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from . import lineage, power
from .refusal import Refusal

LEAST_BASIS, MOST_BASIS = 6, 300
"""Characters of the document's name."""


@dataclass(frozen=True)
class Merger:
    """What is asked: which department ends, who takes over (empty where nobody is named or known,
    then ``named`` is what was written), and by which document.
    """

    department: str
    heir: str
    named: str
    basis: str


def judge(
    asked: Merger, tree: power.Tree, headed: frozenset[str], offices: Collection[str]
) -> list[Refusal]:
    """Why it does not come about; nothing where it does.

    ``headed`` are the bodies that the actor heads; that he stands above the one that ends is
    asked before.
    """
    ends = tree[asked.department]
    found: list[Refusal] = []
    if not ends.active:
        return [Refusal("already_ended", "id", asked.department)]
    if ends.role in offices:
        found.append(Refusal("holds_office", "id", ends.role))
    if code := _unfit(asked, tree, headed):
        found.append(Refusal(code, "successor", asked.heir or asked.named))
    if not LEAST_BASIS <= len(asked.basis) <= MOST_BASIS:
        found.append(Refusal("basis_length", "basis", asked.basis))
    return found


def _unfit(asked: Merger, tree: power.Tree, headed: frozenset[str]) -> str:
    """The code of what is wrong with the successor; empty where it is fit."""
    if asked.heir not in tree:
        return "successor_unknown" if asked.named else "successor_missing"
    if asked.heir == asked.department:
        return "successor_itself"
    if not tree[asked.heir].active:
        return "successor_ended"
    above = lineage.above(asked.heir, lambda one: tree[one].parents if one in tree else ())
    if asked.department in above:
        return "successor_below"
    return "" if headed & power.above(tree, asked.heir) else "successor_not_yours"
