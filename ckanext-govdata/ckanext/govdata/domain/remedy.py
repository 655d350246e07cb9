"""What whoever does not agree with a decision, or waits for one in vain, may do by law.

The law's numbers and the bodies of each place are declared (``config/remedies``); here is which of
them a letter has to name: Administrative Reconsideration Law 20, 23, 24, Administrative Litigation
Law 44 to 46, Regulations on Open Government Information 51.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from .locales import Label


class Against(str, Enum):
    """What somebody does not agree with: that decides which ways are open.

    ``WITHHELD``: refused on the grounds of 14 to 16 of the regulations on open government
    information; reconsideration comes first. ``DECIDED``: any other adverse decision, a condition
    or the end of a case without an answer; both ways are open. ``LATE``: no answer within the term.
    """

    WITHHELD = "withheld"
    DECIDED = "decided"
    LATE = "late"


class RemedyWay(str, Enum):
    """One thing that he may do; ``REVIEW`` asks to have a county's paper examined along with it.
    ``COMPLAIN`` goes to the superior organ or the authority for open government information,
    ``RECTIFY`` to whom the place's own text has violations rectified."""

    RECONSIDER = "reconsider"
    RECONSIDER_FIRST = "reconsider_first"
    RECONSIDER_LATE = "reconsider_late"
    SUE_AFTER = "sue_after"
    SUE = "sue"
    SUE_LATE = "sue_late"
    COMPLAIN = "complain"
    RECTIFY = "rectify"
    REVIEW = "review"


COMPLAINTS = (RemedyWay.COMPLAIN, RemedyWay.RECTIFY)
"""What needs no term and no form."""
WAYS: Mapping[Against, tuple[RemedyWay, ...]] = {
    Against.WITHHELD: (RemedyWay.RECONSIDER_FIRST, RemedyWay.SUE_AFTER, *COMPLAINTS),
    Against.DECIDED: (RemedyWay.RECONSIDER, RemedyWay.SUE, *COMPLAINTS),
    Against.LATE: (*COMPLAINTS, RemedyWay.RECONSIDER_LATE, RemedyWay.SUE_LATE),
}
"""In the order in which they are named."""


def ways(against: Against, *, on_paper: bool = False) -> tuple[RemedyWay, ...]:
    """Those that are open; where the decision rests on a normative document its review may be asked
    for along with reconsideration (Administrative Reconsideration Law 13)."""
    found = WAYS[against]
    if not on_paper:
        return found
    cut = 1 + next(number for number, way in enumerate(found) if way in TO_GOVERNMENT)
    return (*found[:cut], RemedyWay.REVIEW, *found[cut:])


TO_GOVERNMENT = (RemedyWay.RECONSIDER, RemedyWay.RECONSIDER_FIRST, RemedyWay.RECONSIDER_LATE)


@dataclass(frozen=True)
class Provision:
    """An article of a law, and the span that it sets: days or months, 0 where it sets none."""

    document: Label = field(hash=False)
    article: str
    days: int = 0
    months: int = 0


@dataclass(frozen=True)
class PlaceOfRemedy:
    """The bodies of one place. ``above`` judges what its government itself decided; ``complaint``
    is to whom somebody complains where the place's text has violations rectified (clause
    ``rectification``); addresses are empty until the operator has entered them."""

    place: str
    reconsideration: Label = field(hash=False)
    above: Label = field(hash=False)
    address: str = ""
    online: str = ""
    court: Label = field(default_factory=dict[str, str], hash=False)
    complaint: Label = field(default_factory=dict[str, str], hash=False)


@dataclass(frozen=True)
class Remedies:
    """The law's provisions by name and the places by id."""

    law: Mapping[str, Provision]
    places: Mapping[str, PlaceOfRemedy]
