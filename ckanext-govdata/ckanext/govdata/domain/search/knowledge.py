"""What the operator tells the search: words that mean the same, and words that say little."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum


class KnowledgeKind(str, Enum):
    """Kinds of knowledge."""

    SYNONYM = "synonym"
    """Words that mean the same; ``a > b c`` leads from the left only; what follows ``~`` is near,
    not the same; ``a+b`` is met where both stand."""
    DEPARTMENT = "department"
    """Short and full names of a department; as synonyms, asked of the publisher too."""
    QUESTION = "question"
    """Words of asking, which say nothing about the subject."""
    WEAK = "weak"
    """Words that say little: list, information, place of."""


@dataclass(frozen=True)
class KnowledgeRule:
    """One line: its words, those it leads to when it is one-way, those that are near."""

    kind: KnowledgeKind
    words: tuple[str, ...]
    towards: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


class RuleError(ValueError):
    """A line that cannot be understood; says what is wrong with it."""


LONGEST_WORD = 40
MOST_WORDS = 200
_WRITTEN = str.maketrans("＞～＋、，,；;", ">~+     ")
"""Signs as Chinese keyboards write them; commas part words as spaces do."""


def read_rule(kind: KnowledgeKind, line: str) -> KnowledgeRule:
    """The rule that a line of words says; ``RuleError`` names what is wrong."""
    main, tilde, rest = line.translate(_WRITTEN).partition("~")
    left, arrow, right = main.partition(">")
    words, towards, near = (tuple(dict.fromkeys(part.split())) for part in (left, right, rest))
    everything = words + towards + near
    if any(len(word) > LONGEST_WORD for word in everything):
        raise RuleError("too_long")
    if len(everything) > MOST_WORDS:
        raise RuleError("too_many")
    if kind in (KnowledgeKind.QUESTION, KnowledgeKind.WEAK):
        if arrow or tilde or not words:
            raise RuleError("plain_words")
    elif set(">~") & set(right + rest):
        raise RuleError("once")
    elif not words or len(everything) < 2 or (arrow and not towards):
        raise RuleError("two_words")
    if not all(any(map(str.isalnum, part)) for word in everything for part in word.split("+")):
        raise RuleError("no_letter")
    return KnowledgeRule(kind, words, towards, near)


def write_rule(rule: KnowledgeRule) -> str:
    """The line that says the rule."""
    line = " ".join(rule.words)
    line += " > " + " ".join(rule.towards) if rule.towards else ""
    return line + (" ~ " + " ".join(rule.near) if rule.near else "")


def read_lines(kind: KnowledgeKind, lines: Iterable[str]) -> list[KnowledgeRule]:
    """Rules of a file; empty lines and those that begin with # are left out."""
    return [
        read_rule(kind, line) for line in (raw.strip() for raw in lines) if line and line[0] != "#"
    ]


@dataclass(frozen=True)
class Knowledge:
    """Rules ready for use: what each word leads to, and the words that say little or nothing."""

    same: Mapping[str, tuple[str, ...]]
    near: Mapping[str, tuple[str, ...]]
    questions: frozenset[str]
    weak: frozenset[str]

    def terms(self) -> set[str]:
        """Every word or phrase that the knowledge names, conjunctions by their parts."""
        named = {*self.same, *self.near, *self.questions, *self.weak}
        return {part for word in named for part in word.split("+")}


def gather(rules: Iterable[KnowledgeRule]) -> Knowledge:
    """Knowledge from rules; a word of several groups leads to the words of all."""
    same: dict[str, dict[str, None]] = defaultdict(dict)
    near: dict[str, dict[str, None]] = defaultdict(dict)
    plain: dict[KnowledgeKind, set[str]] = defaultdict(set)
    for rule in rules:
        if rule.kind in (KnowledgeKind.QUESTION, KnowledgeKind.WEAK):
            plain[rule.kind].update(rule.words)
            continue
        for word in rule.words:
            others = rule.towards or tuple(w for w in rule.words if w != word)
            same[word].update(dict.fromkeys(others))
            near[word].update(dict.fromkeys(rule.near))
        for word in rule.towards + rule.near:
            same[word].update({})
    return Knowledge(
        same={word: tuple(found) for word, found in same.items()},
        near={word: tuple(found) for word, found in near.items() if found},
        questions=frozenset(plain[KnowledgeKind.QUESTION]),
        weak=frozenset(plain[KnowledgeKind.WEAK]),
    )
