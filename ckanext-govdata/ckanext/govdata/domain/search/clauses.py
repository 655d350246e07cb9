"""Write an understood query in Solr's own syntax. Only folded words inside quotes are written."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .document import LONGEST_STRETCH
from .folds import pieces
from .query import Concept, Query

NAMING_FIELDS = ("gd_title", "gd_publisher", "gd_notes")
OTHER_FIELDS = ("gd_keywords", "gd_notes", "gd_items", "gd_category", "gd_publisher")


@dataclass(frozen=True)
class Weights:
    """What each kind of match is worth; tuned on judged queries."""

    title: float = 25.5
    """a concept's word or synonym stands in the title"""
    own: float = 9.0
    """… and it is the very word that was typed"""
    across: float = 10.0
    """it stands there across the border of two words"""
    near: float = 12.0
    """a word near the concept stands in the title, or the parts of a long word do"""
    detail: float = 0.5
    """the synonym's own BM25 score: settles ties, short titles first"""
    other: float = 9.0
    """it stands elsewhere: keywords, summary, information items, category, publisher"""
    place_named: float = 260.0
    """title or publisher names the place"""
    place_own: float = 250.0
    """the entry's department is of the place"""
    place_within: float = 235.0
    """the entry's department is of a division within the place"""
    place_text: float = 200.0
    """the place's name stands anywhere in the text"""
    loose_title: float = 2.4
    """each pair of characters in the title, by BM25"""
    loose_keywords: float = 0.6
    loose_other: float = 0.3


def write(query: Query, weights: Weights = Weights()) -> str:
    """The lexical query, to be read by Solr's ``lucene`` parser with ``q.op=OR``.

    What is found has at least one of the concepts, a light one only where there are no others; for
    a bare place the place.
    """
    needed = [concept for concept in query.concepts if not concept.light] or query.concepts
    light = [concept for concept in query.concepts if concept not in needed]
    asked = " ".join(clause for concept in needed for clause in _concept(concept, weights))
    rest = [clause for concept in light for clause in _concept(concept, weights)]
    rest += [clause for p in query.places for clause in _place(p.name, p.codes, weights)]
    rest += _loose(query.subject, weights)
    return " ".join([f"+({asked})", *rest] if asked else rest)


def _concept(concept: Concept, weights: Weights) -> Iterable[str]:
    words = (concept.word, *concept.synonyms)
    same = " ".join(_phrase("gd_title", word) for word in words)
    near = [_phrase("gd_title", word) for word in concept.near]
    if concept.parts:
        near.append(_phrase("gd_title", "+".join(concept.parts)))
    elsewhere = " ".join(_phrase(name, word) for name in OTHER_FIELDS for word in words)
    worth = concept.weight
    stands = " ".join(_stands(word) for word in words)
    yield f"({_stands(concept.word)})^={weights.own * worth:.2f}"
    graded = [(f"({stands})", weights.title * worth), (f"({same})", weights.across * worth)]
    if near:
        graded.append((" ".join(near), weights.near * worth))
    yield _best(graded)
    yield f"({same})^{weights.detail}"
    yield f"({elsewhere})^={weights.other * worth:.2f}"


def _place(name: str, codes: tuple[str, ...], weights: Weights) -> Iterable[str]:
    wanted = " ".join(f'"{code}"' for code in codes)
    graded = (
        (f"gd_place_named:({wanted})", weights.place_named),
        (f"gd_place_own:({wanted})", weights.place_own),
        (f"gd_place_within:({wanted})", weights.place_within),
        (" ".join(_phrase(field, name) for field in NAMING_FIELDS), weights.place_text),
    )
    yield _best(graded)


def _best(graded: Iterable[tuple[str, float]]) -> str:
    """Clauses of which a document earns only the highest: each adds what it has over the next."""
    ordered = sorted(graded, key=lambda pair: pair[1])
    parts: list[str] = []
    below = 0.0
    for index, (_, worth) in enumerate(ordered):
        union = " ".join(clause for clause, _ in ordered[index:])
        parts.append(f"({union})^={worth - below:.2f}")
        below = worth
    return " ".join(parts)


def _loose(subject: str, weights: Weights) -> list[str]:
    words = " ".join(f'"{w}"' if w.isascii() else w for w in subject.split())
    if not words:
        return []
    worth = {
        "gd_title": weights.loose_title,
        "gd_keywords": weights.loose_keywords,
        **dict.fromkeys(OTHER_FIELDS[1:], weights.loose_other),
        "gd_title_uni": weights.loose_title / 4,
        "gd_text_uni": weights.loose_other / 4,
    }
    return [f"{name}:({words})^{boost}" for name, boost in worth.items()]


def _stands(word: str) -> str:
    """The title has the word, and not across the border of two others; where the index cannot
    tell (single characters, long words, letters beside characters), as a phrase.
    """
    plain = pieces(word)
    if "+" in word or len(plain) != 1 or not 1 < len(plain[0]) <= LONGEST_STRETCH:
        return _phrase("gd_title", word)
    return f'gd_words:"{plain[0]}"'


def _phrase(name: str, word: str) -> str:
    """The word as a phrase; the parts of ``a+b`` must all stand in the field. Signs, which an
    operator's line may hold, are left out.
    """
    parts = [plain for part in word.split("+") if (plain := " ".join(pieces(part)))]
    word = "".join(parts)
    if len(parts) > 1:
        return "(" + " ".join(f"+{_phrase(name, part)}" for part in parts) + ")"
    single = len(word) == 1 and not word.isascii()
    field = {"gd_title": "gd_title_uni"}.get(name, "gd_text_uni") if single else name
    return f'{field}:"{word}"'
