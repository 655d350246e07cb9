"""What templates ask for words: instants, articles, brackets, the reader's script."""

from __future__ import annotations

from datetime import datetime

from ..domain.locales import ENGLISH
from . import language, phrases
from .when import when


def govdata_when(instant: datetime | str | None) -> str:
    """An instant in Beijing time: ``2020年1月25日 10:30``; empty when there is none."""
    return when(instant)


def govdata_script(text: object) -> str:
    """An entry's own text in the reader's script (characters only)."""
    return phrases.in_script(text)


def govdata_article(written: str) -> str:
    """An article in the reader's language: ``第十七条``, ``第十七條`` or ``Article 17``."""
    return phrases.article(written)


def govdata_colon() -> str:
    """The colon between a name and what is said of it, in the width of the reader's script."""
    return ": " if language.spoken() == ENGLISH else "："


def govdata_bracketed(words: str) -> str:
    """Words in brackets, in the width of the reader's script."""
    return phrases.bracketed(words)
