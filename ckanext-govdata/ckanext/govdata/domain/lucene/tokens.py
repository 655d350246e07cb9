"""Cut a query into tokens, as Solr 9's ``QueryParser.jj`` does."""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from .faults import QueryFault, Unwritable

LONGEST = 65_536
"""Characters of one query: a thousand identifiers, and some."""
SPACE = " \t\n\r\u3000"
_START = r'[^ \t\n\r\u3000+\-!():^\[\]"{}~*?\\/]|\\.'
_REST = r'[^ \t\n\r\u3000!():^\[\]"{}~\\]|\\.'
_END = r'"(?:[^"\\]|\\.)+"|[^\s\]}"]+'


class TokenKind(Enum):
    """Kinds of tokens."""

    WORD = auto()
    PHRASE = auto()
    RANGE = auto()
    OPEN = auto()
    CLOSE = auto()
    JOINT = auto()
    SIGN = auto()
    COLON = auto()
    BOOST = auto()
    EDITS = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it was typed, and where."""

    kind: TokenKind
    image: str
    start: int = 0
    end: int = 0


_TOKEN = re.compile(
    rf"""
      (?P<EDITS>~(?:\d+(?:\.\d+)?)?)
    | (?P<BOOST>\^=?\s*\d+(?:\.\d+)?)
    | (?P<PHRASE>"(?:[^"\\]|\\.)*")
    | (?P<RANGE>[\[{{]\s*(?:{_END})\s+TO\s+(?:{_END})\s*[\]}}])
    | (?P<LONE>[+\-!](?=[{SPACE}]))
    | (?P<WORD>(?:{_START}|[*?])(?:{_REST})*)
    | (?P<SIGN>[+\-!])
    | (?P<OPEN>\()
    | (?P<CLOSE>\))
    | (?P<COLON>:)
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_SPACES = re.compile(f"[{SPACE}]*")
_JOINTS = {"AND": "AND", "&&": "AND", "OR": "OR", "||": "OR"}
_ENDS = re.compile(rf"([\[{{])\s*({_END})\s+TO\s+({_END})\s*([\]}}])", re.DOTALL | re.ASCII)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(u)|(.))", re.DOTALL)
_BARRED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_WILD = re.compile(r"\\.|[*?]", re.DOTALL)


def cut(text: str) -> Iterator[Token]:
    """The tokens of a query, the last one ``END``. Raises ``Unwritable``."""
    if len(text) > LONGEST:
        raise Unwritable(QueryFault.LONG, text)
    at = _SPACES.match(text, 0).end()  # type: ignore[union-attr]
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or text.startswith(("{!", "/*"), at):
            raise Unwritable(_fault(text, at), text[at:])
        yield _token(found)
        at = _SPACES.match(text, found.end()).end()  # type: ignore[union-attr]
    yield Token(TokenKind.END, "", at, at)


def _token(found: re.Match[str]) -> Token:
    kind, image = str(found.lastgroup), found.group()
    if kind == "LONE":  # a sign with nothing behind it is a word, of no letters
        return Token(TokenKind.WORD, "\\" + image, found.start(), found.end())
    if kind == "WORD":
        if image in _JOINTS:
            return Token(TokenKind.JOINT, _JOINTS[image], found.start(), found.end())
        if image == "NOT":
            return Token(TokenKind.SIGN, "-", found.start(), found.end())
        _check_word(found)
    if kind == "SIGN":
        image = "-" if image == "!" else image
    return Token(TokenKind[kind], image, found.start(), found.end())


def _check_word(found: re.Match[str]) -> None:
    """Refuse what begins like a word and leads out of the language."""
    text, end = found.string, found.end()
    if found.group() == "filter" and text.startswith("(", end):
        raise Unwritable(QueryFault.PARSER, "filter(")
    if found.group().endswith("$") and text.startswith("{", end):
        raise Unwritable(QueryFault.PARSER, text[end - 1:])


def _fault(text: str, at: int) -> QueryFault:
    if text.startswith("{!", at):
        return QueryFault.PARSER
    if text.startswith("/*", at) or text.startswith("//", at):
        return QueryFault.COMMENT
    return QueryFault.REGEX if text[at] == "/" else QueryFault.SYNTAX


def meant(image: str) -> str:
    r"""The text that is meant: ``\x`` is x, ``\u0041`` is A. Raises ``Unwritable``."""
    text = _ESCAPE.sub(_unescaped, image) if "\\" in image else image
    if not text.isascii() or not text.isprintable():
        text = _paired(text)
        if barred := _BARRED.search(text):
            raise Unwritable(QueryFault.CHARACTER, f"U+{ord(barred[0]):04X}")
    return text


def _unescaped(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    if found[2]:
        raise Unwritable(QueryFault.SYNTAX, found.string[found.start():])
    return found[3]


def _paired(text: str) -> str:
    """Two halves that belong together are one character."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass") \
        if re.search("[\ud800-\udfff]", text) else text


def parted(image: str) -> tuple[str, ...]:
    """A word's texts and wildcards in turn; one text when it has none."""
    parts: list[str] = []
    begun = 0
    for sign in _WILD.finditer(image):
        if sign[0] in "*?":
            parts += [meant(image[begun:sign.start()]), sign[0]]
            begun = sign.end()
    return (*parts, meant(image[begun:]))


def ends(image: str) -> tuple[str, str | None, str | None, str]:
    """A range's brackets and what is meant by its two ends; ``None`` for ``*``."""
    found = _ENDS.fullmatch(image)
    if found is None:
        raise Unwritable(QueryFault.SYNTAX, image)
    return found[1], _end(found[2]), _end(found[3]), found[4]


def _end(image: str) -> str | None:
    if image == "*":
        return None
    return meant(image[1:-1] if image.startswith('"') else image)
