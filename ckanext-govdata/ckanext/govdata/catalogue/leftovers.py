"""Sheets of imports that are no more."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from ..database import Session
from .imports import import_rows
from .model import imports


def unnamed(session: Session, storage: Path) -> Iterator[Path]:
    """What lies in their folder and is the sheet of no import that is under way."""
    under_way = sa.select(imports.c.id).where(imports.c.state.not_in(import_rows.OVER))
    named = set(session.scalars(under_way))
    lying = (storage / import_rows.FOLDER).glob("*")
    yield from (path for path in lying if path.name not in named)
