"""What the day's answers tell: lines of a table, each with what is wanted and whether it holds."""
from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .crowd import BROKEN, Asked

LATE = 0.5
"""Seconds that the 99th percentile may take."""
GROWTH = 1.1
"""A process's memory in the last quarter of the calm time may be so many times of the second's."""
AFTER = 12.0
"""Seconds after a service is well again in which it may still be called away: the search server is
asked every ten seconds once it was left alone."""


@dataclass(frozen=True)
class Line:
    """One line of the table; ``holds`` is None where nothing is wanted of it."""

    name: str
    figure: str
    wanted: str = ""
    holds: bool | None = None


@dataclass(frozen=True)
class Kill:
    """A service that was killed and the instant in which it was well again."""

    name: str
    at: float
    well: float


def calm(asked: Sequence[Asked], rate: float) -> list[Line]:
    """The time in which nothing was killed."""
    lines = [Line("requests", f"{len(asked)}, {rate:g} a second")]
    for kind in sorted({one.kind for one in asked}):
        took = [one.seconds for one in asked if one.kind == kind]
        lines.append(Line(f"{kind}: p50, p99", f"{_p(took, 50)}, {_p(took, 99)} ({len(took)})"))
    late = _percentile([one.seconds for one in asked], 99)
    lines.append(Line("all: p99", f"{late * 1000:.0f} ms", f"≤ {LATE * 1000:.0f} ms", late <= LATE))
    wrong = errors(asked)
    lines.append(Line("errors", _counted(wrong), "0", not wrong))
    return lines


def errors(asked: Iterable[Asked]) -> list[Asked]:
    """Whatever was not answered with what was asked for."""
    return [one for one in asked if one.status not in ("200", "304")]


def memory(samples: Mapping[str, Sequence[float]]) -> list[Line]:
    """Each process's MiB over the calm time, sampled evenly; those of the web must stay flat."""
    lines = []
    for name, sizes in sorted(samples.items()):
        quarter = max(1, len(sizes) // 4)
        before = statistics.median(sizes[quarter:2 * quarter] or sizes)
        after = statistics.median(sizes[-quarter:])
        figure = f"{before:.0f} → {after:.0f} MiB (× {after / before:.2f})"
        lines.append(Line(f"memory, {name}", figure, f"× ≤ {GROWTH}", after <= before * GROWTH))
    return lines


def kill(killed: Kill, asked: Sequence[Asked], inflight: int) -> list[Line]:
    """What readers saw of one kill: among those who asked from shortly before it to the next.

    A process that is killed breaks the lines of what it was just answering: no more than
    ``inflight`` of them, and only then.
    """
    wrong = errors(asked)
    said = [one for one in wrong if one.status == "503" and one.away]
    until = killed.well + AFTER
    late = [one for one in said if one.at > until]
    broken = [one for one in wrong if one.status == BROKEN and _meets(one, killed)]
    others = [one for one in wrong if one not in said and one not in broken]
    name = f"{killed.name} killed"
    return [
        Line(f"{name}: well again after", f"{killed.well - killed.at:.1f} s"),
        Line(f"{name}: 503 with Retry-After", f"{len(said)} of {len(asked)}"),
        Line(f"{name}: 503 when it was back", _counted(late), "0", not late),
        Line(f"{name}: broken lines", str(len(broken)), f"≤ {inflight}", len(broken) <= inflight),
        Line(f"{name}: other errors", _counted(others), "0", not others),
    ]


def _meets(one: Asked, killed: Kill) -> bool:
    """Whether it was being answered when the service was killed, or came before it was well."""
    return one.at + one.seconds >= killed.at and one.at <= killed.well


def _counted(wrong: Iterable[Asked]) -> str:
    counts = Counter((one.status, one.kind, one.path.split("?")[0][:40]) for one in wrong)
    worst = "; ".join(f"{n} × {' '.join(what)}" for what, n in counts.most_common(3))
    return f"{counts.total()} ({worst})" if worst else "0"


def _p(seconds: Sequence[float], percent: int) -> str:
    return f"{_percentile(seconds, percent) * 1000:.0f} ms"


def _percentile(seconds: Sequence[float], percent: int) -> float:
    if len(seconds) < 2:
        return seconds[0] if seconds else 0.0
    return statistics.quantiles(seconds, n=100)[percent - 1]
