"""A few rounds of ``make chaos``, on a portal of their own: the faults that found most."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from .place import Place
from .report import LINES, Outcome, table
from .rounds import Campaign, Round

SEED = 15
DRAWN = (
    ["uncommitted", "kill solr"],
    ["file_before_row", "drain_race"],
    ["letter before note", "kill backends"],
    ["kill everything"],
)
"""One round each: this fault, and the other while it lasts."""


@pytest.fixture(scope="module")
def campaign(tmp_path_factory) -> Iterator[Campaign]:
    """A portal of its own, of which nothing stays."""
    place = Place(tmp_path_factory.mktemp("chaos") / "portal")
    made = Campaign(place, SEED)
    try:
        made.begin()
        yield made
    finally:
        place.purge()


@pytest.mark.slow
def test_whatever_dies_nothing_is_lost_and_nothing_false_is_shown(campaign) -> None:
    rounds: list[Round] = [
        campaign.round(number, drawn) for number, drawn in enumerate(DRAWN, start=1)]
    outcome = Outcome(SEED, rounds, campaign.letters_at_last(), campaign.doubled(), ())
    told = table(outcome, campaign.journal)
    assert outcome.met, "\n".join([told, *map(str, outcome.findings)])
    assert all(f"✓ {name}" in told for name, _ in LINES)
    assert all(one.acts for one in rounds), "in each round somebody wrote"
    assert not any(one.recovery.helped for one in rounds), "no part was given up"
