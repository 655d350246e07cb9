"""Read CSV in the encodings that Chinese offices use, and JSON Lines."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast

from .csv_rows import MAX_LINE, bounded_lines, read_rows
from .json_depth import MAX_DEPTH, not_too_deep
from .refused_files import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_TEXT,
    USUAL,
    TextLimits,
    Unreadable,
    cell_too_long,
    too_many_cells,
    too_much_text,
    too_wide,
)
from .tables import Row, Table

PIECE = 2**16
MAX_WHOLE_JSON = 20 * 2**20
"""Bytes of a JSON list that does not keep one object to a line and has to be read whole."""
MAX_KEYS = 500
MAX_KEY = 1000
"""Characters of the longest key; a heading has some dozens."""
SAMPLE = 2**18
_ENVELOPES = 3
"""Objects within each other in which interfaces pack a list: {"result": {"records": [...]}}."""
_DELIMITERS = ",\t;|，"
_ENCODINGS = ("utf-8", "gb18030", "cp950", "big5hkscs")
_WIDE = re.compile("[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")


def csv_table(
    path: Path, width: Callable[[list[list[str]]], int], most: int = MAX_CELLS
) -> Table:
    """The table of a CSV file, of at most so many cells. ``width(first rows)`` says how many
    headings it recognises there.

    Raises :class:`Unreadable` if no encoding fits.
    """
    encoding = _encoding(path, width)
    delimiter = _delimiter(_sample(path, encoding), width)
    return Table(path.stem, _CsvRows(path, encoding, delimiter, most), as_text=True)


def _encoding(path: Path, width: Callable[[list[list[str]]], int]) -> str:
    """The encoding by its mark, else UTF-8, else the one in which headings are recognised."""
    with path.open("rb") as file:
        start = file.read(4)
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if start.startswith(mark):
            _decode(path, name)
            return name
    if _decodes(path, "utf-8"):
        return "utf-8"
    with path.open("rb") as file:
        line = mixed_line(file)
    if line:
        raise Unreadable("two_encodings", line=line)
    fitting = [name for name in _ENCODINGS[1:] if _decodes(path, name)]
    if not fitting:
        raise Unreadable("encoding", line=max(_broken_line(path, name) for name in _ENCODINGS))
    best = max(fitting, key=lambda name: _headings(_sample(path, name), width))
    if not _headings(_sample(path, best), width):
        raise Unreadable("no_headings")
    return best


def mixed_line(file: BinaryIO) -> int:
    """The line from which on a text is in another encoding than before; 0 where it is in one.

    Four Chinese characters of UTF-8 in a line hardly ever are other ones of GB 18030 or Big5.
    """
    found: dict[str, int] = {}
    number = 0
    while line := file.readline(MAX_LINE):
        number += 1
        if line.isascii():
            continue
        plain = _signs(line, "utf-8")
        if plain >= 4:
            found.setdefault("utf-8", number)
        elif plain < 0 and max(_signs(line, "gb18030"), _signs(line, "big5")) >= 2:
            found.setdefault("other", number)
    return max(found.values()) if len(found) == 2 else 0


def _signs(line: bytes, encoding: str) -> int:
    """Chinese characters and signs of the line; -1 where it is in another encoding."""
    try:
        return len(_WIDE.findall(line.decode(encoding)))
    except UnicodeDecodeError:
        return -1


def _headings(sample: str, width: Callable[[list[list[str]]], int]) -> int:
    return max(width(_parsed(sample, delimiter)) for delimiter in _DELIMITERS)


def _decodes(path: Path, encoding: str) -> bool:
    try:
        _decode(path, encoding)
    except Unreadable:
        return False
    return True


def _broken_line(path: Path, encoding: str) -> int:
    """The line that the encoding does not fit; the encoding that fits longest is meant."""
    try:
        _decode(path, encoding)
    except Unreadable as error:
        line = error.detail["line"]
        return line if isinstance(line, int) else 0
    return 0


def _decode(path: Path, encoding: str) -> None:
    """Decode the whole file in pieces; raises :class:`Unreadable` where it does not fit."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with path.open("rb") as file:
        piece = b""
        try:
            while piece := file.read(PIECE):
                decoder.decode(piece)
                line += piece.count(b"\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            mark = 3 if encoding == "utf-8-sig" else 0  # the decoder does not count it
            line += piece[: error.start + mark].count(b"\n")
            raise Unreadable("encoding", line=line) from error


def _sample(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, newline="", errors="replace") as file:
        return file.read(SAMPLE)


def _delimiter(sample: str, width: Callable[[list[list[str]]], int]) -> str:
    return max(_DELIMITERS, key=lambda delimiter: width(_parsed(sample, delimiter)))


def _parsed(sample: str, delimiter: str) -> list[list[str]]:
    """The first rows of the sample."""
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) == 40:
                break
    except csv.Error:
        pass
    return rows


