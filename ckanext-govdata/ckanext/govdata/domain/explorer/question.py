"""What is asked of a table: words, conditions, order, columns. Every state is an address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum


class Test(str, Enum):
    """What a condition asks of the values of a column."""

    EQUALS = "equals"
    ONE_OF = "one_of"
    CONTAINS = "contains"
    FROM = "from"
    UNTIL = "until"
    EMPTY = "empty"
    FILLED = "filled"


CHOICES = (Test.EQUALS, Test.ONE_OF)
"""The tests that name values which a cell may have; a column is asked for them once."""
SWITCHES = (Test.EMPTY, Test.FILLED)
"""The tests that take no value."""


@dataclass(frozen=True)
class Condition:
    """A condition on one column, by its name; several of a question must all hold."""

    column: str
    test: Test
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Order:
    """By which column rows are sorted; rows without a value come last, whatever the direction."""

    column: str
    descending: bool = False


@dataclass(frozen=True)
class Question:
    """What a reader asks of a table; an empty one asks for all of it, in its own order.

    ``words`` are looked for in all columns, ``columns`` (names; empty: all that may be read) are
    shown, in the table's order.
    """

    words: str = ""
    conditions: tuple[Condition, ...] = ()
    orders: tuple[Order, ...] = ()
    columns: tuple[str, ...] = ()

    @property
    def narrows(self) -> bool:
        """Whether rows are left out."""
        return bool(self.words or self.conditions)

    @property
    def plain(self) -> bool:
        """Whether all rows are asked for, in the table's own order."""
        return not (self.narrows or self.orders)

    def of(self, column: str, *tests: Test) -> tuple[Condition, ...]:
        """The conditions on a column, with one of these tests if any are named."""
        return tuple(one for one in self.conditions
                     if one.column == column and (not tests or one.test in tests))

    def without(self, *conditions: Condition) -> Question:
        """The same without these conditions."""
        left = tuple(one for one in self.conditions if one not in conditions)
        return replace(self, conditions=left)

    def chosen(self, column: str) -> tuple[str, ...]:
        """The values of which a cell of that column must be one; empty where any will do."""
        return tuple(value for one in self.of(column, *CHOICES) for value in one.values)

    def choosing(self, column: str, values: tuple[str, ...]) -> Question:
        """The same, with these values to choose from in that column; any will do without one."""
        left = self.without(*self.of(column, *CHOICES))
        if not values:
            return left
        test = Test.EQUALS if len(values) == 1 else Test.ONE_OF
        return replace(left, conditions=(*left.conditions, Condition(column, test, values)))
