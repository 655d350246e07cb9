"""The one pager: which page of a list is asked for, and the answer that gives it."""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

import ckan.plugins.toolkit as tk

LAST = 100_000
"""The greatest number of a page."""


class PageHead(TypedDict):
    """Which page of a list an action answers, and of how many in all."""

    count: int
    page: int
    page_size: int


class PageAnswer(PageHead):
    """How an action answers one page of a list."""

    results: list[Any]


@dataclass(frozen=True)
class Pager:
    """One page of a list, from 1, and how much a page holds."""

    page: int
    size: int

    @property
    def offset(self) -> int:
        """How much of the list stands before the page."""
        return (self.page - 1) * self.size

    def head(self, count: int) -> PageHead:
        """What an answer says of the page, of a list of so many."""
        return {"count": count, "page": self.page, "page_size": self.size}

    def answer(self, count: int, results: Sequence[object]) -> PageAnswer:
        """The answer with what stands on this page, of a list of so many."""
        return {**self.head(count), "results": list(results)}

    def cut(self, found: Sequence[object]) -> PageAnswer:
        """The answer with this page out of the whole list."""
        return self.answer(len(found), found[self.offset : self.offset + self.size])


def read_page(asked: Mapping[str, object], size: int, last: int = LAST) -> Pager:
    """The page that is asked for; the first where none is named.

    Raises ``ValidationError`` for whatever is no whole number from 1 to ``last``: nothing is
    guessed, since a page that was not asked for looks like the one that was.
    """
    value = asked.get("page")
    if value is None or value == "":
        return Pager(1, size)
    written = str(value).strip() if isinstance(value, (int, str)) else ""
    if not re.fullmatch(r"[0-9]{1,9}", written) or not 1 <= int(written) <= last:
        said = tk._("'{value}' is no page: pages are numbered from 1 to {last}.")
        raise tk.ValidationError({"page": [said.format(value=str(value)[:40], last=last)]})
    return Pager(int(written), size)


def numbers_of(found: PageHead) -> list[int]:
    """The page numbers to offer for an answer."""
    return page_numbers(found["count"], found["page"], found["page_size"])


def page_numbers(count: int, page: int, size: int, last: int = LAST) -> list[int]:
    """Page numbers to offer: the ends and the neighbours; 0 marks a gap.

    Empty where all stands on one page.
    """
    end = min(-(-count // size), last)
    near = {1, end, *range(page - 2, page + 3)}
    offered: list[int] = []
    for number in sorted(one for one in near if 1 <= one <= end):
        if offered and number > offered[-1] + 1:
            offered.append(0)
        offered.append(number)
    return offered if end > 1 else []
