"""Reference numbers that a person can read out: KF-瑶海-2026-000123, without gaps."""

from __future__ import annotations

import re
from datetime import date

from sqlalchemy.dialects.postgresql import insert

from ...database import Session
from ...domain.locales import SIMPLIFIED
from ...domain.refusal import Refusal
from ...rules import in_force
from ..model import counter


def next_reference(session: Session, code: str, jurisdiction: str, day: date) -> str:
    """The next number of a kind, place and year.

    The counter's row is locked until the transaction ends: a number that is rolled back
    is given to the next one.
    """
    key = f"{code}-{place(jurisdiction, day)}-{day.year}"
    return f"{key}-{session.scalar(NEXT, {'key': key, 'last': 1}):06d}"


NEXT = (
    insert(counter)
    .on_conflict_do_update(index_elements=["key"], set_={"last": counter.c.last + 1})
    .returning(counter.c.last)
)


def place(jurisdiction: str, day: date) -> str:
    """The place without its rank: 瑶海 for 瑶海区; 安徽 for 安徽省."""
    found = in_force.rulebook().at(jurisdiction, day)
    name = jurisdiction if isinstance(found, Refusal) else found.name[SIMPLIFIED]
    return re.sub(r"(?<=..)(省|市|县|区)$", "", name)
