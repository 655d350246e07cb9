"""What the actions of identities answer."""

from __future__ import annotations

from typing import TypedDict


class MaskedIdentity(TypedDict, total=False):
    """An identity, its name and number masked; without any key where nobody said who he is."""

    kind: str
    document: str
    name: str
    number: str


class OwnIdentity(MaskedIdentity, total=False):
    """One's own, with what it cannot be changed for, in words."""

    bound: list[str]


class ReleasedAccount(TypedDict):
    """The account that has no identity any more."""

    id: str
    name: str


class HeldNumber(TypedDict):
    """An account that gave a number, and the account that had it before, by name."""

    account: str
    before: str