class _CsvRows:
    """Rows of the file; may be gone through more than once."""

    def __init__(self, path: Path, encoding: str, delimiter: str, most: int) -> None:
        self._path, self._encoding, self._delimiter = path, encoding, delimiter
        self._most = most

    def __iter__(self) -> Iterator[Row]:
        cells = 0
        with self._path.open(encoding=self._encoding, newline="") as file:
            rows = read_rows(bounded_lines(file), self._delimiter)
            for number, row in enumerate(rows, 1):
                cells += len(row)
                too_many_cells(cells, self._most)
                if len(row) > MAX_COLUMNS:
                    raise Unreadable("too_many_columns", line=number, limit=MAX_COLUMNS)
                yield number, [unquoted(cell) for cell in row]


FORMULA_STARTS = tuple("=+-@\t\r＝＋－＠")
"""A cell that begins with one of these may run in a spreadsheet when a CSV file is opened."""


def quoted(text: str) -> str:
    """The text as it is written to a CSV or Excel file: what may run gets ``'`` in front."""
    stripped = text.lstrip()
    return "'" + text if stripped.startswith(FORMULA_STARTS) or text.startswith("'") else text


def unquoted(text: str) -> str:
    """The text without the ``'`` that :func:`quoted` set."""
    if text.startswith("'") and (text[1:].lstrip().startswith(FORMULA_STARTS) or text[1:2] == "'"):
        return text[1:]
    return text


def json_table(
    path: Path, limits: TextLimits = USUAL, width: Callable[[list[list[str]]], int] = len
) -> Table:
    """The table of a JSON Lines file, or of a JSON list of objects; its keys are the headings, and
    ``width`` says how many of them it recognises.

    Raises :class:`Unreadable`, with the line.
    """
    _decode(path, "utf-8-sig")
    most = max(MAX_TEXT, limits.size)
    _refuse_envelope(path, most, width)
    return objects_table(path.stem, lambda: _objects(path, most), limits.cells)


def _refuse_envelope(
    path: Path, most: int, width: Callable[[list[list[str]]], int]
) -> None:
    """An answer of an interface has its list within an object, often one page of many."""
    first = list(islice(_objects(path, most), 2))
    if not first:
        raise Unreadable("empty_list")
    alone = first[0] if len(first) == 1 and isinstance(first[0], Mapping) else {}
    is_row = width([list(cast("Mapping[str, object]", alone))]) > 0
    within: list[tuple[str, object]] = [] if is_row else [("", alone)]
    for _ in range(_ENVELOPES):
        objects = [value for _, value in within if isinstance(value, Mapping)]
        within = [pair for one in objects for pair in cast("Mapping[str, object]", one).items()]
        for key, value in within:
            if isinstance(value, list) and all(isinstance(one, Mapping) for one in value):
                raise Unreadable("list_within" if value else "empty_list", key=key[:60])


def objects_table(
    name: str, objects: Callable[[], Iterable[Any]], most: int = MAX_CELLS
) -> Table:
    """A table of objects whose keys are the headings; row numbers count objects from 1."""
    keys: dict[str, None] = {}
    cells = 0
    for number, found in enumerate(objects(), 1):
        if not isinstance(found, Mapping):
            raise Unreadable("not_an_object", line=number)
        not_too_deep(found, number)
        new = [str(key) for key in found if str(key) not in keys]
        if any(len(key) > MAX_KEY for key in new):
            raise Unreadable("key_too_long", line=number, limit=MAX_KEY)
        _refuse_halves("".join(new), number)
        keys.update(dict.fromkeys(new))
        if len(keys) > MAX_KEYS:
            raise Unreadable("too_many_keys", limit=MAX_KEYS)
        cells += len(found) + 1  # an object without any is a row too
        too_many_cells(cells, most)
        too_wide(number, len(keys), 2 * most)
    return Table(name, _ObjectRows(list(keys), objects))


