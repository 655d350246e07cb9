"""What an officer hands in to be published, read and looked up: entries, datasets, versions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import ckan.model as model
import sqlalchemy as sa

from ...domain.emergency.dataset import (
    Consent,
    Dataset,
    Material,
    PublishedEntry,
    Submission,
    Version,
    look_through,
)
from ...domain.emergency.release import Publication
from ...domain.procedure import Role
from ...domain.prohibition import Ban
from ...domain.refusal import Refusal
from ...forms.asked_values import Asked
from .. import model as tables
from ..event.event_record import EventRow
from ..event.event_request import of_dataset, read_bulletin, read_rhythm
from . import materials, published_entries

DIRECT = ("dataset", "package", "create", "upload", "table", "rows", "url")
"""What of a request says that it publishes a dataset, which need not stand in a list then."""
COLUMNS = ("time_column", "place_column")
CONSENT = ("by", "on", "document")


@dataclass
class Desk:
    """Who publishes in which event, and the datasets that it has: ``known`` grows as they are
    handed in, so that of a package handed in twice the second is the next version.
    """

    row: EventRow
    user_id: str
    roles: frozenset[Role]
    known: dict[str, Dataset] = field(default_factory=dict[str, Dataset])

    @staticmethod
    def of(row: EventRow, user_id: str, roles: frozenset[Role]) -> Desk:
        """The desk of somebody with these roles; one statement."""
        return Desk(row, user_id, roles, {one.name: one for one in datasets_of(row.id)})

    def named(self, wanted: str) -> str:
        """A name for a new dataset's addresses: as wanted, or ``data-1``."""
        plain = wanted[:90] or f"data-{len(self.known) + 1}"
        return plain if plain not in self.known else f"{plain}-{len(self.known) + 1}"


@dataclass(frozen=True)
class HandedIn:
    """One dataset of a request, its material read and looked through, or why it cannot be read.

    That takes seconds of a large table, so it is done before the event is locked: a bulletin of
    somebody else does not wait for it.
    """

    data: Mapping[str, object]
    material: Material | None = None
    unusable: Refusal | None = None

    @staticmethod
    def of(data: Mapping[str, object], bans: Sequence[Ban]) -> HandedIn:
        """Read what the request brings; a file's stream is read to its end."""
        try:
            material = materials.read(data)
        except materials.Unusable as error:
            return HandedIn(data, unusable=error.refusal)
        if material:
            material = replace(material, looked=look_through(material, bans))
        return HandedIn(data, material)


def handed_in(data: Mapping[str, object], bans: Sequence[Ban]) -> list[HandedIn]:
    """The datasets of a request, listed or one directly."""
    listed = data.get("datasets")
    given: Iterable[object] = (data,) if any(data.get(name) for name in DIRECT) else ()
    if isinstance(listed, list):
        given = listed
    return [HandedIn.of(one, bans) for one in given if isinstance(one, Mapping)]


def read_publication(
    desk: Desk, data: Mapping[str, object], handed: Iterable[HandedIn]
) -> Publication:
    """All that a request publishes: the datasets that it hands in, and its bulletin."""
    found = [read_submission(desk, one) for one in handed]
    bulletin, wrong = read_bulletin(Asked(data))
    return Publication(desk.user_id, tuple(found), bulletin, wrong)


def read_submission(desk: Desk, handed: HandedIn) -> Submission:
    """One dataset as it is handed in; what is wrong with its form stands in ``wrong``."""
    asked = of_dataset(handed.data)
    for name in ("note", "source", "title"):
        asked.text(name)
    expected = asked.number("expected")
    if handed.unusable:
        asked.wrong.append(handed.unusable)
        return _unread(desk, asked)
    before, entry, refusal = _subject(desk, asked)
    if refusal:
        asked.wrong = [refusal]
        return _unread(desk, asked)
    found = _submission(desk, asked, handed.material or Material("table"), before, entry)
    if handed.material is None:
        asked.wrong.append(Refusal("nothing_given", "table"))
        found = replace(found, named=())
    desk.known[found.dataset.name] = found.dataset
    return replace(found, expected=expected, wrong=tuple(asked.wrong))


def _unread(desk: Desk, asked: Asked) -> Submission:
    """A dataset of which no more is told than what is wrong with it."""
    nothing = Dataset("", desk.row.event.rhythm)
    return Submission(nothing, Material("table"), wrong=tuple(asked.wrong))


