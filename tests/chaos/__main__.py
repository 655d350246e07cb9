"""``make chaos``: rounds of faults on a portal of their own; the table, and all of it as JSON."""
from __future__ import annotations

import argparse
import random
import sys

from ckanext.govdata.stack.home import Home

from . import report
from .checks import Finding
from .place import Place
from .rounds import Campaign, Round


def main() -> int:
    """Do the rounds that were asked for; exit status 1 where a line is not met.

    The portal stays as it is at the end, down, in ``<home>/chaos/portal``; the next campaign
    throws it away.
    """
    asked = _arguments()
    folder = Home.place() / "chaos"
    campaign = Campaign(Place(folder / "portal", with_disks=not asked.no_disks), asked.seed)
    say(f"seed {asked.seed}")
    campaign.begin()
    rounds: list[Round] = []
    try:
        for number in range(asked.first, asked.first + asked.rounds):
            rounds.append(campaign.round(number, asked.fault or None))
            tell(rounds[-1])
            if asked.stop and rounds[-1].findings:
                break
    finally:
        outcome = finished(campaign, rounds)
        print(report.table(outcome, campaign.journal))  # noqa: T201
        say(f"kept in {report.keep(folder, outcome, campaign.journal)}")
        if not asked.leave_up:
            campaign.place.down()
    return 0 if outcome.met else 1


def finished(campaign: Campaign, rounds: list[Round]) -> report.Outcome:
    """What is found at the end of all."""
    try:
        at_last, doubled = campaign.letters_at_last(), campaign.doubled()
    except Exception as error:  # a portal that is gone
        at_last, doubled = [Finding("recovery", "portal", str(error)[:500])], 0
    disks = campaign.place.disks.names
    missing = [] if disks else ["full disks (they are mounted, which needs root)"]
    return report.Outcome(campaign.seed, rounds, at_last, doubled, missing)


def tell(told: Round) -> None:
    """A round, in a line, and each finding in another."""
    recovered = f"well after {told.recovery.seconds:.1f} s{' (make up)' * told.recovery.helped}"
    say(f"{told.number:>4} {'; '.join(told.said)[:150]} | {recovered}, settled "
        f"{told.settled:.1f} s, {told.acts} acts, {told.open} open, load {told.load:.0f}")
    for one in told.findings:
        say(f"     ✗ {one.check}: {one.thing}: {one.what[:300]}")


def say(text: str) -> None:
    """Progress, on standard error."""
    print(f"· {text}", file=sys.stderr, flush=True)  # noqa: T201


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.chaos", description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--first", type=int, default=1, help="number of the first round")
    parser.add_argument("--fault", action="append", help="this fault in each round, not the dice")
    parser.add_argument("--stop", action="store_true", help="stop after the first finding")
    parser.add_argument("--leave-up", action="store_true", help="leave the portal up at the end")
    parser.add_argument("--no-disks", action="store_true", help="mount no small disks")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
