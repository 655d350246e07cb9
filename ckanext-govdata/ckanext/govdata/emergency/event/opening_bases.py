"""On what the emergency opening of data rests: ``config/emergency/bases.yaml``."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ... import config_reader, now
from ...domain.emergency.emergency_event import EmergencyKind
from ...domain.emergency.opening_basis import OpeningBases, OpeningBasis
from ...domain.node import Node
from ...domain.refusal import Refusal
from ...rules import in_force

if TYPE_CHECKING:
    from importlib.abc import Traversable


@lru_cache(maxsize=1)
def every() -> tuple[OpeningBasis, ...]:
    """The packaged ones; raises ``BrokenFile``."""
    return load_bases(config_reader.file("emergency/bases.yaml"))


def load_bases(source: Traversable) -> tuple[OpeningBasis, ...]:
    """Read and check a file of bases; raises ``BrokenFile`` with all that is wrong."""
    return config_reader.checked(source, _bases)


def _bases(top: Node) -> tuple[OpeningBasis, ...]:
    parts = top.entries(needed=("bases",))
    return tuple(_basis(node) for node in parts["bases"].items()) if "bases" in parts else ()


def _basis(node: Node) -> OpeningBasis:
    parts = node.entries(known=("kinds", "place", "drill"), needed=("cite", "heading"))
    kinds = [kind.value for kind in EmergencyKind]
    return OpeningBasis(
        parts.read("cite", Node.text, ""),
        parts.read("heading", Node.label, {}),
        frozenset(parts.read("kinds", lambda one: one.codes(kinds), ())),
        parts.read("place", Node.text, ""),
        parts.read("drill", Node.yes_no, False),
    )


def of(jurisdiction: str) -> OpeningBases:
    """Those that bind in a place today, and what the portal's own texts are called."""
    rules, day = in_force.rulebook(), now.today()
    chain = rules.chain(jurisdiction, day)
    levels = () if isinstance(chain, Refusal) else chain
    here = {level.id for level in levels if level.in_force.covers(day)}
    offered = tuple(one for one in every() if not one.place or one.place in here)
    return OpeningBases(offered, in_force.titles())
