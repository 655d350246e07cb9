"""The links of a mail: whoever holds one may confirm, or may unsubscribe, and nothing else."""

from __future__ import annotations

import base64
import hmac

from ..security import vault

CONFIRM, UNSUBSCRIBE = "confirm", "unsubscribe"
BYTES = 16


def token(purpose: str, subscriber: str) -> str:
    """The subscription and a sign that we made this link for that purpose."""
    return f"{subscriber}.{_sign(purpose, subscriber)}"


def read(purpose: str, written: str) -> str:
    """The subscription's id, or empty where the link is none of ours."""
    subscriber, _, sign = written.partition(".")
    return subscriber if hmac.compare_digest(sign.encode(), _bytes(purpose, subscriber)) else ""


def _sign(purpose: str, subscriber: str) -> str:
    digest = bytes.fromhex(vault.digest(f"{purpose}:{subscriber}"))[:BYTES]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _bytes(purpose: str, subscriber: str) -> bytes:
    return _sign(purpose, subscriber).encode()
