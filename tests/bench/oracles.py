"""Whether the time of an answer tells what a stranger may not know of from what never was.

Each question is asked of hidden things and, in turn, of such as never were. A row's first figure is
the median of what never was, the second that of the hidden; behind the wanted ratio stands how
often a single answer would be guessed right (50 % is nothing but luck).
"""
from __future__ import annotations

import itertools
import random
import re
import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import requests

from tests.portals import Portal

from .casework import inside
from .measures import Row

THINGS = 10
"""Hidden things of each kind, and as many that never were."""
ASKS = 300
OPTIONS = {
    "ckanext.govdata.login.failures_per_account": "0",
    "ckanext.govdata.login.failures_per_address": "0",
}
"""Guessing is measured, and would be locked."""
_FORM_TOKEN = re.compile(r'name="_csrf_token"[^>]*value="([^"]+)"')
Ask = Callable[[str], requests.Response]


@dataclass(frozen=True)
class Question:
    """How something is asked, and the names of the hidden and of what never was."""

    name: str
    ask: Ask
    hidden: list[str]
    never: list[str]


def oracles(ours: Portal) -> list[Row]:
    """A row for each question."""
    made = inside(ours, "hidden.py", str(THINGS))
    draw = random.Random(13)
    return [measured(one, draw) for one in questions(ours, made)]


def questions(ours: Portal, made: dict[str, Any]) -> Iterator[Question]:
    """What a stranger asks with a name or an id."""
    session = requests.Session()

    def get(path: str) -> Ask:
        return lambda name: session.get(
            ours.url + path.format(name), allow_redirects=False, timeout=60
        )

    ids = [str(uuid.uuid4()) for _ in range(THINGS)]
    for kind, entries in made["entries"].items():
        names, files = [one[0] for one in entries], [one[1] for one in entries]
        never = [f"oracle-no{kind[2:]}-{n:02}" for n in range(THINGS)]
        if kind != "non_open":  # of that the outline is public
            yield Question(f"package_show, {kind}", get("/api/3/action/package_show?id={}"),
                           names, never)
            yield Question(f"page, {kind}", get("/dataset/{}"), names, never)
        for what, path in (
            ("resource_show", "/api/3/action/resource_show?id={}"),
            ("file's page", f"/dataset/{names[0]}/resource/{{}}"),
            ("download", f"/dataset/{names[0]}/resource/{{}}/download"),
            ("datastore_search", "/api/3/action/datastore_search?resource_id={}"),
        ):
            yield Question(f"{what}, {kind}", get(path), files, ids)
    gone = made["organizations"]
    yield Question("organization_show, deleted", get("/api/3/action/organization_show?id={}"),
                   gone, [f"oracle-none-{n:02}" for n in range(THINGS)])
    nobody = [f"oracle-nobody-{n:02}" for n in range(THINGS)]
    yield Question("user_show", get("/api/3/action/user_show?id={}"), made["people"], nobody)
    yield Question("user's page", get("/user/{}"), made["people"], nobody)
    yield Question("govdata_case_show", get("/api/3/action/govdata_case_show?id={}"),
                   made["cases"], ids[:1])
    yield Question("search of a hidden word", get("/api/3/action/package_search?q={}"),
                   [made["word"]], ["鹦鹤蛳"])
    yield Question("sign in", _posting(ours, "/user/login", "login", password="Wrong-horse-7"),
                   made["people"], nobody)
    yield Question("password reset", _posting(ours, "/user/reset", "user"), made["people"], nobody)


def _posting(ours: Portal, path: str, field: str, **more: str) -> Ask:
    """A form, filled in with a name."""
    session = requests.Session()
    found = _FORM_TOKEN.search(session.get(ours.url + path, timeout=60).text)
    token = found[1] if found else ""

    def ask(name: str) -> requests.Response:
        data = {field: name, "_csrf_token": token, **more}
        return session.post(ours.url + path, data=data, allow_redirects=False, timeout=60)

    return ask


def measured(question: Question, draw: random.Random) -> Row:
    """The medians, and how well a single answer tells."""
    sides = {"hidden": itertools.cycle(question.hidden), "never": itertools.cycle(question.never)}
    times: dict[str, list[float]] = {side: [] for side in sides}
    answers: dict[str, set[int]] = {side: set() for side in sides}
    for number in range(ASKS + 10):
        for side in draw.sample(sorted(sides), 2):
            name = next(sides[side])
            began = time.perf_counter()
            status = question.ask(name).status_code
            if number >= 10:  # processes are warm
                times[side].append((time.perf_counter() - began) * 1000)
                answers[side].add(status)
    if answers["hidden"] != answers["never"]:
        raise AssertionError(f"{question.name}: not even the status is alike: {answers}")
    never, hidden = statistics.median(times["never"]), statistics.median(times["hidden"])
    guessed = f"0.9–1.1 (told {told_apart(times['hidden'], times['never']):.0%})"
    return Row(question.name, never, hidden, guessed)


def told_apart(hidden: list[float], never: list[float]) -> float:
    """How often one pair of answers is guessed right (Mann and Whitney's U)."""
    slower = sum((h > n) + (h == n) / 2 for h in hidden for n in never)
    share = slower / (len(hidden) * len(never))
    return max(share, 1 - share)
