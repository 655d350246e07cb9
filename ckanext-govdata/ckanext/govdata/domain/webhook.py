"""How a webhook's message is signed (Standard Webhooks 1.0.0) and how long a failing one waits."""

from __future__ import annotations

import base64
import hmac
from datetime import timedelta
from hashlib import sha256

PREFIX = "whsec_"
"""Before the secret, as the specification has it; the rest is base64."""
LONGEST_WAIT = timedelta(hours=12)
PATIENT, IMPATIENT = 10, 4
"""Failures in a row after which it is switched off: one that has answered before, one that never
has."""


def secret_of(key: bytes) -> str:
    """The key as it is shown, once."""
    return PREFIX + base64.b64encode(key).decode()


def sign(secret: str, key: str, instant: int, body: bytes) -> str:
    """The header ``webhook-signature`` of a message with that id, sent at that Unix time."""
    signed = b".".join((key.encode(), str(instant).encode(), body))
    digest = hmac.new(base64.b64decode(secret.removeprefix(PREFIX)), signed, sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def wait(failures: int) -> timedelta:
    """How long the next try waits after so many failures in a row: 1, 2, 4 minutes and so on."""
    return min(timedelta(minutes=2 ** min(failures - 1, 20)), LONGEST_WAIT)


def gives_up(failures: int, answered: bool) -> bool:
    """Whether it is switched off; ``answered`` is whether it ever did what was asked."""
    return failures >= (PATIENT if answered else IMPATIENT)
