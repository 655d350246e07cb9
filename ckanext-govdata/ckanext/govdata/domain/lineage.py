"""Going up a tree from one of its members: the one walk for all trees of departments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

Parents = Callable[[str], Iterable[str]]
"""Those directly above one; of one that is not in the tree there are none."""


def above(start: str, parents: Parents) -> Iterator[str]:
    """Those above ``start``, the nearest first and each once: a circle ends by itself.

    More than one parent is a fault of the tree; all of them are followed then.
    """
    seen, waiting = {start}, list(parents(start))
    while waiting:
        for one in waiting:
            if one and one not in seen:
                seen.add(one)
                yield one
        waiting = [up for one in waiting for up in parents(one) if up and up not in seen]


def line(start: str, parents: Parents) -> Iterator[str]:
    """The same with ``start`` before them."""
    yield start
    yield from above(start, parents)
