"""The table of a campaign, and what is kept of it."""
from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from .checks import Finding
from .journal import Fate, Journal
from .observer import as_json
from .rounds import Round

LINES = (
    ("lasting divergences of index and database", ("index", "search outbox")),
    ("uncommitted texts read", ("uncommitted text",)),
    ("texts read after they were closed", ("closed text",)),
    ("acts lost, doubled or half done", (
        "entries", "case", "command", "grant", "publication", "declaration", "import", "table")),
    ("files that are not what their row says", ("files", "emergency files")),
    ("numbers or ledger that do not fit", ("numbers", "ledger")),
    ("letters lost", ("letters", "outbox")),
    ("bare errors, repeats carried out anew", ("bare answer",)),
    ("portals that did not come back", ("recovery", "fault")),
)
"""What must be nought, and the checks that count for it."""
QUICK = 30.0
"""Seconds in which the portal is well again, without anybody's help."""


@dataclass(frozen=True)
class Outcome:
    """A campaign: its seed, its rounds, and what was found at its end."""

    seed: int
    rounds: Sequence[Round]
    at_last: Sequence[Finding]
    doubled: int
    without: Sequence[str]
    """Faults that were not possible here."""

    @property
    def findings(self) -> list[Finding]:
        """Everything that is wrong."""
        return [one for round_ in self.rounds for one in round_.findings] + list(self.at_last)

    @property
    def met(self) -> bool:
        """Whether every line is."""
        return not self.findings


def table(outcome: Outcome, journal: Journal) -> str:
    """The printed table: each line with what was found, and whether it is met."""
    found = Counter(_line_of(one) for one in outcome.findings)
    fates = Counter(act.fate for act in journal.acts)
    answers = ", ".join(f"{status} {times}" for status, times in sorted(journal.answers.items()))
    lines = [
        f"seed {outcome.seed}, {len(outcome.rounds)} rounds, {len(journal.acts)} acts: "
        f"{fates[Fate.DONE]} done, {fates[Fate.REFUSED]} refused, {fates[Fate.UNKNOWN]} open; "
        f"{journal.replayed} asked again; {journal.shown} texts read by strangers",
        f"answers: {answers}; load of the machine "
        f"{statistics.median([one.load for one in outcome.rounds] or [0.0]):.1f}",
        *_refusals(journal),
        *_by_fault(outcome.rounds),
        "",
    ]
    lines += [_line(name, found[name]) for name, _ in LINES]
    slow = [one for one in outcome.rounds if one.recovery.seconds > QUICK]
    lines.append(f"  {'rounds that took longer than 30 s to recover':48}{len(slow):>6}")
    helped = sum(one.recovery.helped for one in outcome.rounds)
    lines.append(f"  {'rounds in which somebody had to say make up':48}{helped:>6}")
    lines.append(f"  {'letters that came twice, with one id':48}{outcome.doubled:>6}")
    lines += [f"  not possible here: {one}" for one in outcome.without]
    return "\n".join(lines)


def _refusals(journal: Journal) -> list[str]:
    """What was refused, by kind of act and status: in a trial that asks what may be, little."""
    found = Counter(
        f"{act.kind} {act.status}" for act in journal.acts if act.fate is Fate.REFUSED)
    return [f"refused: {', '.join(f'{what} {times}' for what, times in sorted(found.items()))}"]


def _line(name: str, count: int) -> str:
    return f"{'✗' if count else '✓'} {name:48}{count:>6}  wanted 0"


def _line_of(finding: Finding) -> str:
    return next((name for name, of in LINES if finding.check in of), finding.check)


def _by_fault(rounds: Sequence[Round]) -> list[str]:
    by: dict[str, list[Round]] = defaultdict(list)
    for one in rounds:
        by[one.faults[0]].append(one)
    lines = [f"\n{'fault':28}{'rounds':>7}{'well after':>12}{'at most':>9}{'open':>6}{'wrong':>7}"]
    for name, its in sorted(by.items()):
        seconds = [one.recovery.seconds for one in its]
        wrong = sum(len(one.findings) for one in its)
        lines.append(
            f"{name:28}{len(its):>7}{statistics.median(seconds):>10.1f} s{max(seconds):>7.1f} s"
            f"{max(one.open for one in its):>6}{wrong:>7}")
    return lines


def keep(folder: Path, outcome: Outcome, journal: Journal) -> Path:
    """Write all of it as JSON; the file's name is the instant and the seed."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{datetime.now(timezone.utc):%Y%m%dT%H%M%SZ}-{outcome.seed}.json"
    file.write_text(as_json({
        "seed": outcome.seed, "met": outcome.met, "answers": journal.answers,
        "rounds": [one.told() for one in outcome.rounds], "doubled": outcome.doubled,
        "at_last": [vars(one) for one in outcome.at_last],
        "refused": [
            {"kind": act.kind, "text": act.text, "status": act.status, "answer": act.answer}
            for act in journal.acts if act.fate is Fate.REFUSED],
    }), "utf-8")
    return file
