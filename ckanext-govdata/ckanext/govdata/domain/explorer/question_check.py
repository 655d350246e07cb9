"""Whether a question can be put to a table: its columns are there, and values fit their kinds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..refusal import Refusal
from .column import Column, Kind
from .condition_value import Span, Value, value_of
from .question import CHOICES, SWITCHES, Condition, Question, Test

MOST_CONDITIONS = 20
MOST_VALUES = 100
MOST_ORDERS = 3
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

    A column that is not among them is one that never was, whoever asks for whatever reason.
    """
    known = {one.name: one for one in columns}
    return (
        *_too_much(question),
        *_unknown(question, known),
        *(no for one in question.conditions if one.column in known
          for no in _of_condition(one, known[one.column])),
        *_upside_down(question, known),
    )


def _too_much(question: Question) -> Iterator[Refusal]:
    if len(question.words) > LONGEST_WORDS:
        yield Refusal("words_too_long", "_q", facts={"most": str(LONGEST_WORDS)})
    if not is_text(question.words):
        yield Refusal("not_text", "_q")
    if len(question.conditions) > MOST_CONDITIONS:
        yield Refusal("too_many_conditions", facts={"most": str(MOST_CONDITIONS)})
    if len(question.orders) > MOST_ORDERS:
        yield Refusal("too_many_orders", "_sort", facts={"most": str(MOST_ORDERS)})


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
    if len(values) > MOST_VALUES:
        yield Refusal("too_many_values", column.name, facts={"most": str(MOST_VALUES)})
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
        firsts = list(_ends(question.of(name, Test.FROM), known[name].kind))
        lasts = list(_ends(question.of(name, Test.UNTIL), known[name].kind))
        for written, first in firsts:
            for other, last in lasts:
                if first is not None and last is not None and _is_later(first, last):
                    facts = {"first": written, "last": other}
                    yield Refusal("upside_down", name, written, facts=facts)


def _ends(conditions: Sequence[Condition], kind: Kind) -> Iterator[tuple[str, Value | None]]:
    for one in conditions:
        for written in one.values:
            yield written, value_of(kind, written)


def _is_later(first: Value, last: Value) -> bool:
    if isinstance(first, Span) and isinstance(last, Span):
        return first.first >= last.after
    if isinstance(first, Span | str) or isinstance(last, Span | str):
        return False
    return first > last


def is_text(written: str) -> bool:
    """Whether the database takes it for a text: no NUL, no half of a character."""
    return not any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in written)
