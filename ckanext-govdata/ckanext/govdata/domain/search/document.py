"""What the index keeps of an entry for search: folded text, places, spellings."""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .folds import fold, is_hanzi, pieces
from .places import Gazetteer, within
from .sounds import spell
from .words import Words

LONGEST_TEXT = 20_000
MOST_STARTS = 12
"""Word starts of a title from which its spelling is kept."""
LONGEST_STRETCH = 8
"""Characters of words that are kept together."""
_YEAR = re.compile(r"(19|20)\d\d年?(\d{1,2}月)?|\d{2,3}年度?")
_BRACKETS = re.compile(r"[(（【\[《][^)）】\]》]{0,30}[)）】\]》]")
_NOISE = re.compile(
    r"(数据)?接口服务|统计报?表|一览表|情况|信息|数据集?|清单|名单|列表|目录|资讯|资料|清册|台账|服务接口|接口"
)


@dataclass(frozen=True)
class SearchEntry:
    """The parts of a catalogue entry that search reads.

    ``publishers`` are the department's names and those above it, ``region`` its division code if
    known, ``places`` texts that name its place.
    """

    title: str
    notes: str = ""
    keywords: Sequence[str] = ()
    publishers: Sequence[str] = ()
    categories: Sequence[str] = ()
    items: Sequence[str] = ()
    region: str = ""
    places: Sequence[str] = ()


def fields(
    entry: SearchEntry, simplified: Mapping[int, str], gazetteer: Gazetteer
) -> dict[str, Any]:
    """The index's fields of an entry, names beginning with ``gd_``; empty ones left out."""

    def plain(text: str) -> str:
        return fold(text[:LONGEST_TEXT], simplified)

    title, notes = plain(entry.title), plain(entry.notes)
    publishers = [plain(name) for name in entry.publishers]
    found = {
        "gd_title": title,
        "gd_title_uni": title,
        "gd_notes": notes if notes != title else "",
        "gd_keywords": [plain(word) for word in entry.keywords],
        "gd_publisher": publishers,
        "gd_category": [plain(name) for name in entry.categories],
        "gd_items": [plain(name) for name in entry.items],
        "gd_text_uni": [notes, *map(plain, entry.keywords), *publishers],
        **_places(entry, [title, *publishers[:1]], [plain(p) for p in entry.places], gazetteer),
    }
    return {name: value for name, value in found.items() if value}


def _places(
    entry: SearchEntry, naming: Sequence[str], belonging: Sequence[str], gazetteer: Gazetteer
) -> dict[str, list[str]]:
    own = {entry.region} if entry.region else _codes(belonging, gazetteer)
    own = {code for code in own if not any(o != code and o.startswith(code) for o in own)}
    around = {above for code in own for above in within(code)}
    named = _codes(naming, gazetteer)
    if own:  # of divisions with one name only the nearest is meant
        near = {c for c in named if any(c.startswith(o) or o.startswith(c) for o in own)}
        kin = {c for c in named if any(c[:2] == o[:2] for o in own)}
        named = near | kin
    else:
        around |= {above for code in named for above in within(code)}
    return {
        "gd_place_named": sorted(named),
        "gd_place_own": sorted(own),
        "gd_place_within": sorted(around),
    }


def _codes(texts: Sequence[str], gazetteer: Gazetteer) -> set[str]:
    found: set[str] = set()
    for text in texts:
        for run in pieces(text):
            if is_hanzi(run):
                found.update(code for place in gazetteer.find(run)[0] for code in place.codes)
    return found


def meaning(title: str, simplified: Mapping[int, str], gazetteer: Gazetteer) -> str:
    """The title's subject, for its vector: without places, years, brackets and words like 信息."""
    bare = _YEAR.sub(" ", _BRACKETS.sub(" ", fold(title, simplified)))
    kept: list[str] = []
    for run in pieces(bare):
        kept += gazetteer.find(run)[1] if is_hanzi(run) else [run]
    text = re.sub(r"\s+", " ", _NOISE.sub(" ", " ".join(kept))).strip()
    return text or fold(title, simplified)


def spellings(title: str, words: Words, readings: Mapping[str, str]) -> list[str]:
    """How a title may be typed in Latin letters: from each word's start, whole and initials."""
    found: dict[str, None] = {}
    cut = [word for run in pieces(title) for word in (words.cut(run) if is_hanzi(run) else [run])]
    for start in range(min(len(cut), MOST_STARTS)):
        tail = "".join(cut[start:])[:20]
        syllables = spell(tail, readings)
        found["".join(syllables)] = None
        found["".join(s[0] for s in syllables)] = None
    return list(found)


def stretches(title: str, words: Words) -> list[str]:
    """Stretches of a title that a word may be meant by: words, words that stand together, parts of
    a word. What is not among them crosses the border of two words, as 地名 does in 基地名单.
    """
    found: dict[str, None] = {}
    for run in pieces(title):
        cut = words.cut(run) if is_hanzi(run) else [run]
        for start, word in enumerate(cut):
            found.update(dict.fromkeys(_parts(word)))
            together = word
            for following in cut[start + 1:]:
                together += following
                if len(together) > LONGEST_STRETCH:
                    break
                found[together] = None
    return list(found)


def _parts(word: str) -> Iterator[str]:
    """The word, and what of two or more characters stands within it."""
    yield word
    if is_hanzi(word):
        for start in range(len(word) - 1):
            for end in range(start + 2, len(word) + 1):
                yield word[start:end]
