"""Rows of a table by its columns: through ``datastore_search`` and as a streamed table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import ckan.model as model
import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.types import Action, Context, DataDict
from sqlalchemy.engine import Engine

from ..domain.access import Permitted, Way
from ..domain.items import folded
from ..domain.refusal import Refusal
from ..ledger import book
from ..parameters import number
from . import columns, gate, one_table

CHUNK = 64 * 1024
ROWS = 5_000
"""Rows of a table that are read at once."""
_PLAIN = frozenset(
    {"resource_id", "id", "fields", "limit", "offset", "sort", "filters", "include_total"}
    | {"records_format", "total_estimation_threshold", "plain", "distinct"}
    | {"language", "include_next_page"}
)


def within(allowed: Permitted, asked: Mapping[str, object]) -> bool:
    """Whether a search names nothing that the grant leaves out.

    Without columns and limit anything goes; else only parameters whose columns can be read.
    """
    if allowed.whole:
        return True
    given = {name for name, value in asked.items() if value not in (None, "", False, [], {})}
    if given - _PLAIN or not asked.get("fields"):
        return False
    known = None if allowed.columns is None else {*allowed.columns, "_id"}
    filters = asked.get("filters") or {}
    named = {*_list(asked.get("fields")), *(filters if isinstance(filters, Mapping) else ("?",))}
    for part in _list(asked.get("sort")):
        named.add(part.strip().rsplit(" ", 1)[0].strip('" ') if " " in part else part.strip('" '))
    if known is not None and not {*map(folded, named)} <= known:
        return False
    if allowed.row_limit is None:
        return True
    last = number(asked, "limit", 0) + number(asked, "offset", 0)
    return not filters and not asked.get("sort") and last <= allowed.row_limit


def search(
    original: Action, context: Context, data_dict: DataDict
) -> DataDict:
    """``datastore_search``, with the columns that the reader gets.

    Under a grant they stand for fields that were not named, and the reading is in the ledger.
    """
    asked, answer = _of_table(context, data_dict)
    if isinstance(answer, Refusal):
        return original(context, asked)
    if answer.way is Way.GRANT:
        _granted(context, asked, answer)
    elif not answer.whole:
        _refuse_full_text(asked, answer)
    with columns.only(asked["resource_id"], answer.columns):
        return original(context, asked)


def info(
    original: Action, context: Context, data_dict: DataDict
) -> DataDict:
    """``datastore_info``, with the columns that the reader gets."""
    asked, answer = _of_table(context, data_dict)
    with columns.only(asked["resource_id"], getattr(answer, "columns", None)):
        return original(context, asked)


def _of_table(
    context: Context, data_dict: Mapping[str, object]
) -> tuple[DataDict, Permitted | Refusal]:
    """What is asked of a table, which is named once, by its own id; and what the gate says of it.

    To CKAN ``id`` means the same as ``resource_id`` and goes before it, and both may be another
    name that the table has.
    """
    name = str(data_dict.get("id") or data_dict.get("resource_id") or "")
    answer = gate.allows(context, name)
    if isinstance(answer, Refusal) and answer.code == "no_such_resource" and name:
        from ckanext.datastore.backend import DatastoreBackend

        _there, meant = DatastoreBackend.get_active_backend().resource_id_from_alias(name)
        name, answer = (meant, gate.allows(context, meant)) if meant else (name, answer)
    rest = {key: value for key, value in data_dict.items() if key != "id"}
    return {**rest, "resource_id": name}, answer


def _granted(context: Context, asked: DataDict, allowed: Permitted) -> None:
    """Write out what a grant gives where it is not named, and note the reading."""
    resource_id = str(asked["resource_id"])
    if not allowed.whole:
        asked.setdefault("fields", columns.given(resource_id, allowed))
        asked["include_total"] = allowed.row_limit is None
        if allowed.row_limit is not None:
            asked.setdefault("limit", min(100, allowed.row_limit))
    tk.check_access("datastore_search", context, dict(asked))
    facts = {"resource": resource_id, "offset": str(asked.get("offset") or 0)}
    reader = gate.reader_of(context)
    record(allowed.grant, "data_read", reader.id if reader else "", facts)


def _refuse_full_text(asked: Mapping[str, object], allowed: Permitted) -> None:
    """A search for words goes through whole rows, also where it names columns, so its hits would
    tell what stands in those that are kept back; raises ``ValidationError``."""
    named = [name for name in ("q", "full_text") if asked.get(name)]
    if named and columns.kept_back(str(asked["resource_id"]), allowed):
        message = tk._("Some columns of this table are not open, so its rows cannot be searched"
                       " for words. Use filters.")
        raise tk.ValidationError({name: [message] for name in named})


def page(allowed: Permitted, asked: Mapping[str, object]) -> DataDict:
    """One page of the rows that a grant gives; raises ``ValidationError`` where it asks for more.

    :param asked: ``resource_id``, ``limit`` (at most 1,000), ``offset``
    """
    resource_id = str(asked["resource_id"])
    limit, offset = min(number(asked, "limit", 100), 1000), number(asked, "offset", 0)
    if allowed.row_limit is not None:
        limit = max(0, min(limit, allowed.row_limit - offset))
    named = columns.given(resource_id, allowed)
    if not named:  # no fields would mean all of them to the DataStore
        message = tk._("The table has none of the granted columns any more.")
        raise tk.ValidationError({"columns": [message]})
    wanted = {"resource_id": resource_id, "fields": named, "sort": "_id", "offset": offset}
    found = tk.get_action("datastore_search")(
        {"ignore_auth": True}, {**wanted, "limit": limit, "include_total": False}
    )
    rows = {name: found[name] for name in ("fields", "records")}
    return {**rows, "offset": offset, "limit": limit}


def record(grant_id: str, action: str, user_id: str, facts: Mapping[str, object]) -> None:
    """Write what is about to be read into the ledger, before the first byte leaves."""
    book.write(model.Session, [book.LedgerEntry(action, "grant", grant_id, user_id, facts)])
    model.Session.commit()


def in_datastore(resource_id: str) -> bool:
    """Whether the resource is a table."""
    if not p.plugin_loaded("datastore"):
        return False
    from ckanext.datastore.backend import DatastoreBackend

    return DatastoreBackend.get_active_backend().resource_exists(resource_id)


def stream(resource_id: str, columns: list[str], limit: int | None) -> Iterator[bytes]:
    """The table as CSV, by a COPY for each some thousand rows: memory stays flat however long it
    is, and between two of them nothing is locked, so a department that takes its table away does
    not wait for whoever reads it slowly. All are of the table that was there at the beginning."""
    table = one_table.OneTable(resource_id)
    done, last, head = 0, -1, True
    while limit is None or done < limit:
        most = ROWS if limit is None else min(ROWS, limit - done)
        part = (last, most, head)
        found, last, out = table.read(lambda name, part=part: _copied(name, columns, part))
        done, head = done + found, False
        with out:
            while chunk := out.read(CHUNK):
                yield chunk
        if found < most:
            break


def _copied(
    table: str, columns: list[str], part: tuple[int, int, bool]
) -> tuple[int, int, IO[bytes]]:
    """The rows after one in a file: how many they are, and which is the last of them."""
    after, most, head = part
    connection: Any = _engine().raw_connection()
    out = SpooledTemporaryFile(max_size=16 * CHUNK)  # noqa: SIM115 - the caller's
    try:
        with connection.cursor() as cursor:
            cursor.execute(_bounds(table, after, most))
            found, last = cursor.fetchone()
            until = after if last is None else int(last)
            cursor.copy_expert(_statement(table, columns, after, until, head), out)
        out.seek(0)
        return int(found), until, out
    finally:
        connection.rollback()
        connection.close()


def narrowed(
    lines: Iterator[str], columns: Sequence[str], limit: int | None
) -> Iterator[bytes]:
    """A CSV file with some of its columns and rows; raises KeyError where none is there."""
    reader = csv.reader(lines)
    header = next(reader, [])
    chosen = [i for i, name in enumerate(header) if folded(name) in columns]
    if not chosen:
        raise KeyError(", ".join(columns))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([header[i] for i in chosen])
    for position, row in enumerate(reader):
        if limit is not None and position >= limit:
            break
        writer.writerow([row[i] if i < len(row) else "" for i in chosen])
        if out.tell() > CHUNK:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def _engine() -> Engine:
    from ckanext.datastore.backend.postgres import get_read_engine

    return get_read_engine()


def quoted(name: str) -> str:
    """A name as it is written in a statement."""
    return '"' + name.replace('"', '""').replace("\0", "") + '"'


def _bounds(resource_id: str, after: int, most: int) -> str:
    """How many rows come after one, at most so many, and the last of these."""
    return (  # the name is quoted, the numbers are numbers
        f"SELECT count(*), max(_id) FROM (SELECT _id FROM {quoted(resource_id)} "  # noqa: S608
        f"WHERE _id > {int(after)} ORDER BY _id LIMIT {int(most)}) AS part"
    )


def _statement(resource_id: str, columns: list[str], after: int, until: int, head: bool) -> str:
    listed = ", ".join(map(quoted, columns))
    heading = "true" if head else "false"
    return (  # every name is quoted, the numbers are numbers
        f"COPY (SELECT {listed} FROM {quoted(resource_id)} WHERE _id > {int(after)} "  # noqa: S608
        f"AND _id <= {int(until)} ORDER BY _id) "
        f"TO STDOUT WITH (FORMAT csv, HEADER {heading}, ENCODING 'UTF8')"
    )


def _list(value: object) -> list[str]:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return [str(part) for part in value] if isinstance(value, Iterable) else []
