"""What is wrong with an entry or a department, in the user's language.

One place says it for forms, API, import and marked sheets, so they say the same.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import ckan.plugins.toolkit as tk
from flask import has_request_context

from ... import metadata_schema, now, vocabularies
from ...domain.catalogue import CHOICES, EntryRule, Problem
from ...domain.locales import ENGLISH, SIMPLIFIED, Label
from ...domain.refusal import Refusal
from ...domain.text import Fault
from ...forms import refusals
from ...rules import in_force
from ...speech import phrases
from ...speech.language import of_labels
from . import judgement

_SENTENCES: Mapping[Fault, Callable[[], str]] = {
    Fault.MISSING: refusals.GENERAL[Fault.MISSING.value],
    Fault.TOO_LONG: lambda: tk._("Too long: at most {detail} characters"),
    Fault.CONTROL_CHARACTERS: lambda: tk._("Contains a control character ({detail})"),
    Fault.HTML: lambda: tk._("Contains HTML, at character {detail}; write plain text"),
    Fault.NOT_TEXT: lambda: tk._("Must be text, not {detail}"),
    Fault.UNKNOWN_VALUE: lambda: tk._("“{value}” is not one of the values of this field"),
    Fault.BAD_DATE: lambda: tk._("“{value}” is not a day of the calendar written YYYY-MM-DD"),
    Fault.BAD_ADDRESS: lambda: tk._("“{value}” is not a web address"),
    Fault.BAD_CODE: lambda: tk._(
        "“{value}” is not a catalogue code: class (1 digit), item (2), heading (3), "
        "sub-heading, a slash and a number"
    ),
    Fault.REPEATED: lambda: tk._("“{value}” stands twice"),
    Fault.NOT_ALLOWED: lambda: tk._("“{value}” is not allowed because of “{detail}”"),
    Fault.BAD_USCC: lambda: tk._("“{value}” is not a unified social credit code (GB 32100)"),
    Fault.UNKNOWN_PLACE: lambda: tk._("“{value}” is not a division code that is known here"),
    Fault.OTHER_LEVEL: lambda: tk._("“{value}”: the code of this level has {detail} digits"),
    Fault.ABOVE_PARENT: lambda: tk._("The level “{value}” is above the parent's (“{detail}”)"),
    Fault.OUTSIDE_PARENT: lambda: tk._("“{value}” is not within the parent's place ({detail})"),
    Fault.CYCLE: lambda: tk._("A department cannot stand below itself"),
    Fault.UNKNOWN_PARENT: lambda: tk._("There is no department “{value}”"),
    Fault.UNKNOWN_PROVIDER: lambda: tk._("There is no department “{value}”"),
    Fault.TAKEN: lambda: tk._("“{value}” is already the code of another entry"),
    Fault.NO_ARTICLE: lambda: tk._("“{value}” names no article of a text"),
    Fault.NO_GROUND: lambda: tk._(
        "“{value}” is no ground for this: it rules something else, or has no force here. Choose "
        "from the list"
    ),
    Fault.RANK_NOT_SAID: lambda: tk._(
        "“{value}”: add the rank of the text in brackets at the end ({detail})"
    ),
    Fault.RANK_TOO_LOW: lambda: tk._("“{value}” is of too low a rank: wanted is {detail}"),
    Fault.GROUND_NOT_ALONE: lambda: tk._(
        "“{value}” is not enough alone: cite a law or an administrative regulation beside it"
    ),
}


REFUSALS: Mapping[str, Callable[[], str]] = {
    **{f"entry.{fault.value}": words for fault, words in _SENTENCES.items()},
    f"entry.{judgement.NOT_ALLOWED_AT_ALL}": lambda: tk._("Not allowed because of “{detail}”"),
}
"""For the table of refusals: of an entry's or a department's field."""


def say(problem: Problem) -> str:
    """The problem as one line: what is wrong, which rule says so, and its article."""
    reader = of_labels()
    named = {"value": _word(problem.field, problem.value, reader),
             "detail": _detail(problem, reader)}
    sentence = refusals.sentence(_refusal(problem), named=named, reader="entry")
    if problem.rule is EntryRule.FORM:
        return sentence
    label = judgement.rule_sources().rules[problem.rule.value].label
    rule = label.get(reader) or label["en"]
    source = cite(problem.article, reader) or tk._("the portal's own rule")
    return tk._("{sentence}. {rule} ({source})").format(sentence=sentence, rule=rule, source=source)


def _refusal(problem: Problem) -> Refusal:
    bare = problem.fault is Fault.NOT_ALLOWED and not problem.value  # an item's yes or no
    code = judgement.NOT_ALLOWED_AT_ALL if bare else problem.fault.value
    return Refusal(code, problem.field, problem.value)


def cite(article: str, reader: str) -> str:
    """``anhui 第二十二条`` in words: the regulation's name and the article."""
    place, _, number = article.partition(" ")
    if not number:
        return number
    level = in_force.rulebook().at(place, now.today())
    names = {} if isinstance(level, Refusal) else level.document
    regulation = names.get(reader) or names.get(SIMPLIFIED) or place
    written = phrases.article(number) if has_request_context() else number
    return tk._("{regulation}, {article}").format(regulation=regulation, article=written)


def _detail(problem: Problem, reader: str) -> str:
    """A detail that is itself a field or a level is shown by its label."""
    if problem.fault is Fault.NOT_ALLOWED:
        return field_label(problem.detail, reader)
    if problem.fault is Fault.ABOVE_PARENT:
        return vocabularies.vocabulary("department_levels").label(problem.detail, reader)
    return problem.detail


def _word(field: str, value: str, reader: str) -> str:
    """A code is shown by its label."""
    name = "level" if field == "parent" else field
    words = {**CHOICES, "level": "department_levels"}.get(name)
    return vocabularies.vocabulary(words).label(value, reader) if words and value else value


def field_label(name: str, reader: str) -> str:
    """The label of a field of ``schemas/dataset.yaml``, also of a repeating one's subfield."""
    labels = _labels()
    return _in(reader, labels.get(name) or labels.get(name.rsplit("-", 1)[-1]), name)


def department_label(name: str, reader: str) -> str:
    """The label of a field of ``schemas/organization.yaml``."""
    fields = metadata_schema.department_fields()
    return _in(reader, fields[name].label if name in fields else None, name)


def _in(reader: str, label: Label | None, name: str) -> str:
    return (label or {}).get(reader) or (label or {}).get(ENGLISH) or name


@lru_cache(maxsize=1)
def _labels() -> Mapping[str, Label]:
    return metadata_schema.labels(metadata_schema.entry_fields())
