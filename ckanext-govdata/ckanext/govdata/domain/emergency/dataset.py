"""The data of an event: what is handed in to be published, and what stands against it.

Each dataset has a rhythm of its own and a history of kept versions. What is prohibited may not
be opened; what the law leaves to a named person needs the override of a head (Anhui 35, 36).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from .. import items, prohibition
from ..access import OPEN
from ..clock import day_of
from ..division import NOWHERE, Divisions
from ..moments import Unclear
from ..procedure import Role
from ..refusal import Refusal, Refused
from ..sheet import FigureUnclear, Sheet, totals
from ..typed_time import read_day
from . import acts
from .emergency_event import EmergencyRules, check_rhythm, next_due

REASON = 10
"""Least number of characters of the reason of an override."""
SHARED_IN = prohibition.Finding("shared_in", False, ("source_type",))
"""What came by sharing is not opened by whom it was shared with."""


@dataclass(frozen=True)
class LookedThrough:
    """What these bans say of a material's own words and table, whoever publishes it where."""

    bans: tuple[prohibition.Ban, ...]
    found: tuple[prohibition.Finding, ...]


@dataclass(frozen=True)
class Material:
    """What is published: ``kind`` is ``table``, ``interface`` or ``file``; ``content`` is kept as
    it is.

    A ``file`` cannot be looked through; ``words`` is what of it could be read, and ``more`` whether
    that was not all of it. ``left_out`` says what of a workbook is not published: ``sheets``,
    ``rows``, ``columns``. ``looked`` is what was found before anybody had to wait for it.
    """

    kind: str
    content: bytes = b""
    media: str = ""
    file_name: str = ""
    url: str = ""
    sheet: Sheet | None = None
    words: str = ""
    more: bool = False
    left_out: Mapping[str, list[str]] = field(default_factory=dict[str, list[str]])
    looked: LookedThrough | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The headings of a table; none of anything else."""
        return self.sheet.columns if self.sheet else ()

    @property
    def kept(self) -> bytes:
        """The bytes that are kept: of an interface its address."""
        return self.url.encode() if self.kind == "interface" else self.content


@dataclass(frozen=True)
class PublishedEntry:
    """What an event knows of the catalogue entry whose data it publishes."""

    id: str
    name: str
    title: str
    owner_org: str
    attribute: str
    source_type: str = ""
    items: tuple[items.Item, ...] = ()
    private: bool = False


@dataclass(frozen=True)
class Version:
    """One kept state of a dataset: when it was published, what it held, why it changed."""

    number: int
    published: datetime
    columns: tuple[str, ...]
    totals: Mapping[str, float]
    note: str = ""


@dataclass(frozen=True)
class Dataset:
    """A dataset of an event: what it is called there, what it promises, which columns tell what."""

    name: str
    rhythm: timedelta
    title: str = ""
    package_id: str = ""
    source: str = ""
    time_column: str = ""
    place_column: str = ""
    figures: tuple[str, ...] = ()
    latest: Version | None = None

    @property
    def due(self) -> datetime | None:
        """When its next version is promised; of nothing that was not published yet."""
        return next_due(self.latest.published, self.rhythm) if self.latest else None


@dataclass(frozen=True)
class Consent:
    """That the right holder of a trade secret agreed to its opening: who, when, by what."""

    by: str = ""
    on: str = ""
    document: str = ""


@dataclass(frozen=True)
class Answered:
    """An override as it is kept: who answers for which findings, and why, and who consented."""

    bans: tuple[str, ...]
    reason: str
    by: str
    consent: Consent = Consent()


@dataclass(frozen=True)
class Submission:
    """A dataset as it is handed in: ``dataset`` as it would be, ``before`` as it was, if it was.

    ``entry`` is missing where one is made, with the fields ``new``. ``words`` are what everybody
    will read of it, by field; ``named`` the columns that were asked for, by field. ``answers`` are
    the bans for which the actor answers, with his ``reason``. ``wrong`` is what could not be read,
    ``faults`` what no emergency excuses in a new entry.
    """

    dataset: Dataset
    material: Material
    before: Dataset | None = None
    entry: PublishedEntry | None = None
    new: Mapping[str, object] = field(default_factory=dict[str, object])
    words: Mapping[str, str] = field(default_factory=dict[str, str])
    named: tuple[tuple[str, str], ...] = ()
    note: str = ""
    expected: int | None = None
    answers: tuple[str, ...] = ()
    reason: str = ""
    consent: Consent = Consent()
    wrong: tuple[Refusal, ...] = ()
    faults: tuple[Refusal, ...] = ()


@dataclass(frozen=True)
class Published:
    """A submission that is published: the dataset with its new version, and who answers for it."""

    asked: Submission
    dataset: Dataset
    version: Version
    answered: Answered | None = None


def publish(
    asked: Submission, actor: str, roles: Collection[Role], rules: EmergencyRules, now: datetime
) -> Published | Refused:
    """The version that follows from a submission, or why it may not be published."""
    if wrong := check_form(asked, rules):
        return Refused(tuple(wrong))
    found = findings(asked, rules.bans)
    if left := prohibition.blocking(found, asked.answers):
        return Refused(tuple(one.refusal() for one in left))
    if found and (wrong := check_answer(asked.reason, roles, rules)):
        return Refused(tuple(wrong))
    if wrong := check_consent(asked.consent, found, rules.bans, now):
        return Refused(tuple(wrong))
    version = version_of(asked, now, rules.places)
    if isinstance(version, Refused):
        return version
    if wrong := check_update(asked, version):
        return Refused(tuple(wrong))
    bans = tuple(sorted(one.ban for one in found))
    consent = asked.consent if asks_consent(found, rules.bans) else Consent()
    answered = Answered(bans, asked.reason, actor, consent) if found else None
    return Published(asked, replace(asked.dataset, latest=version), version, answered)


def check_form(asked: Submission, rules: EmergencyRules) -> list[Refusal]:
    """What could not be read, a rhythm that may not be promised, columns that are not there."""
    named, columns = asked.named, asked.material.columns
    unknown = [Refusal("column_unknown", n, column) for n, column in named if column not in columns]
    return [*asked.wrong, *check_rhythm(asked.dataset.rhythm, rules.rhythms), *unknown]


def findings(asked: Submission, bans: Sequence[prohibition.Ban]) -> list[prohibition.Finding]:
    """What the prohibitions say of it: the entry's attribute, its words, its table, what the entry
    itself declares not to be open; and that a file cannot be looked through at all."""
    entry, closed = asked.entry, _closed(asked)
    words = {**asked.words, "note": asked.note, "url": asked.material.url}
    looked = asked.material.looked
    if looked is None or looked.bans != tuple(bans):
        looked = look_through(asked.material, bans)
    attribute = entry.attribute if entry else OPEN
    found = prohibition.findings(bans, attribute, words, None, known=looked.found)
    if asked.material.kind == "file":
        found += _unread(asked.material)
    if closed:
        found.append(prohibition.Finding("closed_items", True, tuple(closed)))
    return [*found, SHARED_IN] if entry and entry.source_type == "shared_in" else found


def look_through(material: Material, bans: Sequence[prohibition.Ban]) -> LookedThrough:
    """What the bans say of the words of a file or of a table; this takes longest of all."""
    lines = prohibition.short_lines(material.words)
    words = {"upload": material.words}
    found = prohibition.findings(bans, OPEN, words, material.sheet, lines)
    return LookedThrough(tuple(bans), tuple(found))


def _closed(asked: Submission) -> list[str]:
    """What the entry declares not to be open: of its columns, or all where nobody can say what
    stands in a file."""
    if asked.entry is None:
        return []
    declared = asked.entry.items
    columns = asked.material.columns
    if asked.material.kind == "file":
        columns = tuple(str(item["name"]) for item in declared if item.get("name"))
    return items.said_closed(columns, declared)


def _unread(material: Material) -> list[prohibition.Finding]:
    """That a file cannot be looked through, and that it is longer than what was."""
    place = (material.file_name,)
    found = [prohibition.Finding("unread_file", True, place)]
    return [*found, prohibition.Finding("unread_rest", True, place)] if material.more else found


def check_answer(
    reason: str, roles: Collection[Role], rules: EmergencyRules
) -> list[Refusal]:
    """Whether somebody may answer for what the law leaves to a named person: a head does, with a
    reason that everybody reads."""
    if acts.role_for(acts.OVERRIDE, roles) is None:
        return [Refusal("not_allowed", "override")]
    never = [ban for ban in rules.bans if ban.code in rules.never]
    if unfit := prohibition.in_words(never, {"override": reason}):
        return unfit
    if len(reason) < REASON:
        return [Refusal("override_reason", "override", facts={"least": str(REASON)})]
    return []


def asks_consent(
    found: Sequence[prohibition.Finding], bans: Sequence[prohibition.Ban]
) -> bool:
    """Whether one of the findings is let through only with the right holder's consent; where none
    is, nobody's name is kept that a form happened to send along."""
    return bool({ban.code for ban in bans if ban.consent} & {one.ban for one in found})


