"""The triggers that note each change of the tables that ``config/ledger.yaml`` names.

They stand in the database, so no way of writing goes around them: what is noted in
``govdata_change`` becomes an entry of the ledger in the same transaction (:mod:`.settling`).
A statement's rows are noted together, however many they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .. import yaml_files

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
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN value = '' THEN NULL WHEN digest OR length(value) > 200
        THEN 'sha256:' || encode(sha256(convert_to(value, 'UTF8')), 'hex') ELSE value END
$$;
CREATE OR REPLACE FUNCTION govdata_changes(old jsonb, new jsonb, secrets text[])
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_object_agg(name, CASE WHEN name = ANY(secrets) THEN '{}'::jsonb
        ELSE jsonb_build_object('from', was, 'to', becomes) END), '{}')
    FROM (
        SELECT coalesce(o.key, n.key) AS name, o.value AS was, n.value AS becomes
        FROM jsonb_each_text(coalesce(old, '{}')) o
        FULL JOIN jsonb_each_text(coalesce(new, '{}')) n ON n.key = o.key
    ) pair WHERE was IS DISTINCT FROM becomes
$$;
"""
"""What all triggers ask: a value as it is told (of more than 200 characters its digest), and the
fields that differ."""

EVERY_EXTRA = """
(SELECT coalesce(jsonb_object_agg(key, govdata_told(value, false)), '{{}}') FROM jsonb_each_text(
CASE jsonb_typeof({row} -> 'extras') WHEN 'object' THEN {row} -> 'extras' ELSE '{{}}' END))"""


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
    """The tables of ``config/ledger.yaml``."""
    declared: Mapping[str, Mapping[str, Any]] = yaml_files.read(yaml_files.file("ledger.yaml")).data
    return tuple(Watched(name, **said) for name, said in declared.items())


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
    yield "DROP FUNCTION IF EXISTS govdata_told, govdata_changes"


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
    """The statement that notes the rows of one insert, update or delete."""
    kept = "".join(f", '{name}', row ->> '{name}'" for name in table.keep)
    secrets = ", ".join(f"'{name}'" for name in table.secrets)
    sides = f"{_values(table, 'past')}, {_values(table, 'present')}"
    same = " AND ".join(f'a."{key}" = b."{key}"' for key in table.keys)
    differs = "changes <> '{}'" if kind == "update" else "true"
    return (
        "INSERT INTO govdata_change (object_type, object_id, action, facts)\n"
        f"SELECT '{table.object}', row ->> '{table.of_parent}', '{table.events[kind]}',"
        f" jsonb_build_object('changes', changes{kept})\n"
        f"FROM (SELECT coalesce(present, past) AS row,"
        f" govdata_changes({sides}, ARRAY[{secrets}]::text[]) AS changes\n"
        f"FROM ({SOURCES[kind].format(same=same)}) pair) noted\n"
        f"WHERE ({table.only}) AND {differs}"
    )


def _values(table: Watched, row: str) -> str:
    """The watched values of a row as one object."""
    hidden = {*table.digests, *table.secrets}
    names = (*table.fields, *table.digests, *table.secrets)
    known = ", ".join(_value(name, row, digest=name in hidden) for name in names)
    found = f"jsonb_build_object({known})"
    if table.every_extra:
        found = EVERY_EXTRA.format(row=row) + f" || {found}"
    return f"CASE WHEN {row} IS NOT NULL THEN jsonb_strip_nulls({found}) END"


def _value(name: str, row: str, *, digest: bool) -> str:
    """A field and what is told of it; ``extras.x`` is the key ``x`` of the column ``extras``."""
    field = name.removeprefix("extras.")
    place = row if field == name else f"{row} -> 'extras'"
    return f"'{field}', govdata_told({place} ->> '{field}', {str(digest).lower()})"
