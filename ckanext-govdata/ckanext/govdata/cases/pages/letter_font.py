"""The font of letters, cut down to the shapes that one of them uses.

The whole font holds 65 535 shapes in 16 MiB, over which the writer of the PDF would take a second.
"""

from __future__ import annotations

import string
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uharfbuzz import Face  # type: ignore[attr-defined]

UPRIGHT = ("vhea", "vmtx", "VORG", "BASE")
"""Tables for writing from top to bottom, which no letter does."""


def cut_down(text: str) -> bytes:
    """Noto Sans CJK (SIL Open Font License) with the shapes of these characters."""
    # Here: only whoever writes a letter needs it. Its names are made when it is loaded.
    from uharfbuzz import SubsetFlags, SubsetInput, subset  # type: ignore[attr-defined]

    wanted = SubsetInput()
    wanted.flags = SubsetFlags.DESUBROUTINIZE
    wanted.drop_table_tag_set.update(map(_tag, UPRIGHT))
    for one in {*text, *string.printable}:
        wanted.unicode_set.add(ord(one))
    return subset(_whole(), wanted).blob.data


def _tag(name: str) -> int:
    """A table's name as the number that it stands for in the file."""
    return int.from_bytes(name.encode(), "big")


@lru_cache(maxsize=1)
def _whole() -> Face:
    """The font from its package; the system reads of the file what is used."""
    from uharfbuzz import Blob, Face  # type: ignore[attr-defined]

    path = files("cvttf_NotoSansCJK_Regular") / "NotoSansCJKtc-Regular.otf"
    return Face(Blob.from_file_path(str(path)))