def check_consent(
    consent: Consent,
    found: Sequence[prohibition.Finding],
    bans: Sequence[prohibition.Ban],
    now: datetime,
) -> list[Refusal]:
    """Whether the right holder's consent is recorded, where no reason will do without it."""
    if not asks_consent(found, bans):
        return []
    said = {"by": consent.by, "on": consent.on, "document": consent.document}
    wrong = [Refusal("consent_missing", f"consent_{n}") for n, text in said.items() if not text]
    day = read_day(consent.on) if consent.on else None
    if consent.on and (day is None or day > day_of(now)):
        wrong.append(Refusal("consent_day", "consent_on", consent.on))
    return wrong


def version_of(
    asked: Submission, now: datetime, places: Divisions = NOWHERE
) -> Version | Refused:
    """The version with its key figures; refused where the newest row or a figure cannot be told.

    Rows are named as the sheet numbers them, its headings in the first.
    """
    sheet, dataset, before = asked.material.sheet, asked.dataset, asked.before
    sums: Mapping[str, float] = {}
    try:
        if sheet:
            sums = totals(sheet, dataset.time_column, dataset.figures, places)
    except Unclear as error:
        rows = "、".join(str(row + 1) for row in error.rows)
        return _refused(error.code, "time_column", dataset.time_column, "rows", rows)
    except FigureUnclear as error:
        cells = "、".join(f"{row + 1}: {text[:20]}" for row, text in error.cells)
        return _refused("figure_unclear", "figures", error.column, "cells", cells)
    number = before.latest.number + 1 if before and before.latest else 1
    return Version(number, now, asked.material.columns, sums, asked.note)


