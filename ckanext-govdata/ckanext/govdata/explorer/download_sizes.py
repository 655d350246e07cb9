"""About how large the files of a table are: measured by a few of its rows, once for all forms.

Readers ask for pages with whatever columns and conditions they like, so nothing here depends on
what was asked: a table is measured in the columns that its reader gets, by one small statement, by
one reader of a process at a time, and what cannot be measured is not tried again.
"""

from __future__ import annotations

import logging
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

from ..domain.explorer.question import Question
from . import copied_rows
from .download_forms import FORMS, Download, TableForm, obstacle
from .download_words import NO_WORDS
from .formats.parquet import OtherValueError
from .readable_table import ReadableTable

log = logging.getLogger(__name__)
KEPT = 512
"""Tables, each in the columns that somebody gets of it, whose sizes a process keeps."""


@dataclass(frozen=True)
class Sizes:
    """Of each form the bytes of a file without rows and of each row; ``shares`` of a row's bytes
    that the table's columns take, in their order."""

    forms: Mapping[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]])
    shares: Sequence[float] = ()

    def of(self, ending: str, asked: Download, rows: int) -> int:
        """Bytes of a file of so many rows, in the columns that are asked for; 0 where nobody can
        say."""
        if ending not in self.forms:
            return 0
        shown = {one.name for one in asked.columns}
        share = sum(share for one, share in zip(asked.table.columns, self.shares, strict=True)
                    if one.name in shown)
        fixed, each = self.forms[ending]
        return round(fixed + each * share * rows)


_NONE = Sizes()
_kept: dict[tuple[object, ...], Sizes] = {}
_measuring = Lock()


def kept(table: ReadableTable) -> Sizes:
    """What was measured before; nothing is read."""
    return _kept.get(_key(table), _NONE)


def measured(table: ReadableTable) -> Sizes:
    """As :func:`kept`; measured now where that was not done yet and nobody else is measuring."""
    key = _key(table)
    if key not in _kept and _measuring.acquire(blocking=False):
        try:
            if len(_kept) >= KEPT:
                _kept.clear()
            _kept[key] = _NONE
            _kept[key] = _measure(table)
        except Exception as error:  # a page that tells no sizes is better than no page
            log.warning("The files of table %s cannot be measured: %s", table.resource_id,
                        type(error).__name__)
        finally:
            _measuring.release()
    return _kept.get(key, _NONE)


def _key(table: ReadableTable) -> tuple[object, ...]:
    """What a reader gets of which table; the columns as one number, for there may be very many."""
    return (table.oid, table.row_limit, hash(tuple(one.name for one in table.columns)))


def _measure(table: ReadableTable) -> Sizes:
    rows = copied_rows.sample(table)
    if not rows:
        return _NONE
    download = Download(table, Question(), NO_WORDS)
    forms = {form.ending: size for form in FORMS.values()
             if not obstacle(form, table.columns) and (size := _size(form, download, rows))}
    lengths = [sum(len((cell or "").encode()) + copied_rows.CELL for cell in cells)
               for cells in zip(*rows, strict=True)]
    whole = sum(lengths)
    return Sizes(forms, array("f", (one / whole for one in lengths)))


def _size(
    form: TableForm, download: Download, rows: copied_rows.Texts
) -> tuple[float, float] | None:
    """None where a value cannot be had in that form."""
    try:
        empty, full = (sum(map(len, form.of_rows(download, part))) for part in ([], rows))
    except OtherValueError:
        return None
    return float(empty), (full - empty) / len(rows)
