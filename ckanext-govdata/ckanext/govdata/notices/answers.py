"""What the actions of notices answer."""

from __future__ import annotations

from typing import TypedDict

from ..pager import PageHead


class NoticeAnswer(TypedDict):
    """A notice in the reader's words; ``address`` is the page that it is about."""

    key: str
    kind: str
    case_id: str | None
    address: str
    at: str
    read: bool
    words: str


class PreferenceAnswer(TypedDict):
    """How somebody wants to be told."""

    mail: str
    language: str


class NoticeListAnswer(PreferenceAnswer, PageHead):
    """A page of one's own notices, the newest first."""

    unread: int
    results: list[NoticeAnswer]


class ReadAnswer(TypedDict):
    """How many notices were marked as read."""

    read: int
