"""Signing as Standard Webhooks has it, and how a failing webhook waits."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from ckanext.govdata.domain import webhook


def test_the_example_of_the_specification() -> None:
    """The example that the specification's own libraries are tested with."""
    signed = webhook.sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("changed", ["key", "instant", "body", "secret"])
def test_every_part_is_signed(changed: str) -> None:
    given = {
        "secret": webhook.secret_of(b"k" * 32), "key": "a", "instant": 1, "body": b"{}",
    }  # fmt: skip
    other = {"secret": webhook.secret_of(b"x" * 32), "key": "b", "instant": 2, "body": b"[]"}
    assert webhook.sign(**given) != webhook.sign(**{**given, changed: other[changed]})


def test_a_secret_says_what_it_is() -> None:
    assert webhook.secret_of(b"\x00" * 32) == "whsec_" + "A" * 43 + "="


def test_each_failure_waits_longer_than_the_one_before_up_to_half_a_day() -> None:
    waits = [webhook.wait(n) for n in range(1, 30)]
    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert all(before <= after for before, after in pairwise(waits))
    assert waits[-1] == timedelta(hours=12)


def test_one_that_never_answered_is_given_up_sooner() -> None:
    assert not webhook.gives_up(3, answered=False)
    assert webhook.gives_up(4, answered=False)
    assert not webhook.gives_up(9, answered=True)
    assert webhook.gives_up(10, answered=True)
