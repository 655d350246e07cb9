"""Columns and cells of a catalogue sheet that tell of people: whoever filled it in, and how to
reach them. They describe no data and are not kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from . import personal_numbers
from .cell_value import Fold
from .heading_notes import unmarked, without_notes
from .node import Node
from .text import visible

EMAIL = "email"
HEADING = "heading"
_EMAIL = re.compile(r"[\w.+-]\s*(?:@|\(at\)|\[at\])\s*[\w-]{1,63}\.[\w-]", re.IGNORECASE)
_PARTS = re.compile(r"[/\\|,，、;；&+\n]|[及和与或]")
_DROPPED = re.compile(r"[\s_\-*:：.·#'\"“”()\[\]【】<>{}〔〕〈〉?!※★☆△▲▽▼●○◎◆◇■□√✓✔☑]+")
_BEHIND = re.compile(
    r"(?:(?<=[^\x00-\x7f])(?:\d{1,3}|[a-z]|[ivx]{2,4}|[甲乙丙丁戊己庚辛壬癸]"
    r"|第?[一二三四五六七八九十]{1,3})"
    r"|(?<=.)(?:信息|情况|一栏|栏|名单|花?名册|清单|列表|一览|明细|台账|汇总|统计|登记|表|册)"
    r"|(?<=[a-z]{3})\d{1,3})$"
)
"""What counts, lists or completes a heading and does not change what it is: 联系人六, 死者名单."""
WHOLE = "="
MOST = 200
"""Characters of a heading that are looked at."""


@dataclass(frozen=True)
class HeadingWord:
    """The end of a heading, or with ``whole`` all of it; folded, in small letters."""

    word: str
    whole: bool = False

    def fits(self, heading: str) -> bool:
        """Whether the plain heading is such a one."""
        return heading == self.word if self.whole else heading.endswith(self.word)


@dataclass(frozen=True, eq=False)
class PersonalWords:
    """Headings that stand over personal data, by kind; ``offices`` end those that do not."""

    kinds: Mapping[str, tuple[HeadingWord, ...]]
    offices: tuple[HeadingWord, ...]
    fold: Fold

    def over(self, heading: str) -> bool:
        """Whether the heading is one of them: 负责人身份证号, 联系电话（手机）, orgEmail."""
        return any(
            word.fits(form)
            for form in spellings(heading, self.fold) if form.endswith(self._endings)
            for words in self.kinds.values() for word in words
        )  # fmt: skip

    def kinds_over(self, heading: str) -> frozenset[str]:
        """The kinds of what stands below the heading, but of an office's nothing: 值班电话."""
        found: set[str] = set()
        for form in spellings(heading, self.fold):
            fits = form.endswith(self._endings)
            if fits and not any(word.fits(form) for word in self.offices):
                found |= self._kinds_of(form)
        return frozenset(found)

    @cached_property
    def _endings(self) -> tuple[str, ...]:
        """All words: nearly every heading ends in none of them, which is known at once."""
        return tuple(word.word for words in self.kinds.values() for word in words)

    def _kinds_of(self, form: str) -> set[str]:
        """By the longest word that fits: 身份证号 is no mere 证号."""
        fitting = [
            (len(word.word), kind) for kind, words in self.kinds.items()
            for word in words if word.fits(form)
        ]  # fmt: skip
        longest = max((length for length, _kind in fitting), default=0)
        return {kind for length, kind in fitting if length == longest}


NO_WORDS = PersonalWords({}, (), str)


def spellings(heading: str, fold: Fold) -> list[str]:
    """What to compare the heading by: whole, without notes, each part of 姓名/电话, and each of
    these without what counts or lists it, end by end."""
    text = visible(fold(unicodedata.normalize("NFKC", heading[:MOST]))).lower()
    bare = without_notes(text)
    found: dict[str, None] = {}
    for form in (text, bare, *_PARTS.split(bare)):
        plain = unmarked(_DROPPED.sub("", form))
        while plain and plain not in found:
            found[plain] = None
            plain = _BEHIND.sub("", plain)
    return list(found)


def words_from(top: Node, fold: Fold) -> PersonalWords:
    """Read ``config/personal_headings.yaml``."""

    def read(node: Node) -> tuple[HeadingWord, ...]:
        return tuple(
            HeadingWord(fold(word.removeprefix(WHOLE)).lower(), word.startswith(WHOLE))
            for word in node.texts()
        )

    parts = top.entries(needed=("kinds", "offices"))
    kinds = parts.read("kinds", lambda node: node.each(lambda _kind, words: read(words)), {})
    return PersonalWords(kinds, parts.read("offices", read, ()), fold)


def kinds(text: str) -> frozenset[str]:
    """What stands in a text: names of :data:`personal_numbers.CHECKS`, or :data:`EMAIL`."""
    seen = personal_numbers.plain(text)
    mail = frozenset({EMAIL}) if _EMAIL.search(seen) else frozenset[str]()
    return personal_numbers.found(seen, known=True) | mail
