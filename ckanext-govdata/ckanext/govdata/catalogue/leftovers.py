"""Imports that nobody came back to."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..database import Session
from .imports import uploads


def unnamed(session: Session, storage: Path) -> Iterator[Path]:
    """Their folders: one in which nothing was written for a day is forgotten."""
    yield from (storage / uploads.FOLDER).glob("*")