def _refused(code: str, field: str, value: str, fact: str, said: str) -> Refused:
    return Refused((Refusal(code, field, value, facts={fact: said}),))


def check_update(asked: Submission, after: Version) -> list[Refusal]:
    """What stands against the version as the one that follows: a colleague was faster, what it
    does not explain, or what no emergency excuses in a new entry."""
    before = asked.before.latest if asked.before else None
    wrong = [*check_expected(asked.expected, before), *check_note(before, after)]
    return wrong or list(asked.faults)


def check_note(before: Version | None, after: Version) -> list[Refusal]:
    """What an update must explain: changed columns, or a total that falls, without a note.

    Cumulative counts do fall when they are corrected; then the note says so.
    """
    if before is None or after.note.strip():
        return []
    found: list[Refusal] = []
    if before.columns != after.columns:
        changed = sorted(set(before.columns) ^ set(after.columns)) or list(after.columns)
        found.append(Refusal("columns_changed", "note", "、".join(changed)))
    for name, total in before.totals.items():
        now = after.totals.get(name, total)
        if now < total:
            facts = {"before": plain(total), "after": plain(now)}
            found.append(Refusal("total_fell", "note", name, facts=facts))
    return found


def check_expected(expected: int | None, before: Version | None) -> list[Refusal]:
    """Whoever updates says which version he saw; another officer may have been faster."""
    latest = before.number if before else 0
    if expected is None or expected == latest:
        return []
    return [Refusal("overtaken", "expected", str(expected), facts={"latest": str(latest)})]


def readable(attribute: str | None, override: bool, running: bool) -> bool:
    """Whether everybody may read what an event published of an entry with that attribute.

    Open data stays open and citable. Data that a named person let through on conditions is open
    while the event runs; afterwards it has its ordinary attribute again, until a review says
    otherwise. Prohibited data may not be opened at all (Anhui 35).
    """
    if attribute == OPEN:
        return True
    return attribute == "conditional" and override and running


def plain(number: float) -> str:
    """A number without a needless fraction."""
    return str(int(number)) if number == int(number) else repr(number)
