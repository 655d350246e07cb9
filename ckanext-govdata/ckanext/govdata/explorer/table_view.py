"""What a page of a table shows: its addresses, and what stands in its forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..domain.explorer.address import Pair, key_of, query_of, written
from ..domain.explorer.column import Column, Kind
from ..domain.explorer.condition_value import value_of
from ..domain.explorer.question import Condition, Order, Question, Test
from ..domain.explorer.question_check import MOST_VALUES
from ..pager import PageHead, page_numbers
from . import sentences
from .facets import Facet
from .table_page import TablePage, last_page

CELL = 200
"""Characters of a cell that a page shows."""


@dataclass(frozen=True)
class TableLink:
    """Words with the address to which they lead; ``on``: that is chosen now."""

    label: str
    url: str
    count: int = 0
    on: bool = False


@dataclass(frozen=True)
class Sorting:
    """An order that the form offers."""

    value: str
    title: str
    down: bool
    chosen: bool


@dataclass(frozen=True)
class ConditionField:
    """What the form asks of a column: names of its parameters and what stands in them."""

    column: Column
    equals: str
    contains: str
    first: str
    last: str
    empty: bool
    filled: bool

    def name(self, test: str) -> str:
        """What the parameter is called that asks this."""
        return key_of(self.column.name, Test(test))

    @property
    def asks(self) -> bool:
        """Whether anything is asked of the column."""
        return bool(self.equals or self.contains or self.first or self.last or self.empty
                    or self.filled)


@dataclass(frozen=True)
class TableView:
    """A question at its address, with the page that answers it, if one does."""

    base: str
    question: Question
    columns: Sequence[Column]
    """All that the reader may read."""
    page: TablePage | None = None

    def address(self, question: Question, *more: Pair) -> str:
        """Where a question is answered."""
        query = query_of(question, *more)
        return f"{self.base}?{query}" if query else self.base

    @property
    def here(self) -> str:
        """The address of this question."""
        return self.address(self.question)

    @property
    def plain(self) -> str:
        """The address of the whole table, with the columns that are shown."""
        return self.address(Question(columns=self.question.columns))

    def page_address(self, page: int) -> str:
        """Another page of the same answer."""
        return self.address(self.question, *([("_page", str(page))] if page > 1 else []))

    def profile_address(self, page: int) -> str:
        """Another page of what stands in the columns."""
        return self.address(self.question, ("_view", "columns"), ("_page", str(page)))

    def query(self) -> str:
        """The question as the action takes it."""
        return query_of(self.question)

    @property
    def head(self) -> PageHead | None:
        """Which page of how many rows, for the pager."""
        return self.page.pager.head(self.page.count.number) if self.page else None

    @property
    def pages(self) -> list[int]:
        """The page numbers to offer."""
        if self.page is None:
            return []
        pager = self.page.pager
        return page_numbers(self.page.count.number, pager.page, pager.size, last_page(pager.size))

    def shown(self) -> list[Column]:
        """The columns that are shown."""
        if self.page is not None:
            return list(self.page.columns)
        names = frozenset(self.question.columns)
        return [one for one in self.columns if not names or one.name in names]

    def direction(self, column: Column) -> str:
        """``ascending``, ``descending`` or nothing: how rows are sorted by the column."""
        for one in self.question.orders:
            if one.column == column.name:
                return "descending" if one.descending else "ascending"
        return ""

    def sort(self, column: Column) -> str:
        """Sorted by the column; then the other way; then no more."""
        turn = {"": (Order(column.name),), "ascending": (Order(column.name, True),)}
        orders = turn.get(self.direction(column), ())
        return self.address(replace(self.question, orders=orders))

    def sortings(self) -> list[Sorting]:
        """What the form offers to sort by: the parameter's value, the column's title, whether
        downwards, whether it is so now."""
        now = self.question.orders[:1]
        offered = {one.name for one in self.shown()} | {one.column for one in now}
        listed = [one for one in self.columns if one.name in offered]
        return [Sorting(value, one.title, order.descending, (order,) == now)
                for one in listed for order in (Order(one.name), Order(one.name, True))
                for _key, value in written(Question(orders=(order,)))]

    def said(self, condition: Condition) -> str:
        """A condition in words."""
        known = {one.name: one for one in self.columns}.get(condition.column)
        title, kind = (known.title, known.kind) if known else (condition.column, Kind.TEXT)
        return sentences.condition(condition, title, kind)

    def chips(self) -> list[TableLink]:
        """The conditions, each with the address without it."""
        return [TableLink(self.said(one), self.address(self.question.without(one)))
                for one in self.question.conditions]

    def without_words(self) -> str:
        """The address without the words."""
        return self.address(replace(self.question, words=""))

    def reliefs(self) -> list[TableLink]:
        """What there were without one condition, where nothing answers all of them."""
        return [
            TableLink(self.said(one.condition) if one.condition else self.question.words,
                 self.address(self.question.without(one.condition)) if one.condition
                 else self.without_words(), one.count)
            for one in (self.page.reliefs if self.page else ())
        ]

    def choices(self, facet: Facet) -> list[TableLink]:
        """The values of a facet, each with the address that chooses it, or no more."""
        column, found = facet.column, list[TableLink]()
        chosen = self.question.chosen(column.name)
        empty = Condition(column.name, Test.EMPTY)
        for one in facet.values:
            if one.value is None:
                on = empty in self.question.conditions
                other = self.question.without(*self.question.of(column.name))
                asked = self.question.without(empty) if on else replace(
                    other, conditions=(*other.conditions, empty))
                found.append(TableLink("", self.address(asked), one.count, on))
                continue
            on = one.value in chosen
            values = tuple(v for v in chosen if v != one.value) if on else (*chosen, one.value)
            asked = self.question.without(empty).choosing(column.name, values[:MOST_VALUES])
            label = sentences.value_of(column.kind, one.value)
            found.append(TableLink(label, self.address(asked), one.count, on))
        return found

    def fields(self) -> list[ConditionField]:
        """What the form asks of the shown columns."""
        return [self._field(one) for one in self.shown()]

    def hidden(self) -> list[Pair]:
        """What the form keeps of the question besides its fields."""
        told = {one.name for one in self.shown()}
        kept = tuple(
            one for one in self.question.conditions
            if one.column not in told or one.test is Test.ONE_OF or self._second(one))
        return [*written(Question(conditions=kept, orders=self.question.orders[1:])),
                *written(Question(columns=self.question.columns))]

    def kept(self) -> list[Pair]:
        """The question without its columns, for the form that chooses them."""
        return written(replace(self.question, columns=()))

    def _second(self, condition: Condition) -> bool:
        return self.question.of(condition.column, condition.test)[0] != condition

    def _field(self, column: Column) -> ConditionField:
        def value(test: Test) -> str:
            asked = self.question.of(column.name, test)
            written = asked[0].values[0] if asked and asked[0].values else ""
            known = value_of(column.kind, written) if column.kind is Kind.FLAG else written
            return str(known).lower() if isinstance(known, bool) else written

        return ConditionField(
            column, value(Test.EQUALS), value(Test.CONTAINS), value(Test.FROM), value(Test.UNTIL),
            bool(self.question.of(column.name, Test.EMPTY)),
            bool(self.question.of(column.name, Test.FILLED)),
        )


def cell(kind: Kind, value: object) -> str:
    """One cell as a reader sees it."""
    text = "" if value is None else sentences.value_of(kind, value)
    return text if len(text) <= CELL else text[: CELL - 1] + "…"


def by_default(columns: Sequence[Column], question: Question, most: int) -> Question:
    """The question with the first columns, where the reader has chosen none and there are many."""
    if question.columns or len(columns) <= most:
        return question
    return replace(question, columns=tuple(one.name for one in columns[:most]))
