"""What somebody asks of the deadline calculator, read from the API or a form."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TypeVar

import ckan.plugins.toolkit as tk
from ckan.types import ErrorDict

from ..domain import typed_time
from ..domain.clock import Pause, day_of
from ..domain.instrument import ShareType
from ..domain.procedure import Applicant
from ..domain.rule_steps import ASKERS

Read = TypeVar("Read")

MOST_PAUSES = 50
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
YES, NO = ("true", "yes", "on"), ("", "false", "no", "off")


@dataclass(frozen=True)
class DeadlineQuestion:
    """A checked question. ``extended`` is a number, or ``None`` for the most allowed.

    ``asker`` and ``share_type`` are ``None`` where they were not told; ``latest_from`` is the day
    from which a higher text's limit counts, where that is another one.
    """

    jurisdiction: str
    term: str
    received: date
    pauses: tuple[Pause, ...]
    extended: int | None
    asker: Applicant | None
    share_type: ShareType | None
    latest_from: date | None


Kind = TypeVar("Kind", bound=Enum)


def read_kind(value: object, kinds: Iterable[Kind]) -> Kind | None:
    """One of a few kinds, or ``None`` where nothing was said."""
    text = str(value or "").strip()
    if not text:
        return None
    known = {str(kind.value): kind for kind in kinds}
    if text not in known:
        words = tk._("'{value}' is not one of: {known}.")
        raise ValueError(words.format(value=text[:60], known=", ".join(known)))
    return known[text]


def read_asker(value: object) -> Applicant | None:
    """Who asks."""
    return read_kind(value, ASKERS)


def read_share_type(value: object) -> ShareType | None:
    """For data of which share type."""
    return read_kind(value, ShareType)


@dataclass(frozen=True)
class RuleQuestion:
    """Which term is meant, on which day, and who asks, as far as that was told."""

    jurisdiction: str
    term: str
    on: date
    asker: Applicant | None
    share_type: ShareType | None


def read_rule_question(data: Mapping[str, object], today: date) -> RuleQuestion:
    """Check what was asked; raises ``ValidationError`` with every bad field."""
    taken = Fields(data, {})
    question = RuleQuestion(
        jurisdiction=taken("jurisdiction", _text, ""),
        term=taken("term", _text, ""),
        on=taken("on", lambda value: read_day(value) if value else today, today),
        asker=taken("asker", read_asker, None),
        share_type=taken("share_type", read_share_type, None),
    )
    taken.check()
    return question


@dataclass(frozen=True)
class Fields:
    """What was asked, field by field, and what is wrong with it."""

    data: Mapping[str, object]
    errors: ErrorDict

    def __call__(self, field: str, read: Callable[[object], Read], default: Read) -> Read:
        """What ``read`` makes of a field; its ``ValueError`` is noted."""
        try:
            return read(self.data.get(field))
        except ValueError as error:
            self.errors[field] = [str(error)]
            return default

    def check(self) -> None:
        """Raises ``ValidationError`` with every bad field."""
        if self.errors:
            raise tk.ValidationError(self.errors)


def read_question(data: Mapping[str, object]) -> DeadlineQuestion:
    """Check what was asked; raises ``ValidationError`` with every bad field."""
    taken = Fields(data, {})
    question = DeadlineQuestion(
        jurisdiction=taken("jurisdiction", _text, ""),
        term=taken("term", _text, ""),
        received=taken("received", read_day, date.min),
        pauses=taken("pauses", read_pauses, ()),
        extended=taken("extended", _extended, 0),
        asker=taken("asker", read_asker, None),
        share_type=taken("share_type", read_share_type, None),
        latest_from=taken("latest_from", lambda value: read_day(value) if value else None, None),
    )
    taken.check()
    return question


def read_day(value: object) -> date:
    """A date, or an instant with its zone, which is a day in Beijing time."""
    text = str(value or "").strip()
    if not text:
        raise ValueError(tk._("Missing value"))
    instant = typed_time.read_instant(text)
    try:
        day = typed_time.read_day(text) or (day_of(instant) if instant else None)
    except (ValueError, OverflowError):
        day = None
    if day is None:
        words = tk._(
            "'{value}' is neither a date such as 2026-10-01 nor a time with its zone such as "
            "2026-10-01T15:59:00Z."
        )
        raise ValueError(words.format(value=text[:60]))
    return day


def read_pauses(value: object) -> tuple[Pause, ...]:
    """``[[from, to], …]``, as data, as JSON, or written ``from/to`` with commas between."""
    pairs = [_pair(item) for item in _members(value)]
    if len(pairs) > MOST_PAUSES:
        raise ValueError(tk._("There are more than {number} pauses.").format(number=MOST_PAUSES))
    return tuple(Pause(read_day(first), read_day(last)) for first, last in pairs)


def _members(value: object) -> list[object]:
    if value in (None, ""):
        return []
    if isinstance(value, str):
        text = value.strip()
        if text.startswith("["):
            try:
                return _members(json.loads(text))
            except (ValueError, RecursionError):
                raise _bad_pause(value) from None
        return [part for part in re.split(r"[,;\s]+", text) if part]
    if not isinstance(value, list):
        raise _bad_pause(value)
    whole = [item for item in value if item not in (None, "")]
    # One pair alone, [from, to], is meant as one pause.
    return [whole] if len(whole) == 2 and all(_is_day(item) for item in whole) else whole


def _is_day(item: object) -> bool:
    return isinstance(item, str) and bool(DAY.fullmatch(item.strip()))


def _pair(item: object) -> tuple[object, object]:
    parts = item.split("/") if isinstance(item, str) else item
    if not isinstance(parts, list) or len(parts) != 2:
        raise _bad_pause(item)
    return parts[0], parts[1]


def _bad_pause(value: object) -> ValueError:
    words = tk._("'{value}' is not a pause: [from, to], two dates, both whole days.")
    return ValueError(words.format(value=str(value)[:60]))


def _text(value: object) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not text:
        raise ValueError(tk._("Missing value"))
    return text


def _extended(value: object) -> int | None:
    text = str(value if value is not None else "").strip().lower()
    if text in NO:
        return 0
    if text in YES:
        return None
    if re.fullmatch(r"\d{1,4}", text):
        return int(text)
    words = tk._("'{value}' is neither true or false nor a number of days.")
    raise ValueError(words.format(value=text[:60]))
