"""A service that does not answer is left alone for a while, then asked by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.govdata.domain.breaker import Breaker, Resting

MOST, REST = 3, 10.0


class Time:
    """A clock that somebody sets."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def breaker(time: Time) -> Breaker:
    return Breaker(MOST, REST, time)


def rests(breaker: Breaker) -> bool:
    try:
        breaker.enter()
    except Resting:
        return True
    return False


def broken(breaker: Breaker) -> None:
    for _ in range(MOST):
        breaker.enter()
        breaker.fail()


def test_fewer_failures_are_borne(breaker: Breaker) -> None:
    for _ in range(MOST - 1):
        breaker.fail()
    assert not rests(breaker)


def test_so_many_in_a_row_give_it_rest(breaker: Breaker, time: Time) -> None:
    broken(breaker)
    assert rests(breaker)
    time.now += REST - 0.1
    assert rests(breaker)


def test_an_answer_between_them_begins_anew(breaker: Breaker) -> None:
    broken_once = MOST - 1
    for _ in range(broken_once):
        breaker.fail()
    breaker.work()
    for _ in range(broken_once):
        breaker.fail()
    assert not rests(breaker)


def test_after_the_rest_one_asks_and_the_others_rest_on(breaker: Breaker, time: Time) -> None:
    broken(breaker)
    time.now += REST
    assert [rests(breaker) for _ in range(3)] == [False, True, True]


def test_if_he_is_answered_all_ask_again(breaker: Breaker, time: Time) -> None:
    broken(breaker)
    time.now += REST
    breaker.enter()
    breaker.work()
    assert [rests(breaker) for _ in range(3)] == [False, False, False]


def test_if_he_is_not_it_rests_again(breaker: Breaker, time: Time) -> None:
    broken(breaker)
    time.now += REST
    breaker.enter()
    time.now += REST / 2
    breaker.fail()
    time.now += REST - 0.1
    assert rests(breaker)
    time.now += 0.1
    assert not rests(breaker)


def test_who_asked_and_died_keeps_nobody_away(breaker: Breaker, time: Time) -> None:
    broken(breaker)
    time.now += REST
    breaker.enter()
    time.now += REST
    assert not rests(breaker)


@given(st.lists(st.sampled_from(["fail", "work", "wait"]), max_size=40))
def test_it_never_rests_for_ever(steps: list[str]) -> None:
    time = Time()
    breaker = Breaker(MOST, REST, time)
    for step in steps:
        if step == "wait":
            time.now += REST / 3
        elif not rests(breaker):
            getattr(breaker, step)()
    time.now += REST
    assert not rests(breaker)
