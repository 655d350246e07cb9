"""A drawing in pixels, made in a process of its own.

The library holds Python's lock while it draws, half a second for a line of Chinese: in the web
process every other reader would wait. This file is run by its path and imports nothing of ours.
"""

from __future__ import annotations

import subprocess
import sys
from threading import BoundedSemaphore

AT_ONCE = 2
"""Drawings of one web process that are made at once; the others wait."""
WAITED, SECONDS = 5, 15
"""Seconds that one waits for its turn, and that one may take."""
FONT = "Noto Sans CJK TC"
_turn = BoundedSemaphore(AT_ONCE)


class BusyError(Exception):
    """Too many drawings are being made, or one took too long."""


def of_drawing(drawing: str, font: str) -> bytes:
    """The drawing (SVG) as PNG, twice as fine as it is large; ``font`` is the font's file.

    Raises :class:`BusyError`.
    """
    if not _turn.acquire(timeout=WAITED):
        raise BusyError
    try:
        made = subprocess.run(
            [sys.executable, "-I", __file__, font], input=drawing.encode(), capture_output=True,
            timeout=SECONDS, check=True)
    except subprocess.TimeoutExpired as error:
        raise BusyError from error
    finally:
        _turn.release()
    return made.stdout


def _main() -> None:
    from resvg_py import svg_to_bytes

    made = svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(), zoom=2, skip_system_fonts=True,
        font_files=[sys.argv[1]], font_family=FONT, sans_serif_family=FONT)
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    _main()
