"""What a letter says in the words of its procedure's folder: sentences with names to be filled in.

A name stands in braces: a fact of the case (``{received}``), an answer (``{said.purpose}``), the
last day of a clock (``{due.check}``) or of the limit of a higher text on it (``{limit.decide}``),
the length of a term (``{term.consult}``), the day of an event (``{day.objected}``) or the number of
its letter (``{number.refused}``), a provision of
law (``{law.free}``) or what a place calls a thing (``{name.open_attribute.non_open}``). A sentence
whose names are not all known is left out, so that a folder writes down once what only some cases
have.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from .locales import Label

_NAME = re.compile(r"\{([a-z_.]+)\}")
FACTS = frozenset(
    {
        "you", "reference", "entry", "received", "day", "time", "due", "term", "department",
        "issuer", "by", "objected", "anew_until", "disputed", "severed", "left_out",
        "cause", "asked", "asked_number", "answered", "unreasoned", "replaced",
        "public_interest", "unfounded", "followed", "partly_interest", "partly_unfounded",
        "decided", "late", "suspended_before",
        "suspended_until", "defend_until", "defended", "undefended", "heard_on",
    }
)  # fmt: skip
"""What every case has, or may have, to say of itself; ``disputed`` is the number of the letter that
an objection is about, ``severed`` the article by which a part is given where one is, ``left_out``
the columns of which it gives none of what was asked for, ``cause`` what became of the entry. To a
third party ``asked`` and ``asked_number`` are day and number of the letter that asked him,
``answered`` that on which his answer was received, ``unreasoned`` the same where it gave no reason,
``replaced`` the number of the one in whose place this one is, ``public_interest``, ``unfounded``,
``followed`` (of data that was given before), ``partly_interest`` and ``partly_unfounded``
the article, each where that was found of his objection; ``decided`` is the day of the decision, and
``late`` the same where his objection was weighed only after it. ``suspended_before`` is the day on
which the grant was suspended last. To whom a grant is suspended
``suspended_until`` and ``defend_until`` are the last days of that and of saying his side,
``defended`` the day on which he did, ``undefended`` the last one on which he did not, ``heard_on``
that of a hearing that was not held on the portal.
"""
SAID, DUE, LIMIT, DAY, NUMBER, TERM = "said", "due", "limit", "day", "number", "term"
LAW, NAMED = "law", "name"
"""What stands before the point in the other names."""


class Adverse(str, Enum):
    """When a letter decides against its addressee: always, never, or where what it is about is a
    record of himself (Regulations on Open Government Information 41, Personal Information
    Protection Law 50), which nobody here knows: then it says so."""

    ALWAYS = "always"
    OWN_RECORD = "own_record"
    NEVER = "never"


@dataclass(frozen=True)
class Letter:
    """One letter, by the event that it tells.

    ``opening`` are the sentences of its first paragraph: what was asked for, when, and what was
    done since. ``decision`` is what was decided, ``replies`` instead of it where the grounds make
    it one of the seven kinds of reply (Regulations on Open Government Information 36), ``caused``
    where nobody decided it and what became of the entry did, ``then`` further
    paragraphs. ``lines`` are answers that stand apart, each under its name. ``short`` is
    what a file of it is called. ``remedy`` is what whoever does not agree may do where no command
    is left to him; ``adverse`` says when it decides against its addressee and has to name the
    law's remedies. ``to`` is the field that names another addressee than the applicant, who
    then does not see the letter.
    """

    title: Label
    decision: Label
    caused: Label = field(default_factory=dict[str, str])
    short: Label = field(default_factory=dict[str, str])
    opening: tuple[Label, ...] = ()
    replies: Mapping[str, Label] = field(default_factory=dict[str, Label])
    then: tuple[Label, ...] = ()
    lines: tuple[str, ...] = ()
    remedy: Label = field(default_factory=dict[str, str])
    adverse: Adverse = Adverse.NEVER
    to: str = ""

    def sentences(self) -> Iterator[Label]:
        """Everything in which names may stand."""
        yield from (*self.opening, self.decision, self.caused, *self.replies.values(), *self.then)

    def names(self) -> set[str]:
        """The names that its sentences want filled in."""
        return {name for words in self.sentences() for name in names_in(words)}


def names_in(words: Label) -> set[str]:
    """The names of a sentence, in whichever language."""
    return {name for text in words.values() for name in _NAME.findall(text)}


def filled(text: str, facts: Mapping[str, str]) -> str:
    """The sentence with its names filled in; empty where one of them has nothing to say.

    What somebody wrote ends without his full stop where the sentence goes on behind it.
    """
    if any(not facts.get(name) for name in _NAME.findall(text)):
        return ""
    return _NAME.sub(lambda found: _fitted(facts[found[1]], text[found.end() :]), text)


def _fitted(value: str, rest: str) -> str:
    goes_on = rest != "" and rest[0] in "。，；.,;"
    return value.strip().rstrip("。．.；;") if goes_on else value.strip()


def unknown(letter: Letter, known: Mapping[str, Collection[str]]) -> Iterator[str]:
    """The names that nobody could fill in; ``known`` has those behind each point."""
    for name in sorted(letter.names()):
        head, point, tail = name.partition(".")
        if not (tail in known.get(head, ()) if point else head in FACTS):
            yield name


def unlike(words: Label) -> bool:
    """Whether the languages of a sentence have different names in them; not each says "you"."""
    named = [{*_NAME.findall(text)} - {"you"} for text in words.values()]
    return any(one != named[0] for one in named)
