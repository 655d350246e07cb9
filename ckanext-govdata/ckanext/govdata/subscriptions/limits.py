"""How many may subscribe: so many to an event in an hour, so many letters to an address in a day.

How much one client may ask is limited before the action: ``security/rates.py``.
"""

from __future__ import annotations

import logging

from redis import RedisError

from .. import settings
from ..domain.refusal import Refusal
from ..security import counters
from .subjects import SubscriptionSubject

log = logging.getLogger(__name__)
HOUR, DAY = 3600, 86_400
LETTERS_A_DAY = 5
"""Letters asking an address for its consent: whoever types others' addresses reaches no further."""
HOOKS_AN_HOUR = 20


def crowd(subject: SubscriptionSubject) -> list[Refusal]:
    """What stands against one more who asks to be told of this."""
    most = settings.subscriptions_per_hour()
    name = subject.event_id or f"region:{subject.region}"
    return _full("subscribe-subject", name, HOUR, most, "address") if most else []


def hooks(user_id: str) -> list[Refusal]:
    """What stands against one more webhook of this user."""
    return _full("subscribe-hook", user_id, HOUR, HOOKS_AN_HOUR, "url")


def may_write(digest: str) -> bool:
    """Whether one more letter may go to the address with that digest."""
    try:
        return counters.add("subscribe-address", digest, DAY)[0] <= LETTERS_A_DAY
    except RedisError:
        return False


def _full(kind: str, name: str, seconds: int, most: int, field: str) -> list[Refusal]:
    try:
        count, left = counters.add(kind, name, seconds)
    except RedisError:
        log.exception("Valkey does not answer: nobody can subscribe")
        return [Refusal("uncounted", field)]
    if count <= most:
        return []
    return [Refusal("crowded", field, facts={"minutes": str(-(-left // 60))})]
