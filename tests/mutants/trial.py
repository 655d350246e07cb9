"""The pytest plugin of a trial: first the tests as they are, then once for each change.

The process of the tests is forked for each change; in the child the changed function's code is put
in the place of the one that everybody imported, and the tests that came by it run until one fails.
What ran when the portal started is not run again: of such places a change stays unnoticed here.
"""

from __future__ import annotations

import functools
import gc
import json
import os
import random
import signal
import sys
import threading
import time
import types
from collections import defaultdict
from pathlib import Path

import pytest

from .changes import Place, changed, places

PACKAGE = Path(__file__).resolve().parents[2] / "ckanext-govdata" / "ckanext" / "govdata"
SECONDS = 180
"""After so long the change is noticed: something waits for ever."""
KILLED, ALIVE, NOT_POSSIBLE = 1, 0, 9
UNNOTICED = ("alive", "unreached")
Key = tuple[str, str]
"""A function: its file and ``co_qualname``."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("mutants")
    group.addoption("--slice", help="the folder of the package whose functions are changed")
    group.addoption("--mutants", type=int, default=40, help="so many changes, drawn by --seed")
    group.addoption("--seed", type=int, default=1)
    group.addoption("--kept", help="a file for the results, one JSON a line")
    group.addoption("--again", help="such a file: only what nobody noticed there is tried")


def pytest_configure(config: pytest.Config) -> None:
    if config.option.slice:
        config.pluginmanager.register(Trial(config.option))


class Trial:
    """One slice's changes and what became of them."""

    def __init__(self, option: object) -> None:
        self.option = option
        self.files = sorted((PACKAGE / option.slice).rglob("*.py"))
        self.names = {str(file) for file in self.files}
        self.reached: dict[Key, dict[pytest.Item, float]] = defaultdict(dict)
        self.failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed |= report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.pass_once(session)
        if self.failed:
            pytest.exit("the tests fail without a change")
        session._setupstate.teardown_exact(session)
        for file, place in self.drawn():
            self.say(file, place, self.tried(session, file, place))
        return True

    def pass_once(self, session: pytest.Session) -> None:
        """Every test, noting which functions of the slice it comes by."""
        for item, after in zip(session.items, [*session.items[1:], session], strict=True):
            seen: set[Key] = set()
            begun = time.monotonic()
            with _Watched(self.names, seen):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            for key in seen:
                self.reached[key][item] = time.monotonic() - begun

    def drawn(self) -> list[tuple[Path, Place]]:
        every = [(file, place) for file in self.files for place in places(file.read_text())]
        drawn = random.Random(self.option.seed).sample(every, min(self.option.mutants, len(every)))
        if self.option.again is None:
            return drawn
        before = [json.loads(line) for line in Path(self.option.again).read_text().splitlines()]
        noticed = [one["became"] not in UNNOTICED for one in before]
        return [one for one, was in zip(drawn, noticed, strict=False) if not was]

    def tried(self, session: pytest.Session, file: Path, place: Place) -> str:
        """``killed``, ``alive``, ``unreached`` or ``impossible``."""
        reached = self.reached.get((str(file), place.function))
        if not reached:
            return "unreached"
        child = os.fork()
        if child == 0:
            os._exit(_noticed(session, sorted(reached, key=reached.get), file, place))
        _pid, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            return "killed"
        found = os.WEXITSTATUS(status)
        return {ALIVE: "alive", NOT_POSSIBLE: "impossible"}.get(found, "killed")

    def say(self, file: Path, place: Place, became: str) -> None:
        source = file.read_text().splitlines()[place.line - 1].strip()
        told = {"file": str(file.relative_to(PACKAGE)), "line": place.line, "kind": place.kind,
                "function": place.function, "became": became, "source": source}  # fmt: skip
        with Path(self.option.kept).open("a") as kept:
            kept.write(json.dumps(told, ensure_ascii=False) + "\n")


def _noticed(session: pytest.Session, items: list[pytest.Item], file: Path, place: Place) -> int:
    """In the child: whether one of the tests fails."""
    signal.alarm(SECONDS)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    try:
        if not _put(file, place):
            return NOT_POSSIBLE
        _own_connections()
        told = Trial(session.config.option)
        session.config.pluginmanager.register(told)
        for item, after in zip(items, [*items[1:], session], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            if told.failed:
                return KILLED
    except BaseException:
        return KILLED
    return ALIVE


def _put(file: Path, place: Place) -> bool:
    """Every function made of that place's code has the changed one; caches are empty."""
    whole = compile(changed(file.read_text(), place), str(file), "exec")
    new = {code.co_qualname: code for code in _codes(whole)}
    code = new.get(place.function)
    gc.unfreeze()
    done = False
    for one in gc.get_objects():
        if isinstance(one, functools._lru_cache_wrapper):
            one.cache_clear()
        elif code is not None and _is(one, file, place):
            if one.__code__.co_freevars != code.co_freevars:
                return False
            one.__code__, done = code, True
    return done


def _is(one: object, file: Path, place: Place) -> bool:
    if not isinstance(one, types.FunctionType):
        return False
    code = one.__code__
    return (code.co_filename, code.co_qualname) == (str(file), place.function)


def _codes(code: types.CodeType) -> list[types.CodeType]:
    inner = [one for one in code.co_consts if isinstance(one, types.CodeType)]
    return [code, *(each for one in inner for each in _codes(one))]


def _own_connections() -> None:
    """The parent's connections stay the parent's."""
    model = sys.modules.get("ckan.model")
    if model is not None and model.meta.engine is not None:
        model.Session.registry.clear()
        model.meta.engine.dispose(close=False)


class _Watched:
    """Notes each function of ``names``' files that is called, in every thread."""

    def __init__(self, names: set[str], seen: set[Key]) -> None:
        self.names, self.seen = names, seen

    def __enter__(self) -> None:
        sys.settrace(self.call)
        threading.settrace(self.call)

    def __exit__(self, *_found: object) -> None:
        sys.settrace(None)
        threading.settrace(None)

    def call(self, frame: types.FrameType, _event: str, _told: object) -> None:
        code = frame.f_code
        if code.co_filename in self.names:
            # what is inside a function is changed with the whole of it
            self.seen.add((code.co_filename, code.co_qualname.split(".<locals>")[0]))
