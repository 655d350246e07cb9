"""A question as statements of the DataStore's database: names are quoted and values bound by
SQLAlchemy, and only what the reader may read is ever named.

Under a limit of rows everything is asked of the first rows alone, so neither an answer nor the time
that it takes tells of the others. The index of words is of whole rows, so it is asked only for who
gets whole rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from ..domain import word_pairs
from ..domain.explorer.column import Column, Kind
from ..domain.explorer.condition_value import LAST, Span, Value, value_of
from ..domain.explorer.question import Condition, Question, Test
from .readable_table import KINDS, NUMBER, ReadableTable

Clause = sa.ColumnElement[bool]
Select = sa.Select[Any]
Ordering = sa.UnaryExpression[Any]
Expression = sa.ColumnElement[Any]
WORDS = "_full_text"
_INTEGERS = {"smallint": 2**15, "integer": 2**31, "bigint": 2**63}
MOST_FLOAT = Decimal("1e300")
_SHORT = frozenset(KINDS) - {"numeric"}
"""Types whose texts are short."""
_TEXTS = ("text", "character varying", "character")
SHORT_WORD = 3
SHORT_RUN = 2
"""Chinese characters of a word that the index of pairs finds exactly."""


def label(place: int) -> str:
    """What a shown column is called in an answer; no column of a table begins so, for a name that
    is sorted by means the label first."""
    return f"_c{place}"


@dataclass(frozen=True)
class Statements:
    """What is asked of a table under the ``name`` that it has now (:class:`.OneTable` knows it)."""

    table: ReadableTable
    question: Question
    name: str
    texts: bool = False
    """Whether values come as texts, as the database writes them, and not as Python's: it knows days
    that Python does not."""
    cut: int = 0
    """Characters of a text that are wanted at most, where not all of it."""
    gathered: bool = False
    """Whether the rows that answer are gathered first and sorted then: of few rows faster than to
    go through the table in the wanted order until a page of them was met."""

    def rows(self, limit: int, offset: int = 0) -> Select:
        """Number and shown columns of the rows that answer, in their order.

        Where a descending order puts rows without a value last, ask :meth:`parts` by and by: an
        index gives either end of the table at once.
        """
        asked = self._answering().order_by(*self.order())
        return asked.limit(limit).offset(offset)

    def parts(self) -> Iterator[Select]:
        """The rows that answer in one statement or in two that follow each other, without limit."""
        asked, first = self._answering(), self._first()
        if first is None or self.gathered or not self.question.orders[0].descending:
            yield asked.order_by(*self.order())
            return
        for clause, filled in ((first.is_not(None), True), (first.is_(None), False)):
            yield asked.where(clause).order_by(*self.order(filled))

    def bytes_of(self, asked: Select) -> Select:
        """How many bytes the texts of such rows have, by column; which the database knows without
        unpacking them."""
        rows = asked.subquery("page")
        return sa.select(*(sa.func.coalesce(sa.func.sum(sa.func.octet_length(rows.c[name])), 0)
                           for _column, name in self._labelled()))

    def count(self, most: int | None = None) -> Select:
        """How many rows answer; no more than ``most`` are counted."""
        if most is None:
            return sa.select(sa.func.count()).select_from(self.source).where(*self.conditions())
        part = sa.select(sa.literal(1)).select_from(self.source).where(*self.conditions())
        return sa.select(sa.func.count()).select_from(part.limit(most).subquery())

    def numbers(self) -> Select:
        """The rows' own numbers, in their order."""
        return sa.select(self.number).select_from(self.source).where(
            *self.conditions()).order_by(*self.order())

    def numbered(self, numbers: Sequence[int]) -> Select:
        """Number and shown columns of rows by their own numbers, which :meth:`numbers` gave; in no
        order."""
        listed = sa.bindparam(None, list(numbers), sa.ARRAY(sa.BigInteger))
        return self._shown(self.bare).where(self.number == sa.any_(listed))

    def after(self, last: int, limit: int) -> Select:
        """Number and shown columns of the next rows, whose number the caller keeps within what may
        be read."""
        return self._shown(self.bare).where(self.number > last).order_by(self.number).limit(limit)

    # --- what they are made of -----------------------------------------------------------------

    @property
    def number(self) -> Expression:
        """The row's own number."""
        return sa.column(NUMBER, sa.BigInteger)

    @property
    def source(self) -> sa.FromClause:
        """The table, or its first rows."""
        if self.table.row_limit is None:
            return self.bare
        named = [self.column(one.name) for one in self.table.columns]
        first = sa.select(self.number, *named).select_from(self.bare).order_by(self.number)
        return first.limit(self.table.row_limit).subquery("part")

    @property
    def bare(self) -> sa.TableClause:
        """The table, of which the caller keeps within what may be read."""
        return sa.table(sa.quoted_name(self.name, quote=True), schema="public")

    def column(self, name: str) -> Expression:
        """A column of the table; raises KeyError where the reader has none of that name."""
        _known = self.table.types[name]
        return sa.column(sa.quoted_name(name, quote=True))

    def text(self, name: str, most: int = 0) -> Expression:
        """A column as text, of which no more than so many characters where ``most`` is told."""
        known = self.table.types[name]
        plain = known in _TEXTS
        text = sa.type_coerce(self.column(name), sa.Text) if plain else sa.cast(
            self.column(name), sa.Text)
        return sa.func.left(text, most) if most and known not in _SHORT else text

    def sortable(self, name: str) -> Expression:
        """A column as something that can be sorted, grouped and told apart; not every type of the
        database can (json, xml, point), and such a column is a text here."""
        known = self.table.types[name]
        return self.column(name) if known in KINDS or known in _TEXTS else self.text(name)

    def conditions(self, leave_out: Iterable[Condition] = ()) -> list[Clause]:
        """What must hold of a row, without some of the conditions."""
        left = list(leave_out)
        said = [self._condition(one) for one in self.question.conditions if one not in left]
        return [*said, *self._words()]

    def order(self, filled: bool | None = None) -> list[Ordering]:
        """By what rows are sorted. ``filled``: all rows have a value in the first column of the
        order, or none has."""
        listed: list[Ordering] = []
        for place, one in enumerate(self.question.orders):
            if place == 0 and filled is False:
                continue
            column = self.sortable(one.column)
            if one.descending:
                down = column.desc()
                listed.append(down if place == 0 and filled else down.nulls_last())
            else:
                listed.append(column.asc())
        only = len(self.question.orders) == 1 and self.question.orders[0].descending
        return [*listed, self.number.desc() if only else self.number.asc()]

    def _first(self) -> Expression | None:
        orders = self.question.orders
        return self.column(orders[0].column) if orders else None

    def _answering(self) -> Select:
        if not self.gathered:
            return self._shown().where(*self.conditions())
        named = [self.column(one.name) for one in self.table.columns]
        part = sa.select(self.number, *named).select_from(self.source).where(*self.conditions())
        # without the offset PostgreSQL would put the parts together again
        return self._shown(part.offset(0).subquery("answer"))

    def _shown(self, source: sa.FromClause | None = None) -> Select:
        return sa.select(self.number, *(
            (self.text(one.name, self.cut) if self.texts else self.column(one.name)).label(name)
            for one, name in self._labelled()
        )).select_from(self.source if source is None else source)

    def _labelled(self) -> list[tuple[Column, str]]:
        return [(one, label(n)) for n, one in enumerate(shown(self.table, self.question))]

    def _condition(self, asked: Condition) -> Clause:
        known = self.table.column(asked.column)
        if known is None:
            raise KeyError(asked.column)
        column = self.column(asked.column)
        if asked.test is Test.EMPTY:
            return column.is_(None)
        if asked.test is Test.FILLED:
            return column.is_not(None)
        values = [value_of(known.kind, written) for written in asked.values]
        if asked.test is Test.CONTAINS:
            return sa.and_(*(self._contains(asked.column, value) for value in asked.values))
        return sa.or_(*(self._compared(known.name, known.kind, asked.test, value)
                        for value in values if value is not None))

    def _compared(self, name: str, kind: Kind, test: Test, value: Value) -> Clause:
        column = self.column(name)
        if isinstance(value, Span):
            return _in_time(column, kind, test, value)
        if isinstance(value, Decimal):
            return _in_numbers(column, self.table.types[name], test, value)
        left = self.text(name) if kind is Kind.TEXT else column
        return left == sa.literal(value)

    def _contains(self, name: str, value: str) -> Clause:
        clause = _within(self.text(name), value)
        runs = word_pairs.runs(value)
        if not (runs and self.table.words):
            return clause
        return sa.and_(_has_pairs(runs), clause)

    def _words(self) -> Iterator[Clause]:
        """Each word must stand somewhere in the row, among the columns that the reader has."""
        said = self.question.words.split()
        if not said:
            return
        row = self._row()
        if not self.table.words:
            yield from (_within(row, word) for word in said)
            return
        signs = [word for word in said if not any(map(str.isalnum, word))]
        runs = [run for word in said for run in word_pairs.runs(word)]
        rest = [one for word in said if word not in signs
                for one in word_pairs.without_runs(word).split()]
        if runs or any(map(_is_kept, rest)):
            yield _has_words(runs, rest)
        else:  # the index leaves out what stands in every text, as "the"
            yield from (_within(row, word) for word in rest)
        # pairs of a longer run may stand apart; signs are no words
        yield from (_within(row, part) for part in [*runs, *signs]
                    if part in signs or len(part) > SHORT_RUN)

    def _row(self) -> Expression:
        """All that the reader may read of a row."""
        texts = [self.text(one.name) for one in self.table.columns]
        return sa.func.array_to_string(postgresql.array(texts), "\n")


