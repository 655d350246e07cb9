"""What an officer asked of an event, read into the statements that the event decides on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import cast

from ... import now, vocabularies
from ...domain.emergency.emergency_event import Emergency
from ...domain.emergency.statement import Closure, EventDeclaration, Revision
from ...domain.emergency.verdict import Bulletin
from ...domain.refusal import Refusal
from ...forms import form_reader
from ...forms.asked_values import Asked
from .. import sentences
from ..public.event_list import STATES, Filter
from . import kinds


def of_event(data: Mapping[str, object]) -> Asked:
    """A request about an event: its texts are as long as those of the form."""
    return Asked(data, form_reader.declared("emergency_event"))


def of_dataset(data: Mapping[str, object]) -> Asked:
    """A request about a dataset, so too."""
    return Asked(data, form_reader.declared("emergency_dataset"))


def read_rhythm(asked: Asked, default: timedelta) -> timedelta:
    """Minutes between updates."""
    written = asked.text("rhythm")
    if not written:
        return default
    if not re.fullmatch(r"\d{1,5}", written):
        asked.wrong.append(Refusal("rhythm_number", "rhythm", written))
        return default
    return timedelta(minutes=int(written))


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
        rhythm=read_rhythm(asked, event.rhythm),
        subtype=_subtype(asked, kind, event.subtype),
        contact=asked.text("contact", event.contact),
        threshold=before.threshold if before else asked.text("threshold"),
        duty=before.duty if before else asked.text("duty"),
    )


def _subtype(asked: Asked, kind: str, before: str) -> str:
    """A sub-kind of the kind, or none."""
    subtype = asked.text("subtype", before)
    if subtype and subtype not in kinds.types().subtypes.get(kind, {}):
        asked.wrong.append(Refusal("subtype_unknown", "subtype", subtype))
    return subtype


WORDS = ("title", "text", "basis", "contact", "duty")
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
    fields = form_reader.declared("emergency_dataset")
    bulletin = {"title": fields["bulletin_title"], "text": fields["bulletin_text"]}
    said = Asked(cast("Mapping[str, object]", written), bulletin)
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
