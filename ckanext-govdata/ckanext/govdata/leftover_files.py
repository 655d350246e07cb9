"""Files that no row names, deleted a day later, wherever the slices say that they lie.

A slice with files of its own has a module ``leftovers`` whose ``unnamed(session, storage)`` gives
what lies in its folders and no row names, however young.
"""
from __future__ import annotations

import logging
import shutil
import uuid
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from . import now, settings, slices
from .database import Session

log = logging.getLogger(__name__)
FORGOTTEN = timedelta(days=1)
"""So old is what no transaction can be about to write a row for, and nobody is about to open."""


class SweptFiles(NamedTuple):
    """What was deleted: names below the storage folder, and the bytes that it took."""

    names: list[str]
    size: int


def sweep(session: Session) -> SweptFiles:
    """Delete what no row names any more; each is named in the log, and how much it was."""
    storage = _storage()
    if storage is None:
        return SweptFiles([], 0)
    found = [path for one in slices.modules("leftovers") for path in one.unnamed(session, storage)]
    swept = delete(found)
    for name in swept.names:
        log.warning("A file that no row names was deleted: %s", name)
    log.info("Files that no row names: %d deleted, %d bytes", len(swept.names), swept.size)
    return swept


def delete(found: Iterable[Path]) -> SweptFiles:
    """Delete those files and folders that are a day old; nothing outside of the storage folder,
    also where a link leads there."""
    storage, swept = _storage(), SweptFiles([], 0)
    if storage is None:
        return swept
    for path in found:
        true = path.resolve()
        if storage not in true.parents:
            continue
        try:
            size = _taken_away(true)
        except FileNotFoundError:  # somebody else was faster
            continue
        if size is not None:
            swept.names.append(str(true.relative_to(storage)))
            swept = swept._replace(size=swept.size + size)
    return swept


def _storage() -> Path | None:
    """The storage folder; none where the option is empty, which is the folder we stand in."""
    said = Path(settings.storage_path() or "")
    return said.resolve() if said.is_absolute() and said.is_dir() else None


def _taken_away(path: Path) -> int | None:
    """The bytes that were deleted; none where it is too young.

    It is moved aside and looked at again: what takes its place in this moment is young and stays.
    """
    if _is_young(path):
        return None
    aside = path.with_name(f"{path.name[:100]}~gone-{uuid.uuid4().hex}")
    path.rename(aside)
    if _is_young(aside):
        aside.rename(path)
        return None
    size = sum(each.lstat().st_size for each in _files(aside))
    if aside.is_dir():
        shutil.rmtree(aside)
    else:
        aside.unlink()
    return size


def _is_young(path: Path) -> bool:
    before = now.real().timestamp() - FORGOTTEN.total_seconds()
    return any(each.lstat().st_mtime >= before for each in (path, *_files(path)))


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir() and not path.is_symlink():
        yield from (each for each in path.rglob("*") if not each.is_dir())
    else:
        yield path
