"""Where a query's words stand in a text, in whichever script the text is shown."""
from __future__ import annotations

from collections.abc import Iterable, Mapping

from .folds import fold
from .query import Query

SHORTEST = 2


def words(query: Query) -> list[str]:
    """What is marked: the concepts' words, synonyms and parts, and the places; longest first."""
    found: dict[str, None] = {}
    for concept in query.concepts:
        for word in (concept.word, *concept.synonyms, *concept.parts):
            found.update(dict.fromkeys(word.split("+")))
    found.update(dict.fromkeys(place.name for place in query.places))
    typed = {concept.word for concept in query.concepts}
    kept = [word for word in found if len(word) >= SHORTEST or word in typed]
    return sorted(kept, key=lambda word: -len(word))


def _alike(text: str, simplified: Mapping[int, str]) -> str:
    """The text folded, each character in its own place."""
    return "".join(
        character if "\u3400" <= character <= "\u9fff" else (fold(character, simplified) or " ")[0]
        for character in text.translate(simplified)
    )


def spans(
    text: str, marked: Iterable[str], simplified: Mapping[int, str]
) -> list[tuple[int, int]]:
    """Beginning and end of each marked stretch, in order, without overlaps."""
    plain = _alike(text, simplified)
    taken = [False] * len(plain)
    for word in marked:
        start = plain.find(word)
        while word and start >= 0:
            taken[start:start + len(word)] = [True] * len(word)
            start = plain.find(word, start + len(word))
    found: list[tuple[int, int]] = []
    begun: int | None = None
    for place, is_taken in enumerate([*taken, False]):
        if is_taken and begun is None:
            begun = place
        elif not is_taken and begun is not None:
            found.append((begun, place))
            begun = None
    return found
