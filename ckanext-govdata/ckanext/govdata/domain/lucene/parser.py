"""Read a query into its tree: a recursive descent over the grammar of Solr 9's ``QueryParser.jj``.

::

    list   = clause { [ "AND" | "OR" ] clause }
    clause = [ "+" | "-" | "NOT" ] [ field ":" ] ( word | phrase | range | "(" list ")" ) marks
    marks  = { "~" [ number ] | "^" number | "^=" number }

Linear in the text's length; never another exception than ``Unwritable``.
"""
from __future__ import annotations

import re
from collections.abc import Callable

from .faults import QueryFault, Unwritable
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
from .tokens import Token, TokenKind, cut, ends, meant, parted

DEEPEST = 50
"""Parentheses within each other."""
MOST = 4000
"""Clauses of a query; Solr takes 4,096."""
MOST_SIGNS = 10
"""Wildcards of a word; each makes Solr's automaton larger."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.\-]*")
_EDITS = re.compile(r"~(?:[012]|0\.\d{1,8})?")
_SLOP = re.compile(r"~\d{1,6}")
_LONGEST_NUMBER = 24

MayName = Callable[[str], bool]


def read(text: str, may: MayName) -> tuple[QueryClause, ...]:
    """The clauses of a query; none for blanks. ``may`` says which fields may be named.

    Raises ``Unwritable``.
    """
    reader = _QueryParser(text, may)
    if reader.ends():
        return ()
    clauses = reader.list(0)
    if not reader.ends():
        raise reader.fault()
    return clauses


class _QueryParser:
    """The place in the text that is read."""

    def __init__(self, text: str, may: MayName):
        self.text, self.may, self.count = text, may, 0
        self.tokens = cut(text)
        self.now: Token = next(self.tokens)

    def next(self) -> Token:
        """Take the token that is there, and go on."""
        taken = self.now
        if taken.kind is not TokenKind.END:
            self.now = next(self.tokens)
        return taken

    def ends(self) -> bool:
        """Whether all is read."""
        return self.now.kind is TokenKind.END

    def fault(self) -> Unwritable:
        """What is there cannot stand there."""
        return Unwritable(QueryFault.SYNTAX, self.text[self.now.start:] or self.text[-20:])

    def list(self, depth: int) -> tuple[QueryClause, ...]:
        """Clauses up to what cannot begin one."""
        if depth > DEEPEST:
            raise Unwritable(QueryFault.DEEP, self.text[self.now.start:])
        clauses = [self.clause("", depth)]
        while self.now.kind not in (TokenKind.END, TokenKind.CLOSE):
            joint = self.next().image if self.now.kind is TokenKind.JOINT else ""
            clauses.append(self.clause(joint, depth))
        return tuple(clauses)

    def clause(self, joint: str, depth: int) -> QueryClause:
        """One clause."""
        self.count += 1
        if self.count > MOST:
            raise Unwritable(QueryFault.LONG, self.text)
        sign = self.next().image if self.now.kind is TokenKind.SIGN else ""
        token = self.next()
        if self.now.kind is not TokenKind.COLON or token.kind is not TokenKind.WORD:
            return QueryClause(self.node(token, depth), joint, sign)
        if token.image == "*":
            self.next()
            if self.next().image != "*":
                raise Unwritable(QueryFault.FIELD, "*")
            return QueryClause(Everything(self.marks(token)[1]), joint, sign)
        field = self.field(token)
        self.next()
        return QueryClause(self.node(self.next(), depth), joint, sign, field)

    def field(self, token: Token) -> str:
        """The name of a field that may be named."""
        name = meant(token.image)
        if name.startswith("_"):
            raise Unwritable(QueryFault.PARSER, name)
        if not _NAME.fullmatch(name) or not self.may(name):
            raise Unwritable(QueryFault.FIELD, name)
        return name

    def node(self, token: Token, depth: int) -> Node:
        """What a clause is about."""
        if token.kind is TokenKind.OPEN:
            clauses = self.list(depth + 1)
            if self.next().kind is not TokenKind.CLOSE:
                raise self.fault()
            return Group(clauses, self.boost(token))
        if token.kind is TokenKind.WORD:
            return self.word(token)
        if token.kind is TokenKind.PHRASE:
            slop, boost = self.marks(token)
            if slop and not _SLOP.fullmatch(slop):
                raise Unwritable(QueryFault.SYNTAX, token.image + slop)
            return Phrase(meant(token.image[1:-1]), (slop or "")[1:], boost)
        if token.kind is TokenKind.RANGE:
            low_sign, low, high, high_sign = ends(token.image)
            return Range(low, high, low_sign == "[", high_sign == "]", self.boost(token))
        raise Unwritable(QueryFault.SYNTAX, self.text[token.start:] or self.text[-20:])

    def word(self, token: Token) -> Node:
        """A word, with wildcards or without."""
        parts = parted(token.image)
        edits, boost = self.marks(token)
        if len(parts) > 2 * MOST_SIGNS + 1:
            raise Unwritable(QueryFault.LONG, token.image)
        if len(parts) > 1:
            return Pattern(parts, boost)  # Solr passes over the edits of a pattern
        if edits and not _EDITS.fullmatch(edits):
            raise Unwritable(QueryFault.SYNTAX, token.image + edits)
        return QueryTerm("".join(parts), None if edits is None else edits[1:], boost)

    def boost(self, token: Token) -> Boost | None:
        """The boost of what takes nothing else."""
        edits, boost = self.marks(token)
        if edits is not None:
            raise Unwritable(QueryFault.SYNTAX, token.image + edits)
        return boost

    def marks(self, token: Token) -> tuple[str | None, Boost | None]:
        """What stands behind a word: one ``~`` and one ``^``, in any order."""
        edits, boost = None, None
        while self.now.kind in (TokenKind.EDITS, TokenKind.BOOST):
            image = self.next().image
            if image.startswith("~") and edits is None:
                edits = image
            elif image.startswith("^") and boost is None and len(image) <= _LONGEST_NUMBER:
                whole = image.startswith("^=")
                boost = Boost(image[2 if whole else 1:].strip(), whole)
            else:
                raise Unwritable(QueryFault.SYNTAX, token.image + image)
        return edits, boost
