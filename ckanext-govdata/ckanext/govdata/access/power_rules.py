"""``config/powers.yaml``: who sets what of a department, and what the portal's operator may do."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from .. import config_reader, metadata_schema, vocabularies
from ..domain.node import Node, Parts
from ..domain.power import Operator, Powers
from ..ledger import triggers
from ..rules.rule_kinds import CLAUSES

CAPACITIES = ("admin", "editor", "member")
GIVEN_BY = ("above", "own")


@lru_cache(maxsize=1)
def powers() -> Powers:
    """The whole file; raises ``BrokenFile`` with all that is wrong."""
    return config_reader.checked(config_reader.file("powers.yaml"), _powers)


def _powers(top: Node) -> Powers:
    parts = top.entries(needed=("own", "members", "offices", "basis", "operator"))
    fields = config_reader.elsewhere(metadata_schema.department_fields)
    words = config_reader.elsewhere(vocabularies.every)
    roles = words["department_roles"].codes if words else ()
    members = parts["members"].entries(needed=CAPACITIES) if "members" in parts else Parts()
    return Powers(
        own=parts.read("own", lambda node: _names(node, fields), ()),
        members={name: node.code(GIVEN_BY) for name, node in members.items()},
        offices=parts.read("offices", lambda node: node.codes(roles), ()),
        basis=parts.read("basis", lambda node: node.each(_clause), {}),
        operator=parts.read("operator", _operator, Operator()),
    )


def _names(node: Node, fields: Collection[str] | None) -> tuple[str, ...]:
    return tuple(one.known(fields, "field of a department") for one in node.items())


def _clause(_name: str, node: Node) -> str:
    return node.known(CLAUSES.keys(), "clause of a jurisdiction")


def _operator(node: Node) -> Operator:
    parts = node.entries(needed=("actions", "events"))
    tables = config_reader.elsewhere(triggers.tables) or ()
    told = {event for table in tables for event in table.events.values()}
    events = parts["events"].entries(known=told) if "events" in parts else Parts()
    return Operator(
        frozenset(parts.read("actions", Node.codes, ())),
        {event: fields.each(_values) for event, fields in events.items()},
    )


def _values(_field: str, node: Node) -> tuple[str, ...]:
    """Values that a field may get; an empty text is none."""
    return tuple("" if one.value == "" else one.text() for one in node.items())
