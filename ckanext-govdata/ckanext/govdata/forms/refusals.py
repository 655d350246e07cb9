"""The one table of refusals: what stands against something, in the reader's words.

A slice registers the sentences of its own codes as ``REFUSALS`` in its module ``sentences`` (or
``refusal_sentences``): a code is worded once in the whole house, or the start stops. What any form
may say stands here. A code that is told to two kinds of readers has a name before it and a dot
(``decide.entry_withdrawn`` is for those who decide).
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

import ckan.plugins.toolkit as tk

from .. import slices
from ..domain.refusal import Refusal
from ..speech.phrases import article, bracketed

Sentences = Mapping[str, Callable[[], str]]
Say = Callable[[Refusal], str]
KINDS = ("sentences", "refusal_sentences")
LONGEST = 100
"""Characters of a value that a sentence repeats."""

GENERAL: Sentences = {
    "unknown_field": lambda: tk._("There is no such field here."),
    "missing": lambda: tk._("Missing value"),
    "not_text": lambda: tk._("Text is wanted here."),
    "control_characters": lambda: tk._("There are control characters in the text."),
    "too_long": lambda: tk._("At most {most} characters."),
    "too_short": lambda: tk._("At least {least} characters that say something."),
    "too_many": lambda: tk._("At most {most}."),
    "not_a_telephone_number": lambda: tk._("This is not a telephone number."),
    "not_an_address": lambda: tk._("This is not an e-mail address."),
    "not_a_link": lambda: tk._("'{value}' is not a web address such as https://example.org/page."),
    "not_a_choice": lambda: tk._("'{value}' is not one of the choices."),
    "not_here": lambda: tk._("'{value}' cannot be chosen here."),
    "not_a_day": lambda: tk._("'{value}' is not a day such as 2026-10-01."),
    "not_a_likely_day": lambda: tk._("{value} is too far away."),
    "in_the_past": lambda: tk._("{value} is over."),
    "before": lambda: tk._("{value} is before '{other}'."),
    "not_a_number": lambda: tk._("'{value}' is not a number from 1."),
    "not_a_list": lambda: tk._("A list is wanted here."),
    "not_a_table": lambda: tk._("Names with a list of texts for each are wanted here."),
    "not_a_flag": lambda: tk._("'{value}' is neither true nor false."),
    "no_article": lambda: tk._("'{value}' names no article of a text."),
    "no_ground": lambda: tk._(
        "'{value}' is no ground for a refusal: it rules something else, or has no force here. "
        "Choose from the list."
    ),
    "rank_not_said": lambda: tk._(
        "'{value}': add the rank of the text in brackets at the end ({known})."
    ),
    "rank_too_low": lambda: tk._(
        "'{value}': a text of this rank ({rank}) cannot carry a refusal. A law or an "
        "administrative regulation is wanted."
    ),
    "ground_not_alone": lambda: tk._(
        "{value} cannot carry a refusal alone: cite a law or an administrative regulation "
        "beside it."
    ),
    "ground_withholds_nothing": lambda: tk._(
        "'{value}' only says what kind of answer it is and withholds nothing: cite the ground "
        "(Regulations on Open Government Information, articles 14 to 16, a law or an "
        "administrative regulation) on which this decision rests."
    ),
    "point_not_answered": lambda: tk._("Point {number} is not answered: {value}"),
    "number": lambda: tk._("'{value}' is no whole number."),
    "name_form": lambda: tk._("A name has small letters a–z, digits, '-' and '_' only: '{value}'."),
    "instant": lambda: tk._(
        "'{value}' is no time with its zone, such as 2026-07-01T14:00:00+08:00."
    ),
}


@lru_cache(maxsize=1)
def table() -> dict[str, Callable[[], str]]:
    """Every code of every slice with its sentence; one that two word raises ``RuntimeError``."""
    found = dict(GENERAL)
    for module in (module for kind in KINDS for module in slices.modules(kind)):
        for code, words in getattr(module, "REFUSALS", {}).items():
            if code in found:
                raise RuntimeError(f"the refusal {code} is worded twice, also in {module.__name__}")
            found[code] = words
    return found


def sentence(
    refusal: Refusal,
    source: str = "",
    named: Mapping[str, str] | None = None,
    reader: str = "",
) -> str:
    """One refusal as a sentence, with its article in brackets.

    :param source: document and article in words, where they are known better than by the refusal
    :param named: facts in the reader's words, in the place of codes
    :param reader: for whom it is worded, where the code is worded for several
    """
    known = table()
    words = known.get(f"{reader}.{refusal.code}") or known.get(refusal.code)
    facts = {"value": refusal.value[:LONGEST], "field": refusal.field, **refusal.facts}
    text = (words() if words else tk._("'{value}' cannot be used here.")).format(
        **facts | dict(named or {})
    )
    cited = source or (article(refusal.article) if refusal.article else "")
    return text + bracketed(cited) if cited else text


def by_field(refusals: Iterable[Refusal], say: Say = sentence) -> dict[str, list[str]]:
    """Every refusal by its field, as CKAN's validation errors have them."""
    found: dict[str, list[str]] = {}
    for refusal in refusals:
        found.setdefault(refusal.field, []).append(say(refusal))
    return found


def reasons(refusals: Iterable[Refusal], say: Say = sentence) -> list[dict[str, Any]]:
    """Every refusal for programs: code, field, value, article, facts, and the sentence."""
    return [
        {
            "code": one.code,
            "field": one.field,
            "value": one.value,
            "article": one.article,
            "message": say(one),
            **({"facts": dict(one.facts)} if one.facts else {}),
        }
        for one in refusals
    ]


def invalid(refusals: Iterable[Refusal], say: Say = sentence) -> tk.ValidationError:
    """All that is wrong, by field; ``reasons`` are for programs."""
    given = list(refusals)
    errors = by_field(given, say)
    summary = {field: "; ".join(said) for field, said in errors.items()}
    found: dict[str, Any] = {**errors, "reasons": reasons(given, say)}
    return tk.ValidationError(found, summary)
