"""Check what somebody filled in against the fields that a command asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, cast

from .procedure import Field
from .refusal import Refusal

LONGEST = 20_000
"""Characters; no field takes more, whatever its declaration says."""

MOST = 1000
"""Entries; no list takes more."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of writing around."""
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{5,19}")
_EMAIL = re.compile(r"[^@\s,;<>]{1,64}@[^@\s,;<>]+\.[^@\s,;<>.]{2,}")
_LINK = re.compile(r"https?://[^\s/?#<>\"'@]+\.[^\s<>\"']+", re.IGNORECASE)
_ARTICLE = re.compile(r"第[〇零一二三四五六七八九十百千\d]+[条條]|\b[Aa]rt(?:icle|\.)\s*\d+")
"""How a text cites an article: 第十七条, 第17條, Article 17."""


@dataclass(frozen=True)
class Choices:
    """What may be chosen in this case: nothing outside of it is taken.

    ``resources`` maps each file or table that can be asked for to its columns;
    ``articles`` maps each article's id to its citation; ``reason_length`` is the
    least number of characters of a reason (configuration); ``hindrances`` what stands
    against giving the data at all.
    """

    today: date
    resources: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    attachments: frozenset[str] = frozenset()
    colleagues: frozenset[str] = frozenset()
    references: frozenset[str] = frozenset()
    articles: Mapping[str, str] = field(default_factory=dict[str, str])
    terms_version: str = ""
    reason_length: int = 10
    hindrances: tuple[Refusal, ...] = ()


