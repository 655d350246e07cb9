"""Functions that weigh a hit by its own numbers and dates, as ``bf`` and ``boost`` take them.

Only such whose value comes from the entry itself: what counts words or ranks values over the whole
index (``docfreq``, ``idf``, ``ord``, ``scale`` …) tells of entries that the reader may not see.
"""
from __future__ import annotations

import re
from collections.abc import Set

from .faults import QueryFault, Unwritable

FUNCTIONS = frozenset({
    "sum", "add", "sub", "product", "mul", "div", "mod", "pow", "linear", "recip", "abs", "sqrt",
    "log", "ln", "max", "min", "ms",
})
DEEPEST = 20
LONGEST = 2000
_TOKEN = re.compile(
    r"\s*(?:(?P<number>[+-]?\d{1,20}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,3})?(?![\w.]))"
    r"|(?P<now>NOW(?:[+-]\d{1,6}[A-Z]{3,12}|/[A-Z]{3,12}){0,5})(?![\w(])"
    r"|(?P<name>[A-Za-z]\w{0,60})|(?P<sign>[(),^]))", re.ASCII)
_SPACES = re.compile(r"\s*")


def rewrite(text: str, fields: Set[str]) -> str:
    """Functions one after the other, each perhaps with a boost. Raises ``Unwritable``."""
    if len(text) > LONGEST:
        raise Unwritable(QueryFault.LONG, text)
    reader = _FunctionReader(text, fields)
    written: list[str] = []
    while reader.kind:
        one = reader.expression(0)
        if reader.passes("^"):
            one += "^" + reader.take("number")
        written.append(one)
    return " ".join(written)


class _FunctionReader:
    """The place in the text that is read; ``kind`` is empty at its end."""

    def __init__(self, text: str, fields: Set[str]):
        self.text, self.fields, self.at = text, fields, 0
        self.kind, self.image = "", ""
        self.next()

    def next(self) -> None:
        """Go on to the next token."""
        found = _TOKEN.match(self.text, self.at)
        if found is None:
            rest = self.text[self.at:]
            if rest.strip():
                raise Unwritable(QueryFault.SYNTAX, rest)
            self.kind, self.image = "", ""
            return
        self.at = found.end()
        self.kind = str(found.lastgroup)
        self.image = found[self.kind]

    def take(self, kind: str) -> str:
        """The token that must be here."""
        image = self.image
        if self.kind != kind and image != kind:
            raise Unwritable(QueryFault.SYNTAX, image or self.text[-20:])
        self.next()
        return image

    def passes(self, sign: str) -> bool:
        """Whether this sign is here; it is passed over then."""
        if self.image != sign:
            return False
        self.next()
        return True

    def expression(self, depth: int) -> str:
        """A number, a day, a field, or a function of such."""
        if depth > DEEPEST:
            raise Unwritable(QueryFault.DEEP, self.text)
        if self.kind != "name":
            return self.take("now" if self.kind == "now" else "number")
        name = self.take("name")
        if self.image == "(" and name not in FUNCTIONS:
            raise Unwritable(QueryFault.FUNCTION, name)
        if not self.passes("("):
            if name not in self.fields:
                raise Unwritable(QueryFault.FIELD, name)
            return name
        parts = [self.expression(depth + 1)]
        while self.passes(","):
            parts.append(self.expression(depth + 1))
        self.take(")")
        return f"{name}({','.join(parts)})"
