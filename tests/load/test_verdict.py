"""The table of ``make load`` can say no: each line with a day that breaks it."""
from __future__ import annotations

import itertools
from collections import Counter

import pytest

from tests.load import day, verdict
from tests.load.crowd import BROKEN, Asked

KILL = verdict.Kill("solr", at=100.0, well=110.0)


def asked(at: float = 105.0, status: str = "200", seconds: float = .1, away: bool = False) -> Asked:
    return Asked("page", "/", at, seconds, status, away)


def broken(lines: list[verdict.Line]) -> list[str]:
    return [line.name.partition(": ")[2] or line.name for line in lines if line.holds is False]


def test_a_good_day_holds():
    assert not broken(verdict.calm([asked()] * 100, 20))
    assert not broken(verdict.memory({"web 1": [200.0] * 40}))
    assert not broken(verdict.kill(KILL, [asked(), asked(status="503", away=True)], 10))


def test_slow_answers_and_errors_of_a_calm_time_are_told():
    assert broken(verdict.calm([*[asked()] * 90, *[asked(seconds=.9)] * 10], 20)) == ["p99"]
    assert broken(verdict.calm([*[asked()] * 99, asked(status="503", away=True)], 20)) == ["errors"]


def test_memory_that_grows_is_told():
    sizes = [200.0 + 3 * n for n in range(40)]
    assert broken(verdict.memory({"web 1": sizes})) == ["memory, web 1"]


@pytest.mark.parametrize(("one", "what"), [
    (asked(status="500"), "other errors"),
    (asked(status="503"), "other errors"),
    (asked(status="404"), "other errors"),
    (asked(status="no answer", seconds=60), "other errors"),
    (asked(at=123.0, status="503", away=True), "503 when it was back"),
    (asked(at=111.0, status=BROKEN), "other errors"),
    (asked(at=98.0, status=BROKEN, seconds=1), "other errors"),
])
def test_what_is_no_503_of_its_time_is_told(one, what):
    assert broken(verdict.kill(KILL, [asked(), one], 10)) == [what]


def test_only_what_was_being_answered_may_break():
    lines = [asked(at=99.9, status=BROKEN, seconds=.2)] * 11
    assert broken(verdict.kill(KILL, lines, 11)) == []
    assert broken(verdict.kill(KILL, lines, 10)) == ["broken lines"]


def test_the_day_is_asked_in_its_shares():
    known = day.Known("h:1", ("a", "b"), ("d",), ("/f",), ("t",), "c=1", "token", "a")
    drawn = list(itertools.islice(day.requests(known, 1), 10_000))
    counts = Counter(one.kind for one in drawn)
    assert all(abs(counts[kind] / 100 - share) < 1 for kind, share in day.SHARES.items())
    assert all(b"token" not in one.sent and b"c=1" not in one.sent
               for one in drawn if one.kind != "officer")
    assert drawn == list(itertools.islice(day.requests(known, 1), 10_000))
