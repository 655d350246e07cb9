"""The triggers that note each change of the tables that ``config/ledger.yaml`` names.

They stand in the database, so no way of writing goes around them: what is noted in
``govdata_change`` becomes an entry of the ledger in the same transaction (:mod:`.settling`).
A statement's rows are noted together, however many they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .. import config_reader
from ..domain.node import Node, Parts

REFERENCES = {
    "insert": "REFERENCING NEW TABLE AS after",
    "update": "REFERENCING OLD TABLE AS before NEW TABLE AS after",
    "delete": "REFERENCING OLD TABLE AS before",
}
SOURCES = {
    "insert": "SELECT NULL::jsonb AS past, to_jsonb(a) AS present FROM after a",
    "update": "SELECT to_jsonb(b) AS past, to_jsonb(a) AS present FROM after a JOIN before b"
    ' ON {same} WHERE a.* IS DISTINCT FROM b.*',
    "delete": "SELECT to_jsonb(b) AS past, NULL::jsonb AS present FROM before b",
}
HELPERS = """
CREATE OR REPLACE FUNCTION govdata_told(value text, digest boolean)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN value = '' THEN NULL WHEN digest OR length(value) > 200
        THEN 'sha256:' || encode(sha256(convert_to(value, 'UTF8')), 'hex') ELSE value END
$$;
CREATE OR REPLACE FUNCTION govdata_changes(old jsonb, new jsonb)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_object_agg(coalesce(o.key, n.key), jsonb_build_object(
        'from', govdata_told(o.value, false), 'to', govdata_told(n.value, false))), '{}')
    FROM jsonb_each_text(CASE jsonb_typeof(old) WHEN 'object' THEN old ELSE '{}' END) o
    FULL JOIN jsonb_each_text(CASE jsonb_typeof(new) WHEN 'object' THEN new ELSE '{}' END) n
        ON n.key = o.key
    WHERE nullif(o.value, '') IS DISTINCT FROM nullif(n.value, '')
$$;
"""
"""What the triggers ask: a value as it is told (of more than 200 characters its digest), and the
keys of two objects that differ. The first is so simple that PostgreSQL puts it into the statement
that asks; of 20,000 rows that is most of the time."""


@dataclass(frozen=True)
class Watched:
    """A table whose changes are told; the fields are those of the declaration."""

    table: str
    object: str
    events: Mapping[str, str]
    keys: Sequence[str] = ("id",)
    of_parent: str = "id"
    fields: Sequence[str] = ()
    every_extra: bool = False
    digests: Sequence[str] = ()
    secrets: Sequence[str] = ()
    keep: Sequence[str] = ()
    only: str = "true"


@lru_cache(maxsize=1)
def tables() -> tuple[Watched, ...]:
    """The tables of ``config/ledger.yaml``; raises ``BrokenFile``."""
    read = config_reader.file("ledger.yaml")
    return config_reader.checked(read, lambda top: tuple(top.each(_watched).values()))


LISTS = ("fields", "digests", "secrets", "keep")
EVENTS = tuple(REFERENCES)


def _watched(name: str, node: Node) -> Watched:
    known = ("keys", "of_parent", "every_extra", "only", *LISTS)
    parts = node.entries(known, needed=("object", "events"))
    events = parts["events"].entries(EVENTS) if "events" in parts else Parts()
    lists = {key: parts.read(key, Node.texts, ()) for key in LISTS}
    return Watched(
        name,
        parts.read("object", Node.code, ""),
        {kind: word.code() for kind, word in events.items()},
        parts.read("keys", Node.texts, ("id",)),
        parts.read("of_parent", Node.text, "id"),
        every_extra=parts.read("every_extra", Node.yes_no, False),
        only=parts.read("only", Node.text, "true"),
        **lists,
    )


def installing() -> Iterator[str]:
    """The statements that install every trigger, in the place of what stood there."""
    yield HELPERS
    for table in tables():
        for kind in REFERENCES:
            yield f'DROP TRIGGER IF EXISTS {_name(table, kind)} ON "{table.table}"'
            if kind in table.events:
                yield from _trigger(table, kind)


def removing() -> Iterator[str]:
    """The statements that take them away."""
    for table in tables():
        for kind in table.events:
            yield f"DROP FUNCTION IF EXISTS {_name(table, kind)}() CASCADE"
    yield "DROP FUNCTION IF EXISTS govdata_told, govdata_changes(jsonb, jsonb)"


def _name(table: Watched, kind: str) -> str:
    return f"govdata_note_{table.table}_{kind}"


def _trigger(table: Watched, kind: str) -> Iterator[str]:
    name = _name(table, kind)
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n"
        f"{_noting(table, kind)};\nRETURN NULL; END $$"
    )
    yield (
        f'CREATE TRIGGER {name} AFTER {kind.upper()} ON "{table.table}" {REFERENCES[kind]}'
        f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
    )


def _noting(table: Watched, kind: str) -> str:
    """The statement that notes the rows of one insert, update or delete.

    ``OFFSET 0`` has each row made to JSON once, not once for each field that is asked of it.
    """
    kept = "".join(f", '{name}', row ->> '{name}'" for name in table.keep)
    same = " AND ".join(f'a."{key}" = b."{key}"' for key in table.keys)
    differs = "changes <> '{}'" if kind == "update" else "true"
    return (
        "INSERT INTO govdata_change (object_type, object_id, action, facts)\n"
        f"SELECT '{table.object}', row ->> '{table.of_parent}', '{table.events[kind]}',"
        f" jsonb_build_object('changes', changes{kept})\n"
        f"FROM (SELECT coalesce(present, past) AS row, jsonb_strip_nulls({_differing(table)})"
        f" AS changes\nFROM ({SOURCES[kind].format(same=same)} OFFSET 0) pair) noted\n"
        f"WHERE ({table.only}) AND {differs}"
    )


def _differing(table: Watched) -> str:
    """An object of the watched fields that differ, each with its values; of others nothing."""
    names = (*table.fields, *table.digests, *table.secrets)
    found = f"jsonb_build_object({', '.join(_field(table, name) for name in names)})"
    if table.every_extra:
        found = f"govdata_changes(past -> 'extras', present -> 'extras') || {found}"
    return found


def _field(table: Watched, name: str) -> str:
    """A field and its values; ``extras.x`` is the key ``x`` of the column ``extras``."""
    field = name.removeprefix("extras.")
    inside = "" if field == name else " -> 'extras'"
    past, present = (f"(({row}{inside}) ->> '{field}')" for row in ("past", "present"))
    digest = "true" if name in table.digests else "false"
    told = (
        f"jsonb_build_object('from', govdata_told({past}, {digest}),"
        f" 'to', govdata_told({present}, {digest}))"
    )
    if name in table.secrets:
        told = "'{}'::jsonb"
    differs = f"nullif({past}, '') IS DISTINCT FROM nullif({present}, '')"
    return f"'{field}', CASE WHEN {differs} THEN {told} END"
