"""The types of fields: one class for each says how it is asked, read, kept in a draft and checked.

A new type is a class here, and how it is shown where people choose from more than a list
(``templates/govdata/cases/parts.html``, ``values.html``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol, cast

from .procedure import Field
from .refusal import Refusal
from .typed_time import read_day

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


class Bad(Exception):
    """A value that cannot be taken: the code of the refusal, what was given, facts."""

    def __init__(self, code: str, value: str = "", **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.value = value[:100]
        self.facts = {name: str(fact) for name, fact in facts.items()}


class Sent(Protocol):
    """A form that was sent: its values by name."""

    def get(self, name: str, default: str = "") -> str:
        """The first value of the name."""
        ...

    def getlist(self, name: str) -> list[str]:
        """All values of the name."""
        ...

    def __iter__(self) -> Any: ...


class FieldType:
    """A text in one line; what other types do not say of themselves is as it is here."""

    control = "text"
    """The type of the input of HTML, where one input asks for it."""
    chosen = ""
    """The choices among which its ids must be, also in a draft; empty where none are meant."""

    def read(self, name: str, sent: Sent) -> Any:
        """What a sent form holds of the field."""
        return sent.get(name)

    def keep(self, value: object) -> Any:
        """What a draft may hold, right or wrong, as long as it is of its kind and not too much."""
        if not isinstance(value, str):
            raise Bad("not_text")
        if len(value) > LONGEST * 2:
            raise Bad("too_long", most=LONGEST, length=len(value))
        return value

    def clean(self, item: Field, value: object, choices: Choices) -> Any:
        """The value in its proper type; raises :class:`Bad`."""
        return words_of(item, value)


class LongTextType(FieldType):
    """A text of several lines."""

    control = "textarea"


class ReasonType(LongTextType):
    """A text that says something: enough different letters."""

    def clean(self, item: Field, value: object, choices: Choices) -> str:
        """The words."""
        words = words_of(item, value)
        letters = re.sub(r"[\W_]", "", words)
        least = choices.reason_length
        if len(letters) < least or len(set(letters)) < min(4, least):
            raise Bad("too_short", least=least)
        return words


class PatternType(FieldType):
    """A text of one form."""

    def __init__(self, control: str, form: re.Pattern[str], code: str, told: bool) -> None:
        self.control, self.form, self.code, self.told = control, form, code, told

    def clean(self, item: Field, value: object, choices: Choices) -> str:
        """The words, if they have the form; nothing that a browser would run."""
        words = words_of(item, value)
        if not self.form.fullmatch(words):
            raise Bad(self.code, words if self.told else "")
        return words


class ChoiceType(FieldType):
    """One of the options that the field declares."""

    control = "select"

    def clean(self, item: Field, value: object, choices: Choices) -> str:
        """The option's code."""
        if not isinstance(value, str) or value not in item.options:
            raise Bad("not_a_choice", str(value))
        return value


class DayType(FieldType):
    """A day that is not absurdly far away."""

    control = "date"

    def clean(self, item: Field, value: object, choices: Choices) -> str:
        """The day as ISO 8601 writes it."""
        day = value if isinstance(value, date) else read_day(str(value)[:40])
        if day is None:
            raise Bad("not_a_day", str(value))
        if not choices.today.year - 10 <= day.year <= choices.today.year + 50:
            raise Bad("not_a_likely_day", day.isoformat())
        return day.isoformat()


class FutureType(DayType):
    """A day from today on."""

    def clean(self, item: Field, value: object, choices: Choices) -> str:
        """The day."""
        day = super().clean(item, value, choices)
        if day < choices.today.isoformat():
            raise Bad("in_the_past", day)
        return day


class CountType(FieldType):
    """A number from 1."""

    control = "number"

    def keep(self, value: object) -> Any:
        """A number too."""
        if isinstance(value, int) and not isinstance(value, bool):
            if abs(value) > 10**12:
                raise Bad("not_a_number")
            return value
        return super().keep(value)

    def clean(self, item: Field, value: object, choices: Choices) -> int:
        """The number."""
        try:
            number = int(str(value).strip())
        except ValueError:
            raise Bad("not_a_number", str(value)) from None
        if not 0 < number <= 10**12:
            raise Bad("not_a_number", str(value))
        return number


class AcceptedType(FieldType):
    """A tick that must be there."""

    control = "checkbox"

    def keep(self, value: object) -> Any:
        """Also true and false."""
        return value if isinstance(value, bool) else super().keep(value)

    def clean(self, item: Field, value: object, choices: Choices) -> bool:
        """True."""
        if value is not True and str(value).lower() not in ("true", "on", "1", "yes"):
            raise Bad("missing")
        return True


class TermsType(FieldType):
    """The version of the terms that was accepted."""

    def clean(self, item: Field, value: Any, choices: Choices) -> str:
        """The version, if it is the one in force."""
        if value != choices.terms_version:
            raise Bad("other_terms", version=choices.terms_version)
        return value


class OneOfType(FieldType):
    """An id that is among some choices."""

    control = "select"

    def __init__(self, among: str, chosen: bool) -> None:
        self.among, self.chosen = among, among if chosen else ""

    def clean(self, item: Field, value: object, choices: Choices) -> str:
        """The id."""
        if not isinstance(value, str) or value not in getattr(choices, self.among):
            raise Bad("not_here", str(value))
        return value


