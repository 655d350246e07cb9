"""Every question is an address that asks it again; what cannot be read is told."""
from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.govdata.domain.explorer import address
from ckanext.govdata.domain.explorer.question import Condition, Order, Question
from ckanext.govdata.domain.explorer.question import Test as Asks

texts = st.text(min_size=1, max_size=12).filter(
    lambda text: text.strip() and not any("\ud800" <= sign <= "\udfff" for sign in text))
names = st.one_of(texts, st.builds("{}__{}".format, texts, st.sampled_from([*Asks]).map(
    lambda test: test.value)), texts.map("{}.desc".format), texts.map("{}.asc".format),
    st.sampled_from(["__equals", "a__", "__", "q", "page", "列__contains__empty"]),
).filter(lambda name: not name.startswith("_"))


@st.composite
def conditions(draw) -> Condition:
    test, column = draw(st.sampled_from([*Asks])), draw(names)
    most = {Asks.EMPTY: 0, Asks.FILLED: 0, Asks.ONE_OF: 4}.get(test, 1)
    least = 2 if test is Asks.ONE_OF else most
    return Condition(column, test, tuple(draw(
        st.lists(texts, min_size=least, max_size=most, unique=True))))


def kind(one: Condition) -> tuple[str, Asks]:
    return one.column, Asks.EQUALS if one.test is Asks.ONE_OF else one.test


questions = st.builds(
    Question,
    st.lists(texts, max_size=3).map(lambda words: " ".join(" ".join(words).split())),
    st.lists(conditions(), max_size=4, unique_by=kind).map(tuple),
    st.lists(st.builds(Order, names, st.booleans()), max_size=3,
             unique_by=lambda order: order.column).map(tuple),
    st.lists(names, max_size=3, unique=True).map(tuple))


@given(questions)
def test_an_address_asks_what_was_written(question: Question) -> None:
    pairs = address.written(question)
    assert address.read(pairs) == address.ReadAddress(question)
    sent = parse_qsl(urlencode(pairs), keep_blank_values=True)
    assert address.read(sent).question == question


@given(st.lists(st.tuples(st.text(max_size=15), st.text(max_size=15)), max_size=6))
def test_whatever_is_sent_is_read_once_and_stays_so(pairs: list[tuple[str, str]]) -> None:
    first = address.read(pairs).question
    assert address.read(address.written(first)) == address.ReadAddress(first)


@pytest.mark.parametrize(("query", "question"), [
    ("区=瑶海区", Question(conditions=(Condition("区", Asks.EQUALS, ("瑶海区",)),))),
    ("区=瑶海区&区=蜀山区",
     Question(conditions=(Condition("区", Asks.ONE_OF, ("瑶海区", "蜀山区")),))),
    ("客流量__from=1&客流量__until=9", Question(conditions=(
        Condition("客流量", Asks.FROM, ("1",)), Condition("客流量", Asks.UNTIL, ("9",))))),
    ("备注__empty=1", Question(conditions=(Condition("备注", Asks.EMPTY),))),
    ("_sort=客流量.desc&_sort=区", Question(orders=(Order("客流量", True), Order("区")))),
    ("_q=瑶海  公交&_page=3", Question("瑶海 公交")),
    ("区=&备注__contains=+&_q=", Question()),
    ("__contains=a", Question()),
])
def test_addresses_are_readable(query: str, question: Question) -> None:
    assert address.read(parse_qsl(query, keep_blank_values=True)).question == question


@pytest.mark.parametrize(("query", "code", "field"), [
    ("_limit=10", "unknown_parameter", "_limit"), ("备注__empty=yes", "no_switch", "备注"),
    ("__contains=a", "unknown_parameter", "__contains"),
])
def test_what_cannot_be_read_is_told(query: str, code: str, field: str) -> None:
    unread = address.read(parse_qsl(query, keep_blank_values=True)).unread
    assert [(one.code, one.field) for one in unread] == [(code, field)]
