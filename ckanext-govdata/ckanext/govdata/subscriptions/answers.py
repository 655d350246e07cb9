"""What the actions of subscriptions answer."""

from __future__ import annotations

from typing import TypedDict


class AskedAnswer(TypedDict):
    """A subscription by mail was asked for: the same for every address."""

    asked: bool


class DoneAnswer(TypedDict):
    """It is done."""

    done: bool


class SubjectAnswer(TypedDict):
    """What a subscription is to: an event by name, or a region by code; the other is empty."""

    event: str
    region: str
    title: str


class CallAnswer(TypedDict):
    """One delivery to a webhook and how it went."""

    key: str
    at: str
    status: int
    milliseconds: int
    problem: str


class HookAnswer(SubjectAnswer):
    """A webhook with its latest deliveries; instants as ISO."""

    id: str
    url: str
    created: str
    confirmed: str | None
    stopped: str | None
    failures: int
    calls: list[CallAnswer]


class NewHookAnswer(HookAnswer):
    """A webhook that was just made, with its secret, shown this once."""

    secret: str
