"""Attachments that no row names."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from ..database import Session
from . import attachments
from .model import attachment


def unnamed(session: Session, storage: Path) -> Iterator[Path]:
    """Files by their content, and uploads that were never kept."""
    lying = list(storage.joinpath(*attachments.FOLDER).glob("*"))
    named = set(session.scalars(sa.select(attachment.c.sha256))) if lying else set[str]()
    yield from (path for path in lying if path.name not in named)
