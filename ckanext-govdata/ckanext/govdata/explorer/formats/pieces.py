"""What is written meanwhile, to be sent on piece by piece; an archive that is sent as it grows."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime

LEVEL = 1
"""How hard archives are packed: the next steps save a tenth and take twice the time."""


class Pieces:
    """A file that is only ever written to and never gone back in."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is held."""

    def write(self, piece: bytes | bytearray | memoryview, /) -> int:
        """Keep it until it is taken."""
        self._written.append(bytes(piece))
        return len(piece)

    def take(self) -> bytes:
        """What was written since it was asked last."""
        written = b"".join(self._written)
        self._written.clear()
        return written


class Archive:
    """A zip file whose members are sent while they are written.

    ``large`` members may have more than two gibibytes, which some old programs do not open.
    """

    def __init__(self, at: datetime, large: bool = False) -> None:
        self._pieces, self._large = Pieces(), large
        self._zip = zipfile.ZipFile(self._pieces, "w")
        self._at = at.timetuple()[:6]

    def member(self, name: str, content: Iterable[bytes]) -> Iterator[bytes]:
        """Put a member in, and give what is to be sent by then."""
        info = zipfile.ZipInfo(name, self._at)
        info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
        setattr(info, "_compresslevel", LEVEL)  # noqa: B010 - public from Python 3.13 only
        with self._zip.open(info, "w", force_zip64=self._large) as out:
            for piece in content:
                out.write(piece)
                yield self._pieces.take()
        yield self._pieces.take()

    def end(self) -> bytes:
        """The rest: the table of contents."""
        self._zip.close()
        return self._pieces.take()
