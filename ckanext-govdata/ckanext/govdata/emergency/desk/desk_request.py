"""What an officer asked, read into plain values; everything that is wrong is told at once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

from ... import now, vocabularies
from ...domain import typed_time
from ...domain.emergency.emergency_event import Emergency
from ...domain.emergency.statement import Closure, EventDeclaration, Revision
from ...domain.emergency.verdict import Bulletin
from ...domain.refusal import Refusal
from .. import sentences
from ..event import kinds
from ..public.event_list import STATES, Filter

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{1,98}")
MOST = {"title": 200, "basis": 500, "contact": 500, "text": 20_000, "note": 2_000, "source": 300}
"""Characters of the longest texts."""


class Asked:
    """Values taken from a request one by one; ``wrong`` collects what cannot be read."""

    def __init__(self, data: Mapping[str, object]) -> None:
        self.data = data
        self.wrong: list[Refusal] = []

    def has(self, field: str) -> bool:
        """Whether the request names the field at all."""
        return self.data.get(field) is not None

    def text(self, field: str, default: str = "") -> str:
        """A text without blanks around it."""
        value = str(self.data[field]).strip() if self.has(field) else default
        most = MOST.get(field, 2_000)
        if len(value) > most:
            self.wrong.append(Refusal("too_long", field, value, facts={"most": str(most)}))
        return value[:most]

    def name(self, field: str) -> str:
        """A name for addresses; empty when none is given."""
        value = self.text(field).lower()
        if value and not NAME.fullmatch(value):
            self.wrong.append(Refusal("name_form", field, value))
        return value

    def instant(self, field: str, default: datetime) -> datetime:
        """An instant with its zone; one without is in Beijing time."""
        written = self.text(field)
        if not written:
            return default
        found = read_instant(written)
        if found is None:
            self.wrong.append(Refusal("instant", field, written))
        return found or default

    def rhythm(self, default: timedelta, field: str = "rhythm") -> timedelta:
        """Minutes."""
        written = self.text(field)
        if not written:
            return default
        if not re.fullmatch(r"\d{1,5}", written):
            self.wrong.append(Refusal("rhythm_number", field, written))
            return default
        return timedelta(minutes=int(written))

    def flag(self, field: str) -> bool:
        """True or false; false when it is not given."""
        written = self.text(field).lower()
        if written in ("true", "yes", "on", "1"):
            return True
        if written not in ("", "false", "no", "off", "0", "none"):
            self.wrong.append(Refusal("not_a_flag", field, written))
        return False

    def words(self, field: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of words, or words with commas or blanks between."""
        value = self.data.get(field)
        if value in (None, ""):
            return default
        if isinstance(value, str):
            text = value.strip()
            value = _json_list(text) if text.startswith("[") else re.split(r"[,，、\s]+", text)
        if not isinstance(value, list | tuple):
            self.wrong.append(Refusal("not_a_list", field))
            return default
        said = [str(item).strip() for item in cast("Iterable[object]", value)]
        return tuple(dict.fromkeys(item for item in said if item))

    def number(self, field: str) -> int | None:
        """A whole number, or ``None`` when it is not given."""
        written = self.text(field)
        if not written:
            return None
        if not re.fullmatch(r"\d{1,9}", written):
            self.wrong.append(Refusal("number", field, written))
            return None
        return int(written)


def read_instant(written: str) -> datetime | None:
    """An instant; one without a zone is in Beijing time."""
    return typed_time.read_instant(written, now.BEIJING)


def read_event(asked: Asked, before: Emergency | None = None) -> Emergency:
    """The event as asked for, over how it stood; a new one is updated every hour."""
    event = before or Emergency("", "", (), "", "", now.now(), timedelta(hours=1))
    regions = tuple(trimmed(code) for code in asked.words("regions", event.regions))
    known = vocabularies.divisions()
    asked.wrong += [Refusal("region_unknown", "regions", c) for c in regions if c not in known]
    kind = asked.text("kind", event.kind)
    return replace(
        event,
        kind=kind,
        level=asked.text("level", event.level).upper(),
        regions=regions,
        title=asked.text("title", event.title),
        basis=asked.text("basis", event.basis),
        started=asked.instant("started", event.started),
        rhythm=asked.rhythm(event.rhythm),
        subtype=_subtype(asked, kind, event.subtype),
        contact=asked.text("contact", event.contact),
    )


def _subtype(asked: Asked, kind: str, before: str) -> str:
    """A sub-kind of the kind, or none."""
    subtype = asked.text("subtype", before)
    if subtype and subtype not in kinds.types().subtypes.get(kind, {}):
        asked.wrong.append(Refusal("subtype_unknown", "subtype", subtype))
    return subtype


WORDS = ("title", "text", "basis", "contact")
"""Fields of an event that everybody reads."""


def read_declaration(asked: Asked) -> EventDeclaration:
    """An event as somebody declares it, as far as the request says it."""
    event, name = read_event(asked), asked.name("name")
    text = asked.text("text")
    return EventDeclaration(event, name, text, _words(asked, *WORDS), tuple(asked.wrong))


def read_revision(asked: Asked, before: Emergency) -> Revision:
    """What is said of an event from now on."""
    event, text = read_event(asked, before), asked.text("text")
    return Revision(event, text, _words(asked, *WORDS), tuple(asked.wrong))


def read_closure(asked: Asked) -> Closure:
    """The end of an event; now where nothing else is said."""
    at, text = asked.instant("ended", now.now()), asked.text("text")
    return Closure(at, text, _words(asked, "text"), tuple(asked.wrong))


def read_bulletin(asked: Asked) -> tuple[Bulletin | None, tuple[Refusal, ...]]:
    """The bulletin of a publication, if it has one, and what cannot be read of it."""
    written = asked.data.get("bulletin")
    if not isinstance(written, Mapping):
        return None, ()
    said = Asked(cast("Mapping[str, object]", written))
    title, text = said.text("title"), said.text("text")
    return (Bulletin(title, text) if title or text else None), tuple(said.wrong)


def read_filter(asked: Asked) -> Filter:
    """Which events are listed; raises ``ValidationError`` rather than list more than was asked."""
    state, region, order = (asked.text(name) for name in ("state", "region", "order"))
    if state and state not in STATES:
        asked.wrong.append(Refusal("state_unknown", "state", state))
    if region and region not in vocabularies.divisions():
        asked.wrong.append(Refusal("region_unknown", "region", region))
    if order not in ("", "newest", "gravest"):
        asked.wrong.append(Refusal("order_unknown", "order", order))
    if asked.wrong:
        raise sentences.invalid(asked.wrong)
    return Filter(state, region, order == "gravest")


def _words(asked: Asked, *fields: str) -> dict[str, str]:
    """What was typed for everybody to read, whole, even where it is too long."""
    return {name: str(asked.data.get(name) or "") for name in fields}


def trimmed(code: str) -> str:
    """A division code without the noughts that fill it up: 340000 is 34, 341500 is 3415."""
    if re.fullmatch(r"\d{6}|\d{12}", code):
        code = code[:9] if len(code) == 12 else code
        while len(code) > 2 and code.endswith("000" if len(code) == 9 else "00"):
            code = code[:-3] if len(code) == 9 else code[:-2]
    return code


def _json_list(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None
