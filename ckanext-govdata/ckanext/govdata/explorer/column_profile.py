"""What stands in each column: how many rows have no value, how many values there are, from where to
where they reach, and which are the commonest.

Of a short table, or where the reader gets its first rows alone, all is counted; of a long one the
database's own figures are told, which are about right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from ..domain.explorer.column import Column, Kind
from ..domain.explorer.question import Question
from ..domain.explorer.rough import rough
from ..pager import Pager
from . import facets
from .readable_table import ReadableTable
from .statements import Statements
from .table_rows import held

SIZE = 20
"""Columns of a page."""
COUNTED = 50_000
"""Rows of a table whose figures are counted."""
TOP = 5
"""Values that are the commonest."""
LONGEST = 60
"""Characters of a value that is told."""
_RANGED = frozenset({Kind.NUMBER, Kind.DAY, Kind.MOMENT})
_KEPT = sa.text("""
SELECT attname AS name, null_frac, n_distinct FROM pg_stats
WHERE schemaname = 'public' AND tablename = :table AND attname = ANY(:names)
AND NOT inherited
""")


@dataclass(frozen=True)
class ColumnProfile:
    """What stands in a column; figures are about right where not ``exact``. ``first`` and ``last``
    are where its values begin and end, empty where they have no order."""

    column: Column
    rows: int
    empty: int
    distinct: int
    first: str
    last: str
    top: tuple[tuple[str, int], ...]
    exact: bool

    @property
    def share(self) -> float:
        """How many in a hundred rows have no value."""
        return 100 * self.empty / self.rows if self.rows else 0.0


def of_columns(table: ReadableTable, pager: Pager) -> list[ColumnProfile]:
    """The profiles of one page of the table's columns. The caller has noted the reading."""
    listed = table.columns[pager.offset : pager.offset + pager.size]
    with held(table, Question()) as (connection, asked):
        if table.estimate > COUNTED and table.distinct:
            return _about(connection, asked, listed)
        return [_exactly(connection, asked, one) for one in listed]


def _exactly(connection: sa.Connection, asked: Statements, column: Column) -> ColumnProfile:
    of, text = asked.column(column.name), asked.text(column.name)
    ranged = column.kind in _RANGED
    figures = sa.select(
        sa.func.count(), sa.func.count(of), sa.func.count(sa.distinct(text)),
        *((sa.cast(sa.func.min(of), sa.Text), sa.cast(sa.func.max(of), sa.Text)) if ranged else ()),
    ).select_from(asked.source)
    found = connection.execute(figures).one()
    rows, filled, distinct = int(found[0]), int(found[1]), int(found[2])
    first, last = (str(found[3] or ""), str(found[4] or "")) if ranged else ("", "")
    number = sa.func.count().label("number")
    common = sa.select(sa.func.left(text, LONGEST), number).select_from(asked.source).where(
        of.is_not(None)).group_by(text).order_by(number.desc(), text).limit(TOP)
    top = tuple((str(value), int(count)) for value, count in connection.execute(common))
    return ColumnProfile(column, rows, rows - filled, distinct, first, last,
                         top if distinct < filled else (), exact=True)


def _about(
    connection: sa.Connection, asked: Statements, listed: Sequence[Column]
) -> list[ColumnProfile]:
    names = [one.name for one in listed]
    kept = {row.name: row for row in connection.execute(
        _KEPT, {"table": asked.name, "names": names})}
    found: list[ColumnProfile] = []
    for one in listed:
        row, rows = kept.get(one.name), asked.table.estimate
        if row is None:
            found.append(_exactly(connection, asked, one))
            continue
        share = float(row.n_distinct)
        distinct = share if share >= 0 else -share * rows
        first, last = _ends(connection, asked, one) if one.kind in _RANGED else ("", "")
        top = _commonest(connection, asked, one)
        found.append(ColumnProfile(
            one, rough(rows), rough(float(row.null_frac) * rows), rough(distinct), first, last,
            top, exact=False))
    return found


def _commonest(
    connection: sa.Connection, asked: Statements, column: Column
) -> tuple[tuple[str, int], ...]:
    """The commonest values of some pages of the table. The database's own figures name values that
    were deleted since, which nobody may be told."""
    source, times = facets.sample(asked)
    value, number = sa.func.left(asked.text(column.name), LONGEST), sa.func.count()
    listed = sa.select(value, number).select_from(source).where(
        asked.column(column.name).is_not(None)).group_by(value).having(number > 1).order_by(
        number.desc(), value).limit(TOP)
    return tuple((str(said), rough(int(count) * times))
                 for said, count in connection.execute(listed))


def _ends(connection: sa.Connection, asked: Statements, column: Column) -> tuple[str, str]:
    """The least and the greatest value, which an index gives at once."""
    of = asked.column(column.name)
    ends = [sa.select(asked.text(column.name)).select_from(asked.source).where(
        of.is_not(None)).order_by(order).limit(1).scalar_subquery()
        for order in (of.asc(), of.desc())]
    first, last = connection.execute(sa.select(*ends)).one()
    return str(first or ""), str(last or "")
