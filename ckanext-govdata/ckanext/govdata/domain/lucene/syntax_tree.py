"""The tree of a query. Texts in it are what is meant, with every escape resolved."""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Boost:
    """``^2``; ``^=2`` when it is the whole score."""

    number: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A word; ``edits`` says how many mistakes it may have (``~``: as many as Solr allows)."""

    text: str
    edits: str | None = None
    boost: Boost | None = None


@dataclass(frozen=True, slots=True)
class Pattern:
    """Texts with wildcards between them: text, sign, text, sign, …, text."""

    parts: tuple[str, ...]
    boost: Boost | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in this order, at most ``slop`` places apart."""

    text: str
    slop: str = ""
    boost: Boost | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """From and to, each with or without its end; ``None`` is open."""

    low: str | None
    high: str | None
    low_in: bool = True
    high_in: bool = True
    boost: Boost | None = None


@dataclass(frozen=True, slots=True)
class Everything:
    """``*:*``"""

    boost: Boost | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Clauses in parentheses."""

    clauses: tuple[QueryClause, ...]
    boost: Boost | None = None


@dataclass(frozen=True, slots=True)
class QueryClause:
    """One member of a list: how it is joined to the one before (``AND``, ``OR`` or nothing), its
    sign (``+``, ``-`` or nothing), the field that it is about (empty: that around it).
    """

    node: Node
    joint: str = ""
    sign: str = ""
    field: str = ""


Node = QueryTerm | Pattern | Phrase | Range | Everything | Group
