"""What many rows of a sheet share, and what therefore is the mark of none of them."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable

from ...domain import code as codes
from ...domain.headings import Head, HeadingRules
from ...domain.records import NumberedRow, records

FEW = 3
"""A column of so few values is too short to tell whether it numbers or sorts."""


class Shared:
    """Looks through the cells of a sheet once; keeps digests, so its memory stays small."""

    def __init__(self, rows: Iterable[NumberedRow], head: Head, rules: HeadingRules) -> None:
        numbers: Counter[bytes] = Counter()
        pages: Counter[bytes] = Counter()
        if {"catalogue_code", "url"} & set(head.by_field):
            for record in records(rows, head, rules):
                printed = record.values.get("publisher", "")
                written = record.values.get("catalogue_code", "")
                if written and codes.parse(written) is None:
                    numbers[_digest(printed, written)] += 1
                if record.values.get("url"):
                    pages[_digest(printed, record.values["url"])] += 1
        alone = sum(1 for count in numbers.values() if count == 1)
        self._sorts = numbers.total() >= FEW and 2 * alone < numbers.total()
        self._pages = {key for key, count in pages.items() if count > 1}

    def is_class(self, written: str) -> bool:
        """Whether a cell of the column of numbers is a class: a word, or most rows share theirs."""
        return self._sorts or not re.search(r"\d", written)

    def is_common_page(self, printed: str, url: str) -> bool:
        """Whether several rows of the department name that address."""
        return _digest(printed, url) in self._pages


def _digest(*parts: str) -> bytes:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).digest()[:12]
