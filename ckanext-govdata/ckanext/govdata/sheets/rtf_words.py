r"""The words of a document in rich text (RTF 1.9.1), whose Chinese is written in signs.

``\'bb\'fa`` are bytes of GBK; ``\u26426?`` is a character by its number, with a stand-in for old
readers.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    rb"(?P<bytes>(?:\\'[0-9A-Fa-f]{2})+)|\\(?P<word>[a-z]{1,32})(?P<number>-?\d{1,9})? ?"
    rb"|\\(?P<sign>[^a-z])|(?P<none>[{}\r\n]+)|(?P<text>[^\\{}\r\n]+)|\\",
    re.IGNORECASE | re.DOTALL,
)
_APART = frozenset({"par", "line", "cell", "row", "tab", "sect", "page", "nestcell", "nestrow"})
_BLANKS = {b"~": b" ", b"-": b"", b"_": b"-"}


def of(content: bytes) -> str:
    """The words, those of comments, fonts and properties among them; signs that set them are left
    out, and what parts paragraphs and cells is a line's end."""
    found: list[bytes] = []  # GB 18030 has every character
    stand_in, passed = 1, 0
    for token in _TOKEN.finditer(content):
        word = (token["word"] or b"").decode().lower()
        number = int(token["number"] or 0)
        if token["none"]:
            passed = passed if token["none"].isspace() else 0  # no stand-in goes over a brace
            continue
        if word == "uc":
            stand_in = max(0, number)
        elif word == "u" and token["number"]:
            found.append(_character(number))
            passed = stand_in
        elif word:
            found.append(b"\n" if word in _APART else b"")
            passed = max(0, passed - 1)
        else:
            piece = _piece(token)
            found.append(piece[passed:])
            passed = max(0, passed - len(piece))
    return b"".join(found).decode("gb18030", "ignore")


def _piece(token: re.Match[bytes]) -> bytes:
    if token["bytes"]:
        return bytes.fromhex(token["bytes"].replace(b"\\'", b"").decode())
    return token["text"] or _BLANKS.get(token["sign"], token["sign"]) or b""


def _character(number: int) -> bytes:
    """The character of a number, which is written as one with a sign where it is large."""
    return chr(number % 2**16).encode("gb18030", "ignore")
