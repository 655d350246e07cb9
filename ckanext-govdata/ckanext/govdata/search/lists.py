"""The lists in ``config/search``: general words, places, look-alike characters, first knowledge."""
from __future__ import annotations

import sys
from collections import defaultdict
from functools import lru_cache
from importlib.resources import files

import opencc

from .. import vocabularies
from ..domain.search.knowledge import KnowledgeKind, KnowledgeRule, gather, read_lines
from ..domain.search.places import Gazetteer
from ..domain.search.reader import Lexicon, fold_rules, general_words

SEEDS = {
    "thesaurus.txt": KnowledgeKind.SYNONYM,
    "departments.txt": KnowledgeKind.DEPARTMENT,
    "questions.txt": KnowledgeKind.QUESTION,
    "weak.txt": KnowledgeKind.WEAK,
}

VARIANTS = str.maketrans(
    "著藉覆瞭伕座像揹暱簷薰澂彷俱甦谘讬痺睪濬钜",
    "着借复了夫坐象背昵檐熏澄仿具苏咨托痹睾浚巨",
)
"""Characters of one script that the other writes with either of two: read alike, so that 坐标 and
座標, 着火 and 著火 find the same."""


def lines(name: str) -> list[str]:
    """The lines of a list that say something."""
    text = (files("ckanext.govdata.config") / "search" / name).read_text("utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def seeds() -> list[KnowledgeRule]:
    """The knowledge that the portal starts with."""
    return [rule for name, kind in SEEDS.items() for rule in read_lines(kind, lines(name))]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """General words with frequency and syllables (73,000 of them; .3 s)."""
    counts: dict[str, float] = {}
    syllables: dict[str, tuple[str, ...]] = {}
    table = simplified()
    for line in lines("lexicon.txt"):
        spelt, count, sound = line.split("\t")
        word = spelt.translate(table)
        counts[word] = float(count)
        syllables[word] = tuple(map(sys.intern, sound.split()))
    return Lexicon(counts, syllables, _shapes(), simplified())


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """Every division to county level, and those that the operator's own table adds."""
    table = simplified()
    rows = [tuple(line.translate(table).split("\t")) for line in lines("places.txt")]
    known = {row[0] for row in rows}
    own = [
        (place.code, place.name.translate(table))
        for place in vocabularies.divisions().by_code.values()
        if place.code not in known
    ]
    rows += own
    knowledge = gather(fold_rules(seeds(), table))
    return Gazetteer(rows, general_words(lexicon(), Gazetteer(rows), knowledge))


@lru_cache(maxsize=1)
def simplified() -> dict[int, str]:
    """Traditional, as in Taiwan and Hong Kong, to Simplified, by character (OpenCC's tables)."""
    blocks = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xF900, 0xFB00))
    characters = [chr(code) for block in blocks for code in block]
    text = "\n".join(characters)
    for table in ("t2s", "hk2s"):
        text = opencc.OpenCC(table).convert(text)
    folded = text.translate(VARIANTS).split("\n")
    return {
        ord(old): new
        for old, new in zip(characters, folded, strict=True)
        if old != new and len(new) == 1
    }


def _shapes() -> dict[str, str]:
    found: dict[str, str] = defaultdict(str)
    for line in lines("shapes.txt"):
        for character in line.strip():
            found[character] += line.strip().replace(character, "")
    return dict(found)