class SeveralType(FieldType):
    """Ids that are among some choices."""

    def __init__(self, among: str) -> None:
        self.chosen = among

    def read(self, name: str, sent: Sent) -> list[str]:
        """All of the name."""
        return sent.getlist(name)

    def keep(self, value: object) -> list[str]:
        """Texts that are not longer than a file's or a column's name."""
        return names_of(value)

    def clean(self, item: Field, value: object, choices: Choices) -> list[str]:
        """The ids."""
        return _among(value, getattr(choices, self.chosen))


class ColumnsType(FieldType):
    """Columns by resource; which must be named is asked afterwards (:func:`scope.unnamed`)."""

    chosen = "resources"

    def read(self, name: str, sent: Sent) -> dict[str, list[str]]:
        """Inputs are called ``<name>:<resource>``."""
        prefix = f"{name}:"
        return {one[len(prefix) :]: sent.getlist(one) for one in sent if one.startswith(prefix)}

    def keep(self, value: object) -> dict[str, list[str]]:
        """Names with a list of texts for each."""
        if not isinstance(value, Mapping):
            raise Bad("not_a_table")
        table = cast("Mapping[str, Any]", value)
        if len(table) > MOST:
            raise Bad("too_many", most=MOST)
        return {name: names_of(columns) for name, columns in table.items() if not is_empty(columns)}

    def clean(self, item: Field, value: object, choices: Choices) -> dict[str, list[str]]:
        """The columns of each file that can be asked for."""
        if not isinstance(value, Mapping):
            raise Bad("not_a_list")
        found: dict[str, list[str]] = {}
        for resource, columns in cast("Mapping[str, Any]", value).items():
            if resource not in choices.resources:
                raise Bad("not_here", str(resource))
            if not is_empty(columns):
                found[resource] = _among(columns, choices.resources[resource])
        return found


class ArticlesType(FieldType):
    """Citations: chosen by id, or another text with its article."""

    def read(self, name: str, sent: Sent) -> list[str]:
        """Those that were ticked, and own ones line by line (``<name>_own``)."""
        own = [line.strip() for line in sent.get(f"{name}_own", "").splitlines()]
        return [*sent.getlist(name), *(line for line in own if line)]

    def keep(self, value: object) -> list[str]:
        """A list of texts."""
        return names_of(value)

    def clean(self, item: Field, value: object, choices: Choices) -> list[str]:
        """The citations in words."""
        found: list[str] = []
        for words in (entry.strip() for entry in _listed(value)):
            if words in choices.articles:
                found.append(choices.articles[words])
            elif words in choices.articles.values() or (
                _ARTICLE.search(words) and len(words) <= 1000 and not _CONTROL.search(words)
            ):
                found.append(words)
            elif words:
                raise Bad("no_article", words)
        if not found:
            raise Bad("missing")
        return found


def is_empty(value: object) -> bool:
    """Whether nothing was filled in."""
    empty = value is None or value is False or (isinstance(value, (str, list, dict)) and not value)
    return empty or (isinstance(value, str) and not value.strip())


def words_of(item: Field, value: object) -> str:
    """A text within the bounds that its field declares."""
    if not isinstance(value, str):
        raise Bad("not_text")
    words = value.replace("\r\n", "\n").strip()
    if _CONTROL.search(words):
        raise Bad("control_characters")
    longest = item.max or LONGEST
    if len(words) > longest:
        raise Bad("too_long", most=longest, length=len(words))
    if len(re.sub(r"\s", "", words)) < item.min:
        raise Bad("too_short", least=item.min)
    return words


def names_of(value: object) -> list[str]:
    """A list of texts that are not longer than a file's or a column's name."""
    items = _listed(value)
    if any(len(item) > LONGEST for item in items) or sum(map(len, items)) > LONGEST * 2:
        raise Bad("too_long", most=LONGEST, length=sum(map(len, items)))
    return items


def _listed(value: object) -> list[str]:
    items: Any = [value] if isinstance(value, str) else value
    if not isinstance(items, list):
        raise Bad("not_a_list")
    entries = cast("list[Any]", items)
    if not all(isinstance(entry, str) for entry in entries):
        raise Bad("not_a_list")
    if len(entries) > MOST:
        raise Bad("too_many", most=MOST)
    return list(dict.fromkeys(entries))


def _among(value: object, known: Iterable[str]) -> list[str]:
    items = _listed(value)
    for entry in items:
        if entry not in known:
            raise Bad("not_here", entry)
    return items


TYPES: Mapping[str, FieldType] = {
    "text": FieldType(),
    "long_text": LongTextType(),
    "reason": ReasonType(),
    "phone": PatternType("tel", _PHONE, "not_a_telephone_number", told=False),
    "email": PatternType("email", _EMAIL, "not_an_address", told=False),
    "link": PatternType("text", _LINK, "not_a_link", told=True),
    "choice": ChoiceType(),
    "date": DayType(),
    "future": FutureType(),
    "count": CountType(),
    "accepted": AcceptedType(),
    "terms": TermsType(),
    "resources": SeveralType("resources"),
    "columns": ColumnsType(),
    "attachments": SeveralType("attachments"),
    "colleague": OneOfType("colleagues", chosen=False),
    "reference": OneOfType("references", chosen=True),
    "articles": ArticlesType(),
}
