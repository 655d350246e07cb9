"""Controlled vocabularies: the few codes that a field may hold, and what people write instead."""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from .locales import SIMPLIFIED

_NOISE = re.compile(r"[\s'\"‘’“”「」『』()\[\]【】《》,、;。.:!?_\-–—·]+")


def folded(text: str) -> str:
    """The text without width, case, quotes, spaces and punctuation: ``‘每年’`` is ``每年``."""
    plain = unicodedata.normalize("NFKC", text)
    return _NOISE.sub("", plain).casefold()


class How(str, Enum):
    """How a written value was understood."""

    CODE = "code"
    LABEL = "label"
    SYNONYM = "synonym"
    FALLBACK = "fallback"


@dataclass(frozen=True)
class VocabularyTerm:
    """One value: its code, its label in each language, and what else it is called."""

    code: str
    label: Mapping[str, str]
    synonyms: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    """Words that mean this term and say on which condition: 实名注册用户可下载."""


@dataclass(frozen=True)
class Match:
    """What a written value was taken for."""

    written: str
    code: str
    how: How


@dataclass(frozen=True)
class Vocabulary:
    """The terms of one field in the order in which people see them."""

    id: str
    name: Mapping[str, str]
    terms: tuple[VocabularyTerm, ...]
    fallback: str | None = None
    by_code: Mapping[str, VocabularyTerm] = field(init=False, repr=False, compare=False)
    _known: Mapping[str, Match] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_code", {term.code: term for term in self.terms})
        known: dict[str, Match] = {}
        for word, code, how in words(self.terms):
            known.setdefault(folded(word) or word, Match(word, code, how))
        object.__setattr__(self, "_known", known)

    def __contains__(self, code: object) -> bool:
        return code in self.by_code

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes, in order."""
        return tuple(self.by_code)

    def label(self, code: str, language: str) -> str:
        """The label of a code in a language, else in Simplified Chinese, else the code."""
        term = self.by_code.get(code)
        if term is None:
            return code
        return term.label.get(language) or term.label.get(SIMPLIFIED) or code

    def find(self, written: str) -> Match | None:
        """What a person meant by ``written``: a code, label or synonym, in that order.

        An unknown word becomes the vocabulary's fallback, if it has one; ``None`` otherwise and
        for an empty value.
        """
        text = written.strip()
        if not text:
            return None
        known = self._known.get(folded(text) or text)
        if known is not None:
            return Match(text, known.code, known.how)
        if self.fallback is not None:
            return Match(text, self.fallback, How.FALLBACK)
        return None


def words(terms: tuple[VocabularyTerm, ...]) -> Iterator[tuple[str, str, How]]:
    """Every word for every term, the surest first."""
    for term in terms:
        yield term.code, term.code, How.CODE
    for term in terms:
        for label in term.label.values():
            yield label, term.code, How.LABEL
    for term in terms:
        for synonym in term.synonyms:
            yield synonym, term.code, How.SYNONYM
