"""What the actions of emergencies answer, declared once; pages and feeds are made of the same."""

from __future__ import annotations

from typing import TypedDict


class EventPlace(TypedDict):
    """A division by its code."""

    code: str
    name: str


class Handler(TypedDict):
    """The body that handles an event."""

    id: str
    name: str
    title: str


class EventSummary(TypedDict):
    """An event without its data, for lists and banners; instants in ISO 8601 with zone."""

    id: str
    name: str
    title: str
    kind: str
    kind_label: str
    subtype: str
    subtype_label: str
    level: str
    level_label: str
    colour: str
    regions: list[EventPlace]
    handler: Handler
    jurisdiction: str
    basis: str
    threshold: str
    threshold_label: str
    duty: str
    contact: str
    rhythm: int
    started: str
    declared: str
    ended: str | None
    drill: bool
    url: str


class Overrider(TypedDict, total=False):
    """Who let data through, whom the ledger alone names, and on which day a right holder consented,
    with a keyed digest of what is kept of it with the version."""

    by: str
    consent: dict[str, str]


class OverrideFacts(Overrider):
    """By what somebody let data through."""

    bans: list[str]
    reason: str


class PublishingFacts(TypedDict, total=False):
    """Of a workbook what was not published, and by what it was let through all the same."""

    left_out: dict[str, list[str]]
    override: OverrideFacts


class DatasetFacts(PublishingFacts):
    """What an act says of one dataset that it published."""

    dataset: str
    version: int
    package: str
    digest: str
    note: str


class BulletinFacts(TypedDict):
    """The bulletin that an act brought."""

    number: int
    title: str


class ActFacts(TypedDict, total=False):
    """The particulars of an act; which of them depends on the act. Of a change each field that
    changed stands here too, as ``{before, after}``; of a declaration level and basis."""

    datasets: list[DatasetFacts]
    bulletin: BulletinFacts
    level: dict[str, str]
    ended: str
    reviews: list[str]


class ActAnswer(TypedDict):
    """One act; who did it is told by his role only (``standing``)."""

    number: int
    act: str
    standing: str
    at: str
    text: str
    facts: ActFacts


class BulletinAnswer(TypedDict):
    """One bulletin."""

    number: int
    at: str
    title: str
    text: str


class VersionAnswer(TypedDict):
    """One version of a dataset without its content."""

    number: int
    at: str
    source: str
    note: str
    kind: str
    media: str
    file_name: str
    url: str
    columns: list[str]
    rows: int
    totals: dict[str, float]
    size: int
    digest: str
    late_minutes: int
    overridden: bool


class DatasetAnswer(TypedDict):
    """A dataset of an event with its versions, the newest first."""

    name: str
    title: str
    package_id: str
    created_here: bool
    kind: str
    rhythm: int
    next_due: str | None
    late: bool
    source: str
    time_column: str
    place_column: str
    figures: list[str]
    readable: bool
    downloads: int | None
    url: str
    json_url: str
    latest: VersionAnswer
    versions: list[VersionAnswer]


class FigureAnswer(TypedDict):
    """A key figure: the total of a column in the newest version, and in the one before."""

    dataset: str
    title: str
    name: str
    value: float
    before: float | None
    at: str


class EventAnswer(EventSummary):
    """What ``govdata_emergency_show`` answers, and all actions that change an event."""

    version: int
    as_of: str | None
    modified: str
    acts: list[ActAnswer]
    bulletins: list[BulletinAnswer]
    datasets: list[DatasetAnswer]
    key_figures: list[FigureAnswer]
    may: list[str]


class PublishedAnswer(EventAnswer):
    """The event after a publication; ``left_out`` tells of each workbook what was not published."""

    left_out: dict[str, dict[str, list[str]]]


class FindingAnswer(TypedDict):
    """Something that stands against publishing, and whether a head may answer for it."""

    ban: str
    label: str
    override: bool
    places: list[str]
    message: str


class CheckAnswer(TypedDict):
    """What ``govdata_emergency_check`` answers."""

    findings: list[FindingAnswer]
    columns: list[str]
    rows: int
    left_out: dict[str, list[str]]


class EventPage(TypedDict):
    """One page of the list of events."""

    count: int
    page: int
    page_size: int
    results: list[EventSummary]
