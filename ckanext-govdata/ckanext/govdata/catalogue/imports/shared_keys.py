"""What a sheet says as a whole, learnt in one walk over its rows: what many of them share and what
therefore is the mark of none, the codes of its open attributes, of which place it speaks."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable

from ...domain import code as codes
from ...domain.headings import Head, HeadingRules
from ...domain.row_groups import NumberedRow, records

LONGEST_COUNT = 6
"""Digits of a number that may be a row's count."""
FEW = 3
"""A column of so few values is too short to tell whether it numbers or sorts."""


SAMPLE = 2000
"""Entries whose names and titles tell of which place a sheet speaks."""


class Shared:
    """Looks through the cells of a sheet once; keeps digests, so its memory stays small.

    ``attributes`` are the different cells of the open attribute, ``texts`` titles and providers of
    the first entries.
    """

    def __init__(self, rows: Iterable[NumberedRow], head: Head, rules: HeadingRules) -> None:
        numbers: Counter[bytes] = Counter()
        pages: Counter[bytes] = Counter()
        counts: dict[str, set[int]] | None = {}
        self.attributes: set[str] = set()
        self.texts: list[str] = []
        for place, record in enumerate(records(rows, head, rules)):
            values = record.values
            printed, written = values.get("publisher", ""), values.get("catalogue_code", "")
            if place < SAMPLE:
                self.texts += [values[name] for name in ("title", "publisher") if name in values]
            if "open_type" in values:
                self.attributes.add(values["open_type"])
            if written and codes.parse(written) is None:
                numbers[_digest(printed, written)] += 1
                counts = _with_count(counts, printed, written)
            if "url" in values:
                pages[_digest(printed, values["url"])] += 1
        alone = sum(1 for count in numbers.values() if count == 1)
        self._sorts = numbers.total() >= FEW and 2 * alone < numbers.total()
        self._counts = bool(counts) and (
            _is_run(set().union(*counts.values())) or all(map(_is_run, counts.values())))
        self._pages = {key for key, count in pages.items() if count > 1}

    def identifies_nothing(self, written: str) -> bool:
        """Whether a cell of the column of numbers identifies nothing: a word, a class that most
        rows share, or the count of the sheet's rows, which begins anew in the next sheet."""
        return self._sorts or self._counts or not re.search(r"\d", written)

    def is_common_page(self, printed: str, url: str) -> bool:
        """Whether several rows of the department name that address."""
        return _digest(printed, url) in self._pages


def _with_count(
    counts: dict[str, set[int]] | None, printed: str, written: str
) -> dict[str, set[int]] | None:
    """The rows' counts by department with one more; ``None`` once a number counts no rows."""
    if counts is None or not written.isdecimal() or len(written) > LONGEST_COUNT:
        return None
    counts.setdefault(printed, set()).add(int(written))
    return counts


def _is_run(numbers: set[int]) -> bool:
    """Whether they are 1, 2, 3 …, or begin with 0."""
    found = sorted(numbers)
    return found[0] in (0, 1) and found == list(range(found[0], found[0] + len(found)))


def _digest(*parts: str) -> bytes:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).digest()[:12]
