"""One spelling for what reads the same: width, case, accents of script, invisible characters."""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

LONGEST = 120
"""Characters of a query that are read; what follows is no longer a question but a text."""

HANZI = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_PIECES = re.compile(f"[{HANZI}]+|[a-z0-9]+(?:[.+#'][a-z0-9]+)*")
_SPACES = re.compile(r"\s+")


def fold(text: str, simplified: Mapping[int, str]) -> str:
    """The text in half width, lower case and Simplified characters, without control characters.

    ``simplified`` maps the code point of a Traditional character to its Simplified form;
    characters are folded one by one, never phrases (Taiwan's phrases mangle place names).
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    kept = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in plain)
    return _SPACES.sub(" ", kept.translate(simplified)).strip()


def pieces(folded: str) -> list[str]:
    """Runs of Hanzi and of Latin letters or digits, in order; all else separates them."""
    return _PIECES.findall(folded)


def is_hanzi(piece: str) -> bool:
    """Whether a piece is a run of Hanzi."""
    return bool(re.match(f"[{HANZI}]", piece))
