"""Publish data in an emergency: what is asked is checked, blocked or overridden, and kept."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ... import now
from ...domain import items, prohibition, stored_value
from ...domain.emergency import (
    Act,
    Rhythms,
    Standing,
    Version,
    bounds,
    check_expected,
    check_update,
    may,
    minutes,
)
from ...domain.locales import SIMPLIFIED
from ...domain.moments import Unclear
from ...domain.refusal import Refusal
from ...domain.sheet import FigureUnclear, Sheet, totals
from ...rules import sentences
from .. import model as tables
from ..desk.desk_request import Asked
from ..event.event_record import State
from . import bans, published_entries, sheets
from .published_entries import Entry
from .sheets import Given

REASON = 10
"""Least number of characters of the reason of an override."""
SHARED_IN = prohibition.Finding("shared_in", False, ("source_type",))


class Refused(Exception):
    """The dataset cannot be published so; ``refusals`` say why."""

    def __init__(self, refusals: list[Refusal]) -> None:
        super().__init__([refusal.code for refusal in refusals])
        self.refusals = refusals


@dataclass(frozen=True)
class Moment:
    """Who publishes, in which event, by which standings and rules."""

    row: Any
    state: State
    user_id: str
    standings: frozenset[Standing]
    rhythms: Rhythms


@dataclass(frozen=True)
class Wanted:
    """One dataset as asked for, read and checked for form; ``kept`` is its row if it has one."""

    entry: Entry | None
    kept: Any
    name: str
    rhythm: int
    given: Given
    time_column: str
    place_column: str
    figures: tuple[str, ...]
    asked: Asked


def publish(moment: Moment, data: Mapping[str, Any]) -> dict[str, Any]:
    """Publish one dataset or a new version of it; the facts for the act. Raises Refused.

    Nothing is written when it raises; the caller holds the event's lock.
    """
    wanted = read(moment, data)
    found = findings(moment, wanted)
    override = _override(moment, wanted, found)
    before = latest(moment.row.id, wanted.kept) if wanted.kept else None
    after = _version(wanted, before)
    wrong = check_expected(wanted.asked.number("expected"), before.number if before else 0)
    wrong += check_update(before, after)
    if wrong:
        raise Refused(wrong)
    entry = wanted.entry or published_entries.create(
        wanted.asked.data.get("create") or {},
        moment.row,
        wanted.given,
        wanted.rhythm,
        moment.user_id,
    )
    name = _keep_dataset(moment, wanted, entry, after.number, bool(override))
    _keep_version(moment, wanted, name, after, override)
    if not moment.row.drill:
        if entry.attribute == "unconditional":
            published_entries.link(entry, moment.row.name, name, wanted.given, entry.title)
        published_entries.touch(entry.id)
    return {
        "dataset": name,
        "version": after.number,
        "package": entry.id,
        "digest": hashlib.sha256(content_of(wanted.given)).hexdigest(),
        "note": after.note,
        **({"left_out": dict(wanted.given.left_out)} if wanted.given.left_out else {}),
        **({"override": override} if override else {}),
    }


def read(moment: Moment, data: Mapping[str, Any]) -> Wanted:
    """What is asked, or Refused with everything that is wrong in its form."""
    asked = Asked(data)
    for name in ("note", "source", "title"):
        asked.text(name)
    asked.number("expected")
    try:
        given = sheets.read(data)
    except sheets.Unusable as error:
        raise Refused([*asked.wrong, error.refusal]) from None
    kept, entry = _subject(moment, asked)
    rhythm = asked.rhythm(timedelta(minutes=kept.rhythm) if kept else moment.state.event.rhythm)
    if not moment.rhythms.holds(rhythm):
        asked.wrong.append(
            Refusal("rhythm", "rhythm", minutes(rhythm), facts=bounds(moment.rhythms))
        )
    if given is None:
        raise Refused([*asked.wrong, Refusal("nothing_given", "table")])
    columns = given.sheet.columns if given.sheet else ()
    chosen = {
        name: asked.text(name, getattr(kept, name) if kept else "")
        for name in ("time_column", "place_column")
    }
    figures = asked.words("figures", tuple(json.loads(kept.figures)) if kept else ())
    named = [(name, value) for name, value in chosen.items() if asked.has(name) and value]
    named += [("figures", value) for value in figures if asked.has("figures")]
    asked.wrong += [Refusal("column_unknown", n, v) for n, v in named if v not in columns]
    if asked.wrong:
        raise Refused(asked.wrong)
    name = kept.name if kept else _name(moment, asked, entry)
    return Wanted(
        entry,
        kept,
        name,
        int(minutes(rhythm)),
        given,
        chosen["time_column"],
        chosen["place_column"],
        figures,
        asked,
    )


def _subject(moment: Moment, asked: Asked) -> tuple[Any, Entry | None]:
    """The dataset that is updated, or the entry that is picked; neither for a new entry."""
    name, package = asked.text("dataset"), asked.text("package")
    if name:
        kept = dataset_row(moment.row.id, name)
        if kept is None:
            raise Refused([Refusal("dataset_unknown", "dataset", name)])
        return kept, published_entries.find(kept.package_id)
    if not package:
        if not isinstance(asked.data.get("create"), Mapping):
            raise Refused([Refusal("missing", "package")])
        return None, None
    entry = published_entries.find(package)
    if entry is None or not published_entries.may_publish(
        entry, moment.user_id, moment.row, moment.standings
    ):
        raise Refused([Refusal("entry_unknown", "package", package)])
    kept = model.Session.execute(
        sa.select(tables.dataset).where(
            tables.dataset.c.event_id == moment.row.id, tables.dataset.c.package_id == entry.id
        )
    ).first()
    return kept, entry


def findings(moment: Moment, wanted: Wanted) -> list[prohibition.Finding]:
    """What the prohibitions say of it: the entry's attribute, its words, its table or text, and
    what the entry itself declares not to be open."""
    entry = wanted.entry
    made = wanted.asked.data.get("create") or {}
    texts = {
        "title": str(made.get("title") or ""),
        "notes": str(made.get("notes") or ""),
        "note": wanted.asked.text("note"),
        "source": wanted.asked.text("source"),
        "url": wanted.given.url,
    }
    found = prohibition.findings(
        bans.bans().bans, entry.attribute if entry else "unconditional", texts, wanted.given.sheet
    )
    if entry and wanted.given.sheet:
        listed = stored_value.rows(entry.items)
        closed = items.said_closed(wanted.given.sheet.columns, listed)
        found += [prohibition.Finding("closed_items", True, tuple(closed))] if closed else []
    return [*found, SHARED_IN] if entry and entry.source_type == "shared_in" else found


def _override(moment: Moment, wanted: Wanted, found: list[prohibition.Finding]) -> dict[str, Any]:
    """The override as it is kept, empty when nothing stood against it; else Refused."""
    if not found:
        return {}
    asked = wanted.asked.data.get("override")
    asked = asked if isinstance(asked, Mapping) else {}
    named = [str(code) for code in asked.get("bans") or ()]
    reason = str(asked.get("reason") or "").strip()
    left = prohibition.blocking(found, named)
    if left:
        raise Refused([refusal_of(one) for one in left])
    if not may(Act.OVERRIDE, moment.standings):
        raise Refused([Refusal("not_allowed", "override")])
    unfit = [one for one in in_words({"override": reason}) if one.ban in bans.NUMBERS]
    if unfit:  # the reason is public
        raise Refused([replace(refusal_of(one), field="override") for one in unfit])
    if len(reason) < REASON:
        raise Refused([Refusal("override_reason", "override", facts={"least": str(REASON)})])
    return {"bans": sorted(one.ban for one in found), "reason": reason, "by": moment.user_id}


def refusal_of(found: prohibition.Finding) -> Refusal:
    """A finding as a refusal, in the words of its ban and with its places."""
    what = f"{ban_label(found.ban)} ({'、'.join(found.places)})"
    code = "unclear" if found.override else "prohibited"
    return Refusal(code, "table", found.ban, facts={"what": what})


def ban_label(code: str) -> str:
    """What a ban is called, in the reader's language."""
    return sentences.label(bans.bans().labels.get(code, {SIMPLIFIED: code, "en": code}))


