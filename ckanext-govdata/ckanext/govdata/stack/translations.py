"""The compiled catalogues of strings, which CKAN reads and git does not keep."""
from __future__ import annotations

from pathlib import Path

from babel.messages import mofile, pofile

FOLDER = Path(__file__).parents[1] / "i18n"


def compile_catalogues(folder: Path = FOLDER) -> int:
    """Write each .mo whose .po is newer; how many were written."""
    written = 0
    for source in folder.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            with source.open("rb") as po, target.open("wb") as mo:
                mofile.write_mo(mo, pofile.read_po(po))
            written += 1
    return written
