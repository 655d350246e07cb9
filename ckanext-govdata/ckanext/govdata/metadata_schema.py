"""The fields of entries and departments: ``schemas/dataset.yaml``, ``organization.yaml``.

ckanext-scheming makes forms and validation of them; here they are checked first, so that a broken
schema stops the start with file and line, and read by whoever asks how a field is called.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from . import config_reader, vocabularies
from .domain.locales import Label
from .domain.node import Node, Parts

_LABELS = ("help_text", "form_group", "form_placeholder", "repeating_label")
_TEXTS = ("validators", "output_validators", "form_id", "choices_helper", "input_type")
_SNIPPETS = ("form_snippet", "display_snippet")
_FIELD = (
    *_LABELS, *_TEXTS, *_SNIPPETS, "preset", "vocabulary", "required", "shown_when_closed",
    "depends_on", "form_blanks", "choices", "repeating_subfields",
)


@dataclass(frozen=True)
class MetadataField:
    """A field as its schema declares it; ``parts`` are the columns of a repeating one."""

    name: str
    label: Label
    shown_when_closed: bool = False
    """Whether strangers see it of an entry that is not open."""
    parts: tuple[MetadataField, ...] = ()


@lru_cache(maxsize=1)
def entry_fields() -> Mapping[str, MetadataField]:
    """The fields of an entry by name, in the order of the form; raises ``BrokenFile``."""
    source = config_reader.file("dataset.yaml", config_reader.SCHEMAS)
    return config_reader.checked(source, lambda top: _schema(top, "dataset", "dataset_fields"))


@lru_cache(maxsize=1)
def department_fields() -> Mapping[str, MetadataField]:
    """The fields of a department by name, in the order of the form; raises ``BrokenFile``."""
    source = config_reader.file("organization.yaml", config_reader.SCHEMAS)
    return config_reader.checked(source, lambda top: _schema(top, "organization", "fields"))


@lru_cache(maxsize=1)
def presets() -> frozenset[str]:
    """The names of ``schemas/presets.yaml`` and of ckanext-scheming's own; may raise so, too."""
    source = config_reader.file("presets.yaml", config_reader.SCHEMAS)
    shipped = json.loads((files("ckanext.scheming") / "presets.json").read_text("utf-8"))
    theirs = {preset["preset_name"] for preset in shipped["presets"]}
    return frozenset(theirs | set(config_reader.checked(source, _presets)))


def check() -> None:
    """Read all three; raises one ``BrokenFile``."""
    config_reader.gathered([presets, entry_fields, department_fields])


def labels(fields: Mapping[str, MetadataField]) -> Mapping[str, Label]:
    """The label of each field and of each column of those that repeat."""
    found = [part for field in fields.values() for part in (*field.parts, field)]
    return {field.name: field.label for field in found}


def _schema(top: Node, kind: str, key: str) -> dict[str, MetadataField]:
    own = ("scheming_version", f"{kind}_type", key)
    parts = top.entries(("about", "about_url", "after_validators", "resource_fields"), needed=own)
    parts.read("scheming_version", Node.number, 2)
    parts.read(f"{kind}_type", lambda node: node.code([kind]), "")
    for words in ("about", "about_url", "after_validators"):
        parts.read(words, Node.text, "")
    known = config_reader.elsewhere(presets)
    parts.read("resource_fields", lambda node: _fields(node, known), {})
    return parts.read(key, lambda node: _fields(node, known), {})


def _fields(node: Node, known: Collection[str] | None) -> dict[str, MetadataField]:
    found: dict[str, MetadataField] = {}
    for item in node.items():
        field = _field(item, known)
        if field.name in found:
            item.blame(f"field {field.name!r} stands twice", "field_name")
        found[field.name] = field
    return found


def _field(node: Node, known: Collection[str] | None) -> MetadataField:
    parts = node.entries(_FIELD, needed=("field_name", "label"))
    for key in _LABELS:
        parts.read(key, Node.label, {})
    _check_keys(parts)
    parts.read("preset", lambda preset: preset.known(known, "preset"), "")
    below = parts.read("repeating_subfields", lambda subs: _fields(subs, known), {})
    return MetadataField(
        parts.read("field_name", Node.code, ""),
        parts.read("label", Node.label, {}),
        parts.read("shown_when_closed", Node.yes_no, False),
        tuple(below.values()),
    )


def _check_keys(parts: Parts) -> None:
    """What ckanext-scheming and our templates take for granted of a field or a preset."""
    for key in _TEXTS:
        parts.read(key, Node.text, "")
    for key in _SNIPPETS:
        if key in parts and parts[key].value is not None:  # null: the field is not shown there
            parts[key].text()
    parts.read("required", Node.yes_no, False)
    parts.read("form_blanks", lambda node: node.number(0), 0)
    parts.read("depends_on", lambda node: node.each(lambda _name, one: _words(one)), {})
    parts.read("choices", lambda node: [_choice(one) for one in node.items()], [])
    names = vocabularies.names()
    parts.read("vocabulary", lambda node: node.known(names, "vocabulary"), "")


def _words(node: Node) -> tuple[str, ...]:
    return (node.text(),) if isinstance(node.value, str) else node.texts()


def _choice(node: Node) -> Label:
    parts = node.entries(needed=("value", "label"))
    parts.read("value", Node.text, "")
    return parts.read("label", Node.label, {})


def _presets(top: Node) -> list[str]:
    own = ("scheming_presets_version", "presets")
    parts = top.entries(("about", "about_url"), needed=own)
    parts.read("scheming_presets_version", Node.number, 1)
    for key in ("about", "about_url"):
        parts.read(key, Node.text, "")
    return [_preset(node) for node in parts["presets"].items()] if "presets" in parts else []


def _preset(node: Node) -> str:
    parts = node.entries(needed=("preset_name", "values"))
    if "values" in parts:
        _check_keys(parts["values"].entries(_FIELD))
    return parts.read("preset_name", Node.code, "")