class _ObjectRows:
    """The keys as row 0, then the objects; may be gone through more than once."""

    def __init__(self, keys: list[str], objects: Callable[[], Iterable[Any]]) -> None:
        self._keys, self._objects = keys, objects

    def __iter__(self) -> Iterator[Row]:
        yield 0, self._keys
        for number, found in enumerate(self._objects(), 1):
            cells = [_written(found.get(key)) for key in self._keys]
            cell_too_long(number, cells)
            _refuse_halves("".join(cells), number)
            yield number, cells


def _refuse_halves(text: str, number: int) -> None:
    """JSON can spell half of a character (a lone surrogate), which no text holds."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Unreadable("half_character", line=number) from error


class _Number(float):
    """A number that knows how it is written: 0.10 or 1234567890.12345678901 are no such floats."""

    def __init__(self, text: str) -> None:
        self.text = text


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, _Number):
        return value.text
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n".join(value)
    return _json(value) if isinstance(value, (list, dict)) else str(value)


def _json(value: object) -> str:
    """As JSON again, numbers as they are written; Python's own writer makes 0.10 to 0.1."""
    if isinstance(value, _Number):
        return value.text
    if isinstance(value, list):
        return f"[{', '.join(map(_json, value))}]"
    if isinstance(value, dict):
        parts = (f"{json.dumps(key, ensure_ascii=False)}: {_json(one)}"
                 for key, one in value.items())  # fmt: skip
        return f"{{{', '.join(parts)}}}"
    return json.dumps(value, ensure_ascii=False)


def _objects(path: Path, most: int) -> Iterator[object]:
    with path.open(encoding="utf-8-sig") as file:
        first = file.readline(MAX_LINE).strip()
    listed = first.startswith("[") and not (first == "[" and _one_to_a_line(path))
    yield from _whole(path) if listed else _lines(path, most)


def _one_to_a_line(path: Path) -> bool:
    """Whether a JSON list keeps one object to a line, as our own export does."""
    with path.open(encoding="utf-8-sig") as file:
        file.readline()
        second = file.readline(MAX_LINE).strip().rstrip(",")
    return (second.startswith("{") and second.endswith("}")) or second == "]"


def _lines(path: Path, most: int) -> Iterator[object]:
    with path.open(encoding="utf-8-sig") as file:
        number = size = 0
        while line := file.readline(MAX_LINE + 1):
            number += 1
            size += len(line)
            if len(line) > MAX_LINE:
                raise Unreadable("line_too_long", line=number, limit=MAX_LINE)
            too_much_text(size, most)
            text = line.strip()
            if text in ("", "[", "]"):
                continue
            yield _parse(text.removesuffix(","), number)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """The object; raises :class:`Unreadable` where a key stands twice, of which one would be lost.
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _value in pairs]
        twice = next(key for at, key in enumerate(keys) if key in keys[:at])
        raise Unreadable("key_twice", key=twice[:60])
    return found


def _loaded(text: str) -> object:
    return json.loads(
        text, object_pairs_hook=_once, parse_float=_Number, parse_constant=_no_number)


def _no_number(word: str) -> object:
    """NaN and Infinity are not JSON."""
    raise ValueError(word)


def _parse(text: str, number: int) -> object:
    try:
        return _loaded(text)
    except RecursionError as error:
        raise Unreadable("too_deep", line=number, limit=MAX_DEPTH) from error
    except ValueError as error:
        raise Unreadable("not_json", line=number) from error


def whole_json(path: Path) -> object:
    """What a JSON file says, read at once; raises :class:`Unreadable`."""
    if path.stat().st_size > MAX_WHOLE_JSON:
        raise Unreadable("too_large", limit=MAX_WHOLE_JSON // 2**20)
    try:
        return _loaded(path.read_text("utf-8-sig"))
    except RecursionError as error:
        raise Unreadable("too_deep", line=1, limit=MAX_DEPTH) from error
    except ValueError as error:
        raise Unreadable("not_json", line=getattr(error, "lineno", 1)) from error


def lines_of_json(path: Path, most: int = MAX_WHOLE_JSON) -> Iterator[object]:
    """What each line of a file says, of at most so many characters; raises :class:`Unreadable`."""
    return _lines(path, most)


def _whole(path: Path) -> list[object]:
    found = whole_json(path)
    if not isinstance(found, list):
        raise Unreadable("not_an_object", line=1)
    return found
