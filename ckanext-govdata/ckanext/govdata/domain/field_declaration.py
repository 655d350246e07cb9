"""How a field is declared, in a procedure's folder or in a form of ``schemas/forms``."""

from __future__ import annotations

from typing import Any

from . import soundness
from .field_part import PLAYED_BY, FieldPart
from .field_type import TYPES
from .node import Node, Parts
from .procedure import Field
from .seal import KINDS

FIELD_FLAGS = ("private", "public", "identity", "proposes", "grounds", "powers", "records")
_WORDS = ("help", "required", "min", "max", "after", "options", "choices", "input", "empty")
_FIELD = (*_WORDS, "among", "as_in", "sealed", "part", *FIELD_FLAGS)


def read_field(name: str, node: Node) -> Field:
    """A field as it is declared; what is wrong with it is noted with its line."""
    parts = node.entries(known=_FIELD, needed=("label", "type"))
    kind = parts.read("type", Node.text, "")
    if kind and kind not in TYPES:
        parts["type"].blame(f"field type {kind} is not known ({', '.join(sorted(TYPES))})")
    flags: dict[str, Any] = {key: parts.read(key, Node.yes_no, False) for key in FIELD_FLAGS}
    found = Field(
        name=name,
        label=parts.read("label", Node.label, {}),
        type=kind,
        help=parts.read("help", Node.label, {}),
        required=parts.read("required", Node.yes_no, True),
        min=parts.read("min", lambda one: one.number(0), 0),
        max=parts.read("max", lambda one: one.number(0), 0),
        after=parts.read("after", Node.text, ""),
        among=parts.read("among", Node.text, ""),
        as_in=parts.read("as_in", Node.text, ""),
        sealed=parts.read("sealed", lambda one: one.code(KINDS), ""),
        options=parts.read("options", Node.labels, {}),
        choices=parts.read("choices", Node.code, ""),
        input=parts.read("input", Node.code, ""),
        empty=parts.read("empty", Node.label, {}),
        part=_part(parts, kind),
        **flags,
    )
    if kind in TYPES and (flaw := TYPES[kind].flaw(found)):
        node.blame(flaw, "options")
    return found


def _part(parts: Parts, kind: str) -> FieldPart | None:
    """The part that goes with the type, or else the one that is declared."""
    own = TYPES[kind].part if kind in TYPES else None
    said = parts.read("part", lambda one: one.code([part.value for part in PLAYED_BY]), "")
    if said and kind in TYPES and kind not in PLAYED_BY[FieldPart(said)]:
        types = " or ".join(PLAYED_BY[FieldPart(said)])
        parts["part"].blame(f"a field of the type {kind} is no {said} (only {types})")
    return own or (FieldPart(said) if said else None)


def read_form(top: Node) -> dict[str, Field]:
    """The fields of a form that belongs to no procedure."""
    parts = top.entries(needed=("fields",))
    found = parts.read("fields", lambda node: node.each(read_field), {})
    if "fields" in parts and not found:
        parts["fields"].blame("a form has at least one field")
    soundness.check_fields(found, soundness.Places(parts, top))
    return found
