"""The ledger's chain: each entry's digest covers the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

ALGORITHMS = ("sha256", "sm3")
"""SHA-256, or SM3 (GB/T 32905) where the operator must use it."""

START = "0" * 64
"""What stands before the first entry."""


@dataclass(frozen=True)
class Broken:
    """The first entry that does not fit, and how: ``missing``, ``altered`` or ``unlinked``."""

    number: int
    how: str


def canonical(content: Mapping[str, object]) -> bytes:
    """The same content gives the same bytes: sorted keys, no spaces, UTF-8."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(
    before: str, number: int, content: Mapping[str, object], algorithm: str = "sha256"
) -> str:
    """The digest of an entry in hexadecimal."""
    return digest_of(before, number, canonical(content), algorithm)


def digest_of(before: str, number: int, text: bytes, algorithm: str = "sha256") -> str:
    """The digest of an entry whose content was made :func:`canonical` already."""
    return hashlib.new(algorithm, f"{before}\n{number}\n".encode() + text).hexdigest()


@dataclass(frozen=True)
class Link:
    """An entry as it is kept. Numbers begin at 1 and leave no gap."""

    number: int
    content: Mapping[str, Any]
    before: str
    digest: str
    algorithm: str = "sha256"


def verify(
    links: Iterable[Link], number: int = 0, before: str = START
) -> tuple[int, str, Broken | None]:
    """Number and digest of the last good entry, and the first bad one if there is any.

    Begins after the entry ``number`` whose digest is ``before``.
    """
    for link in links:
        if link.number != number + 1:
            return number, before, Broken(number + 1, "missing")
        if link.before != before:
            return number, before, Broken(link.number, "unlinked")
        if digest(before, link.number, link.content, link.algorithm) != link.digest:
            return number, before, Broken(link.number, "altered")
        number, before = link.number, link.digest
    return number, before, None
