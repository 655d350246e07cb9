"""What is typed into a condition, and what stands against putting a question to a table."""
from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.govdata.domain.explorer.column import Column, Kind
from ckanext.govdata.domain.explorer.condition_value import LAST, Span, value_of
from ckanext.govdata.domain.explorer.question import Condition, Order, Question
from ckanext.govdata.domain.explorer.question import Test as Asks
from ckanext.govdata.domain.explorer.question_check import wrong

COLUMNS = [Column(name, kind, name) for name, kind in (
    ("区", Kind.TEXT), ("客流量", Kind.NUMBER), ("日期", Kind.DAY), ("时刻", Kind.MOMENT),
    ("在用", Kind.FLAG))]

at = datetime.fromisoformat


@pytest.mark.parametrize(("kind", "written", "value"), [
    (Kind.TEXT, " 1 路", " 1 路"), (Kind.NUMBER, "１２．５", Decimal("12.5")),
    (Kind.NUMBER, " -7 ", Decimal(-7)), (Kind.NUMBER, "1e3", Decimal(1000)),
    (Kind.NUMBER, "十二", None), (Kind.NUMBER, "1,200", None), (Kind.NUMBER, "NaN", None),
    (Kind.NUMBER, "1" * 61, None), (Kind.NUMBER, "", None), (Kind.NUMBER, "1e9999", None),
    (Kind.FLAG, "是", True), (Kind.FLAG, "False", False), (Kind.FLAG, "也许", None),
    (Kind.DAY, "2026", Span(at("2026-01-01"), at("2027-01-01"))),
    (Kind.DAY, "2026年12月", Span(at("2026-12-01"), at("2027-01-01"))),
    (Kind.DAY, "2024/2/29", Span(at("2024-02-29"), at("2024-03-01"))),
    (Kind.DAY, "2026-02-30", None), (Kind.DAY, "昨天", None), (Kind.DAY, "0000-01-01", None),
    (Kind.DAY, "9999-12-31", Span(at("9999-12-31"), LAST)),
    (Kind.DAY, "20260101", None), (Kind.DAY, "2026 08:00", None),
    (Kind.MOMENT, "2026-05-01 08:30",
     Span(at("2026-05-01 08:30"), at("2026-05-01 08:31"))),
    (Kind.MOMENT, "2026-05-01T08:30:59",
     Span(at("2026-05-01 08:30:59"), at("2026-05-01 08:31"))),
    (Kind.MOMENT, "2026-05-01 24:00", None),
])
def test_values(kind: Kind, written: str, value: object) -> None:
    assert value_of(kind, written) == value


@given(st.sampled_from(list(Kind)), st.text(max_size=30))
def test_whatever_is_typed_is_a_value_or_none(kind: Kind, written: str) -> None:
    found = value_of(kind, written)
    assert not isinstance(found, Span) or found.first < found.after


def asked(*conditions: Condition, **more: object) -> Question:
    return Question(conditions=conditions, **more)


@pytest.mark.parametrize(("question", "codes"), [
    (asked(Condition("区", Asks.EQUALS, ("瑶海区",))), []),
    (asked(Condition("县", Asks.EQUALS, ("瑶海区",))), ["unknown_column"]),
    (asked(orders=(Order("县"),), columns=("县", "乡")), ["unknown_column", "unknown_column"]),
    (asked(Condition("客流量", Asks.FROM, ("许多",))), ["no_number"]),
    (asked(Condition("日期", Asks.EQUALS, ("昨天",))), ["no_day"]),
    (asked(Condition("时刻", Asks.FROM, ("早上",))), ["no_moment"]),
    (asked(Condition("在用", Asks.EQUALS, ("也许",))), ["no_flag"]),
    (asked(Condition("客流量", Asks.CONTAINS, ("1",))), ["wrong_test"]),
    (asked(Condition("区", Asks.FROM, ("瑶海区",))), ["wrong_test"]),
    (asked(Condition("客流量", Asks.FROM, ("9",)), Condition("客流量", Asks.UNTIL, ("1",))),
     ["upside_down"]),
    (asked(Condition("日期", Asks.FROM, ("2026-05",)), Condition("日期", Asks.UNTIL, ("2026",))),
     []),
    (asked(Condition("日期", Asks.FROM, ("2026-05",)), Condition("日期", Asks.UNTIL, ("2026-04",))),
     ["upside_down"]),
    (asked(Condition("区", Asks.EQUALS, ("a",)), Condition("区", Asks.ONE_OF, ("b", "c"))),
     ["asked_twice"]),
    (asked(Condition("区", Asks.EQUALS, ("a", "b"))), ["wrong_count"]),
    (asked(Condition("区", Asks.EMPTY, ("1",))), ["wrong_count"]),
    (asked(Condition("区", Asks.EQUALS, ("a\0",))), ["not_text"]),
    (asked(Condition("区", Asks.EQUALS, ("\ud800",))), ["not_text"]),
    (asked(Condition("区", Asks.EQUALS, ("a" * 2001,))), ["value_too_long"]),
    (asked(Condition("区", Asks.ONE_OF, tuple(map(str, range(101))))), ["too_many_values"]),
    (asked(*[Condition("区", Asks.CONTAINS, (str(n),)) for n in range(21)]),
     ["too_many_conditions"]),
    (asked(words="水" * 201), ["words_too_long"]), (asked(words="水\0"), ["not_text"]),
    (asked(orders=tuple(map(Order, ("区", "客流量", "日期", "时刻")))), ["too_many_orders"]),
])
def test_what_stands_against_a_question(question: Question, codes: list[str]) -> None:
    assert [no.code for no in wrong(question, COLUMNS)] == codes


def test_a_question_is_changed_by_its_choices() -> None:
    first = asked(Condition("区", Asks.EQUALS, ("a",)), Condition("区", Asks.CONTAINS, ("x",)))
    more = first.choosing("区", ("a", "b"))
    assert more.chosen("区") == ("a", "b")
    assert more.of("区", Asks.CONTAINS) == first.of("区", Asks.CONTAINS)
    assert more.choosing("区", ()).chosen("区") == ()
    assert more.choosing("区", ("b",)).of("区", Asks.EQUALS)[0].values == ("b",)
