"""The invariants. Each takes what was told and what is there, and names what does not fit."""
from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .journal import Act, Fate, Reading


@dataclass(frozen=True)
class Finding:
    """What is wrong, by which check, with what."""

    check: str
    thing: str
    what: str


@dataclass(frozen=True)
class Version:
    """What was committed of a thing: its text, whether strangers may read it, when."""

    text: str
    public: bool
    at: float


@dataclass(frozen=True)
class Letter:
    """A row of the outbox: the letter's id, whether it is noted as sent, and by when it is due."""

    id: str
    sent: bool
    due: float


Versions = Mapping[str, Sequence[Version]]
"""Of each thing, in the order of the commits."""


def entries(acts: Iterable[Act], versions: Versions) -> list[Finding]:
    """What was acknowledged is there, in order; what was refused never was; nothing else is."""
    found: list[Finding] = []
    told: dict[str, list[Act]] = defaultdict(list)
    for act in acts:
        told[act.thing].append(act)
    for thing, its in told.items():
        committed = versions.get(thing, ())
        found += [Finding("entries", thing, what) for what in _one_thing(its, committed)]
    strange = sorted(set(versions) - set(told))
    return found + [Finding("entries", thing, "nobody asked for it") for thing in strange]


def _one_thing(acts: Sequence[Act], committed: Sequence[Version]) -> Iterable[str]:
    known = {(act.text, act.public): act for act in acts}
    for version in committed:
        act = known.get((version.text, version.public))
        if act is None:
            yield f"{version.text} (public: {version.public}) was never asked for so: half an act"
        elif act.fate is Fate.REFUSED:
            yield f"{version.text} was refused ({act.status}) and is there"
    has = {(version.text, version.public) for version in committed}
    done = [number for number, act in enumerate(acts) if act.fate is Fate.DONE]
    for number in done:
        if (acts[number].text, acts[number].public) not in has:
            yield f"{acts[number].text} was acknowledged and is lost"
    if done and committed:
        last = (committed[-1].text, committed[-1].public)
        may_be = [(act.text, act.public) for act in acts[done[-1]:] if act.fate is not Fate.REFUSED]
        if last not in may_be:
            yield f"{last[0]} stands, after {acts[done[-1]].text} was acknowledged"


def once(kind: str, acts: Iterable[Act], counts: Mapping[str, int]) -> list[Finding]:
    """An act that was acknowledged is there once and whole, a refused one not at all, one that
    nobody knows of whole or not at all; and there is nothing else.
    """
    found: list[Finding] = []
    known: set[str] = set()
    for act in acts:
        known.add(act.text)
        has = counts.get(act.text, 0)
        if has not in _fitting(act):
            found.append(Finding(kind, act.text, f"{act.fate.value}, and there {has} times"))
    return found + [
        Finding(kind, text, f"there {counts[text]} times, and nobody asked for it")
        for text in sorted(set(counts) - known)
    ]


def _fitting(act: Act) -> tuple[int, ...]:
    return {Fate.DONE: (act.count,), Fate.REFUSED: (0,), Fate.UNKNOWN: (0, act.count)}[act.fate]


def readings(read: Iterable[Reading], versions: Versions) -> list[Finding]:
    """Each text that a stranger was shown was committed by then, and open at some instant between
    his question and his answer."""
    found: list[Finding] = []
    for one in read:
        history = versions.get(one.thing, ())
        committed = [version.at for version in history if version.text == one.text]
        if not committed or min(committed) > one.answered:
            later = f", {min(committed) - one.answered:.2f} s later" if committed else " ever"
            what = f"{one.text} was read at {one.where} and not committed{later}"
            found.append(Finding("uncommitted text", one.thing, what))
        elif not _open_between(history, one.asked, one.answered):
            closed = max(version.at for version in history if version.at <= one.asked)
            what = f"{one.text} was read at {one.where} {one.asked - closed:.2f} s after it closed"
            found.append(Finding("closed text", one.thing, what))
    return found


def _open_between(history: Sequence[Version], begin: float, end: float) -> bool:
    """Whether one of the states that held in that time is public."""
    for number, version in enumerate(history):
        until = history[number + 1].at if number + 1 < len(history) else end
        if version.public and version.at <= end and until >= begin:
            return True
    return False


def index(
    rows: Mapping[str, tuple[object, ...]], documents: Mapping[str, tuple[object, ...]],
    waiting: Iterable[str],
) -> list[Finding]:
    """Each entry's document says what its row says; those that wait in the outbox are explained."""
    explained = set(waiting)
    found: list[Finding] = []
    for own in sorted((set(rows) | set(documents)) - explained):
        row, document = rows.get(own), documents.get(own)
        if row == document:
            continue
        kind = "orphan" if row is None else "missing" if document is None else "stale"
        found.append(Finding("index", own, f"{kind}: {document} in the index, {row} in the row"))
    return found


def files(named: Mapping[str, str], there: Mapping[str, str]) -> list[Finding]:
    """Each file that a row names is there and has its digest."""
    return [
        Finding("files", path, "is gone" if path not in there else "has another content")
        for path, digest in sorted(named.items())
        if there.get(path) != digest
    ]


def numbers(name: str, given: Iterable[int]) -> list[Finding]:
    """Numbers that are given one after the other: none twice, none left out."""
    had = sorted(given)
    if had == list(range(1, len(had) + 1)):
        return []
    twice = [number for number, times in Counter(had).items() if times > 1]
    missing = sorted(set(range(1, max(had) + 1)) - set(had))
    return [Finding("numbers", name, f"twice {twice[:9]}, missing {missing[:9]}")]


def ledger(acts: Iterable[tuple[object, ...]], told: Iterable[tuple[object, ...]]) -> list[Finding]:
    """Each act is told once, and nothing is told that was not done."""
    done, said = Counter(acts), Counter(told)
    return [
        Finding("ledger", str(one), f"done {done[one]} times, told {said[one]} times")
        for one in sorted(done.keys() | said.keys(), key=str)
        if done[one] != said[one]
    ]


def letters(posted: Iterable[Letter], came: Mapping[str, int], instant: float) -> list[Finding]:
    """A letter that is noted as sent came; one that is due and long so was sent; no other came."""
    found: list[Finding] = []
    known: set[str] = set()
    for letter in posted:
        known.add(letter.id)
        if letter.sent and not came.get(letter.id):
            found.append(Finding("letters", letter.id, "noted as sent, and never came"))
        if not letter.sent and letter.due < instant:
            found.append(Finding("letters", letter.id, "is due and does not go"))
    strange = sorted(set(came) - known)
    return found + [Finding("letters", one, "came, and no row says so") for one in strange]
