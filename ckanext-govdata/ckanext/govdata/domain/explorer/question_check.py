"""Whether a question can be put to a table: its columns are there, and values fit their kinds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain, islice

from ..refusal import Refusal
from .address import ReadAddress
from .column import Column, Kind
from .condition_value import BEGINNING, INSTANT, Span, Value, value_of
from .question import CHOICES, SWITCHES, Condition, Question, Test

MOST_CONDITIONS = 20
MOST_VALUES = 100
MOST_ORDERS = 3
MOST_COLUMNS = 100
"""Columns that are chosen; each link of a page names them again."""
MOST_TOLD = 10
"""What is said to be wrong with a question at once; who mends that is told the rest."""
LONGEST_WORDS = 200
LONGEST_VALUE = 2_000
_RANGE = {*CHOICES, *SWITCHES, Test.FROM, Test.UNTIL}
TESTS: Mapping[Kind, frozenset[Test]] = {
    Kind.TEXT: frozenset({*CHOICES, *SWITCHES, Test.CONTAINS}),
    Kind.NUMBER: frozenset(_RANGE),
    Kind.DAY: frozenset(_RANGE),
    Kind.MOMENT: frozenset(_RANGE),
    Kind.FLAG: frozenset({*CHOICES, *SWITCHES}),
}
"""What may be asked of the values of a kind."""


def wrong(question: Question, columns: Sequence[Column]) -> tuple[Refusal, ...]:
    """All that stands against putting the question to a table with these columns.

    A column that is not among them is one that never was, whoever asks for whatever reason. Of a
    question that is too long no more is said than that, else no more than :data:`MOST_TOLD`.
    """
    if refused := too_much(question):
        return refused
    known = {one.name: one for one in columns}
    found = chain(
        _unknown(question, known),
        (no for one in question.conditions if one.column in known
         for no in _of_condition(one, known[one.column])),
        _upside_down(question, known),
    )
    return tuple(islice(found, MOST_TOLD))


def wrong_in(asked: ReadAddress, columns: Sequence[Column]) -> tuple[Refusal, ...]:
    """All that stands against what an address asks, of which no more is told than of a question."""
    found = too_much(asked.question) or (*asked.unread, *wrong(asked.question, columns))
    return found[:MOST_TOLD]


def too_much(question: Question) -> tuple[Refusal, ...]:
    """In what a question is too long for whatever table, and so for a page that repeats it."""
    return tuple(_too_much(question))


def _too_much(question: Question) -> Iterator[Refusal]:
    if len(question.words) > LONGEST_WORDS:
        yield Refusal("words_too_long", "_q", facts={"most": str(LONGEST_WORDS)})
    if not is_text(question.words):
        yield Refusal("not_text", "_q")
    if len(question.conditions) > MOST_CONDITIONS:
        yield Refusal("too_many_conditions", facts={"most": str(MOST_CONDITIONS)})
    full = next((one for one in question.conditions if len(one.values) > MOST_VALUES), None)
    if full:
        yield Refusal("too_many_values", full.column, facts={"most": str(MOST_VALUES)})
    if len(question.orders) > MOST_ORDERS:
        yield Refusal("too_many_orders", "_sort", facts={"most": str(MOST_ORDERS)})
    if len(question.columns) > MOST_COLUMNS:
        yield Refusal("too_many_chosen", "_column", facts={"most": str(MOST_COLUMNS)})


def _unknown(question: Question, known: Mapping[str, Column]) -> Iterator[Refusal]:
    named = [
        *(one.column for one in question.conditions),
        *(one.column for one in question.orders), *question.columns,
    ]  # fmt: skip
    for name in dict.fromkeys(named):
        if name not in known:
            yield Refusal("unknown_column", name, name)


def _of_condition(condition: Condition, column: Column) -> Iterator[Refusal]:
    test, values = condition.test, condition.values
    if test not in TESTS[column.kind]:
        yield Refusal("wrong_test", column.name, facts={"test": test.value})
        return
    if bool(values) is (test in SWITCHES) or (len(values) > 1 and test is not Test.ONE_OF):
        yield Refusal("wrong_count", column.name, facts={"test": test.value})
    for written in values:
        if not is_text(written):
            yield Refusal("not_text", column.name)
        elif len(written) > LONGEST_VALUE:
            yield Refusal("value_too_long", column.name, facts={"most": str(LONGEST_VALUE)})
        elif value_of(column.kind, written) is None:
            yield Refusal(f"no_{column.kind.value}", column.name, written)


def _upside_down(question: Question, known: Mapping[str, Column]) -> Iterator[Refusal]:
    """What is asked twice in ways that cannot both hold."""
    for name in dict.fromkeys(one.column for one in question.conditions):
        if name not in known:
            continue
        if len(question.of(name, *CHOICES)) > 1:
            yield Refusal("asked_twice", name)
        kind = known[name].kind
        low = _end(question.of(name, Test.FROM), kind, last=False)
        high = _end(question.of(name, Test.UNTIL), kind, last=True)
        if low and high and low[0] > high[0]:
            facts = {"first": low[1], "last": high[1]}
            yield Refusal("upside_down", name, low[1], facts=facts)


def _end(
    conditions: Sequence[Condition], kind: Kind, *, last: bool
) -> tuple[Decimal, str] | None:
    """The narrowest of what conditions set as one end of a column's values, and how it was
    written."""
    found = [(end, written) for one in conditions for written in one.values
             if (end := _end_of(value_of(kind, written), last=last)) is not None]
    return (min if last else max)(found, default=None)


def _end_of(value: Value | None, *, last: bool) -> Decimal | None:
    """The end as a number; of a time its instants since the beginning."""
    if isinstance(value, Span):
        at = value.after - INSTANT if last else value.first
        return Decimal((at - BEGINNING) // INSTANT)
    return value if isinstance(value, Decimal) else None


def is_text(written: str) -> bool:
    """Whether the database takes it for a text: no NUL, no half of a character."""
    return not any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in written)
