"""How many rows answer, and the columns with few values, each value with its rows: in one reading.

Of a long table whose answer is long, too, the values are counted in a sample of its pages, and the
figures said to be about so many.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from ..domain.explorer.column import Column, Kind
from ..domain.explorer.rough import rough
from .statements import Clause, Select, Statements, label

COUNTED = 10_000
"""Rows that are counted one by one; of more it is said that there are more."""
FEW = 20
"""Values of a column that are few."""
MOST = 8
"""Columns that are offered to choose from."""
SAMPLE = 10_000
"""Rows of a sample."""
FIRST = 2_000
"""Rows by which a column is known to have few values, where the database knows nothing of it."""
ASKED = 40
"""Columns of which that is asked."""
_OFFERED = frozenset({Kind.TEXT, Kind.NUMBER, Kind.DAY, Kind.FLAG})
LONGEST = 100
"""Characters of a value that is offered."""


@dataclass(frozen=True)
class RowCount:
    """How many rows: exactly, or more than ``number``; then ``about`` so many, where that is
    known."""

    number: int
    exact: bool = True
    about: int = 0


@dataclass(frozen=True)
class FacetValue:
    """A value (None: rows without one) and its rows."""

    value: str | None
    count: int


@dataclass(frozen=True)
class Facet:
    """A column with few values, under all conditions but those on the column itself."""

    column: Column
    values: tuple[FacetValue, ...]
    exact: bool


def counted(
    connection: sa.Connection, asked: Statements, most: int, offered: Sequence[Column]
) -> tuple[RowCount, list[Facet]]:
    """How many rows answer, of which no more than ``most`` are counted; and the values of these
    columns."""
    limited = asked.table.row_limit is not None
    most = (asked.table.row_limit or most) + 1
    own = [one for one in offered if asked.question.of(one.name)]
    others = [one for one in offered if one not in own]
    expected = 0 if limited else _expected(connection, asked)
    named = others if expected <= most else []
    number, found = _grouped(connection, asked, named, asked.conditions(), most)
    exact = number < most or limited
    if not exact:
        found = _sampled(connection, asked, others)
    elif named != others:  # the planner expected more
        number, found = _grouped(connection, asked, others, asked.conditions(), most)
    facets = {one.column.name: one for one in found}
    for one in own:
        free = asked.conditions(asked.question.of(one.name))
        number_of, alone = _grouped(connection, asked, [one], free, most)
        if number_of >= most and not limited:
            alone = _sampled(connection, asked, [one], free)
        facets.update((each.column.name, each) for each in alone)
    return (
        _count(number, most, expected, exact),
        [facets[one.name] for one in offered if one.name in facets],
    )


def offered_columns(connection: sa.Connection, asked: Statements) -> list[Column]:
    """The columns with few values, as the whole table has them."""
    table = asked.table
    listed = [one for one in table.columns if one.kind in _OFFERED]
    if table.distinct and table.estimate > COUNTED:
        few = {name for name, number in table.distinct.items()
               if 1 < (number if number > 0 else -number * table.estimate) <= FEW}
        return [one for one in listed if one.name in few][:MOST]
    return list(_by_first_rows(connection, asked, listed[:ASKED]))[:MOST]


def _by_first_rows(
    connection: sa.Connection, asked: Statements, listed: Sequence[Column]
) -> Iterator[Column]:
    """Those whose values repeat in the first rows."""
    if not listed:
        return
    first = sa.select(*(asked.sortable(one.name).label(label(n)) for n, one in enumerate(listed)))
    part = first.select_from(asked.source).order_by(asked.number).limit(FIRST).subquery()
    said = [sa.func.count(sa.distinct(part.c[label(n)])) for n in range(len(listed))]
    filled = [sa.func.count(part.c[label(n)]) for n in range(len(listed))]
    found = connection.execute(sa.select(*said, *filled)).one()
    for n, one in enumerate(listed):
        values, rows = int(found[n]), int(found[len(listed) + n])
        if (1 < values <= FEW and rows >= 2 * values) or (one.kind is Kind.FLAG and values):
            yield one


def _grouped(
    connection: sa.Connection,
    asked: Statements,
    columns: Sequence[Column],
    conditions: Sequence[Clause],
    most: int,
) -> tuple[int, list[Facet]]:
    """Rows under the conditions and the values of columns, by one statement that reads no more
    than ``most`` rows."""
    part = _part(asked, columns).select_from(asked.source).where(*conditions).limit(most)
    return _read(connection, part, columns, 1, exact=True)


def _sampled(
    connection: sa.Connection,
    asked: Statements,
    columns: Sequence[Column],
    conditions: Sequence[Clause] | None = None,
) -> list[Facet]:
    """The same of some pages of the table, and reckoned up; a reload shows the same."""
    if not columns:
        return []
    source, times = sample(asked)
    part = _part(asked, columns).select_from(source).where(
        *(asked.conditions() if conditions is None else conditions))
    return _read(connection, part, columns, times, exact=False)[1]


def sample(asked: Statements) -> tuple[sa.FromClause, float]:
    """Some pages of the table, and how many times as large the table is; the same each time."""
    share = min(100.0, 100 * SAMPLE / max(asked.table.estimate, SAMPLE))
    return sa.tablesample(asked.bare, sa.func.system(share), seed=sa.literal(1)), 100 / share


def _part(asked: Statements, columns: Sequence[Column]) -> Select:
    listed = [asked.text(one.name, LONGEST + 1).label(label(n)) for n, one in enumerate(columns)]
    return sa.select(sa.literal(1).label("one"), *listed)


def _read(
    connection: sa.Connection, part: Select, columns: Sequence[Column], times: float, *,
    exact: bool,
) -> tuple[int, list[Facet]]:
    rows = part.cte("part")
    names = [rows.c[label(n)] for n in range(len(columns))]
    sets = sa.func.grouping_sets(*(sa.tuple_(one) for one in names), sa.text("()"))
    which = sa.func.grouping(*names) if names else sa.literal(0)
    statement = sa.select(which, *names, sa.func.count()).select_from(rows).group_by(sets)
    number, values = 0, [list[FacetValue]() for _ in columns]
    for found in connection.execute(statement):
        count = int(found[-1])
        place = _place(int(found[0]), len(columns))
        if place is None:
            number = count
        else:
            figure = count if exact else rough(count * times)
            values[place].append(FacetValue(found[1 + place], figure))
    facets = [Facet(one, tuple(sorted(of_one, key=_by_size)[:FEW]), exact)
              for one, of_one in zip(columns, values, strict=True)
              if of_one and all(len(each.value or "") <= LONGEST for each in of_one)]
    return number, facets


def _place(grouping: int, width: int) -> int | None:
    """Which column a line counts: PostgreSQL has a bit for each that is not grouped by."""
    return next((n for n in range(width) if not grouping >> (width - 1 - n) & 1), None)


def _by_size(one: FacetValue) -> tuple[bool, int, str]:
    return one.value is None, -one.count, one.value or ""


def _count(number: int, most: int, expected: int, exact: bool) -> RowCount:
    if exact:
        return RowCount(number)
    return RowCount(most - 1, False, rough(expected) if expected > most else 0)


def _expected(connection: sa.Connection, asked: Statements) -> int:
    """About how many rows answer, as the planner thinks."""
    return _planned(connection, asked) if asked.question.narrows else asked.table.estimate


def _planned(connection: sa.Connection, asked: Statements) -> int:
    """How many rows the planner expects."""
    statement = asked.numbers().order_by(None).compile(connection)
    plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", statement.params)
    said: object = plan.scalar()
    read: object = json.loads(said) if isinstance(said, str) else said
    return int(read[0]["Plan"]["Plan Rows"]) if isinstance(read, list) else 0
