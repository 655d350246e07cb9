"""What an officer is told of a table beside that it is there: counted, with the first of each."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

MOST = 50
"""Places that are named of one kind of finding."""


@dataclass
class TableFinding:
    """One kind of thing that was found: ``code`` names it (:mod:`.sentences`), ``column`` and
    ``value`` what it is about; ``rows`` are the file's numbers of its first places of ``count``."""

    code: str
    column: str = ""
    value: str = ""
    detail: str = ""
    rows: list[int] = field(default_factory=list)
    count: int = 0

    def at(self, row: int) -> None:
        """Another place."""
        self.count += 1
        if len(self.rows) < MOST:
            self.rows.append(row)

    def kept(self) -> dict[str, Any]:
        """As it is kept in the row of the table."""
        return asdict(self)


class Unloadable(Exception):
    """The file becomes no table. ``code`` names the reason, ``detail`` fills the words."""

    def __init__(self, code: str, **detail: object) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