class _Bad(Exception):
    def __init__(self, code: str, value: str = "", **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.value = value[:100]
        self.facts = {name: str(fact) for name, fact in facts.items()}


def clean(
    asked: Iterable[Field],
    values: Mapping[str, Any],
    choices: Choices,
    *,
    optional: frozenset[str] = frozenset(),
) -> tuple[dict[str, Any], tuple[Refusal, ...]]:
    """The values in their proper types, and everything that is wrong with them.

    A value for a field that is not asked for is a problem, not ignored.
    """
    fields = {item.name: item for item in asked}
    cleaned: dict[str, Any] = {}
    problems = [Refusal("unknown_field", name) for name in values if name not in fields]
    for item in fields.values():
        value = values.get(item.name)
        if _empty(value):
            if item.required and item.name not in optional:
                problems.append(Refusal("missing", item.name))
            continue
        try:
            cleaned[item.name] = TYPES[item.type](item, value, choices)
        except _Bad as bad:
            problems.append(Refusal(bad.code, item.name, bad.value, facts=bad.facts))
    problems += _order(fields.values(), cleaned)
    return cleaned, tuple(problems)


def keep(
    asked: Iterable[Field], values: Mapping[str, Any], choices: Choices | None = None
) -> tuple[dict[str, Any], tuple[Refusal, ...]]:
    """A draft: what was typed so far, right or wrong, as long as it is not too much.

    What can only be chosen and not typed (files, columns, attachments, grants) is among the
    ``choices``; a draft that was stored is read without them.
    """
    fields = {item.name: item for item in asked}
    kept: dict[str, Any] = {}
    problems: list[Refusal] = []
    for name, value in values.items():
        if name not in fields:
            problems.append(Refusal("unknown_field", name))
        elif not _empty(value):
            try:
                kept[name] = _SHAPES.get(fields[name].type, _words)(value)
                if choices and fields[name].type in _CHOSEN:
                    TYPES[fields[name].type](fields[name], kept[name], choices)
            except _Bad as bad:
                problems.append(Refusal(bad.code, name, bad.value, facts=bad.facts))
    return kept, tuple(problems)


def among(choices: Choices, asked: Iterable[Field], answers: Mapping[str, Any]) -> Choices:
    """The choices of somebody who decides: only what the application's own fields named.

    Where it named no files, all of them are among the choices.
    """
    left: Mapping[str, frozenset[str]] = choices.resources
    for item in sorted(asked, key=lambda one: one.type != "resources"):
        named = answers.get(item.among) if item.among else None
        if item.among and item.type == "resources" and named is not None:
            left = {name: columns for name, columns in left.items() if name in named}
        elif item.among and item.type == "columns":
            left = {
                name: columns & frozenset((named or {}).get(name, ()))
                for name, columns in left.items()
            }
    return choices if left is choices.resources else replace(choices, resources=left)


def widened(choices: Choices, asked: Iterable[Field], draft: Mapping[str, Any]) -> Choices:
    """The choices with what a draft has already: a file that is gone since may stay in the draft
    until it is handed in, so that its other pages can be saved."""
    resources = {name: set(columns) for name, columns in choices.resources.items()}
    others = {"attachments": set(choices.attachments), "references": set(choices.references)}
    for item in asked:
        had: Any = draft.get(item.name) or ()
        if item.type == "columns":
            for name in had:
                resources.setdefault(name, set()).update(had[name])
        elif item.type == "resources":
            for name in had:
                resources.setdefault(name, set())
        elif item.type in _CHOSEN:
            others[_CHOSEN[item.type]].update([had] if isinstance(had, str) else had)
    return replace(
        choices,
        resources={name: frozenset(columns) for name, columns in resources.items()},
        attachments=frozenset(others["attachments"]),
        references=frozenset(others["references"]),
    )


def readable(asked: Iterable[Field], draft: Any) -> dict[str, Any]:
    """What can be shown of a draft as it was stored, by whatever version: the rest is left out."""
    if not isinstance(draft, Mapping):
        return {}
    values = cast("Mapping[str, Any]", draft)
    kept, problems = keep(asked, values)
    wrong = {problem.field for problem in problems}
    return {name: value for name, value in kept.items() if name not in wrong}


def _words(value: Any) -> str | int | bool:
    """What stands in one box of a form, whatever it says."""
    if isinstance(value, (bool, str)):
        if isinstance(value, str) and len(value) > LONGEST * 2:
            raise _Bad("too_long", most=LONGEST, length=len(value))
        return value
    if not isinstance(value, int):
        raise _Bad("not_text")
    if abs(value) > 10**12:
        raise _Bad("not_a_number")
    return value


def _names(value: Any) -> list[str]:
    """A list of texts that are not longer than a file's or a column's name."""
    items = _listed(value)
    if any(len(item) > LONGEST for item in items) or sum(map(len, items)) > LONGEST * 2:
        raise _Bad("too_long", most=LONGEST, length=sum(map(len, items)))
    return items


def _names_by_name(value: Any) -> dict[str, list[str]]:
    if not isinstance(value, Mapping):
        raise _Bad("not_a_table")
    table = cast("Mapping[str, Any]", value)
    if len(table) > MOST:
        raise _Bad("too_many", most=MOST)
    return {name: _names(columns) for name, columns in table.items() if not _empty(columns)}


_SHAPES: Mapping[str, Callable[[Any], Any]] = {
    "resources": _names,
    "attachments": _names,
    "articles": _names,
    "columns": _names_by_name,
}
"""The fields that are no text, and what a draft may hold of them."""
_CHOSEN: Mapping[str, str] = {
    "resources": "resources",
    "columns": "resources",
    "attachments": "attachments",
    "reference": "references",
}
"""The fields that name things by their ids, and the choices that these are among."""


def _empty(value: Any) -> bool:
    empty = value is None or value is False or (isinstance(value, (str, list, dict)) and not value)
    return empty or (isinstance(value, str) and not value.strip())


def _order(fields: Iterable[Field], cleaned: Mapping[str, Any]) -> Iterable[Refusal]:
    """A day that must not come before another one."""
    for item in fields:
        first, last = cleaned.get(item.after), cleaned.get(item.name)
        if item.after and first and last and last < first:
            yield Refusal("before", item.name, last, facts={"other": item.after})


def _text(item: Field, value: Any, _choices: Choices) -> str:
    if not isinstance(value, str):
        raise _Bad("not_text")
    words = value.replace("\r\n", "\n").strip()
    if _CONTROL.search(words):
        raise _Bad("control_characters")
    longest = item.max or LONGEST
    if len(words) > longest:
        raise _Bad("too_long", most=longest, length=len(words))
    if len(re.sub(r"\s", "", words)) < item.min:
        raise _Bad("too_short", least=item.min)
    return words


def _reason(item: Field, value: Any, choices: Choices) -> str:
    words = _text(item, value, choices)
    letters = re.sub(r"[\W_]", "", words)
    if len(letters) < choices.reason_length or len(set(letters)) < min(4, choices.reason_length):
        raise _Bad("too_short", least=choices.reason_length)
    return words


def _phone(item: Field, value: Any, choices: Choices) -> str:
    words = _text(item, value, choices)
    if not _PHONE.fullmatch(words):
        raise _Bad("not_a_telephone_number")
    return words


def _email(item: Field, value: Any, choices: Choices) -> str:
    words = _text(item, value, choices)
    if not _EMAIL.fullmatch(words):
        raise _Bad("not_an_address")
    return words


def _link(item: Field, value: Any, choices: Choices) -> str:
    """A web address; nothing that a browser would run."""
    words = _text(item, value, choices)
    if not _LINK.fullmatch(words):
        raise _Bad("not_a_link", words)
    return words


def _choice(item: Field, value: Any, _choices: Choices) -> str:
    if not isinstance(value, str) or value not in item.options:
        raise _Bad("not_a_choice", str(value))
    return value


def _date(_item: Field, value: Any, choices: Choices) -> str:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value).strip()[:20])
    except ValueError:
        raise _Bad("not_a_day", str(value)) from None
    if not choices.today.year - 10 <= day.year <= choices.today.year + 50:
        raise _Bad("not_a_likely_day", day.isoformat())
    return day.isoformat()


