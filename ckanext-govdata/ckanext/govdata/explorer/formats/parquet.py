"""A table as Parquet, with its types; written by arro3, which binds the Arrow of Rust.

Its writer asks for the rows by itself, so it runs in a thread of its own, one batch ahead of who
sends what it wrote. That thread touches no database: rows are read where they are sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from queue import Queue
from threading import Thread
from typing import IO, TYPE_CHECKING, cast

from ...domain.explorer.column import Column
from .column_titles import headings
from .pieces import Pieces

if TYPE_CHECKING:
    from arro3.core import DataType, RecordBatch, Schema

Rows = Sequence[Sequence[str | None]]
GROUP = 50_000
"""Rows of a group at the most, which is packed at once,"""
GROUP_BYTES = 16 * 1024 * 1024
"""and its bytes: the writer keeps it in memory, and goes by rows alone."""
PACKED = "zstd(1)"
_WHOLE = frozenset({"smallint", "integer", "bigint"})


class OtherValueError(Exception):
    """A value is not of its column's type: the file breaks off, so that none is lost in silence."""



def parquet_file(
    columns: Sequence[Column], batches: Iterable[Rows], types: Mapping[str, str],
    places: Mapping[str, int], group: int = GROUP,
) -> Iterator[bytes]:
    """``types`` are PostgreSQL's by the columns' names, ``places`` those behind the point of
    decimal ones; a decimal column without is written as text. ``group``: so many rows are kept in
    memory."""
    writer = _Writer(columns, [_type(types.get(one.name, ""), places.get(one.name))
                               for one in columns], group)
    writer.start()
    try:
        for rows in batches:
            if rows:
                yield writer.add(rows)
        yield writer.end()
    finally:
        writer.leave()


class _Writer(Thread):
    """Writes what is added, into pieces that are taken when more is added."""

    def __init__(self, columns: Sequence[Column], types: Sequence[DataType], group: int) -> None:
        super().__init__(daemon=True)
        from arro3.core import Field, Schema

        self._types, self._pieces, self._group = types, _SeekablePieces(), group
        self._schema = Schema([Field(name, kind, nullable=True)
                               for name, kind in zip(headings(columns), types, strict=True)])
        self._rows: Queue[Rows | None] = Queue(1)
        self._failed: BaseException | None = None
        self._left = self._ended = False

    def run(self) -> None:
        """The whole file, of batches as they come."""
        from arro3.core import RecordBatchReader
        from arro3.io import write_parquet

        try:
            write_parquet(
                RecordBatchReader.from_batches(self._schema, self._batches()),
                cast("IO[bytes]", self._pieces), compression=PACKED, max_row_group_size=self._group)
        except BaseException as error:  # told to who adds
            self._failed = self._failed or error
            while not self._ended:
                self._ended = self._rows.get() is None

    def add(self, rows: Rows) -> bytes:
        """Some more rows; gives what was written by then."""
        self._rows.put(rows)
        return self._written()

    def end(self) -> bytes:
        """No more rows: gives the rest."""
        self.leave()
        return self._written()

    def leave(self) -> None:
        """Nothing is added any more."""
        if not self._left:
            self._left = True
            self._rows.put(None)
        self.join()

    def _written(self) -> bytes:
        if self._failed:
            raise self._failed
        return self._pieces.take()

    def _batches(self) -> Iterator[RecordBatch]:
        while (rows := self._rows.get()) is not None:
            try:
                yield _batch(rows, self._types, self._schema)
            except OtherValueError as error:
                self._failed = error
                raise
        self._ended = True


class _SeekablePieces(Pieces):
    """The writer wants to be able to go back, and never does."""

    def seek(self, place: int, whence: int = 0, /) -> int:
        """Nowhere."""
        return place

    def take(self) -> bytes:
        """As they come from another thread, one after the other."""
        found: list[bytes] = []
        while self._written:
            found.append(self._written.pop(0))
        return b"".join(found)


def _type(name: str, places: int | None) -> DataType:
    from arro3.core import DataType

    if name in _WHOLE:
        return DataType.int64()
    if name == "numeric" and places is not None:
        return DataType.decimal128(38, places)
    return {
        "real": DataType.float64(), "double precision": DataType.float64(),
        "boolean": DataType.bool(), "date": DataType.date32(),
        "timestamp without time zone": DataType.timestamp("us"),
    }.get(name, DataType.utf8())


def _batch(rows: Rows, types: Sequence[DataType], schema: Schema) -> RecordBatch:
    from arro3.core import Array, DataType, RecordBatch

    arrays: list[Array] = []
    for values, kind in zip(zip(*rows, strict=True), types, strict=True):
        text = Array(list(values), DataType.utf8())
        array = text if kind == DataType.utf8() else text.cast(kind)
        if array.null_count != text.null_count:  # what cannot be cast becomes nothing there
            raise OtherValueError(str(kind))
        arrays.append(array)
    return RecordBatch(arrays, schema=schema)
