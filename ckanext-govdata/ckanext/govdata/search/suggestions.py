"""Suggestions while typing: the catalogue's words from memory, titles by one Solr request."""
from __future__ import annotations

import bisect
import re
from collections import Counter

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError, SolrConnectionError
from ckan.types import Context

from ..domain.search.folds import fold, is_hanzi
from ..domain.search.query import QueryReader
from ..domain.search.sounds import spell
from . import lists, live_reader, query_parameters
from .answers import EntryLink, SuggestAnswer, WordOffer

WORDS = 5
ENTRIES = 6
LONGEST = 40
_LETTERS = re.compile(r"[a-z]+(?:[ '][a-z]+)*")


class _Index:
    """The catalogue's words in order of their characters, their pinyin and their initials."""

    def __init__(self, reader: QueryReader):
        rows = []
        for word, count in self._counted(reader).items():
            if len(word) < 2 or word in reader.knowledge.weak or word in reader.knowledge.questions:
                continue
            rows.append((word, word, count))
            if is_hanzi(word):
                syllables = spell(word, reader.speller.readings)
                rows.append(("".join(syllables), word, count))
                rows.append(("".join(s[0] for s in syllables), word, count))
        self.rows = sorted(rows)

    @staticmethod
    def _counted(reader: QueryReader) -> Counter[str]:
        """The catalogue's words, and those within its long ones (公交 within 公交站点)."""
        words = live_reader.vocabulary().words
        found = Counter(words)
        for word, count in words.items():
            if word in reader.words and len(word) > 3 and is_hanzi(word):
                parts = (part for part in reader.words.cut_within(word) if len(part) > 1)
                found.update(dict.fromkeys(parts, count))
        return found

    def beginning(self, prefix: str) -> list[tuple[str, int]]:
        """Words that begin so, those of most titles first."""
        start = bisect.bisect_left(self.rows, (prefix,))
        found: dict[str, int] = {}
        for key, word, count in self.rows[start:start + 3000]:
            if not key.startswith(prefix):
                break
            found[word] = count
        return sorted(found.items(), key=lambda pair: (-pair[1], len(pair[0]), pair[0]))[:WORDS]


_index: tuple[int, _Index] | None = None


def _words() -> _Index:
    """The index of the present reader; made once for each."""
    global _index
    reader = live_reader.reader()
    if _index is None or _index[0] != id(reader):
        _index = (id(reader), _Index(reader))
    return _index[1]


def suggest(typed: str, context: Context) -> SuggestAnswer:
    """Words and entries for what was typed so far; both empty for nothing sensible."""
    text, prefix, letters = _read(typed)
    if not text:
        return {"q": "", "words": [], "entries": []}
    entries = _entries(prefix, letters, context)
    titles = {fold(entry["title"], lists.simplified()) for entry in entries}
    words: list[WordOffer] = [
        {"text": word, "titles": count}
        for word, count in _words().beginning(prefix) if word not in titles  # it stands below
    ]
    return {"q": text, "words": words, "entries": entries}


def begun(typed: str) -> list[str]:
    """The catalogue's words that letters begin, by pinyin or its initials (``tsg``)."""
    _, prefix, letters = _read(typed)
    if not letters or len(prefix) < 2:
        return []
    return [word for word, _ in _words().beginning(prefix)]


def _read(typed: str) -> tuple[str, str, bool]:
    """What was typed, folded; as words begin; and whether it is letters."""
    text = fold(typed[:LONGEST], lists.simplified())
    letters = bool(_LETTERS.fullmatch(text))
    return text, re.sub(r"[ ']", "", text) if letters else text, letters


def _entries(prefix: str, letters: bool, context: Context) -> list[EntryLink]:
    """Titles by sound from any word's start, or by characters anywhere."""
    quoted = re.sub(r"[^\w]", "", prefix)
    if not quoted:
        return []
    asked = {
        "q": f"gd_sound:{quoted}*" if letters else f'gd_title_uni:"{quoted}"',
        "defType": "lucene", "fl": ["name", "title"], "rows": ENTRIES, "facet": "false",
        "sort": "score desc, title_string asc",
    }
    try:
        with query_parameters.inside():
            found = tk.get_action("package_search")({**context, "ignore_auth": False}, asked)
    except (SearchError, SolrConnectionError):
        return []
    return [{"name": hit["name"], "title": hit["title"]} for hit in found["results"]]
