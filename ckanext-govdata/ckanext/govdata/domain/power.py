"""Power is given from above: who may change what of a department, and who its members are.

``above`` a department stand the governments around it and the data authorities of its place and
of every wider one; an authority has above it the government of its place and what is above that.
Nobody confers power on his own department, so nobody gives himself any.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from . import lineage
from .refusal import Refusal

GOVERNMENT = "government"
AUTHORITY = "authority"
HEAD = "admin"


@dataclass(frozen=True)
class Body:
    """A department in the tree: its id, the ids above it (more than one is a fault), its role."""

    id: str
    parents: tuple[str, ...] = ()
    role: str = ""
    active: bool = True
    region: str = ""
    jurisdiction: str = ""


Tree = Mapping[str, Body]


@dataclass(frozen=True)
class Operator:
    """What whoever operates the portal does to entries: by which actions, and to what end."""

    actions: Collection[str] = ()
    events: Mapping[str, Mapping[str, Collection[str]]] = field(
        default_factory=dict[str, Mapping[str, Collection[str]]]
    )
    """Event of the ledger to field to the values that it may get; ``*`` is every other field."""

    def beyond(self, event: str, changes: Mapping[str, str]) -> list[Refusal]:
        """Of an event's fields (to their new values) those that he does not set so."""
        if event not in self.events:
            return [Refusal("departments_entry", next(iter(changes), ""), event)]
        known = self.events[event]
        return [
            Refusal("departments_entry", name, value)
            for name, value in changes.items()
            if value not in known.get(name, known.get("*", ()))
        ]


@dataclass(frozen=True)
class Powers:
    """What ``config/powers.yaml`` declares; what ``own`` does not name is set from above."""

    own: Collection[str]
    members: Mapping[str, str]
    offices: Collection[str]
    basis: Mapping[str, str]
    operator: Operator = Operator()

    def from_above(self, capacities: Iterable[str]) -> bool:
        """Whether one of these capacities is given from above; one that nobody knows is."""
        return any(self.members.get(capacity, "above") == "above" for capacity in capacities)


@dataclass(frozen=True)
class DepartmentChange:
    """A change of a department: its fields, or (``capacities``) the seat of a user in it."""

    body: str
    fields: Mapping[str, str] = field(default_factory=dict[str, str])
    """Field to its new value."""
    capacities: frozenset[str] = frozenset()
    user: str = ""


@dataclass(frozen=True)
class Trees:
    """The tree before and after what is judged, and the bodies that the actor headed before."""

    before: Tree
    after: Tree
    headed: frozenset[str]


def above(tree: Tree, body: str) -> frozenset[str]:
    """The ids of the bodies whose heads give power to this one."""
    if body not in tree:
        return frozenset()
    around = set(_around(tree, body))
    placed = around
    if tree[body].role in (AUTHORITY, GOVERNMENT):  # its equals of the same place are not above it
        placed = {one for parent in tree[body].parents for one in _around(tree, parent)}
    return frozenset(
        one.id
        for one in tree.values()
        if one.active and one.id != body and (
            (one.role == GOVERNMENT and one.id in around)
            or (one.role == AUTHORITY and bool(placed.intersection(one.parents)))
        )
    )


def judge(change: DepartmentChange, trees: Trees, powers: Powers) -> list[Refusal]:
    """Why the actor may not make this change: a refusal for each field, none where he may."""
    if _given(change.body, trees):
        return []
    heads = change.body in trees.headed
    if change.capacities:
        if heads and not powers.from_above(change.capacities):
            return []
        code = "seat_from_above" if powers.from_above(change.capacities) else "seat_not_yours"
        return [Refusal(code, "capacity", change.user)]
    return [
        Refusal("power_from_above", name, value)
        for name, value in change.fields.items()
        if not (heads and name in powers.own)
    ]


def markdown(powers: Powers, fields: Iterable[str]) -> Iterator[str]:
    """Who sets which of a department's fields and names whom, as lines of Markdown."""
    above = [f"`{name}`" for name in fields if name not in powers.own]
    own = [f"`{name}`" for name in powers.own]
    heads = [f"`{name}`" for name in powers.members if powers.from_above([name])]
    others = [f"`{name}`" for name in powers.members if not powers.from_above([name])]
    yield "| what | its officers | its head | heads above it | operator |"
    yield "|---|---|---|---|---|"
    yield f"| {' '.join(own)} |  | sets | sets | sets |"
    yield f"| {' '.join(above)}, whether it is there, and any other field |  |  | set | sets |"
    yield f"| members: {' '.join(heads)} |  |  | name and relieve | names and relieves |"
    yield (
        f"| members: {' '.join(others)} |  | names and relieves | name and relieve"
        " | names and relieves |"
    )


def equals(tree: Tree, body: str, offices: Collection[str]) -> str:
    """Another body that holds the same office for the same place; empty where there is none."""
    mine = tree.get(body)
    if mine is None or not mine.active or mine.role not in offices or not mine.region:
        return ""
    found = (
        one.id
        for one in tree.values()
        if one.active and one.id != body and (one.role, one.region) == (mine.role, mine.region)
    )
    return next(found, "")


def jurisdiction(tree: Tree, body: str) -> str:
    """The id of the jurisdiction that binds a body: its own, else the nearest around it."""
    line = (tree[one].jurisdiction for one in (body, *_around(tree, body)) if one in tree)
    return next((one for one in line if one), "")


def _given(body: str, trees: Trees) -> bool:
    """Whether the actor heads a body above, as the tree was and as it would be."""
    was, becomes = trees.before.get(body), trees.after.get(body)
    sides = [tree for tree, one in ((trees.before, was), (trees.after, becomes)) if one]
    if was is not None and (becomes is None or not becomes.active):
        sides = [trees.before]  # a department that is taken away has nothing above it any more
    return bool(sides) and all(trees.headed & above(tree, body) for tree in sides)


def _around(tree: Tree, body: str) -> Iterator[str]:
    """The ids of all bodies around one, the nearest first."""
    return lineage.above(body, lambda one: tree[one].parents if one in tree else ())
