"""Template helpers of the rules pages."""

from __future__ import annotations

from datetime import date

import ckan.plugins.toolkit as tk

from .. import now
from ..speech import phrases
from . import sentences
from .answers import ClauseAnswer, TermAnswer


def govdata_rule_words(kind: str, code: str) -> str:
    """What a code of the rules is called: ``starts``, ``lapses``, ``levels`` or ``ranks``."""
    tables = {
        "starts": sentences.starts,
        "lapses": sentences.lapses,
        "levels": sentences.levels,
        "ranks": sentences.ranks,
    }
    return tables[kind]().get(code, code)


def govdata_rule_number(rule: TermAnswer) -> str:
    """A term's number with its unit."""
    return _span(rule, rule["working_days"] or rule["calendar_days"] or rule["months"] or 0)


def govdata_rule_extension(rule: TermAnswer) -> str:
    """By how much a term may be extended, how often, and with whose consent; empty if it may not.

    Where several are named the consent of one of them will do (Anhui, Article 26).
    """
    extension = rule["extension"]
    if not extension:
        return ""
    words = tk._("may be extended by at most {span}")
    if extension["once"]:
        words = tk._("may be extended once by at most {span}")
    words = words.format(span=_span(rule, extension["amount"]))
    if not extension["consent_of"]:
        return words
    known, codes = sentences.consents(), map(str, extension["consent_of"])
    who = tk._(" or ").join(known.get(code, code) for code in codes)
    return tk._("{extended}, with the consent of the {who}").format(extended=words, who=who)


def _span(rule: TermAnswer, number: int) -> str:
    """So much of the kind that the term counts in."""
    kinds = {"working_days": rule["working_days"], "months": rule["months"]}
    return sentences.span(number, next((kind for kind in kinds if kinds[kind]), "calendar_days"))


def govdata_rule_source(rule: TermAnswer | ClauseAnswer, place: str = "") -> str:
    """Where a rule comes from: its article, with the document if it is another place's."""
    if rule["own_rule"]:
        return tk._("The portal's own rule")
    cited = phrases.article(rule["article"])
    if rule["rule_from"] == place:
        return cited
    return f"{tk.h.govdata_script(rule['document'])} {cited}"


def govdata_today() -> str:
    """The present day in Beijing time, as ISO."""
    return now.today().isoformat()


def govdata_long_day(written: str) -> str:
    """A day in full: ``2026年10月15日（星期四）`` or ``Thursday, 15 October 2026``."""
    day = date.fromisoformat(written)
    if str(tk.h.lang()) == "en":
        return f"{_WEEKDAYS_EN[day.weekday()]}, {day.day} {_MONTHS_EN[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日（星期{'一二三四五六日'[day.weekday()]}）"


def govdata_month(first: date) -> str:
    """A month: ``2026年10月`` or ``October 2026``."""
    if str(tk.h.lang()) == "en":
        return f"{_MONTHS_EN[first.month - 1]} {first.year}"
    return f"{first.year}年{first.month}月"


def govdata_weekdays() -> list[str]:
    """Heads of a calendar sheet, Monday first."""
    if str(tk.h.lang()) == "en":
        return [day[:2] for day in _WEEKDAYS_EN]
    return list("一二三四五六日")


_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS_EN = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
