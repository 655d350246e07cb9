"""A table as one reader may read it: whether, which columns, how many rows.

Whoever hands out rows, pictures or files of a table begins here: what is not among ``columns`` does
not exist for the reader.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins as p
import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from ..access import gate
from ..access.rows import record
from ..domain.access import Permitted, Way
from ..domain.explorer.column import Column, Kind
from ..domain.items import folded
from ..domain.refusal import Refusal
from ..tables.word_search import INDEXED, MARK

KINDS: Mapping[str, Kind] = {
    "smallint": Kind.NUMBER, "integer": Kind.NUMBER, "bigint": Kind.NUMBER,
    "numeric": Kind.NUMBER, "real": Kind.NUMBER, "double precision": Kind.NUMBER,
    "date": Kind.DAY, "timestamp without time zone": Kind.MOMENT,
    "timestamp with time zone": Kind.MOMENT, "boolean": Kind.FLAG,
}  # fmt: skip
"""PostgreSQL's types; all others are read as texts."""
NUMBER = "_id"
"""The column of the row's own number, which each table of the DataStore has."""
_COLUMNS = sa.text("""
SELECT c.oid, c.reltuples, coalesce(obj_description(c.oid, 'pg_class'), '') AS mark,
    a.attname AS name, format_type(a.atttypid, NULL) AS type,
    col_description(c.oid, a.attnum) AS said, s.n_distinct AS few
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_stats s ON s.schemaname = 'public' AND s.tablename = c.relname
    AND s.attname = a.attname AND NOT s.inherited
WHERE c.oid = to_regclass('public.' || quote_ident(:name)) AND c.relkind = 'r' ORDER BY a.attnum
""")


@dataclass(frozen=True)
class ReadableTable:
    """What a reader may read of a table, at this moment.

    ``oid`` is the number that the database gave the table: what is read later must be of the same
    (:mod:`..access.one_table`). ``types`` are PostgreSQL's, by the name of the column.
    ``row_limit`` are the first rows, which alone are ever looked at; None is all of them.
    ``grant`` is the one under which he reads; then each reading is noted (:func:`note_reading`).
    """

    resource_id: str
    oid: int
    columns: tuple[Column, ...]
    types: Mapping[str, str]
    row_limit: int | None = None
    grant: str = ""
    whole: bool = True
    """Whether no column and no row is kept from the reader."""
    words: bool = False
    """Whether the table's words may be looked up in its index: they are those of whole rows."""
    estimate: int = -1
    """About how many rows there are, where the database knows and the reader gets all."""
    distinct: Mapping[str, float] = field(default_factory=dict[str, float], hash=False)
    """How many different values a column has about, as the planner keeps it, for who gets all rows:
    a negative number is their share of the rows."""

    def column(self, name: str) -> Column | None:
        """The column of that name."""
        return next((one for one in self.columns if one.name == name), None)


def readable_table(
    context: Mapping[str, object], resource_id: str
) -> ReadableTable | Refusal | None:
    """What the context's user may read of a file's table, or why nothing; None: it is no table.

    The gate is asked here and now; whoever goes on reading for long asks again. One statement in
    each database.
    """
    allowed = gate.allows(context, resource_id)
    if isinstance(allowed, Refusal):
        return allowed
    return table_under(allowed, resource_id)


def table_under(allowed: Permitted, resource_id: str) -> ReadableTable | Refusal | None:
    """As :func:`readable_table`, of what the gate has said already."""
    found = _described(resource_id)
    if not any(row["name"] == NUMBER for row in found):
        return None  # a table that is not the DataStore's has no numbered rows
    there = [row for row in found if not row["name"].startswith("_")]
    given = [row for row in there
             if allowed.columns is None or folded(row["name"]) in allowed.columns]
    if not given:
        return Refusal("no_columns", "resource", resource_id)
    known = gate.facts(resource_id)
    items = _by_name(gate.declared(known)) if known else {}
    limit = allowed.row_limit
    whole, mark = len(given) == len(there) and limit is None, str(found[0]["mark"])
    return ReadableTable(
        resource_id,
        int(found[0]["oid"]),
        tuple(_column(row, items) for row in given),
        {str(row["name"]): str(row["type"]) for row in given},
        limit,
        allowed.grant if allowed.way is Way.GRANT else "",
        whole,
        whole and mark.startswith(MARK) and mark.endswith(INDEXED),
        int(found[0]["reltuples"]) if limit is None else -1,
        {} if limit is not None else {
            str(row["name"]): float(row["few"]) for row in given if row["few"] is not None},
    )


def note_reading(
    context: Mapping[str, object], table: ReadableTable, **facts: object
) -> None:
    """Write into the ledger that rows are about to be read under a grant; nothing without one."""
    if table.grant:
        reader = gate.reader_of(context)
        told = {"resource": table.resource_id, **facts}
        record(table.grant, "data_read", reader.id if reader else "", told)


def _described(resource_id: str) -> Sequence[RowMapping]:
    """The table's columns as the database knows them; nothing where there is no table."""
    if not p.plugin_loaded("datastore") or resource_id.startswith("_"):
        return []
    from ckanext.datastore.backend.postgres import get_read_engine

    with get_read_engine().connect() as connection:
        return connection.execute(_COLUMNS, {"name": resource_id}).mappings().all()


def _by_name(items: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Items by what a column of theirs may be called."""
    return {folded(str(item[key])): item for item in reversed(list(items))
            for key in ("name_en", "name") if item.get(key)}


def _column(row: RowMapping, items: Mapping[str, Mapping[str, Any]]) -> Column:
    name = str(row["name"])
    item, said = items.get(folded(name), {}), _said(row["said"])
    title, called = said.get("label") or name, str(item.get("name") or "")
    code = str(item.get("name_en") or "")
    if called and folded(title) in (folded(code), folded(name)) and folded(title) != folded(called):
        title = called  # the heading is the English name
    if not code and name != title:
        code = name if name.isascii() else ""
    notes = said.get("notes") or str(item.get("description") or "")
    return Column(name, KINDS.get(str(row["type"]), Kind.TEXT), title, code, notes)


def _said(text: object) -> dict[str, str]:
    """The column's line of the data dictionary, which CKAN keeps as the column's comment."""
    try:
        found: object = json.loads(str(text))
    except ValueError:
        return {}
    info: object = found.get("_info") if isinstance(found, dict) else None
    if not isinstance(info, dict):
        return {}
    return {str(key): str(value) for key, value in info.items() if isinstance(value, str)}
