"""How much may be attached, by cases and by people."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Share:
    """So many files of so many bytes together."""

    files: int
    size: int


@dataclass(frozen=True)
class AttachmentShares:
    """What one case may hold, and what one person may attach in thirty days."""

    case: Share
    person: Share
