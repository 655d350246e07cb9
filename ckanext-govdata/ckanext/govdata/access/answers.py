"""What the actions of access and of grants answer."""

from __future__ import annotations

from typing import TypedDict

from ..pager import PageHead


class KeptBack(TypedDict):
    """A column that readers do not get, with the code of the reason and the reason in words."""

    column: str
    code: str
    why: str


class AllowedAnswer(TypedDict):
    """Whether the data may be read, and why or why not."""

    allowed: bool
    why: str


class AccessAnswer(AllowedAnswer, total=False):
    """``code`` of a refusal; ``kept_back`` and ``undivided`` for those who provide a table;
    ``grant``, ``columns`` and ``row_limit`` where it is a grant that allows it."""

    code: str
    kept_back: list[KeptBack]
    undivided: bool
    grant: str
    columns: list[str]
    row_limit: int | None


class LocationAnswer(TypedDict):
    """Where data that is not open really stands; empty where CKAN knows it."""

    resource_id: str
    location: str


class GrantLine(TypedDict):
    """A grant in a list; days as ISO. ``columns`` by the id of a resource."""

    id: str
    case_id: str
    reference: str
    dataset_id: str
    dataset_title: str
    withdrawn: bool
    organization_id: str
    organization_title: str
    resources: list[str]
    columns: dict[str, list[str]]
    row_limit: int | None
    purpose: str
    conditions: str
    delivery: str
    terms_version: str
    valid_from: str
    valid_until: str
    standing: str
    reason: str
    report_due: str
    reported: str | None
    report_owed: bool


class GrantPage(PageHead):
    """One page of grants."""

    results: list[GrantLine]


class HolderAnswer(TypedDict, total=False):
    """Who applied, as he is shown; without any key where that is not known any more."""

    kind: str
    name: str


class MemberAnswer(TypedDict):
    """A named user of a grant, and whether he is its holder."""

    name: str
    holder: bool


class ReportAnswer(TypedDict):
    """A use report; ``content`` are the answers to its form by field."""

    id: str
    day: str
    settles: bool
    content: dict[str, object]


class TokenAnswer(TypedDict):
    """A token of a grant without its secret; instants as ISO."""

    id: str
    name: str
    created: str
    used: str | None


class GrantAnswer(GrantLine):
    """A grant as its holder, its members and the provider see it."""

    mine: bool
    reader: bool
    holder: HolderAnswer
    members: list[MemberAnswer]
    reports: list[ReportAnswer]
    tokens: list[TokenAnswer]


class NewToken(TypedDict):
    """A token that was just made, with its secret, shown this once."""

    id: str
    name: str
    token: str
