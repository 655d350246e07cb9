"""A question as the parameters of an address, and back: readable, one for one question.

A condition is written by the name of its column: ``区=瑶海区`` (several: one of them),
``客流量__from=100``, ``备注__contains=公交``, ``备注__empty=1``. What is ours begins with an
underscore, as no column's name does: ``_q`` are the words, ``_sort=客流量.desc`` the order,
``_column`` the columns that are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from ..refusal import Refusal
from .picture import PARAMETERS
from .question import SWITCHES, Condition, Order, Question, Test

WORDS, SORT, COLUMN = "_q", "_sort", "_column"
OTHERS = frozenset({"_page", "_view"}) | PARAMETERS
"""What an address may say besides, which is no part of the question: page, view, picture."""
_SPLIT, _DOWN, _UP = "__", ".desc", ".asc"
_TESTS = frozenset(one.value for one in Test)
Pair = tuple[str, str]


@dataclass(frozen=True)
class ReadAddress:
    """What an address asks, and what of it could not be read."""

    question: Question
    unread: tuple[Refusal, ...] = ()


def read(pairs: Iterable[Pair]) -> ReadAddress:
    """The question of these parameters, in their order. Blank ones, as forms send them, ask
    nothing."""
    words: list[str] = []
    asked: dict[tuple[str, Test], list[str]] = {}
    orders: dict[str, Order] = {}
    columns: list[str] = []
    unread: list[Refusal] = []
    for key, value in pairs:
        if not value.strip() or key in OTHERS:
            continue
        if key == WORDS:
            words += value.split()
        elif key == SORT:
            order = _order(value)
            orders.setdefault(order.column, order)
        elif key == COLUMN:
            columns.append(value)
        elif key.startswith("_"):
            unread.append(Refusal("unknown_parameter", key, key))
        else:
            column, test = _test(key)
            asked.setdefault((column, test), []).append(value)
    conditions = [one for (column, test), values in asked.items()
                  for one in _conditions(column, test, values, unread)]
    question = Question(" ".join(words), tuple(conditions), tuple(orders.values()),
                        tuple(dict.fromkeys(columns)))
    return ReadAddress(question, tuple(unread))


def written(question: Question) -> list[Pair]:
    """The parameters that ask this question."""
    pairs: list[Pair] = [(WORDS, question.words)] if question.words else []
    for one in question.conditions:
        key = _key(one.column, one.test)
        pairs += [(key, value) for value in (("1",) if one.test in SWITCHES else one.values)]
    for order in question.orders:
        bare = order.column
        up = _UP if bare.endswith((_DOWN, _UP)) else ""
        pairs.append((SORT, bare + (_DOWN if order.descending else up)))
    return [*pairs, *((COLUMN, name) for name in question.columns)]


def query_of(question: Question, *more: Pair) -> str:
    """The part of an address after the question mark that asks this."""
    return urlencode([*written(question), *more], safe="/:,;@")


def key_of(column: str, test: Test) -> str:
    """What a field of a form is called that asks this of a column."""
    return _key(column, test)


def _key(column: str, test: Test) -> str:
    if test not in (Test.EQUALS, Test.ONE_OF):
        return f"{column}{_SPLIT}{test.value}"
    head, split, tail = column.rpartition(_SPLIT)
    taken = head and split and tail in _TESTS
    return f"{column}{_SPLIT}{Test.EQUALS.value}" if taken else column


def _test(key: str) -> tuple[str, Test]:
    column, split, test = key.rpartition(_SPLIT)
    if not (column and split and test in _TESTS):
        return key, Test.EQUALS
    found = Test(test)
    return column, Test.EQUALS if found is Test.ONE_OF else found


def _order(value: str) -> Order:
    for tail, down in ((_DOWN, True), (_UP, False)):
        if value.endswith(tail) and value != tail:
            return Order(value.removesuffix(tail), down)
    return Order(value)


def _conditions(
    column: str, test: Test, values: list[str], unread: list[Refusal]
) -> Iterator[Condition]:
    """What the values of one parameter ask; a switch that is neither on nor off is told."""
    plain = tuple(dict.fromkeys(values))
    if test is Test.EQUALS:
        yield Condition(column, Test.ONE_OF if len(plain) > 1 else test, plain)
    elif test not in SWITCHES:
        yield from (Condition(column, test, (value,)) for value in plain)
    elif plain == ("1",):
        yield Condition(column, test)
    else:
        unread.append(Refusal("no_switch", column, plain[0]))
