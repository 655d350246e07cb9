"""What is asked of a table: words, conditions, order, columns. Every state is an address."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Test(str, Enum):
    """What a condition asks of the values of a column."""

    EQUALS = "equals"
    ONE_OF = "one_of"
    CONTAINS = "contains"
    FROM = "from"
    UNTIL = "until"
    EMPTY = "empty"


@dataclass(frozen=True)
class Condition:
    """A condition on one column, by its name; several of a question must all hold."""

    column: str
    test: Test
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Order:
    """By which column rows are sorted."""

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