def dataset_row(event_id: str, name: str) -> Any:
    """The dataset's row, or ``None``."""
    return model.Session.execute(
        sa.select(tables.dataset).where(
            tables.dataset.c.event_id == event_id, tables.dataset.c.name == name
        )
    ).first()


def latest(event_id: str, kept: Any) -> Version | None:
    """The newest version of a dataset."""
    row = model.Session.execute(
        sa.select(
            tables.version.c.number,
            tables.version.c.at,
            tables.version.c.columns,
            tables.version.c.totals,
            tables.version.c.note,
        )
        .where(tables.version.c.event_id == event_id, tables.version.c.dataset == kept.name)
        .order_by(tables.version.c.number.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    return Version(
        row.number, row.at, tuple(json.loads(row.columns)), json.loads(row.totals), row.note
    )


def _version(wanted: Wanted, before: Version | None) -> Version:
    sheet = wanted.given.sheet
    sums = _sums(sheet, wanted) if sheet else {}
    number = before.number + 1 if before else 1
    return Version(
        number, now.now(), sheet.columns if sheet else (), sums, wanted.asked.text("note")
    )


def _sums(sheet: Sheet, wanted: Wanted) -> Mapping[str, float]:
    """The key figures; Refused where the newest row or a figure cannot be told.

    Rows are said as the sheet numbers them, its headings in the first.
    """
    try:
        return totals(sheet, wanted.time_column, wanted.figures)
    except Unclear as error:
        rows = "、".join(str(row + 1) for row in error.rows)
        said = Refusal(error.code, "time_column", wanted.time_column, facts={"rows": rows})
        raise Refused([said]) from None
    except FigureUnclear as error:
        cells = "、".join(f"{row + 1}: {text[:20]}" for row, text in error.cells)
        refusal = Refusal("figure_unclear", "figures", error.column, facts={"cells": cells})
        raise Refused([refusal]) from None


def _name(moment: Moment, asked: Asked, entry: Entry | None) -> str:
    """A name for the dataset's addresses: as asked, the entry's, or ``data-1``."""
    written = asked.name("name") or (entry.name if entry else "")
    taken = set(
        model.Session.scalars(
            sa.select(tables.dataset.c.name).where(tables.dataset.c.event_id == moment.row.id)
        )
    )
    plain = re.sub(r"[^a-z0-9_-]", "", written)[:90] or f"data-{len(taken) + 1}"
    return plain if plain not in taken else f"{plain}-{len(taken) + 1}"


def _keep_dataset(moment: Moment, wanted: Wanted, entry: Entry, number: int, override: bool) -> str:
    values = {
        "rhythm": wanted.rhythm,
        "source": wanted.asked.text("source") or (wanted.kept.source if wanted.kept else ""),
        "time_column": wanted.time_column,
        "place_column": wanted.place_column,
        "figures": json.dumps(list(wanted.figures), ensure_ascii=False),
        "officer_id": moment.user_id,
        "latest": number,
        "updated": now.now(),
        "override": override,
        "alarm": 0,
    }
    where = tables.dataset.c.event_id == moment.row.id
    if wanted.kept:
        model.Session.execute(
            sa.update(tables.dataset)
            .where(where, tables.dataset.c.name == wanted.name)
            .values(**values)
        )
        return wanted.name
    count = (
        model.Session.scalar(sa.select(sa.func.count()).select_from(tables.dataset).where(where))
        or 0
    )
    model.Session.execute(
        sa.insert(tables.dataset).values(
            event_id=moment.row.id,
            name=wanted.name,
            position=count + 1,
            package_id=entry.id,
            created=wanted.entry is None,
            title=entry.title,
            **values,
        )
    )
    return wanted.name


def _keep_version(
    moment: Moment, wanted: Wanted, name: str, after: Version, override: dict[str, Any]
) -> None:
    given, content = wanted.given, content_of(wanted.given)
    due = None
    if wanted.kept:
        due = wanted.kept.updated + timedelta(minutes=wanted.kept.rhythm)
    source = wanted.asked.text("source") or (wanted.kept.source if wanted.kept else "")
    model.Session.execute(
        sa.insert(tables.version).values(
            event_id=moment.row.id,
            dataset=name,
            number=after.number,
            at=after.published,
            due=due,
            source=source,
            note=after.note,
            actor_id=moment.user_id,
            kind=given.kind,
            media=given.media,
            file_name=given.file_name,
            url=given.url,
            columns=json.dumps(after.columns, ensure_ascii=False),
            rows=len(given.sheet.rows) if given.sheet else 0,
            totals=json.dumps(dict(after.totals), ensure_ascii=False),
            size=len(content),
            digest=hashlib.sha256(content).hexdigest(),
            override=json.dumps(override, ensure_ascii=False) if override else "",
            content=content,
        )
    )


def content_of(given: Given) -> bytes:
    """The bytes that are kept: of an interface its address."""
    return given.url.encode() if given.kind == "interface" else given.content


def in_words(texts: Mapping[str, str]) -> list[prohibition.Finding]:
    """What stands against words alone, such as a bulletin; nobody overrides that."""
    return prohibition.findings(bans.bans().bans, "unconditional", texts, None)