def _future(item: Field, value: Any, choices: Choices) -> str:
    day = _date(item, value, choices)
    if day < choices.today.isoformat():
        raise _Bad("in_the_past", day)
    return day


def _count(_item: Field, value: Any, _choices: Choices) -> int:
    try:
        number = int(str(value).strip())
    except ValueError:
        raise _Bad("not_a_number", str(value)) from None
    if not 0 < number <= 10**12:
        raise _Bad("not_a_number", str(value))
    return number


def _accepted(_item: Field, value: Any, _choices: Choices) -> bool:
    if value is not True and str(value).lower() not in ("true", "on", "1", "yes"):
        raise _Bad("missing")
    return True


def _terms(_item: Field, value: Any, choices: Choices) -> str:
    if value != choices.terms_version:
        raise _Bad("other_terms", version=choices.terms_version)
    return value


def _listed(value: Any) -> list[str]:
    items: Any = [value] if isinstance(value, str) else value
    if not isinstance(items, list):
        raise _Bad("not_a_list")
    entries = cast("list[Any]", items)
    if not all(isinstance(entry, str) for entry in entries):
        raise _Bad("not_a_list")
    if len(entries) > MOST:
        raise _Bad("too_many", most=MOST)
    return list(dict.fromkeys(entries))


def _among(value: Any, known: Iterable[str]) -> list[str]:
    items = _listed(value)
    for entry in items:
        if entry not in known:
            raise _Bad("not_here", entry)
    return items


def _resources(_item: Field, value: Any, choices: Choices) -> list[str]:
    return _among(value, choices.resources)


def _columns(_item: Field, value: Any, choices: Choices) -> dict[str, list[str]]:
    """Columns by resource; which must be named is asked afterwards (:func:`scope.unnamed`)."""
    if not isinstance(value, Mapping):
        raise _Bad("not_a_list")
    found: dict[str, list[str]] = {}
    for resource, columns in cast("Mapping[str, Any]", value).items():
        if resource not in choices.resources:
            raise _Bad("not_here", str(resource))
        if not _empty(columns):
            found[resource] = _among(columns, choices.resources[resource])
    return found


def _attachments(_item: Field, value: Any, choices: Choices) -> list[str]:
    return _among(value, choices.attachments)


def _one_of(known: str) -> Callable[[Field, Any, Choices], str]:
    def check(_item: Field, value: Any, choices: Choices) -> str:
        if not isinstance(value, str) or value not in getattr(choices, known):
            raise _Bad("not_here", str(value))
        return value

    return check


def _articles(_item: Field, value: Any, choices: Choices) -> list[str]:
    """Citations: chosen by id, or another text with its article."""
    found: list[str] = []
    for entry in _listed(value):
        words = entry.strip()
        if not words:
            continue
        if words in choices.articles:
            found.append(choices.articles[words])
        elif words in choices.articles.values() or (
            _ARTICLE.search(words) and len(words) <= 1000 and not _CONTROL.search(words)
        ):
            found.append(words)
        else:
            raise _Bad("no_article", words)
    if not found:
        raise _Bad("missing")
    return found


TYPES: Mapping[str, Callable[[Field, Any, Choices], Any]] = {
    "text": _text,
    "long_text": _text,
    "reason": _reason,
    "phone": _phone,
    "email": _email,
    "link": _link,
    "choice": _choice,
    "date": _date,
    "future": _future,
    "count": _count,
    "accepted": _accepted,
    "terms": _terms,
    "resources": _resources,
    "columns": _columns,
    "attachments": _attachments,
    "colleague": _one_of("colleagues"),
    "reference": _one_of("references"),
    "articles": _articles,
}
