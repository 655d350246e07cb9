"""Why a query cannot be written."""
from __future__ import annotations

from enum import Enum


class QueryFault(str, Enum):
    """The kinds of what is refused; the glue finds the words."""

    SYNTAX = "syntax"
    """the language does not have this sentence"""
    FIELD = "field"
    """a field that is nobody's business"""
    PARSER = "parser"
    """another parser, a macro, a filter cache: what leads out of the language"""
    REGEX = "regex"
    COMMENT = "comment"
    FUNCTION = "function"
    """a function that is not on the list, or one over what it is not for"""
    CHARACTER = "character"
    """a control character, or half of one"""
    DEEP = "deep"
    LONG = "long"


class Unwritable(ValueError):
    """A query that cannot be written: the fault and the piece that is to blame, shortened."""

    LONGEST = 60

    def __init__(self, fault: QueryFault, piece: str):
        self.fault = fault
        self.piece = piece[:self.LONGEST]
        super().__init__(f"{fault.value}: {self.piece!r}")