def _subject(
    desk: Desk, asked: Asked
) -> tuple[Dataset | None, PublishedEntry | None, Refusal | None]:
    """The dataset that is updated with its entry, or the entry that is picked; neither for a new
    entry; or why there is none."""
    name, package = asked.text("dataset"), asked.text("package")
    if name:
        before = desk.known.get(name)
        if before is None:
            return None, None, Refusal("dataset_unknown", "dataset", name)
        entry = published_entries.find(before.package_id) if before.package_id else None
        if before.package_id and entry is None:
            return None, None, Refusal("entry_unknown", "package", before.package_id)
        return before, entry, None
    if not package:
        missing = not isinstance(asked.data.get("create"), Mapping)
        return None, None, Refusal("missing", "package") if missing else None
    entry = published_entries.find(package)
    if entry is None or not published_entries.may_publish(
        entry, desk.user_id, desk.row, desk.roles
    ):
        return None, None, Refusal("entry_unknown", "package", package)
    same = (one for one in desk.known.values() if one.package_id == entry.id)
    return next(same, None), entry, None


def _submission(
    desk: Desk,
    asked: Asked,
    material: Material,
    before: Dataset | None,
    entry: PublishedEntry | None,
) -> Submission:
    rhythm = read_rhythm(asked, before.rhythm if before else desk.row.event.rhythm)
    dataset = _dataset(desk, asked, rhythm, before, entry)
    created = asked.data.get("create")
    made: Mapping[str, object] = created if isinstance(created, Mapping) else {}
    new: dict[str, object] = {}
    if entry is None and before is None:
        new = published_entries.fields_of(made, desk.row, material, rhythm)
        dataset = replace(dataset, title=str(new["title"]))
    written = asked.data.get("override")
    answer: Mapping[str, object] = written if isinstance(written, Mapping) else {}
    return Submission(
        dataset,
        material,
        before,
        entry,
        new,
        words={
            "title": str(made.get("title") or ""),
            "notes": str(made.get("notes") or ""),
            "source": asked.text("source"),
        },
        named=_named(asked, dataset),
        note=asked.text("note"),
        answers=Asked(answer).words("bans"),
        reason=str(answer.get("reason") or "").strip(),
        consent=_consent(answer),
        faults=tuple(published_entries.check(new, desk.row.organization_id)) if new else (),
    )


def _consent(answer: Mapping[str, object]) -> Consent:
    """The consent of a right holder, as far as the request says it."""
    written = answer.get("consent")
    given: Mapping[str, object] = written if isinstance(written, Mapping) else {}
    return Consent(*(str(given.get(name) or "").strip()[:300] for name in CONSENT))


def _dataset(
    desk: Desk,
    asked: Asked,
    rhythm: timedelta,
    before: Dataset | None,
    entry: PublishedEntry | None,
) -> Dataset:
    """The dataset as it would be, over how it was."""
    if before is None:
        wanted = asked.name("name") or (entry.name if entry else "")
        before = Dataset(desk.named(wanted), rhythm)
        if entry:
            before = replace(before, title=entry.title, package_id=entry.id)
    time, place = (asked.text(name, getattr(before, name)) for name in COLUMNS)
    return replace(
        before,
        rhythm=rhythm,
        source=asked.text("source") or before.source,
        time_column=time,
        place_column=place,
        figures=asked.words("figures", before.figures),
    )


def _named(asked: Asked, dataset: Dataset) -> tuple[tuple[str, str], ...]:
    """The columns that the request itself names, by field."""
    single = [(name, getattr(dataset, name)) for name in COLUMNS if asked.has(name)]
    figures = [("figures", name) for name in dataset.figures if asked.has("figures")]
    return tuple((name, column) for name, column in [*single, *figures] if column)


def datasets_of(event_id: str) -> list[Dataset]:
    """The datasets of an event, each with its newest version; one statement."""
    dataset, version = tables.dataset, tables.version
    newest = sa.and_(
        version.c.event_id == dataset.c.event_id,
        version.c.dataset == dataset.c.name,
        version.c.number == dataset.c.latest,
    )
    query = (
        sa.select(
            dataset,
            version.c.number,
            version.c.at,
            version.c.columns,
            version.c.totals,
            version.c.note,
        )
        .outerjoin(version, newest)
        .where(dataset.c.event_id == event_id)
        .order_by(dataset.c.position)
    )
    return [
        Dataset(
            row.name,
            timedelta(minutes=row.rhythm),
            row.title,
            row.package_id,
            row.source,
            row.time_column,
            row.place_column,
            tuple(json.loads(row.figures)),
            Version(
                row.number, row.at, tuple(json.loads(row.columns)), json.loads(row.totals), row.note
            )
            if row.number
            else None,
        )
        for row in model.Session.execute(query)
    ]
