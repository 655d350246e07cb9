"""Write a tree in Solr's syntax. Signs come from here alone: those within texts are escaped, so
that what a reader typed can be nothing but text.
"""
from __future__ import annotations

import re
import string
from collections.abc import Iterable

from .parser import MayName, read
from .syntax_tree import (
    Boost,
    Everything,
    Group,
    Node,
    Pattern,
    Phrase,
    QueryClause,
    QueryTerm,
    Range,
)
from .tokens import SPACE

_SIGNS = set(string.punctuation) - set("_.")
_IN_WORD = {ord(sign): "\\" + sign for sign in {*_SIGNS, *SPACE}}
_IN_PHRASE = {ord(sign): "\\" + sign for sign in _SIGNS - set(",-';")}
_IN_RANGE = {ord(sign): f"\\u{ord(sign):04x}" for sign in _SIGNS - set("+-:,/*")}
"""Solr's token of a quoted end does not know ``\\\\`` as one character."""
_OPERATORS = {"AND", "OR", "NOT", "TO"}
_UNKEPT = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\\{}$]+")


def rewrite(text: str, may: MayName) -> str:
    """A query written anew. Raises ``Unwritable``."""
    return write(read(text, may))


def write(clauses: Iterable[QueryClause]) -> str:
    """A list of clauses."""
    return " ".join(_clause(clause) for clause in clauses)


def plain(text: str) -> str:
    """A text as words, whatever signs are in it."""
    return " ".join(_word(word) for word in _UNKEPT.sub(" ", text).split())


def words(text: str) -> str:
    """A text for the ``dismax`` parser, which knows quotes, plus and minus and takes every other
    sign as text; without those that open something elsewhere.
    """
    return _UNKEPT.sub(" ", text)


def quoted(text: str) -> str:
    """What stands between quotes to mean this text."""
    return text.translate(_IN_PHRASE)


def _clause(clause: QueryClause) -> str:
    joint = clause.joint + " " if clause.joint else ""
    field = clause.field + ":" if clause.field else ""
    return f"{joint}{clause.sign}{field}{_node(clause.node)}"


def _node(node: Node) -> str:
    match node:
        case QueryTerm(text, edits, boost):
            if edits is None:
                return _word(text) + _boost(boost)
            # Solr weighs a word with mistakes by the commonest of its likes in the whole index,
            # also in entries that are not for everybody: it counts as found, and no more.
            number = boost.number if boost else "1"
            return f"{_word(text)}~{edits}^={number}"
        case Pattern(parts, boost):
            return "".join(
                part if place % 2 else part.translate(_IN_WORD) for place, part in enumerate(parts)
            ) + _boost(boost)
        case Phrase(text, slop, boost):
            return f'"{text.translate(_IN_PHRASE)}"' + (f"~{slop}" if slop else "") + _boost(boost)
        case Range(low, high, low_in, high_in, boost):
            signs = "[" if low_in else "{", "]" if high_in else "}"
            return f"{signs[0]}{_end(low)} TO {_end(high)}{signs[1]}" + _boost(boost)
        case Everything(boost):
            return "*:*" + _boost(boost)
        case Group(clauses, boost):
            return f"({write(clauses)})" + _boost(boost)


def _word(text: str) -> str:
    written = text.translate(_IN_WORD)
    return "\\" + written if written in _OPERATORS else written


def _end(text: str | None) -> str:
    return "*" if text is None else f'"{text.translate(_IN_RANGE)}"'


def _boost(boost: Boost | None) -> str:
    return "" if boost is None else f"^{'=' if boost.whole else ''}{boost.number}"