def shown(table: ReadableTable, question: Question) -> list[Column]:
    """The columns that the question shows, in the table's order."""
    named = frozenset(question.columns)
    return [one for one in table.columns if not named or one.name in named]


def _vector() -> Expression:
    return sa.column(WORDS, sa.Text)


def _has_pairs(runs: list[str]) -> Clause:
    return _has_words(runs, [])


def _has_words(runs: list[str], rest: list[str]) -> Clause:
    """Whether a row has all pairs of these runs, and these words; a word that the index leaves out
    asks nothing beside others."""
    asked: Expression | None = None
    if runs:
        asked = sa.func.to_tsquery(sa.literal(word_pairs.of_runs(runs)))
    if rest:
        plain = sa.func.plainto_tsquery(sa.literal(" ".join(rest)))
        asked = plain if asked is None else plain.op("&&")(asked)
    return _vector().op("@@")(asked)


def _is_kept(word: str) -> bool:
    """Whether the index surely has a word: short ones of letters alone may stand in every text."""
    return len(word) > SHORT_WORD or not (word.isascii() and word.isalpha())


def _within(text: Expression, part: str) -> Clause:
    """Whether a part stands in a text, capital or small."""
    if part.lower() != part.upper():
        text, part = sa.func.lower(text), part.lower()
    return sa.func.strpos(text, sa.literal(part)) > 0


