"""The words of a letter, and what fills in their names, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ckan.plugins.toolkit as tk

from ... import now
from ...access import sentences as grant_sentences
from ...domain.field_base import Titles
from ...domain.locales import LOCALES, Label
from ...domain.procedure import Field
from ...forms import form_reader
from ...rules import sentences
from ...speech import phrases
from ...speech.when import day_written
from .. import refusal_sentences
from ..answers import LetterContent
from ..engine import declared_procedures
from ..letter_parts import LetterFact, LetterWords
from .letter_citations import cited_words

PERSON: Label = dict(zip(LOCALES, ("您", "您", "you"), strict=True))
BODY: Label = dict(zip(LOCALES, ("贵单位", "貴單位", "you"), strict=True))
DAYS = ("received", "day", "due", "objected", "anew_until")
DATED = ("date", "future")
TITLES = ("entry", "department", "issuer")


def words_of(letter: LetterContent) -> LetterWords | None:
    """The words that the letter keeps; one from before has those of its folder today, or none."""
    kept = letter.get("words")
    if kept:
        return kept
    procedure = declared_procedures.procedures().get(letter["kind"])
    declared = procedure.words.letters.get(letter["decision"]) if procedure else None
    if declared is None:
        return None
    return {
        "title": dict(declared.title),
        "short": dict(declared.short),
        "decision": dict(declared.decision),
        "opening": [dict(one) for one in declared.opening],
        "then": [dict(one) for one in declared.then],
        "remedy": dict(declared.remedy),
    }


def said(letter: LetterContent) -> dict[str, str]:
    """What fills in each name, in the reader's words; what nothing is known of is empty."""
    person = letter["applicant_kind"] in ("", "person")
    found = {
        "you": phrases.label(PERSON if person else BODY),
        "reference": letter["reference"],
        "cause": grant_sentences.ended(f"entry:{letter['cause']}") if "cause" in letter else "",
        **{name: day_written(str(letter.get(name) or "")) for name in DAYS},
        **{name: tk.h.govdata_script(letter.get(name) or "") for name in TITLES},
    }
    return found | {name: _words(letter, name, one) for name, one in _facts(letter).items()}


def _facts(letter: LetterContent) -> Mapping[str, LetterFact]:
    return letter.get("facts", {})


def _words(letter: LetterContent, name: str, fact: LetterFact) -> str:
    if "answer" in fact:
        procedure = declared_procedures.procedures().get(letter["kind"])
        field = procedure.fields.get(name.partition(".")[2]) if procedure else None
        return _answer(field, fact["answer"]) if field else ""
    for kind, read in READ.items():
        if kind in fact:
            return read(fact)
    return ""


READ: Mapping[str, Callable[[LetterFact], str]] = {
    "day": lambda fact: day_written(fact.get("day", "")),
    "at": lambda fact: f"{now.in_beijing(fact.get('at', '')):%H:%M}",
    "words": lambda fact: phrases.label(fact.get("words", {})),
    "cited": lambda fact: sentences.listed(
        cited_words(one, text=False) for one in fact.get("cited", ())
    ),
    "amount": lambda fact: sentences.span(fact.get("amount", 0), fact.get("unit", "")),
    "names": lambda fact: tk._(", ").join(map(tk.h.govdata_script, fact.get("names", ()))),
    "role": lambda fact: refusal_sentences.roles().get(fact.get("role", ""), ""),
}


def answered(letter: LetterContent) -> list[tuple[str, str]]:
    """The answers that stand apart, each under its name."""
    procedure = declared_procedures.procedures().get(letter["kind"])
    fields = procedure.fields if procedure else {}
    lines = ((str(name), value) for name, value in letter.get("lines", ()))
    kept = [(fields[name], value) for name, value in lines if name in fields]
    found = [(phrases.label(field.label), _answer(field, value)) for field, value in kept]
    return [(label, words) for label, words in found if words]


def _answer(field: Field, value: object) -> str:
    if field.type in DATED and isinstance(value, str):
        return day_written(value)
    return form_reader.words(field, value, _named(field, value))


def _named(field: Field, value: object) -> Titles:
    """What the chosen things of a letter are called: it keeps attached files by their names."""
    if field.type != "attachments" or not isinstance(value, list):
        return {}
    return {"attachments": {str(one): str(one) for one in value}}


def labelled(label: str, words: str) -> str:
    """A name and what it is, in one line."""
    return tk._("{label}: {words}").format(label=label, words=words)
