"""Sheets of imports that are no more."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from ..database import Session
from .imports import import_rows
from .model import imports


def unnamed(session: Session, storage: Path) -> Iterator[Path]:
    """What lies in their folder and is the sheet of no import that is under way, or was written."""
    wanted = imports.c.state.not_in(import_rows.OVER) | imports.c.written.is_not(None)
    named = set(session.scalars(sa.select(imports.c.id).where(wanted)))
    lying = (storage / import_rows.FOLDER).glob("*")
    yield from (path for path in lying if path.name not in named)
