"""Chinese words inside tables: written to CKAN's column of words, and asked for there.

CKAN's ``_full_text`` takes a run of Chinese characters for one word, so only the whole cell was
found. Our tables have each two neighbours beside it (:mod:`..domain.word_pairs`); what is asked for
is found by either, so tables that programs wrote answer as before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from ..access.rows import quoted
from ..domain import word_pairs

MARK, INDEXED = "govdata ", " indexed"
"""Our tables have this in their comment, with the file's digest, and whether their words are there
and have an index."""
FILLED = 20_000
"""Rows that get their words at once; whoever writes one of them waits so long."""
MOST = 50_000
"""Characters of a row whose pairs are known; PostgreSQL takes a mebibyte of words for a row."""
MOST_WORDS = 100_000
"""Characters of a row whose words are known."""
_HAN = f"[{word_pairs.HAN}]"
_WORDS = f"""
CREATE FUNCTION govdata_words(said text) RETURNS tsvector LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT CASE WHEN said ~ '{_HAN}' THEN to_tsvector(concat_ws(' ', left(said, {MOST_WORDS}),
    regexp_replace(left(said, {MOST}), '({_HAN}{{1,2}}|[{word_pairs.SIGNS}]+)', ' \\1 ', 'g'),
    regexp_replace(regexp_replace(left(said, {MOST}), '(^|[^{word_pairs.HAN}]+){_HAN}', ' ', 'g'),
        '({_HAN}{{1,2}})', ' \\1 ', 'g')))
ELSE to_tsvector(left(said, {MOST_WORDS})) END
$$
"""
_TRIGGER = """
CREATE FUNCTION govdata_full_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW._full_text IS NULL THEN
        NEW._full_text := (SELECT govdata_words(string_agg(value, ' '))
            FROM json_each_text(row_to_json(NEW.*)) WHERE NOT starts_with(key, '_'));
    END IF;
    RETURN NEW;
END $$
"""
_COMMENT = sa.text("SELECT obj_description(to_regclass(:name), 'pg_class')")
_COLUMNS = sa.text("""
SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(:name) AND attnum > 0
AND NOT attisdropped AND NOT starts_with(attname, '_')
""")
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('govdata words', 0))"
_THERE = "SELECT to_regproc('public.govdata_full_text') IS NOT NULL"


def prepare(connection: sa.Connection) -> None:
    """Have the functions in the DataStore's database, once for all; the caller commits."""
    if not connection.scalar(sa.text(_THERE)):
        connection.exec_driver_sql(_LOCK)
        if not connection.scalar(sa.text(_THERE)):
            connection.exec_driver_sql(_WORDS)
            connection.exec_driver_sql(_TRIGGER)


def filling(connection: sa.Connection, table: str) -> Iterator[str]:
    """The statements that write the words of all rows that have none, by some thousands; the caller
    commits each, and what was begun once is gone on with."""
    name = quoted(table)
    columns = connection.scalars(_COLUMNS, {"name": name})
    # as an array: a function takes a hundred arguments
    said = ", ".join(f"CAST({quoted(column)} AS text)" for column in columns)
    statement = (f"UPDATE {name} SET _full_text = "  # noqa: S608 - quoted, and numbers
                 f"govdata_words(concat_ws(' ', VARIADIC ARRAY[{said}])) "
                 "WHERE _full_text IS NULL AND _id").replace("%", "%%")
    last = connection.exec_driver_sql(
        f"SELECT max(_id) FROM {name}".replace("%", "%%")).scalar() or 0  # noqa: S608
    for after in range(0, last, FILLED):
        yield f"{statement} BETWEEN {after + 1} AND {after + FILLED}"


def watch() -> None:
    """Once a process: have the DataStore's searches for words look for pairs, too."""
    if not p.plugin_loaded("datastore"):
        return
    from ckanext.datastore.backend import postgres

    backend: Any = postgres
    if not hasattr(backend._build_query_and_rank_statements, "govdata"):
        backend._build_query_and_rank_statements = _with_pairs(
            backend._build_query_and_rank_statements)
        backend._where_clauses = _in_columns(backend._where_clauses)


def _with_pairs(original: Callable[..., tuple[str, str]]) -> Callable[..., tuple[str, str]]:
    @wraps(original)
    def built(
        lang: str, query: str, plain: bool, field: str | None = None
    ) -> tuple[str, str]:
        statement, rank = original(lang, query, plain, field)
        if not word_pairs.has_han(query):
            return statement, rank
        alias, pairs = _alias(field), _pairs(lang, query, plain)
        # an expression has CKAN's words in it already: beside it !甲 would be met by either
        asked = f"{statement.removesuffix(f' {alias}')} || {pairs}" if plain else pairs
        return f"(SELECT {asked}) {alias}({alias})", rank

    setattr(built, "govdata", True)  # noqa: B010 - a mark on a function
    return built


def _pairs(lang: str, query: str, plain: bool) -> str:
    """The query for pairs in SQL; of a plain one all other words must be there, too."""
    from ckanext.datastore.backend.postgres import literal_string

    language = literal_string(lang)
    if not plain:
        return f"to_tsquery({language}, {literal_string(word_pairs.expanded(query))})"
    pairs = literal_string(word_pairs.of_runs(word_pairs.runs(query)))
    found = f"to_tsquery({language}, {pairs})"
    if rest := word_pairs.without_runs(query):
        return f"(plainto_tsquery({language}, {literal_string(rest)}) && {found})"
    return found


def _in_columns(original: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    """A search in one column: CKAN looks for words there, so a part of a cell is looked for as
    such, among the rows that have its pairs. None is made while words are still missing."""

    @wraps(original)
    def clauses(asked: Mapping[str, Any], types: Mapping[str, str]) -> list[Any]:
        found, query = original(asked, types), asked.get("q")
        named = [name for name in ("q", "full_text") if asked.get(name)]
        if named and _lacks_words(str(asked.get("resource_id"))):
            message = tk._("The words of this table are being prepared, so it cannot be searched "
                           "for them yet. Try again in some minutes, or use filters.")
            raise tk.ValidationError({name: [message] for name in named})
        if not isinstance(query, Mapping):
            return found
        for field, value in query.items():
            if field in types and word_pairs.has_han(str(value)):
                found = [_or_within(clause, field, str(value)) for clause in found]
        return found

    return clauses


def are_there(table: str) -> bool:
    """Whether a table's words are all prepared; also where the database cannot say."""
    try:
        return not _lacks_words(table)
    except SQLAlchemyError:
        return True


def _lacks_words(table: str) -> bool:
    """Whether rows of a table of ours may still be without their words."""
    from ckanext.datastore.backend.postgres import get_read_engine

    with get_read_engine().connect() as connection:
        mark = connection.scalar(_COMMENT, {"name": quoted(table)}) or ""
    return mark.startswith(MARK) and not mark.endswith(INDEXED)


def _or_within(clause: tuple[Any, ...], field: str, value: str) -> tuple[Any, ...]:
    from ckanext.datastore.backend.postgres import identifier, literal_string

    said = str(clause[0])
    if not (said.startswith("to_tsvector(") and said.endswith(f" @@ {_alias(field)}")):
        return clause
    parts = " AND ".join(
        f"strpos(CAST({identifier(field)} AS text), {literal_string(part)}) > 0"
        for part in [*word_pairs.runs(value), *word_pairs.without_runs(value).split()])
    return (f"({clause[0]} OR ({parts}))",)


def _alias(field: str | None) -> str:
    from ckanext.datastore.backend import postgres

    return postgres._ts_query_alias(field)  # pyright: ignore[reportPrivateUsage]