def _in_time(
    column: Expression, kind: Kind, test: Test, value: Span
) -> Clause:
    """Whether a day or moment lies within, from the beginning of, or until the end of a span."""
    first, after = (value.first, value.after)
    if kind is Kind.DAY:
        low = sa.literal(first.date(), sa.Date)
        # what begins in mid-day is no day
        whole = first.time() == time.min
        begins = column >= low if whole else column > low
        beyond = after if after.time() == time.min or after == LAST else after + timedelta(days=1)
        ends = sa.true() if after == LAST else column < sa.literal(beyond.date(), sa.Date)
        if test is Test.FROM:
            return begins
        if test is Test.UNTIL:
            return ends
        return sa.and_(begins, ends) if whole else sa.false()
    low, high = sa.literal(first, sa.DateTime), sa.literal(after, sa.DateTime)
    if test is Test.FROM:
        return column >= low
    if test is Test.UNTIL:
        return column < high
    return sa.and_(column >= low, column < high)


def _in_numbers(
    column: Expression, kind: str, test: Test, value: Decimal
) -> Clause:
    """Whether a number equals, or is not beyond; asked in the column's own type, for an index is of
    that type."""
    if kind not in _INTEGERS:
        asked = sa.literal(value, sa.Numeric)
        if kind in ("real", "double precision"):
            if abs(value) > MOST_FLOAT:
                return _beyond(test, value < 0)
            asked = sa.literal(float(value), sa.Double)
        return _compare(column, test, asked)
    way = ROUND_FLOOR if test is Test.UNTIL else ROUND_CEILING
    whole, most = int(value.to_integral_value(way)), _INTEGERS[kind]
    if not -most <= whole < most:
        return _beyond(test, whole < 0)
    if test not in (Test.FROM, Test.UNTIL) and whole != value:
        return sa.false()
    return _compare(column, test, sa.literal(whole, sa.BigInteger))


def _beyond(test: Test, below: bool) -> Clause:
    """What a number asks that is beyond all that the column can have."""
    return sa.true() if test is (Test.FROM if below else Test.UNTIL) else sa.false()


def _compare(
    column: Expression, test: Test, value: Expression
) -> Clause:
    if test is Test.FROM:
        return column >= value
    return column <= value if test is Test.UNTIL else column == value
