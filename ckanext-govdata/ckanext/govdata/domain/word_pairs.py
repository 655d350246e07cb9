"""Chinese words in tables, which no blanks part: a text is known by each two characters that stand
side by side, and a word is asked for by its own.

What is asked for are rows that have all pairs of a word, in whatever order; a single character is
the beginning of a pair or stands alone at the end of a run (``tables/word_search`` writes both).
"""

from __future__ import annotations

import re

HAN = "\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Chinese characters, as they stand between brackets in a regular expression."""
SIGNS = ("\u00b7\u2010-\u203f\u3000-\u3004\u3006\u3008-\u303f\uff00-\uff0f\uff1a-\uff20"
         "\uff3b-\uff40\uff5b-\uff65")
"""Chinese punctuation, which PostgreSQL may take for letters, in the same way."""
_SIGNS = re.compile(f"[{SIGNS}]+")
_RUN = re.compile(f"[{HAN}]+")
_TERM = re.compile(rf"([{HAN}]+)(:[*A-D]+)?")
_TERMS = re.compile(r"[^\s&|!()<>]+")


def has_han(text: str) -> bool:
    """Whether there are Chinese characters in it."""
    return _RUN.search(text) is not None


def runs(text: str) -> list[str]:
    """The stretches of Chinese characters."""
    return _RUN.findall(text)


def without_runs(text: str) -> str:
    """What else there is, each of it by itself."""
    return " ".join(_SIGNS.sub(" ", _RUN.sub(" ", text)).split())


def of_runs(listed: list[str]) -> str:
    """A PostgreSQL query for rows that have all of these stretches."""
    parts: dict[str, None] = {}
    for run in listed:
        parts |= dict.fromkeys(_pairs(run))
    return " & ".join(parts)


def expanded(expression: str) -> str:
    """An expression of words and signs, as ``to_tsquery`` takes it, in which a word of Chinese
    characters may also stand within a longer one; one with quotation marks is left as it is."""
    if "'" in expression:
        return expression

    def either(term: re.Match[str]) -> str:
        word = _TERM.fullmatch(term[0])
        return f"({term[0]} | ({of_runs([word[1]])}))" if word else term[0]

    return _TERMS.sub(either, expression)


def _pairs(run: str) -> list[str]:
    if len(run) == 1:
        return [f"{run}:*"]
    return [run[at : at + 2] for at in range(len(run) - 1)]
