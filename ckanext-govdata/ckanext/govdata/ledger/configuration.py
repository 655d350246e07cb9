"""By which rules the portal decides: each change of their files and options is in the ledger."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import ckan.model as model
import sqlalchemy as sa

from .. import settings
from ..config_reader import CONFIG, SCHEMAS
from . import actors, book
from .model import ledger

if TYPE_CHECKING:
    from importlib.abc import Traversable

ACTION = "rules_changed"
ROOTS = (CONFIG, SCHEMAS)


def record() -> int:
    """Write what differs from what the ledger says of last time; how many parts."""
    now, known = digests(), _known()
    changes = {
        name: {"from": known.get(name), "to": now.get(name)}
        for name in sorted({*now, *known})
        if now.get(name) != known.get(name)
    }
    if changes:
        actor = actors.actor()
        facts = {**actor.way, "changes": changes, "rules": now}
        entry = book.LedgerEntry(ACTION, "configuration", "rules", actor.user_id, facts)
        book.write(model.Session, [entry])
    model.Session.commit()
    return len(changes)


def digests() -> dict[str, str]:
    """The digest of each folder of rules, of the operator's own, and of options that give power."""
    found = {}
    for root in ROOTS:
        for part in sorted(files(root).iterdir(), key=lambda one: one.name):
            if part.is_dir() or part.name.endswith(".yaml"):
                found[f"{root.rpartition('.')[2]}/{part.name}"] = _digest(_texts(part))
    for name, folder in (
        ("own jurisdictions", settings.jurisdictions_directory()),
        ("own calendars", settings.calendars_directory()),
    ):
        found[name] = _digest(_texts(Path(folder))) if folder else ""
    found["auditors"] = ", ".join(sorted(settings.auditors()))
    found["one_step"] = ", ".join(sorted(settings.one_step()))
    return {name: said for name, said in found.items() if said}


def _texts(place: Traversable | Path) -> Iterator[bytes]:
    if not place.is_dir():
        yield place.name.encode() + b"\0" + place.read_bytes()
        return
    for one in sorted(place.iterdir(), key=lambda one: one.name):
        if one.is_dir() or one.name.endswith((".yaml", ".csv", ".txt")):
            yield from _texts(one)


def _digest(parts: Iterator[bytes]) -> str:
    made = hashlib.sha256()
    for part in parts:
        made.update(len(part).to_bytes(8, "big") + part)
    return "sha256:" + made.hexdigest()


def _known() -> dict[str, object]:
    """What the last entry says, empty before the first."""
    query = sa.select(ledger.c.content).where(ledger.c.action == ACTION)
    last = model.Session.scalar(query.order_by(ledger.c.number.desc()).limit(1))
    return json.loads(last)["facts"]["rules"] if last else {}
